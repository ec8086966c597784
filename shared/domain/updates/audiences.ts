/**
 * Whom updates are written for, how often each hears, and when the next word is due. Invariant: pure; `now` is an argument,
 * and what a person promised wins over what is usual.
 */
import { MINUTE } from '../times.ts';
import type { Audience, Severity } from '../words.ts';

export const AUDIENCE_NAMES: Record<Audience, string> = {
  executives: 'Executives',
  'store-operations': 'Store operations',
  'customer-service': 'Customer service',
  'public-status': 'Public status',
  engineers: 'Engineers',
};

/** In the order in which they are shown. */
export const AUDIENCES = Object.keys(AUDIENCE_NAMES) as Audience[];

export const CHANNEL_WORDS = {
  copied: 'copied and sent by hand',
  printed: 'printed',
  'read-out': 'read out',
  delivery: 'handed to delivery',
} as const;

/** What people type for an audience, besides the beginning of its name. */
const SHORT: Record<string, Audience> = {
  execs: 'executives',
  stores: 'store-operations',
  cs: 'customer-service',
  customers: 'customer-service',
  status: 'public-status',
  tech: 'engineers',
};

/** The audience that a word means; null when it is none or could be several. */
export function audienceOf(word: string): Audience | null {
  const typed = word.trim().toLowerCase().replace(/^@/, '').replaceAll(' ', '-');
  if (typed === '') return null;
  if (Object.hasOwn(SHORT, typed)) return SHORT[typed]!;
  const found = AUDIENCES.filter((audience) => audience.startsWith(typed));
  return found.length === 1 ? found[0]! : null;
}

/** Minutes between two updates where no policy says otherwise; who is not in it hears only when somebody writes to them. */
export const USUAL_CADENCE: Record<Severity, Partial<Record<Audience, number>>> = {
  SEV1: { executives: 30, 'store-operations': 30, 'customer-service': 30, 'public-status': 60, engineers: 20 },
  SEV2: { executives: 60, 'store-operations': 60, 'customer-service': 60, 'public-status': 120, engineers: 30 },
  SEV3: { 'store-operations': 120, 'customer-service': 120, engineers: 60 },
  SEV4: {},
};

/** The first word is due this soon after the declaration, and the last one this soon after the end. */
const FIRST_MS = 15 * MINUTE;

export interface Clock {
  /** Minutes between two updates; null when this audience has none. */
  minutes: number | null;
  declaredAt: number;
  /** When it was over; null while it lasts. */
  resolvedAt: number | null;
  /** When the last one went out, and what it promised. */
  last: { at: number; nextAt: number | null } | null;
}

/** When the next update is due; null when none is. Whoever was told of the incident is told of its end. */
export function nextDue({ minutes, declaredAt, resolvedAt, last }: Clock): number | null {
  if (resolvedAt !== null) return last === null || last.at >= resolvedAt ? null : resolvedAt + FIRST_MS;
  if (last?.nextAt != null) return last.nextAt;
  if (minutes === null) return null;
  return last === null ? declaredAt + Math.min(minutes * MINUTE, FIRST_MS) : last.at + minutes * MINUTE;
}
