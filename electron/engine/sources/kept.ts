/** One signal as the board keeps it: as it is held, as it lies on the disk, and as it is shown. */
import type { SignalView } from '../../../shared/contract/common.ts';
import { isFresh, type Evidence } from '../../../shared/domain/health.ts';
import { Health, SignalTier } from '../../../shared/domain/words.ts';
import type { Observation, Subject } from './source.ts';

export interface Kept extends Evidence {
  key: string;
  subject: Subject;
  kind: SignalView['kind'];
  value: number | null;
  unit: string;
  measures: Observation['measures'] | null;
  tier: SignalTier | null;
  mutedBy: string | null;
  /** When it was last given to the disk, ms. */
  storedAt: number;
}

/** What lies on the disk of it, under its source and key. */
export function document({ source: _source, key: _key, storedAt: _storedAt, ...kept }: Kept): string {
  return JSON.stringify(kept);
}

/** A signal as it was kept on disk; null when that is no signal. */
export function revive(source: string, key: string, doc: string): Kept | null {
  try {
    const kept = JSON.parse(doc) as Partial<Kept> | null;
    const numbers = [kept?.since, kept?.observedAt, kept?.validForMs];
    if (
      !kept ||
      typeof kept.title !== 'string' ||
      typeof kept.subject !== 'object' ||
      !numbers.every((number) => Number.isFinite(number))
    )
      return null;
    const health = (word: unknown) => Health.nullable().catch(null).parse(word);
    return {
      ...(kept as Kept),
      source,
      key,
      health: health(kept.health),
      last: health(kept.last),
      tier: SignalTier.nullable().catch(null).parse(kept.tier),
      storedAt: kept.observedAt!,
    };
  } catch {
    return null;
  }
}

/** As a person sees it; why it is muted stands in its text. */
export function signalView(kept: Kept, now: number): SignalView {
  const { source, key, kind, title, value, unit, health, tier, since, observedAt, mutedBy } = kept;
  const text = mutedBy === null ? kept.text : [`(${mutedBy})`, kept.text].filter((part) => part !== '').join(' ');
  return {
    id: `${source}:${key}`,
    kind,
    source,
    title,
    text,
    health,
    tier,
    value,
    unit,
    since,
    observedAt,
    stale: !isFresh(kept, now),
  };
}

/** Whether both are about the same service or business service, or both about none that is known. */
export function sameSubject(a: Subject, b: Subject): boolean {
  if (a === null || b === null) return a === b;
  if ('service' in a) return 'service' in b && a.service === b.service;
  return 'businessService' in b && a.businessService === b.businessService;
}
