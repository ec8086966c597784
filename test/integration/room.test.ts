/** Handing over, taking back, objecting, being away: what two people at one console and two consoles apart make of it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, enrolIn, newFolder, openOn, refused } from '../support/engines.ts';

const MINUTE = 60_000;
/** A Tuesday, 10:00 in Vienna: the demonstration's rotas have begun. */
const START = Date.UTC(2026, 10, 24, 9, 0);

async function room(severity: 'SEV1' | 'SEV3' = 'SEV3') {
  let now = START;
  const engine = await openOn(newFolder(), { now: () => now });
  await done(engine, 'estate.load-demonstration', {});
  await as(engine, 'ana-kovac');
  const { id } = await done(engine, 'incident.declare', {
    title: 'Checkout failing',
    severity,
    commander: 'ana-kovac',
  });
  return {
    engine,
    id,
    pass: (minutes: number) => void (now += minutes * MINUTE),
    commander: async () => (await done(engine, 'incident.show', { incident: id })).commander?.id ?? null,
    due: async () =>
      (await done(engine, 'incident.clock', { incident: id })).map(({ kind, text }) => `${kind}: ${text}`),
    lines: async () =>
      (await done(engine, 'incident.timeline', { incident: id })).entries.map(({ summary }) => summary),
  };
}

const as = (engine: Engine, person: string | null) => done(engine, 'settings.set', { actingAs: person });

describe('a handover', () => {
  it('is taken only by whoever was asked; until then nothing changes hands', async () => {
    const { engine, id, commander, lines, due } = await room();
    await done(engine, 'incident.ask', { incident: id, text: 'call the PSP', owner: 'mo-haas', minutes: 10 });
    await done(engine, 'incident.decide', { incident: id, text: 'roll back 4.18', reason: 'errors began with it' });
    const offer = await done(engine, 'handover.offer', { incident: id, to: 'raj-menon' });
    expect(offer.state).toBe('offered');
    for (const told of ['Checkout failing', 'Mo Haas', 'call the PSP', 'roll back 4.18', 'commander: Ana Kovač'])
      expect(offer.briefing).toContain(told);
    expect(await commander()).toBe('ana-kovac');
    expect(await due()).toContain('handover: Raj Menon is asked to take command');

    expect(await refused(engine, 'handover.accept', { incident: id })).toContain(
      'Only Raj Menon can accept; this console acts as Ana Kovač. Who is there is chosen',
    );
    expect(await refused(engine, 'handover.offer', { incident: id, to: 'li-wen' })).toMatch(/Raj Menon was asked/);
    expect(await commander()).toBe('ana-kovac');

    await as(engine, 'raj-menon');
    const taken = await done(engine, 'handover.accept', { incident: id });
    expect(taken).toMatchObject({ state: 'accepted', staysUntil: START + 15 * MINUTE });
    expect(await commander()).toBe('raj-menon');
    expect((await lines()).filter((line) => line.startsWith('Raj Menon takes command'))).toHaveLength(1);
    const { handovers } = await done(engine, 'incident.people', { incident: id });
    expect(handovers.map(({ state }) => state)).toEqual(['accepted']);
  });

  it('can be declined, taken back and run out, and then the old commander still commands', async () => {
    const { engine, id, commander, pass } = await room();
    await done(engine, 'handover.offer', { incident: id, to: 'raj-menon' });
    await as(engine, 'raj-menon');
    await done(engine, 'handover.decline', { incident: id, reason: 'on the phone with the bank' });
    await as(engine, 'ana-kovac');
    await done(engine, 'handover.offer', { incident: id, to: 'li-wen' });
    await done(engine, 'handover.cancel', { incident: id });
    await done(engine, 'handover.offer', { incident: id, to: 'li-wen', minutes: 5 });
    pass(6);
    await as(engine, 'li-wen');
    expect(await refused(engine, 'handover.accept', { incident: id })).toBe(
      'Nobody is asked to take anything over in this incident.',
    );
    const { handovers } = await done(engine, 'incident.people', { incident: id });
    expect(handovers.map(({ state }) => state).toSorted()).toEqual(['declined', 'expired']);
    const { id: late } = handovers.find(({ state }) => state === 'expired')!;
    expect(await refused(engine, 'handover.accept', { incident: id, handover: late })).toMatch(/ran out .* ago/);
    expect(await commander()).toBe('ana-kovac');
  });

  it('does not undo a change of command that came between', async () => {
    const { engine, id, commander } = await room();
    await done(engine, 'handover.offer', { incident: id, to: 'raj-menon' });
    await done(engine, 'incident.assign', { incident: id, role: 'commander', person: 'li-wen', reason: 'Ana is ill' });
    await as(engine, 'raj-menon');
    expect(await refused(engine, 'handover.accept', { incident: id })).toBe(
      'Since the offer, Li Wen is commander; it has to be offered again.',
    );
    expect(await commander()).toBe('li-wen');
  });

  it('replaces nobody without their word or a reason', async () => {
    const { engine, id } = await room();
    await as(engine, 'raj-menon');
    const taking = { incident: id, role: 'commander', person: 'raj-menon' } as const;
    expect(await refused(engine, 'incident.assign', taking)).toBe(
      'Ana Kovač is commander: offer a handover, or say why somebody else takes it.',
    );
    await done(engine, 'incident.assign', { ...taking, reason: 'nothing heard of her for 20 minutes' });
  });

  it('that is accepted on one console while another gives the role away leaves both answers to be settled', async () => {
    const here = newFolder();
    const there = newFolder();
    enrolIn(here, there);
    enrolIn(there, here);
    const [a, b] = [await openOn(here), await openOn(there)];
    const carry = async (from: Engine, to: Engine) => {
      const { path } = await done(from, 'bundle.export', { to: join(newFolder(), 'all.holdfast-bundle') });
      return done(to, 'bundle.import', { file: path });
    };
    await done(a, 'estate.load-demonstration', {});
    await as(a, 'ana-kovac');
    const { id } = await done(a, 'incident.declare', {
      ...{ title: 'Checkout failing', severity: 'SEV3', commander: 'ana-kovac' },
    });
    await done(a, 'handover.offer', { incident: id, to: 'raj-menon' });
    await carry(a, b);

    await as(b, 'raj-menon');
    await done(b, 'handover.accept', { incident: id });
    await as(a, 'li-wen');
    await done(a, 'incident.assign', { incident: id, role: 'commander', person: 'li-wen', reason: 'Ana has to leave' });
    await carry(a, b);
    await carry(b, a);
    for (const console of [a, b]) {
      const { conflictList } = await done(console, 'incident.show', { incident: id });
      expect(conflictList.map(({ field }) => field)).toEqual(['role:commander']);
      expect(new Set(conflictList[0]!.heads.map(({ value }) => value))).toEqual(new Set(['li-wen', 'raj-menon']));
      const { needs } = await done(console, 'situation', {});
      expect(needs.filter(({ kind }) => kind === 'conflict').map(({ text }) => text)).toEqual([
        expect.stringMatching(/^INC-0001: two answers on who commands: (Raj Menon \/ Li Wen|Li Wen \/ Raj Menon)$/),
      ]);
    }
    await done(a, 'incident.assign', { incident: id, role: 'commander', person: 'raj-menon', reason: 'he accepted' });
    await carry(a, b);
    const { conflictList, commander } = await done(b, 'incident.show', { incident: id });
    expect([conflictList, commander?.id]).toEqual([[], 'raj-menon']);
  });

  it('at the end of a shift offers all that somebody has, in every incident, to the incoming shift', async () => {
    const { engine, id } = await room();
    const other = await done(engine, 'incident.declare', { title: 'Sync late', severity: 'SEV3' });
    await done(engine, 'incident.ask', { incident: other.id, text: 'count the backlog', owner: 'ana-kovac' });
    const { lines } = await done(engine, 'handover.plan', { person: 'ana-kovac' });
    const given = lines.map(({ roles, asks }) => [...roles, ...asks.map(({ text }) => text)].join());
    expect(given.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['commander', 'count the backlog']);
    const to = lines[0]!.to!.id;
    await done(engine, 'person.away', { person: to, until: '3d' });
    const without = await done(engine, 'handover.plan', { person: 'ana-kovac' });
    expect(without.lines[0]!.to!.id).not.toBe(to);
    await done(engine, 'person.back', { person: to });
    const { offered, left } = await done(engine, 'handover.shift', { person: 'ana-kovac' });
    expect([offered.length, left.length]).toEqual([2, 0]);
    await as(engine, to);
    await done(engine, 'handover.accept', { incident: other.id });
    const { asks } = await done(engine, 'incident.show', { incident: other.id });
    expect(asks.map(({ owner, state }) => [owner?.id, state])).toEqual([[to, 'acknowledged']]);
    expect((await done(engine, 'incident.show', { incident: id })).commander?.id).toBe('ana-kovac');
  });
});

describe('taking back', () => {
  it('gives back what was before, and leaves both in the timeline', async () => {
    const { engine, id, lines } = await room();
    const show = () => done(engine, 'incident.show', { incident: id });
    await done(engine, 'incident.severity', { incident: id, severity: 'SEV1' });
    await done(engine, 'incident.state', { incident: id, status: 'mitigating' });
    const { ask } = await done(engine, 'incident.ask', { incident: id, text: 'look', owner: 'raj-menon', minutes: 5 });
    await done(engine, 'incident.ask.change', { incident: id, ask, owner: 'mo-haas' });
    await done(engine, 'incident.say', { incident: id, text: 'wrong window' });

    expect((await done(engine, 'incident.undo', { incident: id })).text).toBe('wrong window');
    const { entries } = await done(engine, 'incident.timeline', { incident: id, kinds: ['note'] });
    expect(entries.map(({ summary, takenBack }) => [summary, takenBack?.by.id])).toEqual([
      ['wrong window', 'ana-kovac'],
    ]);
    await done(engine, 'incident.undo', { incident: id });
    expect((await show()).asks.map(({ owner, state }) => [owner?.id, state])).toEqual([['raj-menon', 'open']]);
    await done(engine, 'incident.undo', { incident: id });
    expect((await show()).asks.map(({ state }) => state)).toEqual(['cancelled']);
    await done(engine, 'incident.undo', { incident: id });
    await done(engine, 'incident.undo', { incident: id });
    expect(await show()).toMatchObject({ severity: 'SEV3', status: 'declared', conflictList: [] });
    expect((await lines()).filter((line) => line.startsWith('severity'))).toEqual([
      'severity SEV1 → SEV3',
      'severity SEV3 → SEV1',
    ]);
    expect(await refused(engine, 'incident.undo', { incident: id })).toBe(
      'A declaration is not taken back; resolve the incident and say why.',
    );
  });

  it('is over after a minute, is for what oneself did, and stops where somebody went on', async () => {
    const { engine, id, pass } = await room();
    await done(engine, 'incident.severity', { incident: id, severity: 'SEV1' });
    await as(engine, 'raj-menon');
    expect(await refused(engine, 'incident.undo', { incident: id })).toMatch(/nothing of yours here/);
    await done(engine, 'incident.severity', { incident: id, severity: 'SEV2', reason: 'stores sell' });
    await as(engine, 'ana-kovac');
    expect(await refused(engine, 'incident.undo', { incident: id })).toMatch(/^Raj Menon went on from “severity/);
    await as(engine, 'raj-menon');
    pass(1.1);
    expect(await refused(engine, 'incident.undo', { incident: id })).toMatch(/more than a minute old/);
  });
});

describe('the clock', () => {
  it('nudges where nothing was decided, nobody was heard of and nobody owns an ask', async () => {
    const { engine, id, pass, due } = await room();
    await done(engine, 'incident.ask', { incident: id, text: 'look at the queue' });
    // The first updates have a clock of their own from the beginning.
    expect((await due()).filter((line) => !line.startsWith('update: '))).toEqual([
      'unowned: nobody owns "look at the queue"',
    ]);
    pass(16);
    expect(await due()).toContain('no-decision: nothing decided for 16 min');
    pass(5);
    expect(await due()).toContain('commander-silent: nothing heard of Ana Kovač, who commands, for 21 min');
    const { needs } = await done(engine, 'situation', {});
    const kinds = needs.filter(({ incident }) => incident === id).map(({ kind }) => kind);
    expect(kinds.filter((kind) => !kind.startsWith('update'))).toEqual(['unowned', 'no-decision', 'commander-silent']);
    await done(engine, 'incident.present', { incident: id });
    expect((await due()).join()).not.toContain('commander-silent');
  });

  it('names who is away, and the next on the rota who is not', async () => {
    const { engine, id, due } = await room();
    await done(engine, 'incident.ask', { incident: id, text: 'fail over', owner: 'raj-menon', minutes: 10 });
    await done(engine, 'person.away', { person: 'raj-menon', until: '2026-12-24', reason: 'holiday' });
    expect((await due()).find((line) => line.startsWith('owner-away'))).toMatch(
      /^owner-away: Raj Menon is away for 30 d .* and has: fail over; next on the rota: (Greta Sommer|Sven Oltmanns)$/,
    );
    expect(await refused(engine, 'handover.offer', { incident: id, to: 'raj-menon' })).toMatch(
      /^Raj Menon is away until .*; next on the rota is /,
    );
    const people = await done(engine, 'estate.people', {});
    expect(people.find(({ id: one }) => one === 'raj-menon')?.away?.reason).toBe('holiday');
  });

  it('calls one after another while nobody commands', async () => {
    const { engine, pass } = await room();
    const { id } = await done(engine, 'incident.declare', { title: 'Nobody', severity: 'SEV3' });
    const calls = async () =>
      (await done(engine, 'incident.clock', { incident: id })).filter(({ kind }) => kind === 'escalation');
    pass(6);
    const [first] = await calls();
    pass(5);
    const [second] = await calls();
    expect(first!.person!.id).not.toBe(second!.person!.id);
    expect(second!.at).toBe(START + 10 * MINUTE);
  });

  it('asks for the roles and the calls of the response that was chosen, and for other ones when it changes', async () => {
    const { engine, pass } = await room();
    const { id } = await done(engine, 'incident.declare', {
      ...{ title: 'Sync is late', severity: 'SEV1', commander: 'ana-kovac' },
      ...{ level: 'service', model: 'automation-first' },
    });
    const people = async () => (await done(engine, 'incident.people', { incident: id })).required;
    const calls = async () =>
      (await done(engine, 'incident.clock', { incident: id })).filter(({ kind }) => kind === 'call');
    expect(await people()).toEqual(['commander', 'operations']);
    expect((await done(engine, 'incident.show', { incident: id })).required).toEqual(['commander', 'operations']);
    expect((await calls()).map(({ text }) => text)).toEqual([
      'call Nadia Hamdi (duty manager, to raise the level) if it is not contained by then',
    ]);

    await done(engine, 'incident.model', { incident: id, level: 'platform', model: 'command', reason: 'wider' });
    expect(await people()).toEqual(['commander', 'communications', 'operations', 'scribe']);
    pass(31);
    const contained = (await calls()).find(({ id: call }) => call === 'call:containment:30')!;
    expect(contained.text).toBe('it is not contained: call head of engineering');
    const { needs } = await done(engine, 'situation', {});
    expect(needs.filter(({ text }) => text.includes('call head of engineering'))).toHaveLength(1);
    await done(engine, 'incident.called', { incident: id, call: contained.id });
    expect((await calls()).map(({ text }) => text)).toContain(
      'call Henrike Voss (executive on call) if it is not contained by then',
    );
    expect((await calls()).map(({ id: call }) => call)).not.toContain('call:containment:30');
    expect(await refused(engine, 'incident.called', { incident: id, call: 'call:lunch:1' })).toMatch(
      /^The response of this incident has no call "call:lunch:1"; it has call:/,
    );
    const { entries } = await done(engine, 'incident.timeline', { incident: id });
    expect(entries.map(({ summary }) => summary)).toContain('called head of engineering');
  });

  it('has one line for each audience whose update is late, in Needs you and in the briefing', async () => {
    const { engine, id, pass } = await room();
    pass(45);
    const { needs } = await done(engine, 'situation', {});
    const late = needs.filter(({ kind, incident }) => kind === 'update' && incident === id).map(({ text }) => text);
    expect(new Set(late).size).toBe(late.length);
    expect(late.join()).toContain('update for store operations');
    await done(engine, 'handover.offer', { incident: id, to: 'raj-menon' });
    const [offer] = (await done(engine, 'incident.people', { incident: id })).handovers;
    expect(offer!.briefing).toMatch(/update for store operations – overdue \d+ min/);
  });

  it('gives what a team is asked to whoever is on call for it, or leads it in the incident', async () => {
    const { engine, id } = await room();
    const teams = await done(engine, 'estate.teams', {});
    const team = teams.find(({ onCall }) => onCall.length > 0)!;
    const first = team.onCall[0]!;
    const ask = (owner: string) => done(engine, 'incident.ask', { incident: id, text: 'look', owner });
    expect((await ask(team.name)).owner?.id).toBe(first.person.id);
    await done(engine, 'person.away', { person: first.person.id, until: '2d' });
    const caught = (await ask(team.id)).owner?.id;
    const others = (await done(engine, 'estate.teams', {})).find((one) => one.id === team.id)!.onCall;
    expect(caught).not.toBe(first.person.id);
    expect(others.map(({ person, standIn }) => (standIn === undefined ? person.id : standIn?.id))).toContain(caught);
    await done(engine, 'incident.team.form', { incident: id, name: 'Tills', lead: 'mo-haas', members: [] });
    const { ask: mine } = await ask('tills');
    const { asks } = await done(engine, 'incident.show', { incident: id });
    expect(asks.find((one) => one.id === mine)).toMatchObject({ owner: { id: 'mo-haas' }, team: { name: 'Tills' } });
    const silent = teams.find(({ onCall }) => onCall.length === 0);
    if (silent)
      expect(await refused(engine, 'incident.ask', { incident: id, text: 'look', owner: silent.id })).toMatch(
        /^Nobody is on call for .* now: ask one of its people by name\.$/,
      );
    expect(await refused(engine, 'incident.ask', { incident: id, text: 'look', owner: 'no-such' })).toMatch(
      /^There is no person "no-such"/,
    );
  });

  it('counts who reports to the commander, and a lead for the whole team', async () => {
    const { engine, id, due } = await room();
    const people = (await done(engine, 'estate.people', {})).map((one) => one.id).filter((one) => one !== 'ana-kovac');
    for (const owner of people.slice(0, 8)) await done(engine, 'incident.ask', { incident: id, text: owner, owner });
    expect((await due()).join()).toContain('8 people report to the commander');
    await done(engine, 'incident.team.form', {
      incident: id,
      name: 'Payments',
      lead: people[0]!,
      members: people.slice(1, 4),
    });
    const { span, teams } = await done(engine, 'incident.people', { incident: id });
    expect(span).toMatchObject({ over: false });
    expect(span.reports).toHaveLength(5);
    expect(teams).toMatchObject([{ name: 'Payments', openAsks: 4 }]);
  });
});

it('records a decision with what those who were asked said', async () => {
  const { engine, id, lines, due } = await room();
  const { proposal } = await done(engine, 'incident.propose', {
    incident: id,
    text: 'fail over payments',
    ask: ['raj-menon', 'li-wen', 'mo-haas'],
  });
  await done(engine, 'incident.object', { incident: id, person: 'mo-haas', objection: 'till receipts would be lost' });
  expect((await due()).join()).toContain('any strong objection? Raj Menon, Li Wen: fail over payments');
  await done(engine, 'incident.object', { incident: id });
  expect((await due()).join()).toContain('everybody answered: decide “fail over payments”');
  await done(engine, 'incident.decide', { incident: id, proposal });
  expect(await lines()).toContain(
    'fail over payments (no objection from Raj Menon, Li Wen; Mo Haas objects: till receipts would be lost)',
  );
  expect((await done(engine, 'incident.people', { incident: id })).proposals).toEqual([]);
});

it('keeps the ticks of a role’s checklist', async () => {
  const { engine, id } = await room();
  await done(engine, 'incident.tick', { incident: id, role: 'commander', item: 'severity' });
  const { checklists } = await done(engine, 'incident.people', { incident: id });
  const list = checklists.find(({ role }) => role === 'commander')!;
  expect(list.items.filter(({ done: is }) => is).map(({ id: item, by }) => [item, by?.id])).toEqual([
    ['severity', 'ana-kovac'],
  ]);
  expect(await refused(engine, 'incident.tick', { incident: id, role: 'commander', item: 'nonsense' })).toMatch(
    /has no item "nonsense"; it has say-it, /,
  );
});
