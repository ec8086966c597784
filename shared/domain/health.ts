/**
 * What a service's signals come to. Invariant: nothing is healthy for want of news. Bad news counts from whoever brings
 * it; good news counts only while it is fresh and nobody who had bad news fell silent; the rest is unknown, with what it
 * last was beside it. What is shown changes with hysteresis, so that a service on the edge does not flap.
 */
import type { MetricQuery } from './estate.ts';
import { formatQuantity } from './quantity.ts';
import type { Health, SignalTier } from './words.ts';

/** Worst last. Unknown stands between "may become a problem" and "is one": it must be looked at before an early warning. */
const RANK: Record<Health, number> = { healthy: 0, 'early-warning': 1, unknown: 2, degraded: 3, failing: 4 };

/** Negative when `a` is worse than `b`: sorts worst first. */
export function worstFirst(a: Health, b: Health): number {
  return RANK[b] - RANK[a];
}

export function worseOf(a: Health, b: Health): Health {
  return RANK[a] >= RANK[b] ? a : b;
}

/** Of `>=0.03` the side and the limit; neither of a threshold that is none. */
function partsOf(threshold: string): { side: string | undefined; limit: number } {
  const match = /^(>=|>|<=|<)\s*(\S+)$/.exec(threshold.trim());
  return { side: match?.[1], limit: match ? Number(match[2]) : Number.NaN };
}

/** Whether `value` is past `threshold`, such as `>0.03`. Never for NaN, nor for a threshold that is none. */
function isPast(threshold: string, value: number): boolean {
  const { side, limit } = partsOf(threshold);
  switch (side) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    default:
      return false;
  }
}

/**
 * The health that a metric's value means by its thresholds, worst threshold first: with `early >0.01, degraded >0.03,
 * failing >0.1` a value of 0.04 is degraded. NaN is unknown; infinities compare as numbers do; null when the metric has
 * no threshold and so says nothing of health.
 */
export function grade(metric: Pick<MetricQuery, 'early' | 'degraded' | 'failing'>, value: number): Health | null {
  const { early, degraded, failing } = metric;
  if (early === undefined && degraded === undefined && failing === undefined) return null;
  if (Number.isNaN(value)) return 'unknown';
  if (failing !== undefined && isPast(failing, value)) return 'failing';
  if (degraded !== undefined && isPast(degraded, value)) return 'degraded';
  if (early !== undefined && isPast(early, value)) return 'early-warning';
  return 'healthy';
}

const SIDE: Readonly<Record<string, string>> = { '>': 'above', '>=': 'from', '<': 'below', '<=': 'down to' };

/** The threshold that decided `grade`, for the reason: `failing above 10 %`. Empty when none did. */
export function gradedBy(
  metric: Pick<MetricQuery, 'early' | 'degraded' | 'failing' | 'unit'>,
  health: Health | null,
): string {
  const threshold =
    health === 'failing'
      ? metric.failing
      : health === 'degraded'
        ? metric.degraded
        : health === 'early-warning'
          ? metric.early
          : undefined;
  if (threshold === undefined || health === null) return '';
  const { side, limit } = partsOf(threshold);
  return side === undefined ? '' : `${WORD[health]} ${SIDE[side]!} ${formatQuantity(limit, metric.unit)}`;
}

const WORD: Record<Health, string> = {
  healthy: 'healthy',
  'early-warning': 'early warning',
  degraded: 'degraded',
  failing: 'failing',
  unknown: 'unknown',
};

/** The design's word for a health, as it stands in a sentence. */
export function healthWord(health: Health): string {
  return WORD[health];
}

/** The tier of a signal that says `health`; null when it is no warning at all. */
export function tierOf(health: Health | null): SignalTier | null {
  switch (health) {
    case 'early-warning':
      return 'early-warning';
    case 'degraded':
      return 'operational-degradation';
    case 'failing':
      return 'customer-impacting';
    default:
      return null;
  }
}

/** The health that a signal of a tier means. */
export const HEALTH_OF_TIER: Record<SignalTier, Health> = {
  'early-warning': 'early-warning',
  'operational-degradation': 'degraded',
  'customer-impacting': 'failing',
};

/** One signal as far as it bears on a service's health. Times in ms. */
export interface Evidence {
  source: string;
  /** What it is about: `error rate`. */
  title: string;
  text: string;
  /** Null says nothing of health. */
  health: Health | null;
  /** Since when it says so. */
  since: number;
  observedAt: number;
  validForMs: number;
  /** Shown, not counted. */
  muted: boolean;
  /** Healthy only for want of bad news (no alert fires): does not outweigh a stronger signal that is silent. */
  weak: boolean;
  /** The last health it was sure of, when `health` is unknown. */
  last: Health | null;
}

/** What the signals say at one moment, before hysteresis. */
export interface Judgement {
  health: Health;
  /** Since when, by the earliest signal that says it, ms; null when nothing ever reported. */
  since: number | null;
  /** Source of the deciding signal. */
  source: string | null;
  /** When the deciding signal was last confirmed, ms. */
  observedAt: number | null;
  reason: string;
  /** What it last was, when it is unknown because its signals went stale or lost their data. */
  last: Health | null;
  /** Unknown because the sources fell silent, not because they said so. */
  silent: boolean;
  /** When this judgement may change by time alone: the next signal goes stale, ms; null when none will. */
  validUntil: number | null;
}

/** Whether a signal is still to be believed at `now`. */
export function isFresh(signal: { observedAt: number; validForMs: number }, now: number): boolean {
  return now - signal.observedAt <= signal.validForMs;
}

/** The health of one service from its signals at `now` (ms). */
export function judge(evidence: readonly Evidence[], now: number): Judgement {
  let validUntil = Infinity;
  const bad: Evidence[] = [];
  const good: Evidence[] = [];
  const weak: Evidence[] = [];
  /** Strong signals that give no answer. */
  const blank: Evidence[] = [];
  const stale: Evidence[] = [];
  for (const one of evidence) {
    if (one.health === null || one.muted) continue;
    if (!isFresh(one, now)) {
      if (!one.weak || one.health === 'unknown') stale.push(one);
      else weak.push(one);
      continue;
    }
    validUntil = Math.min(validUntil, one.observedAt + one.validForMs);
    if (one.health === 'unknown') blank.push(one);
    else if (one.health !== 'healthy') bad.push(one);
    else (one.weak ? weak : good).push(one);
  }
  const until = validUntil === Infinity ? null : validUntil + 1;
  if (bad.length > 0) {
    const worst = bad.reduce((health, one) => worseOf(health, one.health!), 'healthy' as Health);
    return decided(
      bad.filter((one) => one.health === worst),
      worst,
      until,
    );
  }
  const silenced = stale.filter((one) => wasBad(one.health === 'unknown' ? one.last : one.health));
  const blanked = blank.filter((one) => wasBad(one.last));
  if (good.length > 0 && silenced.length === 0 && blanked.length === 0) return decided(good, 'healthy', until);
  const freshWeak = weak.filter((one) => isFresh(one, now));
  if (good.length === 0 && blank.length === 0 && stale.length === 0 && freshWeak.length > 0)
    return decided(freshWeak, 'healthy', until);
  return unknown([...blank, ...stale, ...weak.filter((one) => !isFresh(one, now))], now, until, silenced, blanked);
}

function wasBad(health: Health | null): boolean {
  return health !== null && health !== 'healthy' && health !== 'unknown';
}

function decided(signals: Evidence[], health: Health, validUntil: number | null): Judgement {
  const newest = signals.reduce((best, one) => (one.observedAt > best.observedAt ? one : best));
  const first = signals.reduce((best, one) => (one.since < best.since ? one : best));
  const chosen = health === 'healthy' ? newest : first;
  const more = health !== 'healthy' && signals.length > 1 ? ` and ${signals.length - 1} more` : '';
  return {
    health,
    since: health === 'healthy' ? Math.max(...signals.map((one) => one.since)) : first.since,
    source: chosen.source,
    observedAt: newest.observedAt,
    reason: describe(chosen) + more,
    last: null,
    silent: false,
    validUntil,
  };
}

function describe({ title, text }: Evidence): string {
  if (text === '') return title;
  return text.toLowerCase().startsWith(title.toLowerCase()) ? text : `${title}: ${text}`;
}

function unknown(
  signals: Evidence[],
  now: number,
  validUntil: number | null,
  silenced: Evidence[],
  blanked: Evidence[],
): Judgement {
  const known = (one: Evidence) => (one.health === 'unknown' ? one.last : one.health);
  const last = signals
    .map(known)
    .reduce<Health | null>((worst, one) => (one === null ? worst : worst === null ? one : worseOf(worst, one)), null);
  const pool = silenced.length > 0 ? silenced : blanked.length > 0 ? blanked : signals;
  if (pool.length === 0) {
    return {
      health: 'unknown',
      since: null,
      source: null,
      observedAt: null,
      reason: 'Nothing reports on it',
      last: null,
      silent: true,
      validUntil,
    };
  }
  const chosen = pool.reduce((best, one) => (one.observedAt > best.observedAt ? one : best));
  const gone = !isFresh(chosen, now);
  const was = known(chosen);
  const before = was !== null && was !== 'healthy' ? `; it last was ${WORD[was]}` : '';
  return {
    health: 'unknown',
    since: gone ? chosen.observedAt + chosen.validForMs : chosen.since,
    source: chosen.source,
    observedAt: chosen.observedAt,
    reason: gone
      ? `Nothing new from ${chosen.source}${before}${was !== null && was !== 'healthy' ? ` (${describe(chosen)})` : ''}`
      : `${describe(chosen)}${before}`,
    last,
    silent: signals.every((one) => !isFresh(one, now)),
    validUntil,
  };
}

/** How long a change must hold before it is shown. All in ms. */
export interface Hysteresis {
  /** A turn for the worse is shown at its second observation, or when it has lasted this long. Failing is shown at once. */
  worsenMs: number;
  /** A turn for the better must last this long. */
  improveMs: number;
  /** Worse again within this time after it improved is a relapse: each doubles `improveMs` … */
  relapseMs: number;
  /** … up to this. */
  maxImproveMs: number;
}

export const HYSTERESIS: Hysteresis = {
  worsenMs: 30_000,
  improveMs: 60_000,
  relapseMs: 600_000,
  maxImproveMs: 600_000,
};

interface Pending {
  turn: 'worse' | 'better' | 'blank';
  /** What will be shown when it holds: the mildest seen while it gets worse, the worst seen while it gets better. */
  health: Health;
  since: number;
  /** `observedAt` of the first signal that said so. */
  stamp: number;
}

/** What is shown of a service, and what may be shown soon. Plain data: it can be stored and read back. */
export interface Settled {
  health: Health;
  /** Since when it is so, ms; null when nothing ever reported. */
  since: number | null;
  pending: Pending | null;
  relapses: number;
  /** When it last got better, ms. */
  improvedAt: number | null;
}

/**
 * The next shown state after `raw` was judged at `now` (ms).
 *
 * - Nothing shown yet, or unknown shown: `raw` at once; whatever is known beats nothing.
 * - Silence and failing: at once.
 * - Worse, or no data: at the second observation that says so, or once it has lasted `worsenMs` by the source's own word,
 *   so that an alert that fired minutes ago is not waited for again.
 * - Better: once it has held `improveMs`, doubled for every relapse; then what is shown is the worst seen meanwhile.
 */
export function settle(shown: Settled | null, raw: Judgement, now: number, policy: Hysteresis = HYSTERESIS): Settled {
  if (shown === null) return { health: raw.health, since: raw.since, pending: null, relapses: 0, improvedAt: null };
  if (raw.health === shown.health) {
    const since = raw.health === 'unknown' ? (shown.since ?? raw.since) : shown.since;
    return shown.pending === null && since === shown.since ? shown : { ...shown, since, pending: null };
  }
  if (raw.health === 'unknown' && raw.silent) return { ...shown, health: 'unknown', since: raw.since, pending: null };
  if (shown.health === 'unknown') return { ...shown, health: raw.health, since: raw.since ?? now, pending: null };
  if (raw.health === 'failing') return worsened(shown, 'failing', raw.since ?? now, now, policy);

  const turn = raw.health === 'unknown' ? 'blank' : RANK[raw.health] > RANK[shown.health] ? 'worse' : 'better';
  const stamp = raw.observedAt ?? now;
  const began = turn === 'better' ? now : Math.min(now, raw.since ?? now);
  const before = shown.pending?.turn === turn ? shown.pending : null;
  const pending: Pending = before
    ? {
        ...before,
        health: turn === 'worse' ? milder(before.health, raw.health) : worseOf(before.health, raw.health),
        since: Math.min(before.since, began),
      }
    : { turn, health: raw.health, since: began, stamp };

  if (turn === 'better') {
    if (now - pending.since < improveHold(shown, policy)) return { ...shown, pending };
    const rest: Pending | null =
      raw.health === pending.health ? null : { turn: 'better', health: raw.health, since: now, stamp };
    return { ...shown, health: pending.health, since: pending.since, pending: rest, improvedAt: now };
  }
  const repeated = before !== null && stamp > before.stamp;
  if (!repeated && now - pending.since < policy.worsenMs) return { ...shown, pending };
  if (turn === 'blank') return { ...shown, health: 'unknown', since: pending.since, pending: null };
  return worsened(shown, pending.health, pending.since, now, policy);
}

/** When a pending change will be shown by the passing of time alone, ms; null when none is pending. */
export function settlesAt({ pending, ...shown }: Settled, policy: Hysteresis = HYSTERESIS): number | null {
  if (pending === null) return null;
  return pending.since + (pending.turn === 'better' ? improveHold({ ...shown, pending }, policy) : policy.worsenMs);
}

function milder(a: Health, b: Health): Health {
  return RANK[a] <= RANK[b] ? a : b;
}

function improveHold({ relapses }: Settled, policy: Hysteresis): number {
  return Math.min(policy.maxImproveMs, policy.improveMs * 2 ** relapses);
}

function worsened(shown: Settled, health: Health, since: number, now: number, policy: Hysteresis): Settled {
  const relapsed = shown.improvedAt !== null && now - shown.improvedAt < policy.relapseMs;
  return {
    health,
    since,
    pending: null,
    relapses: relapsed ? Math.min(16, shown.relapses + 1) : 0,
    improvedAt: shown.improvedAt,
  };
}
