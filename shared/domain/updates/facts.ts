/**
 * The live facts of an incident as the words of an update. Invariant: pure; every figure stands with its range, source and age,
 * what is not known is said, and what the public may read is made of public facts alone.
 */
import type { SellingCounts } from '../selling.ts';
import { formatDuration, formatWhen } from '../times.ts';
import type { Audience, Health, Severity, Status } from '../words.ts';
import type { Placeholder } from './template.ts';

export interface UpdateFacts {
  label: string;
  title: string;
  severity: Severity;
  status: Status;
  startedAt: number;
  resolvedAt: number | null;
  commander: string | null;
  hurt: readonly { name: string; health: Health; since: number | null }[];
  /** One line for each currency: "−€ 156k so far (est. 130k–190k)". */
  money: readonly { text: string; basis: string; asOf: number }[];
  stores: SellingCounts | null;
  services: readonly { name: string; health: Health; since: number | null }[];
  causes: readonly string[];
  ruledOut: readonly string[];
  decisions: readonly string[];
  asks: readonly { text: string; owner: string | null }[];
  steps: readonly string[];
  modes: readonly string[];
  /** When the next update is promised; null when none is. */
  nextAt: number | null;
}

/** What an update can show of long lists. */
const MOST = 5;

const PUBLIC_HURT: Record<Health, string> = {
  failing: 'does not work at the moment',
  degraded: 'works only with difficulty',
  unknown: 'may not work as usual',
  'early-warning': 'may be slower than usual',
  healthy: 'works, perhaps not for everybody',
};
const HURT: Record<Health, string> = {
  failing: 'fails',
  degraded: 'works with trouble',
  unknown: 'cannot be seen at the moment',
  'early-warning': 'shows first signs of trouble',
  healthy: 'measures as usual',
};

const STATES: Record<Status, string> = {
  declared: 'We are finding out what is wrong.',
  mitigating: 'We are working on it.',
  monitoring: 'It works again and we are watching whether it stays so.',
  resolved: 'It is over.',
  closed: 'It is over.',
};

/** The words for every placeholder; empty where there is nothing to say. */
export function valuesOf(
  facts: UpdateFacts,
  { audience, zone, now }: { audience: Audience; zone: string; now: number },
): Record<Placeholder, string> {
  const open = audience === 'public-status';
  const when = (at: number) => formatWhen(at, zone, now);
  const over = facts.resolvedAt !== null;
  const unhealthy = facts.services.filter(({ health }) => health !== 'healthy');
  const blind = unhealthy.filter(({ health }) => health === 'unknown');
  const { stores } = facts;
  const values: Record<Placeholder, string> = {
    label: facts.label,
    severity: facts.severity,
    title: facts.title,
    state: STATES[facts.status],
    hurt: sentence(
      facts.hurt.map(({ name, health, since }) =>
        over
          ? `${name} was disturbed`
          : `${name} ${(open ? PUBLIC_HURT : HURT)[health]}${!open && health === 'unknown' && since !== null ? ` since ${when(since)}` : ''}`,
      ),
    ),
    since: when(facts.startedAt),
    until: facts.resolvedAt === null ? '' : when(facts.resolvedAt),
    impact: facts.money.map(({ text, basis, asOf }) => `${text}; ${basis}, ${aged(now - asOf)}`).join('\n'),
    stores: stores === null ? '' : storesLine(stores),
    shops: stores === null ? '' : shopsLine(stores),
    services: items(
      unhealthy.map(({ name, health, since }) => `${name}: ${health}${since === null ? '' : ` since ${when(since)}`}`),
    ),
    cause: sentence(facts.causes),
    known: items([
      ...facts.causes.map((cause) => `The cause is confirmed: ${cause}.`),
      ...facts.ruledOut.map((name) => `It is not ${name}.`),
      ...facts.decisions.map((text) => `Decided: ${text}`),
    ]),
    unknown: items([
      ...(facts.causes.length === 0 && !over ? ['The cause is not confirmed.'] : []),
      ...(facts.money.length === 0 ? ['What it costs is not known.'] : []),
      ...blind.map(({ name, since }) => `${name}: nothing heard${since === null ? '' : ` since ${when(since)}`}.`),
      ...(stores !== null && stores.unknown > 0 ? [`${stores.unknown} stores are not heard of.`] : []),
    ]),
    doing: items([...facts.steps, ...facts.asks.map(({ text, owner }) => `${text} (${owner ?? 'nobody yet'})`)]),
    modes: items(facts.modes),
    commander: facts.commander ?? '',
    time: when(now),
    next:
      facts.nextAt !== null ? when(facts.nextAt) : over ? 'This is the last update.' : 'when there is something new',
  };
  return values;
}

function sentence(parts: readonly string[]): string {
  if (parts.length === 0) return '';
  const text = parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function items(lines: readonly string[]): string {
  const shown = lines.slice(0, MOST).map((line) => `- ${line.replace(/\s*\n\s*/g, ' ')}`);
  return [...shown, ...(lines.length > MOST ? [`- and ${lines.length - MOST} more`] : [])].join('\n');
}

const aged = (ms: number): string => (ms < 60_000 ? 'as of now' : `${formatDuration(ms)} old`);

/** "106 of 120 stores sell, 12 of them from their own server; 14 are not heard of." */
function storesLine({ total, sells, fallback, hindered, cannot, unknown, closed }: SellingCounts): string {
  if (total === closed) return `All ${total} stores are closed at this hour.`;
  const sell = sells + fallback + hindered;
  return `${[
    `${sell} of ${total - closed} open stores sell`,
    ...(fallback > 0 ? [`${fallback} of them from their own server`] : []),
    ...(hindered > 0 ? [`${hindered} with limits`] : []),
    ...(cannot > 0 ? [`${cannot} cannot sell`] : []),
    ...(unknown > 0 ? [`${unknown} are not heard of`] : []),
    ...(closed > 0 ? [`${closed} are closed at this hour`] : []),
  ].join(', ')}.`;
}

function shopsLine({ cannot, unknown, fallback, hindered, total, closed }: SellingCounts): string {
  if (total - closed <= 0) return 'Our stores are closed at this hour.';
  if (cannot + unknown === 0)
    return fallback + hindered === 0 ? 'Our stores are open.' : 'Our stores are open; some services there are limited.';
  return 'Most of our stores are open; please ask in yours.';
}
