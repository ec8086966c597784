/**
 * What is signalled now, by whom it hurts: customers, operations, nobody yet. Invariant: an alert that matches no service
 * counts like any other, because what the catalog does not know may still hurt; a signal that is stale or silenced does not count.
 */
import type { ListedSignal, SignalList, TierCounts } from '../../../shared/contract/board.ts';
import { SignalTier } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';

const noTiers = (): TierCounts => ({
  'customer-impacting': 0,
  'operational-degradation': 0,
  'early-warning': 0,
  unmatched: 0,
});

/** Signals that count now, the ones that hurt most first, then the newest; `tiers` counts all of them, whatever is listed. */
export function signalsNow(
  context: Context,
  { tier, unmatched, limit }: { tier?: SignalTier | undefined; unmatched: boolean; limit: number },
): SignalList {
  const { estate, sources } = context;
  const tiers = noTiers();
  const signals: ListedSignal[] = [];
  for (const { signal, subject } of sources.board.firing()) {
    if (signal.tier === null) continue;
    const about: ListedSignal['about'] =
      subject === null
        ? null
        : 'service' in subject
          ? estate.get('service', subject.service)
            ? { kind: 'service', id: subject.service, name: estate.name('service', subject.service) }
            : null
          : {
              kind: 'business-service',
              id: subject.businessService,
              name: estate.name('business-service', subject.businessService),
            };
    tiers[signal.tier]++;
    if (about === null) tiers.unmatched++;
    if ((tier !== undefined && signal.tier !== tier) || (unmatched && about !== null)) continue;
    signals.push({ ...signal, tier: signal.tier, about });
  }
  const rank = (one: ListedSignal): number => SignalTier.options.indexOf(one.tier);
  signals.sort((a, b) => rank(b) - rank(a) || (b.since ?? 0) - (a.since ?? 0) || (a.id < b.id ? -1 : 1));
  return { tiers, signals: signals.slice(0, limit), asOf: context.now() };
}

/** How many signals of each tier count now. */
export function tierCounts(context: Context): TierCounts {
  return signalsNow(context, { unmatched: false, limit: 1 }).tiers;
}
