import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Op } from '../../shared/ops/op.ts';
import { project, type Document } from '../../shared/ops/project.ts';
import { reduce } from '../../shared/ops/reduce.ts';
import { emptyState, heads, merge, type EntityState } from '../../shared/ops/registers.ts';
import { CONTESTED_KINDS } from '../../electron/engine/conflicts/book.ts';
import { registerOf } from '../../electron/engine/conflicts/registers.ts';
import { opId } from '../../electron/engine/store/log.ts';
import { formatHlc } from '../../shared/ops/hlc.ts';
import { history, seeded, shuffled } from '../support/history.ts';

interface Register {
  field: string;
  type: string;
  values: readonly (string | null)[];
  payload(value: string | null): Record<string, unknown>;
  /** What counts while exactly these stand against each other. */
  safer(values: readonly (string | null)[], first: string | null): string | null;
}

const least = (order: readonly string[]) => (values: readonly (string | null)[]) =>
  order.find((one) => values.includes(one))!;
const undecided = (neither: string | null) => (values: readonly (string | null)[]) =>
  values.length === 1 ? values[0]! : neither;
const STATUS = ['declared', 'mitigating', 'monitoring', 'resolved', 'closed'];
const STEP = ['open', 'doing', 'failed', 'skipped', 'done'];
const items = [{ id: 'a', services: ['a'], stage: 1, lane: 1, blockedBy: [], why: [], holdMinutes: 1 }];
const substance = { roles: [], cadence: [], authority: [], escalation: [], checklists: [], rooms: [] };
const response = (value: string | null) => {
  const [level, model] = String(value).split('/');
  return { level, model, substance, policy: 'ab'.repeat(32), proposal: { level, model, rules: [] } };
};

/** Every contested register that ops can write, by what is safer in each, said apart from the code that decides it. */
const REGISTERS: readonly Register[] = [
  {
    field: 'member:person:raj',
    type: 'restriction.member',
    values: ['in', 'out'],
    payload: (state) => ({ to: 'person', id: 'raj', state }),
    safer: least(['out', 'in']),
  },
  {
    field: 'severity',
    type: 'incident.severity',
    values: ['SEV1', 'SEV2', 'SEV3', 'SEV4'],
    payload: (severity) => ({ severity }),
    safer: least(['SEV1', 'SEV2', 'SEV3', 'SEV4']),
  },
  { field: 'status', type: 'incident.status', values: STATUS, payload: (status) => ({ status }), safer: least(STATUS) },
  {
    field: 'role:commander',
    type: 'incident.role',
    values: ['ana', 'raj', 'li', null],
    payload: (person) => ({ role: 'commander', person }),
    safer: (_values, first) => first,
  },
  {
    field: 'role:scribe',
    type: 'incident.role',
    values: ['ana', 'raj', null],
    payload: (person) => ({ role: 'scribe', person }),
    safer: (_values, first) => first,
  },
  {
    field: 'cause:api',
    type: 'incident.cause',
    values: ['confirmed', 'ruled-out', 'open'],
    payload: (verdict) => ({ service: 'api', verdict, reason: 'seen' }),
    safer: undecided('open'),
  },
  {
    field: 'step:check',
    type: 'run.step',
    values: ['open', 'doing', 'failed', 'skipped', 'done'],
    payload: (state) => ({ run: 'r', step: 'check', state }),
    safer: least(STEP),
  },
  {
    field: 'step:fork',
    type: 'run.step',
    values: ['done:left', 'done:right'],
    payload: (value) => ({ run: 'r', step: 'fork', state: 'done', branch: value!.split(':')[1] }),
    safer: undecided('open'),
  },
  {
    field: 'item:db',
    type: 'restoration.item',
    values: ['waiting', 'working', 'skipped', 'verified'],
    payload: (state) => ({ item: 'db', services: ['db'], state }),
    safer: least(['waiting', 'working', 'skipped', 'verified']),
  },
  {
    field: 'plan',
    type: 'restoration.adopt',
    values: ['p1', 'p2', 'p3'],
    payload: (plan) => ({ plan, hash: 'b'.repeat(64), items }),
    safer: (_values, first) => first,
  },
  {
    field: 'reconciliation',
    type: 'cleanup.state',
    values: ['open', 'doing', 'reconciled'],
    payload: (state) => ({ item: 'c', state }),
    safer: least(['open', 'doing', 'reconciled']),
  },
  {
    field: 'accepted',
    type: 'cleanup.accept',
    values: ['ana', 'raj', null],
    payload: (person) => ({ item: 'c', person, remaining: 3, reason: 'agreed' }),
    safer: undecided(null),
  },
  {
    field: 'answer',
    type: 'handover.answer',
    values: ['accepted', 'declined', 'cancelled'],
    payload: (answer) => ({ handover: 'h', answer }),
    safer: least(['declined', 'cancelled', 'accepted']),
  },
  {
    field: `cleanup orders ${'c'.repeat(8)}`,
    type: 'suggestion.settle',
    values: ['taken', 'dismissed', 'open'],
    payload: (verdict) => ({ kind: 'cleanup', key: 'orders', facts: 'c'.repeat(8), verdict, title: 'Orders' }),
    safer: undecided('open'),
  },
  {
    field: 'access',
    type: 'console.enrol or console.revoke',
    values: ['enrolled', 'revoked'],
    payload: (value) =>
      value === 'enrolled'
        ? { console: 'aaaaaaaaaaaaaaaa', key: 'k'.repeat(43), name: 'till' }
        : { console: 'aaaaaaaaaaaaaaaa', through: 1, reason: 'lost' },
    safer: least(['revoked', 'enrolled']),
  },
  {
    field: 'held',
    type: 'access.grant or access.withdraw',
    values: ['granted', 'withdrawn'],
    payload: () => ({ to: 'person', id: 'ana', role: 'commander' }),
    safer: least(['withdrawn', 'granted']),
  },
  {
    field: 'response',
    type: 'incident.response',
    values: ['service/swarm', 'platform/command', 'business-continuity/business-continuity'],
    payload: response,
    safer: least(['business-continuity/business-continuity', 'platform/command', 'service/swarm']),
  },
];

interface Written {
  op: Op;
  value: string | null;
  /** All that its author had seen, with itself. */
  seen: ReadonlySet<string>;
}

const typeOf = ({ type, values }: Register, value: string | null): string =>
  type.includes(' or ') ? type.split(' or ')[value === values[0] ? 0 : 1]! : type;

/** Consoles that write and hear of each other at random; every write names what its author had in front of them. */
function schedule(register: Register, seed: number, steps: number, consoles: number): Written[] {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const written: Written[] = [];
  const known = Array.from({ length: consoles }, () => new Set<number>());
  for (let step = 0; step < steps; step++) {
    const who = Math.floor(random() * consoles);
    if (random() < 0.4) {
      for (const one of known[(who + 1) % consoles]!) known[who]!.add(one);
      continue;
    }
    const value = pick(register.values);
    const state = stateOf(
      register,
      [...known[who]!].map((one) => written[one]!.op),
    );
    const base = heads(state, register.field).map(({ op }) => op);
    const console = `c${who}`.padEnd(16, '0');
    const body: Omit<Op, 'id'> = {
      ...{ console, seq: step + 1, actor: `person-${who}`, eventTime: step, zone: 'UTC', scope: 'i-1' },
      hlc: formatHlc({ ms: 1_000 + step, counter: 0, console }),
      type: typeOf(register, value),
      payload: JSON.parse(JSON.stringify(register.payload(value))) as Op['payload'],
      ...(base.length > 0 ? { base: base.toSorted() } : {}),
    };
    const op: Op = { id: opId(body), ...body };
    const before = [...known[who]!].map((one) => written[one]!.op.id);
    known[who]!.add(written.length);
    written.push({ op, value, seen: new Set([...before, op.id]) });
  }
  return written;
}

function stateOf(register: Register, ops: readonly Op[]): EntityState {
  const state = emptyState();
  for (const op of ops) {
    const reduced = reduce(op);
    if (reduced.outcome !== 'effects') throw new Error(`${op.type}: ${JSON.stringify(reduced)}`);
    for (const effect of reduced.effects)
      if (effect.do === 'contest' && effect.field === register.field) merge(state, effect, op);
  }
  return state;
}

const conflictOn = (doc: Document, field: string) => doc.conflicts?.find((one) => one.field === field);

describe.each(REGISTERS.map((one) => [one.field, one] as const))('the contested register %s', (_, register) => {
  it('shows every fork or has an op of somebody who saw both sides, and the safer value counts in any order', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer(),
        (seed, steps, consoles, order) => {
          const written = schedule(register, seed, steps, consoles);
          if (written.length === 0) return;
          const ops = written.map(({ op }) => op);
          const doc = project(stateOf(register, shuffled([...ops, ...ops.slice(0, 3)], seeded(order))));
          // What nobody who knew of it has replaced.
          const open = written.filter(({ op }) => !written.some((other) => other.op.base?.includes(op.id)));
          const values = [...new Set(open.map(({ value }) => value))];
          const conflict = conflictOn(doc, register.field);
          expect(conflict?.heads.map(({ op }) => op) ?? []).toEqual(
            values.length > 1 ? open.map(({ op }) => op.id) : [],
          );
          expect(doc[register.field]).toBe(register.safer(values, open[0]!.value));
          // Two that did not know of each other and are both gone were replaced by somebody who had both in front of them.
          for (const one of written)
            for (const other of written) {
              if (one === other || one.seen.has(other.op.id) || other.seen.has(one.op.id)) continue;
              const settled = written.some(({ seen }) => seen.has(one.op.id) && seen.has(other.op.id));
              const ends = (side: Written) => open.filter(({ seen }) => seen.has(side.op.id));
              if (settled) continue;
              expect(ends(one).length).toBeGreaterThan(0);
              expect(ends(other).length).toBeGreaterThan(0);
              expect(ends(one).some((end) => ends(other).includes(end))).toBe(false);
            }
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('covers every field that an op can contest, each with words and a way to settle it', () => {
  const kindOf = (field: string) => (field.includes(' ') ? 'suggestion' : field.split(':')[0]!);
  const contested = new Map<string, string>();
  for (const op of history(3, 2000)) {
    const reduced = reduce(op);
    if (reduced.outcome !== 'effects') continue;
    for (const effect of reduced.effects)
      if (effect.do === 'contest') contested.set(kindOf(effect.field), `${effect.entity.kind}|${effect.field}`);
  }
  expect([...contested.keys()].sort()).toEqual([...new Set(REGISTERS.map(({ field }) => kindOf(field)))].sort());
  for (const one of contested.values()) {
    const [kind, ...field] = one.split('|');
    expect(CONTESTED_KINDS).toContain(kind);
    expect(registerOf({ kind: kind! }, { field: field.join('|') }), one).not.toBeNull();
  }
});
