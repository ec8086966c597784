/** Degraded modes on the demonstration's story, played by a clock that jumps: proposed, started, held to their end, turned down, cleaned up. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { player } from '../../assets/demo/player.ts';
import { activations } from '../../electron/engine/degraded/active.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { ConflictBook } from '../../electron/engine/conflicts/book.ts';
import { DigestBook } from '../../electron/engine/digest/book.ts';
import { factsOf } from '../../electron/engine/updates/facts.ts';
import { loadDemonstration } from '../../electron/engine/demonstration.ts';
import { ImpactBook } from '../../electron/engine/impact/book.ts';
import { IncidentRows } from '../../electron/engine/incidents/rows.ts';
import { PolicyBook } from '../../electron/engine/policy/book.ts';
import { RunbookLibrary } from '../../electron/engine/runbooks/library.ts';
import type { Output } from '../../shared/contract/table.ts';
import { DEMO, readDemoEstate } from '../support/demo-estate.ts';
import { done, enrolIn, newFolder, openOn, refused } from '../support/engines.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { rig, type Rig } from '../support/sources.ts';

const MINUTE = 60_000;
const ASSETS = join(DEMO, '..');
/** A Tuesday, 15:00 in Berlin: every store is open. */
const START = Date.parse('2026-03-03T15:00:00+01:00');

const open: Rig[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Story extends Rig {
  clock: ManualClock;
  incident: string;
  /** Lets the story go on to that minute. */
  to(minute: number): Promise<void>;
  list(): Promise<Output<'degraded.list'>>;
  needs(): Promise<string[]>;
}

async function story(): Promise<Story> {
  const clock = new ManualClock(START);
  const of = rig({ clock, modules: [player(DEMO)] });
  open.push(of);
  const incidents = new IncidentRows(of.store);
  const impact = new ImpactBook(of.store);
  const policies = new PolicyBook(of.store, join(ASSETS, 'policy'), () => {});
  const conflicts = new ConflictBook(of.store);
  const digest = new DigestBook(of.store, () => {});
  Object.assign(of.context, {
    ...{
      incidents,
      conflicts,
      digest,
      impact,
      policies,
      runbooks: new RunbookLibrary([]),
      settings: { headquartersZone: null },
    },
    paths: { data: of.directory, assets: ASSETS },
  });
  of.store.onCommit(({ touched }) => {
    of.estate.refresh(touched);
    incidents.refresh(touched);
    conflicts.refresh(touched);
    impact.refresh(touched);
    policies.refresh(touched);
    of.sources.said(touched);
  });
  await loadDemonstration(of.context);
  const module = player(DEMO);
  const { mapping } = readDemoEstate();
  const source = module.create(module.config.parse({}), {
    ...{ id: 'demonstration', mapping: () => mapping, credential: null, now: clock.now, random: () => 0.5 },
    http: { json: () => Promise.reject(new Error('the player has no business on the network')) },
  });
  /** One poll, as the scheduler would hand it on. */
  const poll = async (): Promise<void> => {
    const { observations, stores = [] } = await source.poll(new AbortController().signal);
    of.sources.board.apply('demonstration', observations);
    of.sources.stores.apply('demonstration', stores, clock.now());
    of.sources.board.tick();
  };
  const { id } = await of.run('incident.declare', { title: 'Checkout fails', businessServices: ['checkout'] });
  return Object.assign(of, {
    ...{ clock, incident: id },
    async to(minute: number) {
      while (clock.now() < START + minute * MINUTE) {
        await clock.pass(MINUTE / 2);
        await poll();
        of.sources.board.flush();
      }
    },
    list: () => of.run('degraded.list', { incident: id }),
    needs: async () =>
      (await of.run('situation', {})).needs.filter(({ kind }) => kind.startsWith('degraded')).map(({ text }) => text),
  });
}

const proposed = ({ modes }: Output<'degraded.list'>): string[] =>
  modes.filter(({ state }) => state === 'proposed').map(({ id }) => id);

describe('the bad evening of the demonstration', () => {
  it('proposes modes by held signals, each with what it rests on, and ends them by their criteria', async () => {
    const of = await story();
    await of.to(7);
    expect(proposed(await of.list())).toEqual([]);
    expect(await of.needs()).toEqual([]);

    // The line went at minute 8; eleven stores sell on their own, and five minutes of that are enough.
    await of.to(12);
    expect(proposed(await of.list())).toEqual([]);
    await of.to(16);
    expect(proposed(await of.list())).toEqual(['stores-offline']);
    // More than 5,000 orders wait from minute 20 on, but not yet for ten minutes.
    await of.to(27);
    const early = (await of.list()).modes.find(({ id }) => id === 'limit-order-promises')!;
    expect([early.state, early.when[0]!.state]).toEqual(['quiet', 'holding']);
    expect(early.message).toMatch(
      /^Not yet: orders waiting of any erp-connector above 5,000 for 10 min; so for \d+ min/,
    );
    await of.to(32);
    const list = await of.list();
    expect(proposed(list)).toEqual(expect.arrayContaining(['limit-order-promises', 'pause-non-essential-sync']));
    const limit = list.modes.find(({ id }) => id === 'limit-order-promises')!;
    expect(limit.when[0]!.now).toMatch(/^Odoo shop connector: [67],\d{3} orders$/i);
    expect(limit.figures).toBe('avoids 5–15 % of an estimated loss and makes 10–30 % of it late instead');
    expect(limit.businessServices.map(({ id }) => id)).toEqual(['checkout', 'click-and-collect', 'order-capture']);
    expect(await of.needs()).toContain('INC-0001: degrade on purpose? Limit order promises');

    const [person] = (await of.run('estate.people', {})) as { id: string; name: string }[];
    await of.run('incident.assign', { incident: of.incident, role: 'business-owner', person: person!.id });
    await of.run('degraded.start', { incident: of.incident, mode: 'Limit order promises' });
    const [on] = (await of.list()).active;
    expect(on).toMatchObject({
      title: 'Limit order promises',
      owner: { id: person!.id },
      mayEnd: 'not-met',
      ended: null,
    });
    expect(on!.reason).toMatch(/orders waiting of any erp-connector above 5,000 for 10 min – Odoo shop connector/i);
    expect(proposed(await of.list())).not.toContain('limit-order-promises');
    expect((await of.run('board', {})).degraded).toEqual(['Limit order promises']);
    expect(factsOf(of.context, of.context.incidents.get(of.incident)!, null).modes).toEqual([
      expect.stringMatching(/^Limit order promises: The shop promises/),
    ]);
    expect(await of.call('degraded.start', { incident: of.incident, mode: 'limit-order-promises' })).toMatchObject({
      ok: false,
      message: 'Limit order promises is on already, in INC-0001.',
    });
    const soon = await of.call('degraded.end', { incident: of.incident, mode: 'limit-order-promises' });
    expect(soon).toMatchObject({ ok: false, message: expect.stringMatching(/^reason: orders waiting .* is not met/) });

    // The backlog is gone at minute 48; ten minutes later it may end, and says so.
    await of.to(52);
    expect((await of.list()).active[0]!.mayEnd).toBe('holding');
    await of.to(62);
    expect((await of.list()).active[0]!.mayEnd).toBe('met');
    expect(await of.needs()).toEqual(['INC-0001: exit criteria met, end it? Limit order promises']);
    await of.run('degraded.end', { incident: of.incident, mode: 'limit-order-promises' });
    const after = await of.list();
    expect([after.active, after.ended[0]!.ended!.reason]).toEqual([
      [],
      expect.stringMatching(/^exit criteria met: orders waiting of every erp-connector below 500/),
    ]);
    expect((await of.run('board', {})).degraded).toEqual([]);
    const { proposals } = await of.run('incident.cleanup', { incident: of.incident });
    expect(proposals.map(({ title }) => title)).toContain('Put right what was limited: Limit order promises');
    const { entries } = await of.run('incident.timeline', { incident: of.incident });
    expect(entries.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining([
        `degraded on purpose: Limit order promises (${person!.name})`,
        'no longer degraded on purpose: Limit order promises',
      ]),
    );
  });

  it('is not asked twice: a no stands while the signals are bad, and one by hand needs a reason', async () => {
    const of = await story();
    await of.to(16);
    const dismiss = { incident: of.incident, mode: 'stores-offline', reason: 'they do so by themselves' };
    await of.run('degraded.dismiss', dismiss);
    await of.to(25);
    const mode = (await of.list()).modes.find(({ id }) => id === 'stores-offline')!;
    expect([mode.state, mode.dismissed!.reason]).toEqual(['dismissed', 'they do so by themselves']);
    expect(await of.call('degraded.dismiss', dismiss)).toMatchObject({ ok: false, code: 'refused' });
    expect(await of.call('degraded.start', { incident: of.incident, mode: 'stores-offline' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('no signal calls for'),
    });
    await of.run('degraded.start', { incident: of.incident, mode: 'stores-offline', reason: 'the regulator asks' });
    await of.run('degraded.end', { incident: of.incident, mode: 'stores-offline', reason: 'it was a mistake' });
    // Ended by a person while it is still called for: that is a no, too.
    expect((await of.list()).modes.find(({ id }) => id === 'stores-offline')!.state).toBe('dismissed');
    expect(await of.call('degraded.start', { incident: of.incident, mode: 'stores-ofline' })).toMatchObject({
      message: 'The policy has no degraded mode "stores-ofline". Did you mean "stores-offline"?',
    });
  });

  it('keeps silent when the source does: nothing is proposed and nothing may end', async () => {
    const of = await story();
    await of.to(32);
    await of.run('degraded.start', { incident: of.incident, mode: 'limit-order-promises' });
    expect(proposed(await of.list())).toContain('pause-non-essential-sync');
    of.clock.sleep(40 * MINUTE);
    of.sources.board.tick();
    const list = await of.list();
    expect(proposed(list)).toEqual([]);
    expect(list.modes.find(({ id }) => id === 'pause-non-essential-sync')).toMatchObject({
      state: 'unknown',
      message: expect.stringMatching(/^It cannot be told: .* – .*last [\d,]+ orders/),
    });
    expect(list.active[0]!.mayEnd).toBe('unknown');
    expect(await of.needs()).toEqual([]);
    expect(await of.call('degraded.end', { incident: of.incident, mode: 'limit-order-promises' })).toMatchObject({
      message: expect.stringContaining('cannot be told'),
    });
  });
});

describe('what is said twice or out of order', () => {
  it('an end that came before its beginning shows nothing until both are there', async () => {
    const of = await story();
    const append = (type: 'degraded.start' | 'degraded.end', payload: Record<string, unknown>) =>
      of.context.commit((tx) => tx.append({ scope: of.incident, type, payload: payload as never }));
    append('degraded.end', { degraded: 'g1', reason: 'over' });
    expect(activations(of.context)).toEqual([]);
    append('degraded.start', {
      ...{ degraded: 'g1', mode: 'stores-offline', title: 'Stores offline mode', effect: '', owner: null },
      ...{ reason: 'x', exit: 'y', businessServices: [] },
    });
    expect(activations(of.context)).toMatchObject([{ id: 'g1', ended: { reason: 'over' } }]);
  });
});

it('started on two consoles apart stands twice, each with its owner, and is told in every export', async () => {
  const [here, there] = [newFolder(), newFolder()];
  enrolIn(here, there);
  enrolIn(there, here);
  const [a, b] = [await openOn(here), await openOn(there)];
  const carry = async (from: Engine, to: Engine) => {
    const { path } = await done(from, 'bundle.export', { to: join(newFolder(), 'all.holdfast-bundle') });
    await done(to, 'bundle.import', { file: path });
  };
  await done(a, 'estate.load-demonstration', {});
  const { id } = await done(a, 'incident.declare', { title: 'Sync late', severity: 'SEV2' });
  await carry(a, b);
  const { modes } = await done(a, 'degraded.list', { incident: id });
  const mode = modes[0]!.id;
  const starts = [
    await done(a, 'degraded.start', { incident: id, mode, reason: 'backlog', owner: 'raj-menon' }),
    await done(b, 'degraded.start', { incident: id, mode, reason: 'stores say so', owner: 'li-wen' }),
  ];
  expect(await refused(a, 'degraded.start', { incident: id, mode, reason: 'again' })).toMatch(
    /is on already, in INC-0001/,
  );
  await carry(a, b);
  await carry(b, a);
  for (const console of [a, b]) {
    const { active } = await done(console, 'degraded.list', { incident: id });
    expect(new Map(active.map((one) => [one.id, one.owner?.id]))).toEqual(
      new Map([
        [starts[0]!.id, 'raj-menon'],
        [starts[1]!.id, 'li-wen'],
      ]),
    );
  }

  await done(a, 'degraded.assign', { incident: id, mode: starts[0]!.id, owner: 'mo-haas', reason: 'Raj leaves' });
  expect(await refused(a, 'degraded.assign', { incident: id, mode: starts[0]!.id, owner: 'mo-haas' })).toMatch(
    /^Mo Haas answers for .* already\.$/,
  );
  await done(b, 'degraded.end', { incident: id, mode: starts[1]!.id, reason: 'one is enough' });
  await carry(a, b);
  await carry(b, a);
  for (const console of [a, b]) {
    const { active, ended } = await done(console, 'degraded.list', { incident: id });
    expect([active.map((one) => one.owner?.id), ended.map((one) => one.ended?.reason)]).toEqual([
      ['mo-haas'],
      ['one is enough'],
    ]);
  }
  const to = join(newFolder(), 'incident.md');
  await done(b, 'incident.export', { incident: id, format: 'md', to });
  const text = readFileSync(to, 'utf8');
  expect(text).toMatch(/## Degraded modes/);
  expect(text).toMatch(/one is enough/);
  expect(text).toMatch(/Mo Haas.*still on|still on/);
  const json = join(newFolder(), 'incident.json');
  await done(b, 'incident.export', { incident: id, format: 'json', to: json });
  expect(JSON.stringify(JSON.parse(readFileSync(json, 'utf8')))).toContain('"exitText"');
  const { entries } = await done(b, 'incident.timeline', { incident: id });
  expect(entries.map(({ summary }) => summary).join()).toMatch(/Mo Haas answers for/);
});
