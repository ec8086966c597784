/** The first fifteen minutes through the engine, on the demonstration's outage: gathered at once, and done one by one by a person. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { sourceModules } from '../../electron/engine/sources/modules.ts';
import type { Output } from '../../shared/contract/table.ts';
import { done, newFolder, openOn, refused } from '../support/engines.ts';
import { until } from '../support/servers.ts';

const assets = new URL('../../assets/', import.meta.url).pathname;

async function outage(): Promise<{ engine: Engine; incident: string }> {
  const engine = await openOn(newFolder(), { modules: sourceModules(assets), demonstration: true, poll: true });
  await done(engine, 'sources.change', {
    source: 'demonstration',
    config: { scenario: 'scenario.yaml', from: 'PT10M', every: 1 },
  });
  let ready = false;
  const ask = setInterval(
    () =>
      void done(engine, 'health', { only: 'failing' }).then(({ services }) => {
        ready = ['checkout-api', 'payments-api'].every((id) => services.some((one) => one.id === id));
      }),
    100,
  );
  await until('the outage to show', () => ready).finally(() => clearInterval(ask));
  const old = await done(engine, 'incident.declare', {
    title: 'Checkout failing after a release',
    services: ['checkout-api'],
    businessServices: ['checkout'],
  });
  await done(engine, 'incident.decide', { incident: old.id, text: 'Roll back 4.17' });
  await done(engine, 'incident.cause', {
    incident: old.id,
    service: 'checkout-api',
    verdict: 'confirmed',
    reason: 'it was',
  });
  await done(engine, 'incident.state', { incident: old.id, status: 'resolved', reason: 'rolled back' });
  const { id } = await done(engine, 'incident.declare', {
    title: 'Checkout failing',
    severity: 'SEV3',
    services: ['checkout-api', 'payments-api'],
    businessServices: ['checkout'],
  });
  return { engine, incident: id };
}
const look = (engine: Engine, incident: string): Promise<Output<'incident.workspace'>> =>
  done(engine, 'incident.workspace', { incident });
const keys = (list: readonly { kind: string; key: string }[]): string[] =>
  list.map(({ kind, key }) => `${kind} ${key}`);

describe('the first fifteen minutes', () => {
  it('are gathered at once: what fired, whom to call, what changed, what it resembles, what to do', async () => {
    const { engine, incident } = await outage();
    const began = performance.now();
    const view = await look(engine, incident);
    expect(performance.now() - began).toBeLessThan(1000);
    const checkout = view.services.find(({ id }) => id === 'checkout-api')!;
    expect(checkout.signals.length).toBeGreaterThan(0);
    expect(checkout.owner!.phone).toMatch(/^\+49/);
    expect(checkout.owner!.onCall[0]!.person.phone).toMatch(/^\+/);
    expect([checkout.dashboards, checkout.logs].flat().every((url) => url.startsWith('https://'))).toBe(true);
    expect(view.changes[0]).toMatchObject({ title: expect.stringContaining('4.18.0'), rank: 1 });
    expect(view.changes[0]!.beforeMs).toBeGreaterThan(0);
    expect(view.blast.summary).toMatch(/^Reaches \d+ business service/);
    expect(view.similar[0]).toMatchObject({
      label: 'INC-0001',
      ended: [expect.stringMatching(/^cause: /), 'last decision: Roll back 4.17', 'rolled back'],
    });
    expect(view.restoration.unhealthy).toBeGreaterThan(1);
    const suggested = keys(view.suggestions);
    expect(suggested[0]).toBe('severity severity');
    expect(suggested).toEqual(expect.arrayContaining(['response response', 'role commander', 'restoration plan']));
    expect(suggested.some((key) => key.startsWith('runbook '))).toBe(true);
    expect(view.drafts[0]!.text).toContain('Checkout');
    expect(suggested.some((key) => key.startsWith('update '))).toBe(true);
    const rollback = view.suggestions.find(({ kind }) => kind === 'rollback')!;
    expect(rollback.title).toMatch(/^Roll back checkout-api 4\.18\.0/);
    for (const { why, does } of view.suggestions) expect([why.length > 0, does.length > 0]).toEqual([true, true]);
  });

  it('are taken one by one, and what was dismissed stays away until its facts change', async () => {
    const { engine, incident } = await outage();
    const first = await look(engine, incident);
    const of = (kind: string) => first.suggestions.find((one) => one.kind === kind)!;
    const take = ({ kind, key, facts }: { kind: string; key: string; facts: string }) =>
      done(engine, 'suggestion.take', { incident, kind, key, facts });
    await take(of('rollback'));
    await take(of('role'));
    await take(of('runbook'));
    await take(of('restoration'));
    await take(of('severity'));
    await take(of('update'));
    const written = (await done(engine, 'update.list', { incident })).audiences.flatMap(({ draft }) => draft ?? []);
    expect(written).toMatchObject([{ text: expect.stringContaining('Checkout'), review: null }]);
    const room = await done(engine, 'incident.show', { incident });
    expect(room.asks[0]).toMatchObject({ text: expect.stringContaining('Roll back checkout-api 4.18.0') });
    expect(room.asks[0]!.owner).not.toBeNull();
    expect(room.commander).not.toBeNull();
    expect(room.runs.map(({ runbook }) => runbook)).toEqual([of('runbook').key]);
    expect(room.severity).toBe('SEV1');
    expect((await done(engine, 'incident.restoration', { incident })).adopted).not.toBeNull();

    const response = (await look(engine, incident)).suggestions.find(({ kind }) => kind === 'response')!;
    await done(engine, 'suggestion.settle', {
      incident,
      kind: 'response',
      key: 'response',
      verdict: 'dismissed',
      reason: 'we swarm',
    });
    const after = await look(engine, incident);
    for (const gone of ['rollback', 'restoration', 'severity', 'response'])
      expect(after.suggestions.map(({ kind }) => kind)).not.toContain(gone);
    expect(after.settled.map(({ kind, verdict }) => `${kind} ${verdict}`).toSorted()).toEqual([
      'response dismissed',
      'restoration taken',
      'role taken',
      'rollback taken',
      'runbook taken',
      'severity taken',
      'update taken',
    ]);
    expect(after.settled.find(({ kind }) => kind === 'response')).toMatchObject({
      reason: 'we swarm',
      title: response.title,
    });
    expect(await refused(engine, 'suggestion.take', { incident, kind: 'response', key: 'response' })).toContain(
      'not suggested',
    );

    const { entries } = await done(engine, 'incident.timeline', { incident, kinds: ['state'] });
    expect(entries.map(({ summary }) => summary)).toContain(`suggestion dismissed: ${response.title}`);
    const changed = await refused(engine, 'suggestion.take', {
      incident,
      kind: 'role',
      key: 'scribe',
      facts: 'ab'.repeat(8),
    });
    expect(changed).toMatch(/has changed|not suggested/);
  });
});
