/** A plan's reasons in words. Invariant: each reason is one clause that names what it rests on. */
import { money } from '../impact/money.ts';
import { formatDuration } from '../times.ts';
import type { RestorationItem } from './plan.ts';

export interface RestorationNames {
  service(id: string): string;
  businessService(id: string): string;
}

type Reasoned = Pick<
  RestorationItem,
  'services' | 'waiting' | 'tier' | 'objective' | 'dataStore' | 'rpoMinutes' | 'money' | 'blockedBy'
>;

/** Why an item stands where it stands, the weightiest first. `now` in ms. */
export function tellRestoration(
  item: Reasoned,
  names: RestorationNames,
  { now, currency }: { now: number; currency: string },
): string[] {
  const { services, waiting, tier, objective, dataStore, rpoMinutes } = item;
  const reasons: string[] = [];
  if (services.length > 1) reasons.push(`restored together: these ${services.length} need each other`);
  const others = waiting - (services.length - 1);
  if (others > 0) reasons.push(`${others} ${others === 1 ? 'service waits' : 'services wait'} for it`);
  if (objective !== null) {
    const own = objective.kind === 'service' && services.includes(objective.id);
    const name = objective.kind === 'service' ? names.service(objective.id) : names.businessService(objective.id);
    const left = objective.dueAt - now;
    const clock = left >= 0 ? `${formatDuration(left)} left` : `over by ${formatDuration(-left)}`;
    reasons.push(`RTO ${formatDuration(objective.rtoMinutes * 60_000)}${own ? '' : ` of ${name}`}, ${clock}`);
  }
  if (dataStore)
    reasons.push(
      `data store: before what writes to it${rpoMinutes === null ? '' : rpoMinutes === 0 ? ', may lose no data' : `, may lose ${formatDuration(rpoMinutes * 60_000)} of data`}`,
    );
  if (item.money >= 1) reasons.push(`${money(item.money, currency)}/min at risk behind it`);
  if (tier !== null) reasons.push(`tier ${tier}${others > 0 ? ' behind it' : ''}`);
  if (reasons.length === 0) reasons.push('nothing waits for it');
  return reasons;
}
