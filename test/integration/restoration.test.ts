/** Restoration plans through the engine: proposed from what is measured, adopted, worked off by gates, and changed with the facts. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Output } from '../../shared/contract/table.ts';
import { dependencyId } from '../../shared/domain/estate.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { done, inStore, newFolder, openOn, refused } from '../support/engines.ts';
import { puppetSource, type Puppet } from '../support/puppet.ts';

const SERVICES: Record<string, Record<string, unknown>> = {
  'orders-db': {
    kind: 'database',
    tier: 1,
    rtoMinutes: 30,
    rpoMinutes: 5,
    metrics: [{ name: 'connections', query: 'x' }],
  },
  payments: { tier: 1 },
  web: { kind: 'channel', tier: 1 },
  search: { tier: 3 },
};
const EDGES = ['payments orders-db', 'web payments', 'web search'];

function sketch(folder: string): void {
  inStore(folder, (store) =>
    store.commit({ actor: 'system', zone: 'UTC' }, (tx) => {
      const put = (kind: string, id: string, fields: Record<string, unknown>) =>
        tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind, id, fields: fields as never } });
      for (const [id, fields] of Object.entries(SERVICES))
        put('service', id, { ref: `component:default/${id}`, name: id, ...fields });
      for (const edge of EDGES) {
        const [from, to] = edge.split(' ') as [string, string];
        put('dependency', dependencyId(from, to), { from, to, strength: 'hard' });
      }
      put('business-service', 'selling', { name: 'Selling', services: ['web'], criticality: 1, rtoMinutes: 60 });
    }),
  );
}

async function outage(): Promise<{ engine: Engine; puppet: Puppet; incident: string; folder: string }> {
  const folder = newFolder();
  sketch(folder);
  const puppet = puppetSource();
  void puppet.say({ 'orders-db': 'failing', payments: 'failing', web: 'degraded', search: 'healthy' });
  const engine = await openOn(folder, { modules: [puppet.module], poll: true, now: puppet.now });
  await done(engine, 'sources.add', { id: 'puppet', type: 'puppet' });
  await seen(engine, 'orders-db', 'failing');
  const { id } = await done(engine, 'incident.declare', { title: 'Selling fails', businessServices: ['selling'] });
  return { engine, puppet, incident: id, folder };
}

async function seen(engine: Engine, service: string, health: string): Promise<void> {
  for (let found = false; !found;) {
    const all = await done(engine, 'health', {});
    found = all.services.find(({ id }) => id === service)?.health === health;
    if (!found) await new Promise((resolve) => setImmediate(resolve));
  }
}
const view = (engine: Engine, incident: string): Promise<Output<'incident.restoration'>> =>
  done(engine, 'incident.restoration', { incident });
const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);

describe('the restoration plan of an incident', () => {
  it('is proposed with reasons, adopted, and worked off item by item through its gates', async () => {
    const { engine, puppet, incident } = await outage();
    const proposed = await view(engine, incident);
    expect(ids(proposed.items)).toEqual(['orders-db', 'payments', 'web']);
    expect(proposed).toMatchObject({
      adopted: null,
      unhealthy: 3,
      line: 'orders-db → payments → web',
      difference: null,
    });
    const [first, second] = proposed.items;
    expect(first!.why.join('; ')).toMatch(
      /2 services wait for it; RTO 30 min, (30|29) min.* left; data store.*5 min of data/,
    );
    expect(first!.gate).toMatchObject({ holdMinutes: 5, signals: 'connections', state: 'shut' });
    expect([first!.ready, second!.ready]).toEqual([true, false]);
    expect(await refused(engine, 'restoration.step', { incident, item: 'payments', state: 'working' })).toContain(
      'adopt one first',
    );

    await done(engine, 'restoration.adopt', { incident });
    await done(engine, 'restoration.step', { incident, item: 'orders-db', state: 'working' });
    // The gate holds back what waits, and nobody's word alone opens it.
    expect(await refused(engine, 'restoration.step', { incident, item: 'payments', state: 'working' })).toContain(
      'waits for orders-db',
    );
    expect(await refused(engine, 'restoration.step', { incident, item: 'orders-db', state: 'verified' })).toContain(
      'by hand',
    );
    expect(await refused(engine, 'restoration.step', { incident, item: 'web', state: 'skipped' })).toContain(
      'needs a reason',
    );
    expect(await refused(engine, 'restoration.step', { incident, item: 'search', state: 'working' })).toContain(
      'no item or service',
    );

    await puppet.say({ 'orders-db': 'healthy' });
    puppet.pass(3);
    await seen(engine, 'orders-db', 'healthy');
    expect((await view(engine, incident)).items[0]!.gate.state).toBe('holding');
    puppet.pass(6);
    const measured = await view(engine, incident);
    expect(measured.items[0]).toMatchObject({ verified: 'measured', gate: { state: 'passed' } });
    expect(measured).toMatchObject({ done: 1, total: 3, difference: null, line: 'payments → web' });
    expect(measured.items[1]!.ready).toBe(true);
    await done(engine, 'restoration.step', { incident, item: 'orders-db', state: 'verified' });
    await done(engine, 'restoration.step', { incident, item: 'payments', state: 'working' });
    await done(engine, 'restoration.step', {
      incident,
      item: 'payments',
      state: 'verified',
      reason: 'a test card was charged',
    });
    await done(engine, 'restoration.step', {
      incident,
      item: 'web',
      state: 'skipped',
      reason: 'the app is used instead',
    });
    const over = await view(engine, incident);
    expect(over.items.map(({ verified, state }) => [verified, state])).toEqual([
      ['measured', 'verified'],
      ['by-hand', 'verified'],
      [null, 'skipped'],
    ]);
    expect(over.done).toBe(3);
    const { entries } = await done(engine, 'incident.timeline', { incident, kinds: ['step'] });
    expect(entries.map(({ summary }) => summary).toReversed()).toEqual([
      'restoration plan adopted: orders-db → payments → web',
      'restoration working: orders-db',
      'restoration working → verified: orders-db',
      'restoration working: payments',
      'restoration working → verified by hand: payments',
      'restoration skipped: web',
    ]);
  });

  it('shows what the facts changed, which is taken, or left until they change again', async () => {
    const { engine, puppet, incident } = await outage();
    await done(engine, 'restoration.adopt', { incident });
    await done(engine, 'restoration.step', { incident, item: 'orders-db', state: 'working' });
    await puppet.say({ search: 'failing' });
    puppet.pass(10);
    await seen(engine, 'search', 'failing');
    const changed = await view(engine, incident);
    expect(ids(changed.items)).not.toContain('search');
    expect(changed.difference).toMatchObject({
      added: [{ id: 'search', why: 'search is failing' }],
      removed: [],
      left: false,
    });
    const { hash } = changed.difference!;
    await done(engine, 'suggestion.settle', {
      incident,
      kind: 'restoration',
      key: 'difference',
      facts: hash,
      verdict: 'dismissed',
      title: 'Take search into the plan',
    });
    expect((await view(engine, incident)).difference!.left).toBe(true);
    await done(engine, 'restoration.adopt', { incident });
    const taken = await view(engine, incident);
    expect(taken.difference).toBeNull();
    expect(ids(taken.items)).toEqual(
      ['orders-db', 'payments', 'search', 'web'].filter((id) => ids(taken.items).includes(id)),
    );
    expect(
      taken.items
        .find(({ id }) => id === 'web')!
        .blockedBy.map(({ id }) => id)
        .toSorted(),
    ).toEqual(['payments', 'search']);
    expect(taken.items[0]!.state).toBe('working');
  });

  it('lets two plans that were adopted apart stand side by side until one is kept', async () => {
    const { engine, incident, folder } = await outage();
    await done(engine, 'restoration.adopt', { incident });
    const first = (await view(engine, incident)).adopted!.plan;
    await engine.close();
    // Another console that had heard of no plan adopts one of its own.
    inStore(folder, (store) =>
      store.commit({ actor: 'bo', zone: 'UTC' }, (tx) =>
        tx.append({
          scope: incident,
          type: 'restoration.adopt',
          payload: {
            plan: 'p-other',
            hash: 'ab'.repeat(32),
            items: [{ id: 'web', services: ['web'], stage: 1, lane: 1, blockedBy: [], why: [], holdMinutes: 3 }],
          },
        }),
      ),
    );
    const again = await openOn(folder);
    const both = await view(again, incident);
    expect(both.conflict!.heads.map(({ value }) => value)).toEqual([first, 'p-other']);
    await done(again, 'restoration.adopt', { incident, keep: 'p-other' });
    const settled = await view(again, incident);
    expect(settled.conflict).toBeNull();
    expect(ids(settled.items)).toEqual(['web']);
    expect(await refused(again, 'restoration.adopt', { incident, keep: 'p-none' })).toContain('No plan');
  });
});
