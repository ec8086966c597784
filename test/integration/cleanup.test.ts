/** What an incident leaves to be put right: counted, owned, signed for, and in the way of closing until then. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Output } from '../../shared/contract/table.ts';
import { done, inStore, newFolder, openOn, refused } from '../support/engines.ts';

async function resolved(): Promise<{ engine: Engine; incident: string; folder: string; label: string }> {
  const folder = newFolder();
  const engine = await openOn(folder, { demonstration: true });
  const { id, label } = await done(engine, 'incident.declare', {
    title: 'Stores cut off',
    businessServices: ['in-store-payment'],
  });
  await done(engine, 'incident.state', { incident: id, status: 'resolved' });
  return { engine, incident: id, folder, label };
}
const list = (engine: Engine, incident: string): Promise<Output<'incident.cleanup'>> =>
  done(engine, 'incident.cleanup', { incident });
const row = async (engine: Engine, incident: string): Promise<Output<'incident.list'>[number]> =>
  (await done(engine, 'incident.list', { all: true })).find(({ id }) => id === incident)!;

describe('cleanup', () => {
  it('is counted down to nothing, or accepted by name, before an incident can be closed', async () => {
    const { engine, incident, label } = await resolved();
    const { item } = await done(engine, 'cleanup.add', {
      incident,
      kind: 'orders',
      title: 'Orders stuck between shop and ERP',
      count: 214,
      moneyMinor: 1_070_000,
      currency: 'EUR',
      owner: 'ana-kovac',
      evidence: 'query stuck_orders of 14:05',
    });
    const { item: second } = await done(engine, 'cleanup.add', {
      incident,
      kind: 'refunds',
      title: 'Charged twice',
      count: 3,
    });
    expect(await refused(engine, 'cleanup.add', { incident, title: 'x', moneyMinor: 5 })).toContain('currency');
    expect(await list(engine, incident)).toMatchObject({
      open: 2,
      unaccepted: 2,
      line: '214 orders, 3 refunds to reconcile',
    });
    expect(await row(engine, incident)).toMatchObject({ status: 'resolved', openCleanup: 2 });
    const { needs } = await done(engine, 'situation', {});
    expect(needs.map(({ text }) => text)).toContain(`${label}: resolved, 2 cleanup items open`);

    const sentence = await refused(engine, 'incident.close', { incident });
    expect(sentence).toContain('2 cleanup items are open: Orders stuck between shop and ERP (214 orders)');
    expect(await refused(engine, 'incident.state', { incident, status: 'closed' })).toBe(sentence);

    expect(await done(engine, 'cleanup.done', { incident, item, reconciled: 200 })).toEqual({ remaining: 14 });
    expect((await list(engine, incident)).items[0]).toMatchObject({ state: 'doing', reconciled: 200, remaining: 14 });
    expect(await refused(engine, 'cleanup.done', { incident, item, reconciled: 200, writtenOff: 14 })).toContain(
      'reason',
    );
    expect(await refused(engine, 'cleanup.done', { incident, item, reconciled: 215 })).toContain(
      'more than the 214 orders',
    );
    await done(engine, 'cleanup.done', {
      incident,
      item: '1',
      reconciled: 200,
      writtenOff: 14,
      reason: 'customers were told',
    });
    expect((await list(engine, incident)).items[0]).toMatchObject({
      state: 'reconciled',
      remaining: 0,
      writtenOff: 14,
    });

    await done(engine, 'cleanup.accept', {
      incident,
      item: second,
      person: 'ana-kovac',
      reason: 'the bank answers next week',
    });
    // Who accepted three does not answer for five.
    await done(engine, 'cleanup.change', { incident, item: second, count: 5 });
    expect(await refused(engine, 'incident.close', { incident })).toContain('Charged twice (5 refunds)');
    await done(engine, 'cleanup.accept', { incident, item: second, person: 'ana-kovac', reason: 'five now' });
    await done(engine, 'incident.close', { incident });

    const closed = await row(engine, incident);
    expect(closed).toMatchObject({
      status: 'closed',
      openCleanup: 1,
      resolvedAt: expect.any(Number),
      closedAt: expect.any(Number),
    });
    expect(closed.resolvedAt!).toBeLessThanOrEqual(closed.closedAt!);
    expect((await done(engine, 'situation', {})).needs.filter(({ kind }) => kind === 'cleanup')).toEqual([]);
    expect((await done(engine, 'incident.list', {})).map(({ id }) => id)).not.toContain(incident);
    expect((await done(engine, 'impact', { incident })).incidents[0]).toMatchObject({
      over: true,
      to: closed.resolvedAt,
    });

    // What is closed stays as it was signed for, until somebody opens it again with a reason.
    expect(await refused(engine, 'cleanup.add', { incident, title: 'late' })).toContain('closed');
    expect(await refused(engine, 'cleanup.accept', { incident, item: second, person: null, reason: 'no' })).toContain(
      'open it again',
    );
    expect(await refused(engine, 'incident.state', { incident, status: 'resolved' })).toContain('reason');
    await done(engine, 'incident.state', { incident, status: 'resolved', reason: 'two more turned up' });
    await done(engine, 'cleanup.add', { incident, title: 'late' });
    expect(await refused(engine, 'incident.close', { incident })).toContain('late');
    const { entries } = await done(engine, 'incident.timeline', { incident, kinds: ['cleanup'] });
    expect(
      entries
        .map(({ summary }) => summary)
        .toReversed()
        .slice(0, 5),
    ).toEqual([
      expect.stringMatching(/^to put right: 214 orders: Orders stuck between shop and ERP, Ana/),
      'to put right: 3 refunds: Charged twice',
      'cleanup doing: Orders stuck between shop and ERP (200 reconciled)',
      'cleanup doing → reconciled: Orders stuck between shop and ERP (200 reconciled, 14 written off)',
      expect.stringContaining('answers for what stays open: Charged twice (3 left)'),
    ]);
  });

  it('needs the incident to be resolved first, and tells what another console added to a closed one', async () => {
    const { engine, incident, folder, label } = await resolved();
    await done(engine, 'incident.state', { incident, status: 'monitoring', reason: 'not yet' });
    expect(await refused(engine, 'incident.close', { incident })).toContain('resolve it first');
    await done(engine, 'incident.state', { incident, status: 'resolved' });
    await done(engine, 'incident.close', { incident, reason: 'nothing was left' });
    await engine.close();
    inStore(folder, (store) =>
      store.commit({ actor: 'bo', zone: 'UTC' }, (tx) =>
        tx.append({
          scope: incident,
          type: 'cleanup.add',
          payload: {
            item: 'd-other',
            kind: 'inventory',
            title: 'Stock of 40 articles differs',
            count: 40,
            unit: 'articles',
            owner: null,
            dueAt: null,
          },
        }),
      ),
    );
    const again = await openOn(folder);
    expect((await done(again, 'situation', {})).needs.map(({ text }) => text)).toContain(
      `${label}: closed, 1 cleanup item open`,
    );
    await done(again, 'cleanup.done', { incident, item: 'd-other' });
    expect((await done(again, 'situation', {})).needs.filter(({ kind }) => kind === 'cleanup')).toEqual([]);
  });

  it('is proposed from what stores buffer and what runbooks leave undone, and is taken or dismissed once', async () => {
    const { engine, incident } = await resolved();
    const stores = (await done(engine, 'estate.stores', {})).slice(0, 2);
    await done(engine, 'incident.state', { incident, status: 'mitigating', reason: 'again' });
    for (const { id } of stores)
      await done(engine, 'store.report', {
        store: id,
        buffered: 41,
        bufferedMinor: 90_000,
        reason: 'called the manager',
      });
    await done(engine, 'incident.run', { incident, runbook: 'store-wan-outage' });
    const { proposals } = await list(engine, incident);
    expect(proposals.find(({ key }) => key === 'stores')).toMatchObject({
      kind: 'store-transactions',
      count: 82,
      moneyMinor: 180_000,
      why: '2 stores reported transactions waiting since it began',
    });
    const step = proposals.find(({ key }) => key.startsWith('run:'))!;
    expect(step.title).toMatch(/reconcil|buffered/i);

    await done(engine, 'cleanup.add', { incident, proposal: 'stores', owner: 'ana-kovac' });
    await done(engine, 'suggestion.settle', { incident, kind: 'cleanup', ...pick(step), verdict: 'dismissed' });
    const after = await list(engine, incident);
    expect(after.items[0]).toMatchObject({ count: 82, unit: 'transactions', owner: { id: 'ana-kovac' } });
    expect(after.proposals.map(({ key }) => key)).not.toContain('stores');
    expect(after.proposals.map(({ key }) => key)).not.toContain(step.key);
    expect(await refused(engine, 'cleanup.add', { incident, proposal: 'stores' })).toContain('not proposed');
  });
});

const pick = ({ key, facts, title }: Output<'incident.cleanup'>['proposals'][number]) => ({ key, facts, title });
