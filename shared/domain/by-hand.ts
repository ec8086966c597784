/**
 * What people say of health: a word by hand, and work that was announced. Invariant: a word by hand stands instead of what the
 * sources say, for as long as it said itself, and what they say stands beside it; announced work hides noise and never what a
 * customer feels. Both begin and end by the clock, without anybody doing anything.
 */
import { Health } from './words.ts';

/** A person's word on a service or a business service. Times in ms. */
export interface ByHand {
  health: Health;
  reason: string;
  /** It stands until then. */
  until: number;
  /** Who said it: a person id. */
  by: string;
  at: number;
}

/** Work on services, announced. Times in ms. */
export interface Window {
  id: string;
  title: string;
  services: readonly string[];
  from: number;
  to: number;
  /** When somebody ended it; null when nobody did. */
  endedAt: number | null;
  reason: string | null;
  by: string;
}

/** Whether a word by hand stands at `now`. */
export function stands(word: Pick<ByHand, 'until'>, now: number): boolean {
  return now < word.until;
}

/** When a window is over, ms: when it was planned to be, or when somebody ended it. */
export function endOf({ to, endedAt }: Pick<Window, 'to' | 'endedAt'>): number {
  return endedAt === null ? to : Math.min(to, endedAt);
}

export function isOpen(window: Window, now: number): boolean {
  return window.from <= now && now < endOf(window);
}

/** When a window's state changes next by time alone, ms; null when it is over. */
export function turnsAt(window: Window, now: number): number | null {
  if (now < window.from) return endOf(window) > window.from ? window.from : null;
  return now < endOf(window) ? endOf(window) : null;
}

/**
 * Whether announced work hides that a service is not healthy. It does not when a customer may feel it: a fresh signal of the
 * service is customer-impacting, and a business service stands on it by hard dependencies only. What a person said by hand is
 * never noise.
 */
export function hides(service: { byHand: boolean; customerImpacting: boolean; onHardPath: boolean }): boolean {
  return !service.byHand && !(service.customerImpacting && service.onHardPath);
}

/** A word by hand as the log has it; null when it was withdrawn or makes no sense. */
export function readByHand(value: unknown): ByHand | null {
  const { health, reason, until, by, at } = (value ?? {}) as Record<string, unknown>;
  const parsed = Health.safeParse(health);
  if (!parsed.success || typeof until !== 'number' || typeof at !== 'number') return null;
  return { health: parsed.data, reason: String(reason ?? ''), until, by: String(by ?? ''), at };
}

/** A window as the log has it; null when it makes no sense, such as when only its end was heard of. */
export function readWindow(id: string, doc: Record<string, unknown>): Window | null {
  const { title, services, from, to, endedAt, reason, by } = doc;
  if (!Array.isArray(services) || typeof from !== 'number' || typeof to !== 'number') return null;
  return {
    id,
    title: String(title ?? ''),
    services: services.filter((one): one is string => typeof one === 'string'),
    from,
    to,
    // A plan that was written again after it was ended is a plan again only under another id.
    endedAt: typeof endedAt === 'number' ? endedAt : null,
    reason: typeof reason === 'string' ? reason : null,
    by: String(by ?? ''),
  };
}
