/** Stores with their health. Invariant: a store is as healthy as the worst of the services that it sells with; with none, unknown. */
import type { HealthView } from '../../../shared/contract/common.ts';
import type { StoreView } from '../../../shared/contract/estate.ts';
import type { EstateEntity } from '../../../shared/domain/estate.ts';
import { isOpen } from '../../../shared/domain/hours.ts';
import type { Health } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { named } from '../names.ts';
import { displayName } from './views.ts';

/** Not knowing ranks below knowing that something is degraded, and above everything better. */
const ORDER: Health[] = ['healthy', 'early-warning', 'unknown', 'degraded', 'failing'];

export function storeHealth(context: Context, store: EstateEntity<'store'>): HealthView {
  let worst: HealthView | null = null;
  for (const id of store.services) {
    const health = context.sources.board.serviceHealth(id);
    if (worst === null || ORDER.indexOf(health.health) > ORDER.indexOf(worst.health)) {
      worst = { ...health, reason: `${context.estate.name('service', id)}: ${health.reason}` };
    }
  }
  return (
    worst ?? {
      health: 'unknown',
      since: null,
      source: null,
      observedAt: null,
      reason: 'No service is mapped to this store.',
      last: null,
    }
  );
}

export function storeView(context: Context, store: EstateEntity<'store'>): StoreView {
  const { id, country, timezone, hours, phone, share } = store;
  return {
    ...{ id, name: displayName(store), country, timezone, hours, phone, share },
    region: store.region === null ? null : named(context, 'region', store.region),
    open: isOpen(hours, timezone, context.now()),
    services: store.services.map((each) => named(context, 'service', each)),
    health: storeHealth(context, store),
  };
}
