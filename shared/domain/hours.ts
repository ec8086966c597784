/** Opening hours. Invariant: judged in the store's own zone; hours that end after midnight belong to the day they began. */
import { isZone, localTime } from './times.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const DAY_NAMES = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const SPAN = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/;
const DAY = 24 * 60;
const WEEK = 7 * DAY;

export type Hours = Readonly<Record<string, readonly string[]>>;

export interface Opening {
  /** Null when nothing is known of the hours, or they make no sense. */
  open: boolean | null;
  /** When that changes next, in the store's own time, such as "20:00" or "Mon 08:00"; null when it never does. */
  until: string | null;
}

/** Minutes of the week, Monday 00:00 first, in which it is open: [from, to), joined and in order. */
type Spans = readonly (readonly [from: number, to: number])[];

const NOT_KNOWN: Opening = { open: null, until: null };

/** Hours as minutes of the week; kept, because thousands of stores are judged again and again. */
const parsed = new WeakMap<Hours, Spans>();

/** Whether a store is open at `now` (ms), and until when. */
export function opening(hours: Hours, timezone: string, now: number): Opening {
  if (Object.keys(hours).length === 0 || !isZone(timezone)) return NOT_KNOWN;
  const spans = spansOf(hours);
  if (spans.length === 0 && Object.values(hours).some((day) => day.length > 0)) return NOT_KNOWN;
  const { weekday, hour, minute } = localTime(now, timezone);
  const at = (weekday - 1) * DAY + hour * 60 + minute;
  const holding = spans.find(([from, to]) => (at >= from && at < to) || (at + WEEK >= from && at + WEEK < to));
  if (holding) return { open: true, until: holding[1] - holding[0] >= WEEK ? null : told(holding[1], at) };
  const next = spans.find(([from]) => from > at) ?? spans[0];
  return { open: false, until: next ? told(next[0], at) : null };
}

/** Whether a store is open at `now` (ms); null when nothing is known of its hours, or they make no sense. */
export function isOpen(hours: Hours, timezone: string, now: number): boolean | null {
  return opening(hours, timezone, now).open;
}

/** "20:00", with the day when it is another one than that of `at`. Midnight at the end of a day is 24:00. */
function told(minute: number, at: number): string {
  const day = Math.floor(minute / DAY) % 7;
  const today = Math.floor(at / DAY);
  const rest = minute % DAY;
  if (rest === 0 && (day + 6) % 7 === today) return '24:00';
  const time = `${String(Math.floor(rest / 60)).padStart(2, '0')}:${String(rest % 60).padStart(2, '0')}`;
  const ahead = (((minute - at) % WEEK) + WEEK) % WEEK;
  return day === today && ahead < DAY ? time : `${DAY_NAMES[day]!} ${time}`;
}

function spansOf(hours: Hours): Spans {
  const known = parsed.get(hours);
  if (known) return known;
  const all = DAYS.flatMap((day, index) =>
    (hours[day] ?? []).flatMap((text): [number, number][] => {
      const match = SPAN.exec(text);
      if (!match) return [];
      const [, h1, m1, h2, m2] = match.map(Number) as [number, number, number, number, number];
      const from = h1 * 60 + m1;
      const to = h2 * 60 + m2;
      return [[index * DAY + from, index * DAY + (to > from ? to : to + DAY)]];
    }),
  ).sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [from, to] of all) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  const first = joined[0];
  const last = joined.at(-1);
  // Open over the end of the week: one span, so that "until" is when it really closes.
  if (first && last && first !== last && last[1] >= first[0] + WEEK) {
    last[1] = Math.max(last[1], first[1] + WEEK);
    joined.shift();
  }
  parsed.set(hours, joined);
  return joined;
}
