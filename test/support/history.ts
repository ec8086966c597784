/**
 * Generated histories: what several consoles write while they hear of each other only now and then. Every op type occurs;
 * `base` names what the writing console really knew. From a seed, so that a failure can be replayed.
 */
import { opId } from '../../electron/engine/store/log.ts';
import { formatHlc, tick, type ClockState } from '../../shared/ops/hlc.ts';
import { ESTATE, type Op } from '../../shared/ops/op.ts';
import { heads, additions, emptyState, merge, type EntityState } from '../../shared/ops/registers.ts';
import { reduce } from '../../shared/ops/reduce.ts';
import type { OpType } from '../../shared/ops/types.ts';

/** A small seeded generator (mulberry32), uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Writer {
  readonly console: string;
  readonly known = new Map<string, EntityState>();
  readonly ops: Op[] = [];
  readonly seen = new Set<string>();
  #clock: ClockState = { ms: 0, counter: 0 };
  #now: number;

  constructor(console: string, now: number) {
    this.console = console;
    this.#now = now;
  }

  learn(op: Op): void {
    if (this.seen.has(op.id)) return;
    this.seen.add(op.id);
    const reduced = reduce(op);
    if (reduced.outcome !== 'effects') return;
    for (const effect of reduced.effects) {
      if (effect.do === 'entry') continue;
      const key = `${effect.entity.kind} ${effect.entity.scope} ${effect.entity.id}`;
      const state = this.known.get(key) ?? emptyState();
      this.known.set(key, state);
      merge(state, effect, op);
    }
  }

  state(kind: string, scope: string, id: string): EntityState {
    return this.known.get(`${kind} ${scope} ${id}`) ?? emptyState();
  }

  write(
    random: () => number,
    draft: { scope: string; type: OpType; payload: Record<string, unknown>; base?: string[] },
  ): Op {
    this.#now += Math.floor(random() * 5000) - 500;
    this.#clock = tick(this.#clock, this.#now);
    const previous = this.ops.at(-1);
    const body = {
      console: this.console,
      seq: this.ops.length + 1,
      hlc: formatHlc({ ...this.#clock, console: this.console }),
      actor: `person-${Math.floor(random() * 4)}`,
      eventTime: this.#now - Math.floor(random() * 60_000),
      zone: 'Europe/Vienna',
      scope: draft.scope,
      type: draft.type,
      payload: draft.payload as Op['payload'],
      ...(draft.base?.length ? { base: draft.base.toSorted() } : {}),
      ...(previous ? { prev: previous.id } : {}),
    };
    const op: Op = { id: opId(body), ...body };
    this.ops.push(op);
    this.learn(op);
    return op;
  }
}

/** `length` ops by `consoles` consoles, in the order in which they were written. */
export function history(seed: number, length: number, consoles = 3): Op[] {
  const random = seeded(seed);
  const writers = Array.from(
    { length: consoles },
    (_, index) => new Writer(`console${index}0`, 1_760_000_000_000 + index * 1000),
  );
  const all: Op[] = [];
  for (let i = 0; i < length; i++) {
    const writer = writers[Math.floor(random() * consoles)]!;
    if (random() < 0.3) for (const op of all) if (random() < 0.7) writer.learn(op);
    all.push(writer.write(random, draft(writer, random)));
  }
  return all;
}

function draft(
  writer: Writer,
  random: () => number,
): { scope: string; type: OpType; payload: Record<string, unknown>; base?: string[] } {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const incident = pick(['i1', 'i2', 'i3']);
  const base = (kind: string, id: string, field: string) =>
    heads(writer.state(kind, incident, id), field).map(({ op }) => op);
  const person = () => `person-${Math.floor(random() * 4)}`;
  const service = () => pick(['checkout', 'payments', 'orders', 'constructor']);
  const watched = () => {
    const kind = pick(['service', 'business-service']);
    return { kind, id: kind === 'service' ? service() : pick(['selling', 'paying']) };
  };
  const choices: (() => { scope: string; type: OpType; payload: Record<string, unknown>; base?: string[] })[] = [
    () => ({
      scope: ESTATE,
      type: 'estate.put',
      payload: {
        kind: 'service',
        id: service(),
        fields: { name: `n${Math.floor(random() * 9)}`, tier: 1 + Math.floor(random() * 3) },
      },
    }),
    () => ({ scope: ESTATE, type: 'estate.remove', payload: { kind: 'service', id: service() } }),
    () => ({
      scope: ESTATE,
      type: 'estate.profile',
      payload: { name: pick(['a', 'b']), demonstration: random() < 0.5 },
    }),
    () => ({
      scope: ESTATE,
      type: 'organisation.found',
      payload: { organisation: 'acme', name: pick(['Acme', 'ACME']) },
    }),
    () => ({
      scope: ESTATE,
      type: 'console.invite',
      payload: { invite: pick(['v1', 'v2']), key: 'k'.repeat(43), expires: 1_760_000_000_000, note: 'for store 112' },
    }),
    () => ({ scope: ESTATE, type: 'console.invite-end', payload: { invite: pick(['v1', 'v2']), reason: 'lost' } }),
    () => ({
      scope: ESTATE,
      type: 'console.request',
      payload: { organisation: 'acme', invite: 'v1', name: 'store', key: 'k'.repeat(43), signature: 's'.repeat(86) },
    }),
    () => ({
      scope: ESTATE,
      type: 'console.refuse',
      payload: { console: 'console990', request: 'r'.repeat(43), reason: pick(['unknown', 'wrong words']) },
    }),
    () => ({
      scope: ESTATE,
      type: 'console.rename',
      payload: { console: 'console990', name: pick(['till 4', 'war room']) },
    }),
    () => ({ scope: ESTATE, type: 'console.seal-key', payload: { key: 's'.repeat(43) } }),
    () => ({
      scope: ESTATE,
      type: 'console.at-rest',
      payload: random() < 0.5 ? { state: 'plain' } : { state: 'encrypted', opens: 'both', changed: true },
    }),
    () => ({
      scope: ESTATE,
      type: 'console.enrol',
      payload: {
        console: 'console990',
        key: 'k'.repeat(43),
        name: pick(['store 112', 'war room']),
        ...(random() < 0.5 ? { invite: pick(['v1', 'v2']) } : {}),
        ...(random() < 0.3 ? { reason: 'found again', repeats: true } : {}),
      },
      base: heads(writer.state('console', ESTATE, 'console990'), 'access').map(({ op }) => op),
    }),
    () => ({
      scope: ESTATE,
      type: 'console.revoke',
      payload: { console: 'console990', through: Math.floor(random() * 9), reason: 'lost' },
      base: heads(writer.state('console', ESTATE, 'console990'), 'access').map(({ op }) => op),
    }),
    () => ({
      scope: ESTATE,
      type: 'record.held',
      payload: { console: 'console990', first: 1, last: 9, held: [[2, 1 + Math.floor(random() * 9)]] },
    }),
    () => ({
      scope: ESTATE,
      type: 'health.manual',
      payload: {
        ...watched(),
        health: pick(['healthy', 'degraded', 'failing', 'unknown']),
        reason: 'declared by phone',
        until: 1_760_000_900_000 + Math.floor(random() * 9) * 60_000,
      },
    }),
    () => ({ scope: ESTATE, type: 'health.manual-end', payload: watched() }),
    () => {
      const from = 1_760_000_000_000 + Math.floor(random() * 9) * 60_000;
      return {
        scope: ESTATE,
        type: 'maintenance.plan',
        payload: { window: pick(['w1', 'w2']), title: 'new disks', services: [service()], from, to: from + 3_600_000 },
      };
    },
    () => ({
      scope: ESTATE,
      type: 'drift.dismiss',
      payload: { from: service(), to: service(), kind: pick(['undeclared', 'unseen']) },
    }),
    () => ({ scope: ESTATE, type: 'maintenance.end', payload: { window: pick(['w1', 'w2']) } }),
    () => ({
      scope: ESTATE,
      type: 'health.change',
      payload: {
        service: service(),
        health: pick(['healthy', 'failing', 'unknown']),
        since: Math.floor(random() * 1e12),
        source: 'prom',
        reason: 'r',
        ...(random() < 0.3 ? { wellSince: Math.floor(random() * 1e12) } : {}),
      },
    }),
    () => ({
      scope: ESTATE,
      type: 'policy.put',
      payload: {
        policy: pick(['severity', 'response']),
        ...(random() < 0.2
          ? { text: null, hash: null }
          : { text: `otherwise: SEV4 # ${random()}`, hash: 'ab'.repeat(32) }),
        version: 1 + Math.floor(random() * 9),
        reason: 'agreed in the review',
      },
    }),
    () => ({
      scope: ESTATE,
      type: 'change.record',
      payload: {
        change: `c${Math.floor(random() * 5)}`,
        services: [service()],
        kind: 'deployment',
        title: 't',
        source: 'manual',
      },
    }),
    () => ({
      scope: ESTATE,
      type: 'change.withdraw',
      payload: { change: `c${Math.floor(random() * 5)}`, reason: 'the wrong service' },
    }),
    () => ({
      scope: ESTATE,
      type: 'store.report',
      payload: {
        store: pick(['store-112', 'store-113']),
        ...(random() < 0.5
          ? { wan: pick(['works', 'down']) }
          : { buffered: Math.floor(random() * 99), fallback: true }),
        validUntil: Math.floor(random() * 1e12),
        reason: 'by phone',
      },
    }),
    () => ({ scope: ESTATE, type: 'store.withdraw', payload: { store: 'store-112', reason: 'was wrong' } }),
    () => ({
      scope: incident,
      type: 'incident.declare',
      payload: {
        number: 1 + Math.floor(random() * 5),
        title: 'down',
        severity: pick(['SEV1', 'SEV3']),
        services: [service()],
        businessServices: [],
        commander: person(),
      },
    }),
    () => ({ scope: incident, type: 'incident.title', payload: { title: `t${Math.floor(random() * 9)}` } }),
    () => ({
      scope: incident,
      type: 'incident.severity',
      payload: { severity: pick(['SEV1', 'SEV2', 'SEV3', 'SEV4']), reason: 'because' },
      base: base('incident', incident, 'severity'),
    }),
    () => {
      const level = pick(['service', 'platform', 'business-continuity']);
      return {
        scope: incident,
        type: 'incident.response',
        payload: {
          level,
          model: pick(['swarm', 'command']),
          substance: {
            roles: ['commander'],
            cadence: [{ audience: 'executives', minutes: 10 + Math.floor(random() * 50) }],
            authority: [],
            escalation: [],
            checklists: [],
            rooms: [],
          },
          policy: 'ab'.repeat(32),
          proposal: { level, model: 'command', rules: ['vital'] },
          changes: { kept: 1, added: [], removed: ['role scribe'], changed: [] },
        },
        base: base('incident', incident, 'response'),
      };
    },
    () => ({
      scope: incident,
      type: 'incident.keep',
      payload: { what: pick(['severity', 'response']), proposed: 'SEV1', rules: ['vital-stopped'] },
    }),
    () => ({
      scope: incident,
      type: 'incident.concern',
      payload:
        random() < 0.5 ? { data: pick(['none', 'confirmed']) } : { security: 'suspected', reason: 'a strange login' },
    }),
    () => ({
      scope: incident,
      type: 'incident.status',
      payload: { status: pick(['declared', 'mitigating', 'monitoring', 'resolved', 'closed']) },
      base: base('incident', incident, 'status'),
    }),
    () => ({
      scope: incident,
      type: 'incident.role',
      payload: { role: 'commander', person: random() < 0.2 ? null : person() },
      base: base('incident', incident, 'role:commander'),
    }),
    () => ({
      scope: incident,
      type: 'incident.expert',
      payload: { person: person(), ...(random() < 0.5 ? { subject: pick(['databases', 'tills']) } : {}) },
    }),
    () => {
      const expert = person();
      return {
        scope: incident,
        type: 'incident.expert-end',
        payload: { person: expert },
        base: additions(writer.state('incident', incident, incident), 'experts', expert),
      };
    },
    () => ({ scope: incident, type: 'role.present', payload: { person: person() } }),
    () => ({
      scope: incident,
      type: 'escalation.call',
      payload: { waitsFor: pick(['commander', 'containment']), minutes: pick([5, 30]), to: 'duty manager' },
    }),
    () => ({
      scope: incident,
      type: 'role.tick',
      payload: { role: pick(['commander', 'scribe']), item: pick(['who', 'what']), done: random() < 0.7 },
    }),
    () => ({
      scope: incident,
      type: 'handover.offer',
      payload: {
        handover: pick(['h1', 'h2']),
        to: person(),
        roles: [{ role: 'commander', from: person() }],
        asks: ['a1'],
        briefing: 'b',
        expiresAt: Math.floor(random() * 1e12),
        staysMinutes: 15,
      },
      base: [],
    }),
    () => {
      const handover = pick(['h1', 'h2']);
      return {
        scope: incident,
        type: 'handover.answer',
        payload: {
          handover,
          answer: pick(['accepted', 'declined', 'cancelled']),
          ...(random() < 0.5 ? { staysUntil: Math.floor(random() * 1e12) } : {}),
        },
        base: base('handover', handover, 'answer'),
      };
    },
    () => ({
      scope: incident,
      type: 'subteam.form',
      payload: { team: pick(['t1', 't2']), name: 'tills', lead: person(), members: [person()] },
    }),
    () => ({ scope: incident, type: 'subteam.change', payload: { team: pick(['t1', 't2']), lead: person() } }),
    () => ({ scope: incident, type: 'subteam.join', payload: { team: pick(['t1', 't2']), person: person() } }),
    () => {
      const [team, member] = [pick(['t1', 't2']), person()];
      return {
        scope: incident,
        type: 'subteam.leave',
        payload: { team, person: member },
        base: additions(writer.state('subteam', incident, team), 'members', member),
      };
    },
    () => ({ scope: incident, type: 'subteam.end', payload: { team: pick(['t1', 't2']) } }),
    () => ({
      scope: incident,
      type: 'decision.propose',
      payload: { proposal: pick(['p1', 'p2']), text: `roll back ${random()}`, asked: [person()] },
    }),
    () => ({
      scope: incident,
      type: 'decision.answer',
      payload: { proposal: pick(['p1', 'p2']), person: person(), objection: random() < 0.5 ? null : 'too late' },
    }),
    () => ({ scope: incident, type: 'decision.drop', payload: { proposal: pick(['p1', 'p2']) } }),
    () => ({
      scope: incident,
      type: 'entry.decision',
      payload: {
        text: 'roll back',
        proposal: pick(['p1', 'p2']),
        asked: [{ person: person(), objection: null }, { person: person() }],
      },
    }),
    () => {
      const entries = [...writer.seen];
      const undone = entries.length > 1 ? [pick(entries), pick(entries)] : ['A'.repeat(43), 'B'.repeat(43)];
      return {
        scope: incident,
        type: 'entry.undo',
        payload: { entry: undone[0], by: random() < 0.5 ? [] : [undone[1]] },
      };
    },
    () => ({
      scope: ESTATE,
      type: 'person.away',
      payload: { person: person(), from: 1_760_000_000_000, until: 1_760_009_000_000, reason: 'holiday' },
    }),
    () => ({ scope: ESTATE, type: 'person.back', payload: { person: person() } }),
    () => ({ scope: incident, type: 'incident.affect', payload: { set: 'services', id: service() } }),
    () => {
      const element = service();
      return {
        scope: incident,
        type: 'incident.unaffect',
        payload: { set: 'services', id: element },
        base: additions(writer.state('incident', incident, incident), 'services', element),
      };
    },
    () => ({ scope: incident, type: 'incident.started', payload: { startedAt: Math.floor(random() * 1e12) } }),
    () => {
      const cause = service();
      return {
        scope: incident,
        type: 'incident.cause',
        payload: { service: cause, verdict: pick(['confirmed', 'ruled-out', 'open']), reason: 'the graph says so' },
        base: base('incident', incident, `cause:${cause}`),
      };
    },
    () => ({ scope: incident, type: 'entry.note', payload: { text: `note ${random()}` } }),
    () => ({
      scope: incident,
      type: 'entry.evidence',
      payload: {
        ...{ file: '0f'.repeat(32), key: 'A'.repeat(43), sha256: 'f0'.repeat(32) },
        ...{ name: 'queue.png', size: 1 + Math.floor(random() * 1e6), text: 'the queue' },
      },
    }),
    () => ({ scope: incident, type: 'entry.decision', payload: { text: `decision ${random()}` } }),
    () => {
      const entries = [...writer.seen];
      const entry = entries.length > 0 ? pick(entries) : 'A'.repeat(43);
      return {
        scope: incident,
        type: 'entry.correct',
        payload: { entry, eventTime: Math.floor(random() * 1e12), text: 'corrected' },
      };
    },
    () => ({
      scope: incident,
      type: 'ask.open',
      payload: { ask: `a${Math.floor(random() * 4)}`, text: 'look', owner: person(), dueAt: null },
    }),
    () => ({
      scope: incident,
      type: 'ask.change',
      payload: { ask: `a${Math.floor(random() * 4)}`, state: pick(['acknowledged', 'done']) },
    }),
    () => ({
      scope: incident,
      type: 'run.start',
      payload: {
        run: 'r1',
        runbook: 'checkout',
        title: 'Checkout',
        version: '1',
        hash: 'ab'.repeat(32),
        steps: [
          { id: 's1', title: 'one', type: 'manual', role: null, minutes: null, reversible: null, body: '' },
          {
            ...{ id: 's2', title: 'two', type: 'decision', role: null, minutes: 2, reversible: null, body: '' },
            branches: [
              { label: 'yes', to: 's1' },
              { label: 'no', to: 'end' },
            ],
          },
        ],
        ...(random() < 0.5
          ? {}
          : {
              continues: 'r0',
              carried: [
                {
                  ...{ step: 's2', state: 'done', branch: pick(['s1', 'end']), reason: 'seen', by: person() },
                  ...{ at: 1_760_000_000_000, evidence: [{ what: 'queue', value: `${Math.floor(random() * 9)}` }] },
                },
              ],
            }),
      },
    }),
    () => ({
      scope: incident,
      type: 'run.step',
      payload: { run: 'r1', step: 's1', state: pick(['doing', 'done', 'failed']) },
      base: base('run', 'r1', 'step:s1'),
    }),
    () => ({
      scope: incident,
      type: 'run.step',
      payload: {
        ...{ run: 'r1', step: 's2', state: 'done', branch: pick(['s1', 'end']), reason: 'seen' },
        ...(random() < 0.5 ? {} : { evidence: [{ what: 'queue', value: `${Math.floor(random() * 9)}` }] }),
        ...(random() < 0.5 ? {} : { overruled: [{ guard: 'reach', figure: Math.floor(random() * 30) }] }),
      },
      base: base('run', 'r1', 'step:s2'),
    }),
    () => ({ scope: incident, type: 'run.end', payload: { run: 'r1', reason: 'begun by mistake' } }),
    () => ({
      scope: incident,
      type: 'update.draft',
      payload: {
        update: pick(['u1', 'u2']),
        audience: 'executives',
        text: pick(['We work on it.', 'It works again.']),
      },
    }),
    () => ({
      scope: incident,
      type: 'update.review',
      payload: { update: pick(['u1', 'u2']), person: 'person-1', hash: 'ab'.repeat(32) },
    }),
    () => ({
      scope: incident,
      type: 'update.send',
      payload: {
        update: pick(['u1', 'u2']),
        audience: 'executives',
        text: 'We work on it.',
        channel: pick(['copied', 'printed', 'read-out', 'delivery']),
        reviewedBy: 'person-1',
        nextAt: pick([null, 1_760_000_900_000]),
      },
    }),
    () => ({
      scope: incident,
      type: 'update.delivery',
      payload: { update: 'u1', outcome: pick(['delivered', 'failed', 'withdrawn']), detail: 'by hand' },
    }),
    () => ({
      scope: incident,
      type: 'restoration.adopt',
      payload: {
        plan: pick(['p1', 'p2']),
        hash: 'cd'.repeat(32),
        items: [
          { id: 'orders', services: ['orders'], stage: 1, lane: 1, blockedBy: [], why: ['tier 1'], holdMinutes: 5 },
          { id: 'checkout', services: ['checkout'], stage: 2, lane: 1, blockedBy: ['orders'], why: [], holdMinutes: 3 },
        ],
      },
      base: base('restoration', 'current', 'plan'),
    }),
    () => {
      const item = pick(['orders', 'checkout']);
      return {
        scope: incident,
        type: 'restoration.item',
        payload: {
          item,
          services: [item],
          state: pick(['waiting', 'working', 'skipped', 'verified']),
          byHand: random() < 0.5,
          reason: 'seen on the till',
        },
        base: base('restoration', 'current', `item:${item}`),
      };
    },
    () => ({
      scope: incident,
      type: 'cleanup.add',
      payload: {
        item: pick(['d1', 'd2']),
        kind: pick(['orders', 'refunds']),
        title: 'stuck orders',
        count: Math.floor(random() * 300),
        unit: 'orders',
        owner: random() < 0.5 ? null : person(),
        dueAt: null,
      },
    }),
    () => ({
      scope: incident,
      type: 'cleanup.change',
      payload: { item: pick(['d1', 'd2']), count: Math.floor(random() * 300), evidence: 'export of 14:05' },
    }),
    () => {
      const item = pick(['d1', 'd2']);
      return {
        scope: incident,
        type: 'cleanup.state',
        payload: { item, state: pick(['open', 'doing', 'reconciled']), reconciled: Math.floor(random() * 300) },
        base: base('cleanup', item, 'reconciliation'),
      };
    },
    () => {
      const item = pick(['d1', 'd2']);
      return {
        scope: incident,
        type: 'cleanup.accept',
        payload: {
          item,
          person: random() < 0.2 ? null : person(),
          remaining: Math.floor(random() * 9),
          reason: 'small',
        },
        base: base('cleanup', item, 'accepted'),
      };
    },
    () => {
      const key = pick(['checkout', 'sso']);
      return {
        scope: incident,
        type: 'suggestion.settle',
        payload: {
          kind: 'runbook',
          key,
          facts: 'ab'.repeat(8),
          verdict: pick(['taken', 'dismissed']),
          title: 'Start it',
        },
        base: base('suggestion', 'settled', `runbook ${key} ${'ab'.repeat(8)}`),
      };
    },
    () => ({
      scope: incident,
      type: 'action.propose',
      payload: {
        action: pick(['x1', 'x2']),
        title: 'Roll back',
        endpoint: 'deployer',
        method: 'POST',
        url: 'https://deploy.example/rollbacks',
        headers: [['content-type', 'application/json']],
        body: `{"release":"${Math.floor(random() * 9)}"}`,
        expect: [200],
        timeoutMs: 20_000,
        effect: 'the release before',
        risk: pick(['low', 'payment-flow']),
        reversible: pick([true, false, null]),
        reachLimit: null,
        services: [service()],
        reaches: 3,
        reach: 'cd'.repeat(32),
        hash: pick(['ab', 'cd']).repeat(32),
        key: 'k1',
      },
    }),
    () => ({
      scope: incident,
      type: 'action.approve',
      payload: {
        action: pick(['x1', 'x2']),
        hash: pick(['ab', 'cd']).repeat(32),
        reach: 'cd'.repeat(32),
        expiresAt: Math.floor(random() * 1e12),
        authority: 'commander',
      },
    }),
    () => ({ scope: incident, type: 'action.refuse', payload: { action: pick(['x1', 'x2']), reason: 'too late' } }),
    () => ({ scope: incident, type: 'action.withdraw', payload: { action: pick(['x1', 'x2']) } }),
    () => ({
      scope: incident,
      type: 'action.try',
      payload: { action: pick(['x1', 'x2']), ok: random() < 0.5, status: 200, message: 'answered 200' },
    }),
    () => ({
      scope: incident,
      type: 'action.run',
      payload: { action: pick(['x1', 'x2']), attempt: pick(['t1', 't2']), hash: 'ab'.repeat(32) },
    }),
    () => ({
      scope: incident,
      type: 'action.outcome',
      payload: {
        action: pick(['x1', 'x2']),
        attempt: pick(['t1', 't2']),
        state: pick(['done', 'failed', 'unknown', 'waiting']),
        message: 'm',
      },
    }),
    () => ({
      scope: incident,
      type: 'action.settle',
      payload: { action: pick(['x1', 'x2']), state: pick(['done', 'failed']), reason: 'looked' },
    }),
    () => {
      const id = person();
      const role = pick(['keeper', 'approver']);
      return {
        scope: ESTATE,
        type: pick(['access.grant', 'access.withdraw']),
        payload: { to: 'person', id, role },
        base: heads(writer.state('access-role', ESTATE, `person:${id}:${role}`), 'held').map(({ op }) => op),
      };
    },
    () => ({
      scope: ESTATE,
      type: 'access.secret',
      payload: { person: person(), state: pick(['set', 'removed']), kind: 'passphrase' },
    }),
    () => ({
      scope: ESTATE,
      type: 'access.unlock',
      payload: { person: person(), how: 'passphrase', ...(random() < 0.5 ? { tries: 5 } : {}) },
    }),
    () => ({
      scope: ESTATE,
      type: 'sso.set',
      payload: {
        provider:
          random() < 0.3
            ? null
            : {
                ...{ name: 'Contoso', issuer: `https://login.example/${Math.floor(random() * 3)}`, client: 'holdfast' },
                ...{ groups: 'groups', by: pick(['email', 'list']), scopes: ['groups'], port: null },
              },
      },
    }),
    () => ({
      scope: ESTATE,
      type: 'sso.match',
      payload: { person: person(), logins: pick([[], ['raj@example.com']]) },
    }),
    () => ({ scope: ESTATE, type: 'sso.end', payload: { person: person(), reason: 'the provider says no' } }),
    () => ({ scope: ESTATE, type: 'access.rescue', payload: { reason: 'nobody was left' } }),
    () => ({
      scope: pick([incident, ESTATE]),
      type: 'degraded.start',
      payload: {
        degraded: pick(['g1', 'g2']),
        mode: 'limit-promises',
        title: 'Limit order promises',
        effect: 'fewer promises',
        owner: person(),
        reason: 'backlog',
        exit: 'backlog below 1,000',
        avoids: [0, 0.1, 0.2],
        businessServices: [],
      },
    }),
    () => ({
      scope: pick([incident, ESTATE]),
      type: 'degraded.owner',
      payload: { degraded: pick(['g1', 'g2']), owner: person() },
    }),
    () => ({
      scope: incident,
      type: 'degraded.end',
      payload: { degraded: pick(['g1', 'g2']), reason: `over ${Math.floor(random() * 9)}` },
    }),
    () => ({
      scope: pick([incident, ESTATE]),
      type: 'degraded.dismiss',
      payload: { mode: 'limit-promises', reason: `no ${Math.floor(random() * 9)}` },
    }),
    () => ({
      scope: ESTATE,
      type: 'breakglass.codes',
      payload: {
        sheet: pick(['s1', 's2']),
        label: 'safe',
        person: random() < 0.5 ? null : person(),
        capabilities: ['approve-critical'],
        longestMinutes: 60,
        expiresAt: 1_790_000_000_000,
        codes: [{ code: 'c1', slot: 'K7Q', salt: 'a'.repeat(22), hash: 'b'.repeat(43), cost: 16 }],
      },
    }),
    () => ({
      scope: ESTATE,
      type: 'breakglass.void',
      payload: { sheet: pick(['s1', 's2']), reason: `lost ${Math.floor(random() * 9)}` },
    }),
    () => ({
      scope: incident,
      type: 'breakglass.request',
      payload: {
        ...{ grant: pick(['b1', 'b2']), holder: person(), reason: 'SSO down' },
        ...{ capabilities: ['approve-critical'], incidents: [incident], minutes: 30 },
      },
    }),
    () => ({
      scope: incident,
      type: 'breakglass.answer',
      payload: { grant: pick(['b1', 'b2']), answer: pick(['approved', 'refused']) },
    }),
    () => ({
      scope: incident,
      type: 'breakglass.open',
      payload: {
        ...{ grant: pick(['b1', 'b2']), holder: person(), way: pick(['code', 'two-persons']), reason: 'SSO down' },
        ...{ capabilities: ['approve-critical'], incidents: [incident], expiresAt: 1_760_000_500_000 },
        ...{ codes: ['c1'], witness: null },
      },
    }),
    () => ({
      scope: incident,
      type: 'breakglass.cover',
      payload: { grant: pick(['b1', 'b2']), holder: person(), reason: 'SSO down' },
    }),
    () => ({ scope: incident, type: 'breakglass.end', payload: { grant: pick(['b1', 'b2']) } }),
    () => ({
      scope: incident,
      type: 'breakglass.review',
      payload: { grant: pick(['b1', 'b2']), verdict: pick(['proper', 'finding']), text: 'looked at all' },
    }),
    () => ({
      scope: ESTATE,
      type: 'breakglass.lockout',
      payload: { tries: 10 + Math.floor(random() * 9), until: 1_760_000_600_000 },
    }),
    () => ({
      scope: incident,
      type: 'exception.add',
      payload: {
        ...{ exception: pick(['e1', 'e2']), rule: 'two approvals', policy: 'authority', reason: 'nobody awake' },
        ...{ owner: person(), until: 1_760_000_600_000 },
      },
    }),
    () => ({
      scope: incident,
      type: 'exception.end',
      payload: { exception: pick(['e1', 'e2']), reason: `over ${Math.floor(random() * 9)}` },
    }),
    () => ({ scope: incident, type: 'incident.hold', payload: { hold: pick(['h1', 'h2']), reason: 'lawyers' } }),
    () => ({ scope: incident, type: 'incident.hold-end', payload: { hold: pick(['h1', 'h2']), reason: 'over' } }),
    () => ({
      scope: incident,
      type: pick(['incident.restrict', 'incident.key']),
      payload: {
        ...{ key: pick(['k1', 'k2']), ephemeral: 'e'.repeat(43) },
        wraps: [{ console: 'console0', key: pick(['w', 'x']).repeat(64) }],
        contact: pick(['ana', null]),
      },
    }),
    () => ({
      scope: incident,
      type: 'incident.sealed',
      payload: { key: pick(['k1', 'k2']), nonce: 'n'.repeat(16), body: 'b'.repeat(40) },
    }),
    () => ({ scope: incident, type: 'incident.running', payload: { running: random() < 0.5 } }),
    () => ({
      scope: incident,
      type: 'incident.lift',
      payload: { keys: [{ key: pick(['k1', 'k2']), secret: 's'.repeat(43) }], reason: 'over' },
    }),
    () => ({
      scope: incident,
      type: 'incident.shred',
      payload: { key: pick(['k1', 'k2']), proof: 'p'.repeat(43), reason: 'its time is over' },
    }),
    () => ({
      scope: incident,
      type: 'restriction.member',
      payload: { to: pick(['person', 'team', 'role', 'console']), id: person(), state: pick(['in', 'out']) },
      base: base('restriction', 'current', `member:person:${person()}`),
    }),
    () => ({
      scope: incident,
      type: 'incident.looked',
      payload: { how: pick(['read', 'exported']), session: pick(['window', 'terminal']) },
    }),
    () => ({
      scope: incident,
      type: 'retention.review',
      payload: { until: 1_800_000_000_000 + Math.floor(random() * 9), reason: 'the auditors ask' },
    }),
    () => ({
      scope: incident,
      type: 'breach.answer',
      payload: { item: pick(['people', 'cards']), state: pick(['open', 'done', 'not-needed']), note: 'n' },
    }),
    () => {
      const from = 1_760_000_100_000 + Math.floor(random() * 6) * 300_000;
      const lost = Math.floor(random() * 900);
      const figures = { orders: [0, lost, 2 * lost], revenueMinor: [0, lost * 7000, lost * 14_000] };
      const measuredMs = pick([0, 120_000, 300_000]);
      return {
        scope: incident,
        type: 'impact.checkpoint',
        payload: {
          businessService: service(),
          currency: 'EUR',
          why: pick(['began', 'changed', 'interval', 'trued-up', 'ended']),
          slots: [
            {
              from,
              to: from + 300_000,
              measuredMs,
              estimatedMs: 300_000 - measuredMs,
              share: [0, 0.3, 0.6],
              lost: figures,
              buffered: { orders: [0, 0, 0] },
            },
          ],
          ...(random() < 0.3
            ? { correction: { from, to: from + 300_000, before: { orders: [1, 2, 3] }, after: figures } }
            : {}),
        },
      };
    },
  ];
  return pick(choices)();
}

/** A permutation of `items` from `random`. */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
