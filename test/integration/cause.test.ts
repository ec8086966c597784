/** Probable causes through the engine: on the demonstration's outage, in its incident, and what people say of them. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { sourceModules } from '../../electron/engine/sources/modules.ts';
import type { Output } from '../../shared/contract/table.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';
import { until } from '../support/servers.ts';

const assets = new URL('../../assets/', import.meta.url).pathname;

/** The demonstration as it is opened: some minutes into its outage. */
async function outage(): Promise<Engine> {
  const engine = await openOn(newFolder(), { modules: sourceModules(assets), demonstration: true, poll: true });
  // Ten minutes into the story: the release was at its second minute.
  await done(engine, 'sources.change', {
    source: 'demonstration',
    config: { scenario: 'scenario.yaml', from: 'PT10M', every: 1 },
  });
  const failing = async (): Promise<boolean> => {
    const { services } = await done(engine, 'health', { only: 'failing' });
    const ids = services.map(({ id }) => id);
    return ids.includes('checkout-api') && ids.includes('payments-api');
  };
  let ready = false;
  const ask = setInterval(() => void failing().then((is) => (ready = is)), 100);
  await until('the outage to show', () => ready).finally(() => clearInterval(ask));
  return engine;
}

describe('probable causes', () => {
  it('name the release that the scenario says is the cause, with its reasons, now and in the incident', async () => {
    const engine = await outage();
    const causes = await done(engine, 'cause', {});
    const [first] = causes.candidates;
    expect(first!.service.id).toBe('checkout-api');
    expect(first!.change!.title).toContain('4.18.0');
    const told = first!.reasons.map(({ text }) => text).join('\n');
    expect(told).toMatch(/Deployment at \d\d:\d\d:\d\d \S+, .* before it began: checkout-api 4\.18\.0/);
    expect(told).toMatch(/It explains \d+ of \d+ other sick services/);
    expect(first!.businessServices.map(({ id }) => id)).toContain('checkout');
    for (const { path } of first!.businessServices) expect(path[0]).toBe('checkout-api');
    expect(first!.score).toBeCloseTo(
      first!.reasons.reduce((sum, { points }) => sum + points, 0),
      5,
    );
    expect(causes.candidates.map(({ rank }) => rank)).toEqual(causes.candidates.map((_, at) => at + 1));

    // A replay ends with what is so now, also where the log says nothing because all was well from the beginning.
    const { services, asOf } = await done(engine, 'health', {});
    const { start, changes } = await done(engine, 'health.history', { from: asOf - 3_600_000, to: asOf });
    const last = new Map([...start, ...changes].map(({ service, health }) => [service, health]));
    const well = services.filter(({ health }) => health === 'healthy');
    expect(well.length).toBeGreaterThan(40);
    for (const { id: each } of well) expect([each, last.get(each)]).toEqual([each, 'healthy']);

    const { id } = await done(engine, 'incident.declare', {
      title: 'Checkout failing',
      services: ['checkout-api', 'payments-api'],
      businessServices: ['checkout'],
    });
    const own = await done(engine, 'cause', { incident: id });
    expect(own.candidates[0]!.service.id).toBe('checkout-api');

    // The release stands in the incident's timeline, told as a change and not as somebody's words.
    const { entries } = await done(engine, 'incident.timeline', { incident: id, kinds: ['change'] });
    expect(entries.map(({ type, summary }) => `${type} ${summary}`).join('\n')).toContain(
      'change.record deployment: checkout-api 4.18.0',
    );
    const map = await done(engine, 'estate.map', {});
    expect(
      map.changes!.some(({ services, title }) => services.includes('checkout-api') && title.includes('4.18.0')),
    ).toBe(true);

    let written = false;
    const look = async (): Promise<void> => {
      const { entries: lines } = await done(engine, 'incident.timeline', { incident: id, kinds: ['health'] });
      written = lines.some(({ summary }) => summary.includes('Checkout API failing'));
    };
    const looking = setInterval(() => void look(), 100);
    await until('the outage to stand in the log', () => written).finally(() => clearInterval(looking));

    // When the sight fails it is no service that fell silent: what was last known stands.
    await done(engine, 'sources.change', { source: 'demonstration', enabled: false });
    const blind = await done(engine, 'cause', { incident: id });
    expect(blind.candidates[0]!.service.id).toBe('checkout-api');
    expect(blind.silent).toBeGreaterThan(40);
    expect(blind.summary).toContain('by what was last known');
  });

  it('are confirmed and ruled out by people, with a reason, and that is told', async () => {
    const engine = await outage();
    const { id } = await done(engine, 'incident.declare', {
      title: 'Checkout failing',
      businessServices: ['checkout'],
    });
    const candidates = async (): Promise<Output<'cause'>['candidates']> =>
      (await done(engine, 'cause', { incident: id, limit: 20 })).candidates;
    const [first, second] = await candidates();
    const begins = async (): Promise<Output<'map.marks'>['causes']> => (await done(engine, 'map.marks', {})).causes;
    const path = async (): Promise<string> =>
      (await done(engine, 'estate.map', { format: 'svg' })).drawing!.svg!.replaceAll(/[^]*<\/rect>/g, '');
    expect((await begins())[0]).toMatchObject({ id: first!.service.id, confirmed: false });
    expect((await begins())[0]!.steps.map(([from]) => from)).toContain(first!.service.id);
    const drawn = await path();
    expect(
      await refused(engine, 'incident.cause', { incident: id, service: first!.service.id, verdict: 'ruled-out' }),
    ).toContain('why');
    await done(engine, 'incident.cause', {
      incident: id,
      service: first!.service.id,
      verdict: 'ruled-out',
      reason: 'Felix rolled it back at once',
    });
    await done(engine, 'incident.cause', {
      incident: id,
      service: second!.service.id,
      verdict: 'confirmed',
      reason: 'its disk is full',
    });
    const after = await candidates();
    expect(after[0]).toMatchObject({
      service: second!.service,
      judgement: { verdict: 'confirmed', reason: 'its disk is full', contested: false },
    });
    expect(after.at(-1)).toMatchObject({ service: first!.service, judgement: { verdict: 'ruled-out' } });
    // The map draws the failing path from what people hold for the cause, also where nobody asks about an incident.
    const now = await begins();
    expect(now[0]).toMatchObject({ id: second!.service.id, confirmed: true });
    expect(now.map(({ id: each }) => each)).not.toContain(first!.service.id);
    expect(await path()).not.toBe(drawn);
    expect((await done(engine, 'cause', {})).candidates[0]!.service).toEqual(second!.service);
    // The ranking says what it said before.
    expect(after.at(-1)!.score).toBeGreaterThan(after[0]!.score);

    await done(engine, 'incident.cause', {
      incident: id,
      service: second!.service.id,
      verdict: 'open',
      reason: 'the disk was another one',
    });
    expect((await candidates()).find(({ service }) => service.id === second!.service.id)!.judgement).toBeNull();
    const { entries } = await done(engine, 'incident.timeline', { incident: id, kinds: ['state'] });
    expect(entries.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining([
        `not the cause: ${first!.service.name}`,
        `cause confirmed: ${second!.service.name}`,
        `cause open again: ${second!.service.name} (was confirmed)`,
      ]),
    );
  });

  it('blame no change that was withdrawn, though its source tells of it again; the timeline keeps both', async () => {
    const engine = await outage();
    const { id } = await done(engine, 'incident.declare', { title: 'Checkout failing', services: ['checkout-api'] });
    const { change } = (await done(engine, 'cause', { incident: id })).candidates[0]!;
    expect(await refused(engine, 'change.withdraw', { change: 'no such words', reason: 'x' })).toContain('no change');
    const { name } = await done(engine, 'change.withdraw', {
      change: change!.id,
      reason: 'never left the test estate',
    });
    const readAt = async () => (await done(engine, 'sources.list', {}))[0]!.lastSuccessAt;
    const before = await readAt();
    await until('the source to be read again', async () => (await readAt()) !== before);
    const blamed = (await done(engine, 'cause', { incident: id, limit: 50 })).candidates;
    expect(blamed.map((one) => one.change?.title)).not.toContain(name);
    expect((await done(engine, 'estate.changes', {})).map(({ title }) => title)).not.toContain(name);
    expect(await refused(engine, 'change.withdraw', { change: change!.id, reason: 'x' })).toContain('before');
    const { entries } = await done(engine, 'incident.timeline', { incident: id, kinds: ['change'] });
    expect(entries).toContainEqual(
      expect.objectContaining({ summary: `change withdrawn: ${name}`, text: 'never left the test estate' }),
    );
    expect(entries.map(({ summary }) => summary)).toContainEqual(expect.stringContaining(`deployment: ${name}`));
  });

  it('are none, with the reason, where nothing is sick', async () => {
    const engine = await openOn(newFolder());
    expect(await done(engine, 'cause', {})).toMatchObject({
      candidates: [],
      summary: expect.stringContaining('nothing points to a cause'),
    });
    expect(await refused(engine, 'cause', { incident: 'INC-0009' })).toContain('no incident');
    expect(await refused(engine, 'change.record', { title: 'x', url: 'javascript:alert(1)' })).toContain('http');
  });
});
