import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OP_TYPES } from '../../shared/ops/types.ts';
import {
  ENTRY_KINDS,
  entryKind,
  hasOwnWords,
  MAX_SUMMARY,
  oneLine,
  tell,
  type Names,
} from '../../shared/domain/timeline.ts';

const people: Record<string, string> = { ana: 'Ana Kovač', raj: 'Raj Patel', li: 'Li Wei' };
const names: Names = {
  person: (id) => people[id] ?? id,
  service: (id) => ({ 'checkout-api': 'Checkout API', 'payments-api': 'Payments API' })[id] ?? id,
  businessService: (id) => ({ checkout: 'Checkout' })[id] ?? id,
  step: (_run, step) => ({ 'confirm-release': 'Confirm the release is the cause' })[step] ?? step,
  ask: (id) => ({ a1: { text: 'call the PSP', owner: 'raj' }, a2: { text: 'anything', owner: null } })[id] ?? null,
  entry: (id) => (id === 'known' ? 'PSP confirms the outage' : null),
  source: (id) => ({ prometheus: 'Prometheus' })[id] ?? id,
};
const NOON = Date.parse('2026-11-24T12:00:00Z');
const line = (type: string, payload: Record<string, unknown>, was?: string | number | null) =>
  tell({ type, payload, eventTime: NOON, zone: 'Europe/Vienna' }, names, was);

describe('tell', () => {
  const cases: [string, Record<string, unknown>, string | number | null | undefined, string, string | null][] = [
    [
      'incident.declare',
      {
        title: 'Checkout failing',
        severity: 'SEV1',
        services: ['checkout-api'],
        businessServices: ['checkout'],
        commander: 'ana',
      },
      undefined,
      'declared SEV1: Checkout failing (affects Checkout; commander Ana Kovač)',
      null,
    ],
    [
      'incident.declare',
      { title: 'Something', severity: 'SEV3', services: [], businessServices: [] },
      undefined,
      'declared SEV3: Something',
      null,
    ],
    ['incident.severity', { severity: 'SEV1', reason: 'every store' }, 'SEV2', 'severity SEV2 → SEV1', 'every store'],
    ['incident.severity', { severity: 'SEV1' }, undefined, 'severity SEV1', null],
    ['incident.status', { status: 'mitigating' }, 'declared', 'state declared → mitigating', null],
    ['incident.role', { role: 'communications', person: 'li' }, undefined, 'communications lead: Li Wei', null],
    ['incident.role', { role: 'commander', person: 'li' }, 'ana', 'commander: Li Wei (was Ana Kovač)', null],
    ['incident.role', { role: 'commander', person: null }, 'ana', 'commander: nobody (was Ana Kovač)', null],
    ['incident.role', { role: 'scribe', person: 'gone' }, null, 'scribe: gone', null],
    ['incident.affect', { set: 'services', id: 'payments-api' }, undefined, 'affects Payments API', null],
    ['incident.unaffect', { set: 'businessServices', id: 'checkout' }, undefined, 'no longer affects Checkout', null],
    ['incident.started', { startedAt: NOON - 3_600_000 }, NOON, 'started 12:00 CET (was 13:00 CET)', null],
    [
      'incident.title',
      { title: 'Payments failing' },
      'Checkout failing',
      'title: Payments failing (was: Checkout failing)',
      null,
    ],
    [
      'entry.note',
      { text: 'PSP says:\nthey are *down*' },
      undefined,
      'PSP says: they are *down*',
      'PSP says:\nthey are *down*',
    ],
    [
      'entry.decision',
      { text: 'roll back 4.18', reason: 'errors began with it' },
      undefined,
      'roll back 4.18 – because errors began with it',
      'roll back 4.18\n\nBecause: errors began with it',
    ],
    [
      'entry.correct',
      { entry: 'known', eventTime: NOON - 60_000, reason: 'typo' },
      undefined,
      'corrected “PSP confirms the outage”: happened 12:59 CET',
      'typo',
    ],
    ['entry.correct', { entry: 'other', text: 'x' }, undefined, 'corrected: new words', null],
    [
      'ask.open',
      { ask: 'a1', text: 'call the PSP', owner: 'raj', dueAt: NOON + 600_000 },
      undefined,
      'asked Raj Patel: call the PSP (due 13:10 CET)',
      null,
    ],
    ['ask.open', { ask: 'a2', text: 'anything', owner: null, dueAt: null }, undefined, 'asked nobody: anything', null],
    ['ask.change', { ask: 'a1', state: 'acknowledged' }, undefined, 'Raj Patel has it: call the PSP', null],
    ['ask.change', { ask: 'a1', state: 'done', note: 'ticket 4711' }, undefined, 'done: call the PSP', 'ticket 4711'],
    [
      'ask.change',
      { ask: 'a1', owner: 'li', dueAt: NOON + 60_000 },
      undefined,
      'handed to Li Wei, due 13:01 CET: call the PSP',
      null,
    ],
    ['ask.change', { ask: 'lost', state: 'cancelled' }, undefined, 'called off: an ask', null],
    [
      'run.start',
      { run: 'r1', title: 'Checkout slowdown', version: '1.2' },
      undefined,
      'runbook started: Checkout slowdown, version 1.2',
      null,
    ],
    [
      'run.step',
      { run: 'r1', step: 'confirm-release', state: 'failed', reason: 'no access' },
      'doing',
      'step doing → failed: Confirm the release is the cause',
      'no access',
    ],
    [
      'health.change',
      {
        service: 'payments-api',
        health: 'failing',
        since: NOON - 20_000,
        source: 'prometheus',
        reason: 'error rate 12 %',
      },
      'degraded',
      'Payments API degraded → failing (Prometheus, seen 12:59:40 CET)',
      'error rate 12 %',
    ],
    [
      'change.record',
      { title: '4.18', kind: 'feature-flag', services: ['checkout-api', 'a', 'b', 'c', 'd'], by: 'argo' },
      undefined,
      'feature flag: 4.18 (Checkout API, a, b and 2 more), by argo',
      null,
    ],
    [
      'change.withdraw',
      { change: 'c1', reason: 'the test estate only' },
      undefined,
      'change withdrawn: c1',
      'the test estate only',
    ],
    [
      'governance.sealed',
      { x: 1 },
      undefined,
      'entry of a kind that this version does not know (governance.sealed)',
      null,
    ],
  ];
  it.each(cases)('%s %j after %j', (type, payload, was, summary, text) => {
    expect(line(type, payload, was)).toMatchObject({ summary, text });
  });

  it('carries the health that began', () => {
    expect(line('health.change', { service: 'x', health: 'unknown', source: 's', since: NOON }).health).toBe('unknown');
    expect(line('health.change', { service: 'x', health: '<b>', source: 's', since: NOON }).health).toBeNull();
  });

  it('tells every op type that makes a line by more than its name', () => {
    for (const type of Object.keys(OP_TYPES)) {
      if (!/^(incident|entry|ask|run|health|change)\./.test(type)) continue;
      expect(line(type, {}).summary, type).not.toContain('does not know');
    }
  });

  it('never throws and never leaves one line, whatever the payload', () => {
    const types = fc.constantFrom(...Object.keys(OP_TYPES), 'x.y');
    const members = [
      'text',
      'reason',
      'title',
      'services',
      'person',
      'owner',
      'dueAt',
      'state',
      'run',
      'step',
      'ask',
      'entry',
      'set',
      'id',
      'since',
      'startedAt',
      'health',
      'kind',
    ];
    const payload = fc.dictionary(
      fc.constantFrom(...members),
      fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.constant(null), fc.array(fc.string()), fc.object()),
    );
    fc.assert(
      fc.property(types, payload, (type, value) => {
        const { summary } = line(type, value);
        expect(summary).not.toMatch(/[\p{Cc}\u202e]/u);
        expect(Array.from(summary).length).toBeLessThanOrEqual(MAX_SUMMARY);
      }),
    );
  }, 30_000);
});

describe('oneLine', () => {
  it('shortens without cutting a character in two', () => {
    expect(oneLine('🙂'.repeat(10), 4)).toBe('🙂🙂🙂…');
    expect(oneLine('🙂'.repeat(4), 4)).toBe('🙂🙂🙂🙂');
  });
  it('takes out what would make a line read as something else', () => {
    expect(oneLine('pay\u202eEVIL\u200b\u0007 now')).toBe('payEVIL now');
  });
});

describe('kinds', () => {
  it('are known for every type, and words are a person’s own only in notes and decisions', () => {
    for (const type of [...Object.keys(OP_TYPES), 'x.y']) expect(ENTRY_KINDS).toContain(entryKind(type));
    expect(Object.keys(OP_TYPES).filter(hasOwnWords)).toEqual(['entry.note', 'entry.decision']);
  });
});
