import { describe, expect, it } from 'vitest';
import { dueThings, isDue, type ClockFacts } from '../../shared/domain/clock/due.ts';
import type { Escalation } from '../../shared/domain/clock/escalation.ts';

const MINUTE = 60_000;
const DECLARED = Date.parse('2026-11-24T13:00:00Z');
const after = (minutes: number): number => DECLARED + minutes * MINUTE;

function facts(minutes: number, more: Partial<ClockFacts> = {}): ClockFacts {
  return {
    now: after(minutes),
    severity: 'SEV1',
    status: 'mitigating',
    declaredAt: DECLARED,
    roles: [{ role: 'commander', person: 'ana', since: DECLARED }],
    required: ['commander'],
    asks: [],
    decidedAt: after(minutes),
    commanderHeardAt: after(minutes),
    awayUntil: () => null,
    next: () => null,
    callOrder: [],
    proposals: [],
    handovers: [],
    updates: [],
    objectives: [],
    escalation: [],
    statutory: [],
    directReports: [],
    spanLimit: 7,
    name: (person) => person[0]!.toUpperCase() + person.slice(1),
    ...more,
  };
}

const lines = (of: ClockFacts): string[] =>
  dueThings(of).map(({ kind, text, at }) => `${isDue({ at }, of.now) ? '' : 'to come, '}${kind}: ${text}`);
/** Whom the estate knows by the words of the path. */
const WHO: Record<string, string> = { deputy: 'raj', commander: 'ana' };
const path = (waitsFor: Escalation['waitsFor'], ...steps: [minutes: number, to: string, calledAt?: number][]) =>
  steps.map(([minutes, to, calledAt]): Escalation => ({
    waitsFor,
    minutes,
    to,
    person: WHO[to] ?? null,
    calledAt: calledAt ?? null,
  }));

describe('the calls that the response asks for', () => {
  const containment = path('containment', [30, 'head of engineering'], [60, 'executive on call']);

  it('come one after another while the incident is not contained', () => {
    expect(lines(facts(29, { escalation: containment }))).toEqual([
      'to come, call: call head of engineering if it is not contained by then',
    ]);
    expect(lines(facts(31, { escalation: containment }))).toEqual([
      'call: it is not contained: call head of engineering',
      'to come, call: call executive on call if it is not contained by then',
    ]);
    expect(lines(facts(61, { escalation: containment }))).toEqual([
      'call: it is not contained: call executive on call',
    ]);
    expect(lines(facts(61, { escalation: containment, status: 'monitoring' }))).toEqual([]);
  });

  it('are not asked for again once they were made, and never step back to somebody nearer', () => {
    const called = path('containment', [30, 'head of engineering', after(32)], [60, 'executive on call']);
    expect(lines(facts(40, { escalation: called }))).toEqual([
      'to come, call: call executive on call if it is not contained by then',
    ]);
    const highest = path('containment', [30, 'head of engineering'], [60, 'executive on call', after(61)]);
    expect(lines(facts(70, { escalation: highest }))).toEqual([]);
  });

  it('for a decision run from the last one, and a call that was made before it counts no more', () => {
    const escalation = path('decision', [15, 'deputy', after(16)]);
    const roles: ClockFacts['roles'] = [
      { role: 'commander', person: 'ana', since: DECLARED },
      { role: 'deputy', person: 'raj', since: DECLARED },
    ];
    expect(lines(facts(20, { escalation, roles, decidedAt: null })).filter((one) => one.includes('call'))).toEqual([]);
    expect(lines(facts(40, { escalation, roles, decidedAt: after(20) }))).toEqual([
      'call: nothing is decided: call Raj (deputy)',
      'no-decision: nothing decided for 20 min',
    ]);
  });

  it('for a commander begin when those of the rota were called', () => {
    const escalation = path('commander', [5, 'duty manager']);
    const alone = { roles: [], commanderHeardAt: null, escalation };
    expect(lines(facts(6, alone))).toEqual([
      'no-commander: nobody commands',
      'call: nobody commands: call duty manager',
    ]);
    expect(lines(facts(6, { ...alone, callOrder: ['ana'] }))).toEqual([
      'escalation: nobody commands: call Ana',
      'to come, call: call duty manager if nobody commands by then',
    ]);
    expect(lines(facts(11, { ...alone, callOrder: ['ana'] }))).toContain('call: nobody commands: call duty manager');
  });

  it('for an owner, an acknowledgement and an update stop when these have come', () => {
    const owner = { escalation: path('owner', [10, 'on-call of the owning team']), roles: [], required: [] };
    expect(lines(facts(11, { ...owner, commanderHeardAt: null }))).toContain(
      'call: nobody has it: call on-call of the owning team',
    );
    const ask = { id: 'a', text: 'look', owner: 'raj', openedAt: after(5), dueAt: null };
    const asked = (state: 'open' | 'acknowledged', minutes: number) =>
      lines(facts(minutes, { escalation: path('acknowledgement', [30, 'lead']), asks: [{ ...ask, state }] }));
    expect(asked('open', 36)).toContain('call: an ask is not acknowledged: call lead');
    expect(asked('acknowledged', 36)).toEqual([]);
    const updates = [{ audience: 'executives', dueAt: after(20) }];
    expect(lines(facts(29, { escalation: path('update', [10, 'commander']), updates }))).toEqual([
      'update: update for executives',
      'to come, call: call Ana (commander) if an update is late by then',
    ]);
    expect(lines(facts(31, { escalation: path('update', [10, 'commander']), updates }))).toContain(
      'call: an update is late: call Ana (commander)',
    );
  });

  it('are over with the incident', () => {
    expect(lines(facts(90, { escalation: containment, status: 'resolved' }))).toEqual([]);
  });
});

describe('what falls due', () => {
  it('stands in the order of time, and says who is missing and away', () => {
    const away = facts(10, {
      required: ['commander', 'scribe'],
      awayUntil: (person) => (person === 'ana' ? after(130) : null),
      next: () => 'li',
    });
    expect(lines(away)).toEqual([
      'owner-away: Ana, commander, is away for 2 h 00; next on the rota: Li',
      'role-empty: nobody is scribe',
    ]);
  });

  it('of an ask is one thing at a time: unowned, unacknowledged, checked back, overdue', () => {
    const ask = { id: 'a', text: 'look', openedAt: DECLARED };
    const of = (state: 'open' | 'acknowledged' | 'done', owner: string | null, dueAt: number | null) =>
      lines(facts(6, { asks: [{ ...ask, state, owner, dueAt }] }));
    expect(of('open', null, null)).toEqual(['unowned: nobody owns "look"']);
    expect(of('open', 'raj', null)).toEqual(['ask-unacknowledged: not acknowledged by Raj: look']);
    expect(of('acknowledged', 'raj', after(9))).toEqual(['to come, ask-check-back: ask Raj how it goes: look']);
    expect(of('acknowledged', 'raj', after(5))).toEqual(['ask-overdue: overdue, Raj: look']);
    expect(of('done', 'raj', after(5))).toEqual([]);
  });

  it('is at most one call to a commander who is silent, or to the next who could command', () => {
    expect(lines(facts(21, { commanderHeardAt: DECLARED }))).toEqual([
      'commander-silent: nothing heard of Ana, who commands, for 21 min',
    ]);
    const nobody = { roles: [], commanderHeardAt: null, callOrder: ['li', 'mo'] };
    expect(lines(facts(4, nobody))).toEqual([
      'no-commander: nobody commands',
      'to come, escalation: nobody commands: call Li',
    ]);
    expect(lines(facts(10, nobody))).toEqual(['escalation: nobody commands: call Mo']);
    expect(lines(facts(60, nobody))).toEqual(['escalation: nobody commands: call Mo']);
  });
});
