/** What one console sees of a service reaches those that cannot read its source, while they run. */
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { expect, it } from 'vitest';
import { done, enrolIn, inStore, newFolder, openOn } from '../support/engines.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { puppetSource } from '../support/puppet.ts';
import { startHub } from '../support/hubs.ts';
import { missing, until } from '../support/servers.ts';

it('with who saw it and how old that is, until it is too old to be believed', async () => {
  const [here, there] = [newFolder(), newFolder()];
  enrolIn(here, there);
  const reading = await openOn(there);
  await done(reading, 'estate.load-demonstration', {});
  await reading.close();
  const seenAt = Date.now() - 60_000;
  inStore(there, (store) =>
    store.commit({ actor: 'system', zone: 'UTC' }, (tx) =>
      tx.append({
        ...{ scope: ESTATE, type: 'health.change' },
        payload: {
          service: 'checkout-api',
          health: 'failing',
          since: seenAt,
          source: 'prom-eu',
          reason: 'errors 31 %',
        },
      }),
    ),
  );
  const again = await openOn(there);
  const { path } = await done(again, 'bundle.export', { to: join(newFolder(), 'all.holdfast') });

  let now = Date.now();
  const blind = await openOn(here, { now: () => now });
  await done(blind, 'estate.map', {});
  await done(blind, 'bundle.import', { file: path });
  const health = async () => {
    const { services } = await done(blind, 'estate.map', {});
    return services.find(({ id }) => id === 'checkout-api')!.health;
  };
  expect(await health()).toMatchObject({
    ...{ health: 'failing', source: 'prom-eu', since: seenAt },
    reason: 'errors 31 % (seen by console store 112)',
  });
  now += 3_600_000;
  await blind.close();
  const later = await openOn(here, { now: () => now });
  const { services } = await done(later, 'estate.map', {});
  expect(services.find(({ id }) => id === 'checkout-api')!.health).toMatchObject({
    health: 'unknown',
    last: 'failing',
  });
});

it.skipIf(missing('nats-server'))(
  'over a hub for as long as the console that sees it is heard, and then with its age',
  async () => {
    const { hub: url } = await startHub();
    const [here, there] = [newFolder(), newFolder()];
    enrolIn(here, there);
    enrolIn(there, here);
    inStore(there, (store) =>
      store.commit({ actor: 'ana', zone: 'UTC' }, (tx) =>
        tx.append({
          ...{ scope: ESTATE, type: 'estate.put' },
          payload: {
            kind: 'service',
            id: 'web',
            fields: { ref: 'component:default/web', name: 'web', kind: 'api' },
          },
        }),
      ),
    );
    const puppet = puppetSource();
    void puppet.say({ web: 'failing' });
    const sees = await openOn(there, { modules: [puppet.module], poll: true, now: puppet.now });
    await done(sees, 'sources.add', { id: 'puppet', type: 'puppet' });
    const blind = await openOn(here, { poll: true, now: puppet.now });
    const listener = await connect({ servers: url });
    const said: { sources?: string[] }[] = [];
    listener.subscribe('>', {
      callback: (error, { data }) => {
        const text = error ? '' : new TextDecoder().decode(data);
        if (text.startsWith('{') && text.includes('"sources"')) said.push(JSON.parse(text) as (typeof said)[number]);
      },
    });
    await listener.flush();
    const hub = { url, organisation: 'acme' };
    const hello = (count: number) => () => said.filter(({ sources }) => sources !== undefined).length >= count;
    await until('its source to be read', async () =>
      (await done(sees, 'sources.list', {})).some(({ id, state }) => id === 'puppet' && state === 'live'),
    );
    await done(sees, 'hub.set', hub);
    await until('it to say what it reads', hello(1));
    await done(blind, 'hub.set', hub);
    const web = async () => (await done(blind, 'health', {})).services.find(({ id }) => id === 'web')?.health;
    const full = async () => (await done(blind, 'estate.map', {})).services.find(({ id }) => id === 'web')!.health;
    await until('the word to arrive', async () => (await web()) === 'failing');
    expect(await full()).toMatchObject({
      source: 'puppet',
      reason: expect.stringContaining('(seen by console store 112)'),
    });

    // Whoever comes is greeted, and what is on its way could be taken for a word of later: theirs, and two of who sees.
    await until('the newcomer to be greeted', hello(3));
    await listener.close();
    // Nothing was heard for twenty minutes, as far as this console can tell.
    puppet.pass(20);
    await until('it to be too old', async () => (await web()) === 'unknown');
    const stale = await full();
    expect(stale).toMatchObject({
      last: 'failing',
      reason: expect.stringMatching(/^Nothing new from .* by console store 112; it last was failing/),
    });
    expect(puppet.now() - stale.observedAt!).toBeGreaterThan(19 * 60_000);

    // Read once more since the clock jumped, or it would say that it reads nothing.
    await puppet.say({ web: 'failing' });
    // It is heard again and still reads its source: what it said twenty minutes ago holds.
    await done(blind, 'hub.set', hub);
    await until('its word to count again', async () => (await web()) === 'failing');
    expect(puppet.now() - (await full()).observedAt!).toBeLessThan(60_000);

    await sees.close();
    puppet.pass(2);
    expect(await web()).toBe('failing');
    puppet.pass(2);
    await until('it to be unknown when nobody confirms it', async () => (await web()) === 'unknown');
    expect(await full()).toMatchObject({ last: 'failing' });
  },
);
