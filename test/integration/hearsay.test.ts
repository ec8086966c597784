/** What one console sees of a service reaches those that cannot read its source, while they run. */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { done, enrolIn, inStore, newFolder, openOn } from '../support/engines.ts';
import { ESTATE } from '../../shared/ops/op.ts';

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
