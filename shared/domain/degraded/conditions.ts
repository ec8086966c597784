/**
 * What calls for a controlled degradation, and what must hold before it may end, as conditions on what is measured.
 * Invariant: a condition says by itself how it is read; nothing here knows whether it holds.
 */
import { healthWord } from '../health.ts';
import { formatDuration } from '../times.ts';
import type { Health, Role, ServiceKind } from '../words.ts';

/** `when`: any of them calls for it. `exit`: all of them together let it end. */
export type Purpose = 'when' | 'exit';

/** One service, or each service of a kind. */
export type Of = { service: string } | { kind: ServiceKind };

interface Common {
  /** It must hold so long, minutes. */
  minutes: number;
  /** Line in the policy, 1-based. */
  line: number;
}

export interface MetricCondition extends Common {
  on: 'metric';
  of: Of;
  /** Titles of the measured query; a service counts by the first that it has. */
  metrics: readonly string[];
  side: 'above' | 'below';
  limit: number;
  /** Once past `limit` it counts as past until it reaches this, so that it does not flap. */
  clear: number;
}

/** In `when`: this health or worse. In `exit`: this health or better. */
export interface HealthCondition extends Common {
  on: 'health';
  of: Of;
  health: Health;
}

/** In `when`: at least so many open stores. In `exit`: at most so many stores. */
export interface StoresCondition extends Common {
  on: 'stores';
  selling: 'cannot' | 'fallback';
  /** A number, or a share (0–1) of the stores that are counted. */
  limit: { count: number } | { share: number };
}

export type Condition = MetricCondition | HealthCondition | StoresCondition;

export interface Estimate {
  low: number;
  high: number;
}

/** A controlled degradation as the policy has it. */
export interface Mode {
  id: string;
  title: string;
  /** What is given up and what it saves, in words. */
  effect: string;
  owner: Role;
  when: readonly Condition[];
  exit: readonly Condition[];
  /** Share of an estimated loss that it avoids, and that it makes late instead; null when it does neither. */
  avoids: Estimate | null;
  buffers: Estimate | null;
  /** Ids of the business services whose figures it changes; all when empty. */
  businessServices: readonly string[];
  line: number;
}

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 3 });

/** "5,000" or "12 %" for a ratio. */
export function amount(value: number, unit: string): string {
  if (unit === 'ratio') return `${number(value * 100)} %`;
  return unit === '' ? number(value) : `${number(value)} ${unit}`;
}

const NONE = { cannot: 'every store can sell', fallback: 'no store sells from its own server' } as const;
const SELLING = { cannot: 'cannot sell', fallback: 'sell from their own server' } as const;

/** "orders waiting of any erp-connector above 5,000 for 10 min". `nameOf` says what to call a service. */
export function conditionText(condition: Condition, purpose: Purpose, nameOf: (service: string) => string): string {
  const hold = condition.minutes > 0 ? ` for ${formatDuration(condition.minutes * 60_000)}` : '';
  if (condition.on === 'stores') {
    const { limit, selling } = condition;
    const many = 'count' in limit ? number(limit.count) : `${number(limit.share * 100)} %`;
    const noun = 'share' in limit ? 'of the stores' : limit.count === 1 ? 'store' : 'stores';
    if (purpose === 'exit' && 'count' in limit && limit.count === 0) return `${NONE[selling]}${hold}`;
    return `${purpose === 'when' ? 'at least' : 'at most'} ${many} ${noun} ${SELLING[selling]}${hold}`;
  }
  const of =
    'service' in condition.of
      ? nameOf(condition.of.service)
      : `${purpose === 'when' ? 'any' : 'every'} ${condition.of.kind}`;
  if (condition.on === 'metric')
    return `${condition.metrics.join(' or ')} of ${of} ${condition.side} ${number(condition.limit)}${hold}`;
  const word = healthWord(condition.health);
  const end =
    purpose === 'when'
      ? condition.health === 'failing'
        ? ''
        : ' or worse'
      : condition.health === 'healthy'
        ? ''
        : ' or better';
  return `${of} ${word}${end}${hold}`;
}

/** All exit criteria as one line. */
export function exitText(mode: Pick<Mode, 'exit'>, nameOf: (service: string) => string): string {
  return mode.exit.map((condition) => conditionText(condition, 'exit', nameOf)).join('; ');
}
