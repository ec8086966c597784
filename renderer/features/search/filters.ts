/** What a search is narrowed down by, as it stands in the place's parameters and as the engine is asked. Pure. */
import type { HitKind } from '../../../shared/contract/search.ts';
import { ENTRY_KIND_TITLES, ENTRY_KINDS, type EntryKind } from '../../../shared/domain/timeline.ts';
import { DAY, instants, localTime } from '../../../shared/domain/times.ts';
import type { Question } from './results.ts';

/** Parameters of the screen. `at` is the hit that was opened last. */
export type Params = Readonly<Record<string, string>>;

export const WHEN = [
  { value: '', label: 'Any time' },
  { value: 'today', label: 'Today' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: '365d', label: 'Last 365 days' },
  { value: 'between', label: 'Between…' },
] as const;

const NAMED: Record<Exclude<HitKind, 'entry'>, string> = {
  incident: 'Incidents',
  service: 'Services',
  'business-service': 'Business services',
  store: 'Stores',
  team: 'Teams',
  person: 'People',
  runbook: 'Runbooks',
};

/** `kind` in the parameters: `entry`, a kind of entry, or the kind of something that has a name. */
export const KINDS: readonly { value: string; label: string }[] = [
  { value: '', label: 'Everything' },
  { value: 'entry', label: 'All that was written' },
  ...ENTRY_KINDS.map((kind) => ({ value: `entry:${kind}`, label: ENTRY_KIND_TITLES[kind] })),
  ...Object.entries(NAMED).map(([value, label]) => ({ value, label })),
];

/** Whether only names are searched: then who, when and where mean nothing. */
export const onlyNames = (params: Params): boolean => (params['kind'] ?? '') in NAMED;

/** Whether anything but words narrows the search down. */
export const isNarrowed = (params: Params): boolean =>
  ['who', 'kind', 'within', 'when'].some((name) => (params[name] ?? '') !== '');

/** The question that the parameters mean, read in `zone` at `now` (ms); null when nothing is asked. */
export function questionOf(params: Params, zone: string, now: number): Question | null {
  const text = (params['text'] ?? '').slice(0, 500);
  const kind = params['kind'] ?? '';
  if (onlyNames(params)) return text.trim() === '' ? null : { text, kinds: [kind as HitKind] };
  const { who = '', within = '' } = params;
  const time = spanOf(params, zone, now);
  const narrowed: Omit<Question, 'text'> = {
    ...(kind === '' ? {} : { kinds: ['entry'] }),
    ...(kind.startsWith('entry:') ? { entries: kind.slice('entry:'.length) as EntryKind } : {}),
    ...(who === '' ? {} : { who }),
    ...(within === '' ? {} : { incident: within }),
    ...time,
  };
  const asked =
    text.trim() !== '' || who !== '' || within !== '' || kind.startsWith('entry:') || Object.keys(time).length > 0;
  return asked ? { text, ...narrowed } : null;
}

/** From the beginning of the first day to the end of the last, as clocks in `zone` show them. */
function spanOf(params: Params, zone: string, now: number): { from?: number; to?: number } {
  const when = params['when'] ?? '';
  if (when === '') return {};
  const today = startOfDay(now, zone);
  if (when === 'today') return { from: today };
  if (when !== 'between') return { from: startOfDay(today - (Number.parseInt(when, 10) - 1) * DAY + DAY / 2, zone) };
  const from = dayOf(params['from'] ?? '', zone);
  const to = dayOf(params['to'] ?? '', zone);
  return { ...(from === null ? {} : { from }), ...(to === null ? {} : { to: startOfDay(to + 1.5 * DAY, zone) - 1 }) };
}

function startOfDay(at: number, zone: string): number {
  const { year, month, day } = localTime(at, zone);
  return firstOf({ year, month, day }, zone);
}

/** The first moment of a day; where the clocks skip midnight, the first that there is. */
function firstOf(date: { year: number; month: number; day: number }, zone: string): number {
  for (let hour = 0; hour < 24; hour++) {
    const [first] = instants({ ...date, hour, minute: 0, second: 0 }, zone);
    if (first !== undefined) return first;
  }
  return Date.UTC(date.year, date.month - 1, date.day);
}

/** The first moment of `2026-11-21` in `zone`; null when that is no day. */
function dayOf(text: string, zone: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return year === undefined ? null : firstOf({ year: Number(year), month: Number(month), day: Number(day) }, zone);
}
