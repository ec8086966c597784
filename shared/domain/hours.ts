/** Opening hours. Invariant: judged in the store's own zone; hours that end after midnight belong to the day they began. */
import { Temporal } from 'temporal-polyfill';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const SPAN = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/;

/** Whether a store is open at `now` (ms); null when nothing is known of its hours, or they make no sense. */
export function isOpen(hours: Record<string, readonly string[]>, timezone: string, now: number): boolean | null {
  if (Object.keys(hours).length === 0) return null;
  let local: Temporal.ZonedDateTime;
  try {
    local = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone);
  } catch {
    return null;
  }
  const minute = local.hour * 60 + local.minute;
  const today = spans(hours[DAYS[local.dayOfWeek - 1]!]);
  const yesterday = spans(hours[DAYS[(local.dayOfWeek + 5) % 7]!]);
  return (
    today.some(([from, to]) => minute >= from && (to > from ? minute < to : true)) ||
    yesterday.some(([from, to]) => to <= from && minute < to)
  );
}

function spans(texts: readonly string[] | undefined): [from: number, to: number][] {
  return (texts ?? []).flatMap((text): [number, number][] => {
    const match = SPAN.exec(text);
    if (!match) return [];
    const [, h1, m1, h2, m2] = match.map(Number) as [number, number, number, number, number];
    return [[h1 * 60 + m1, h2 * 60 + m2]];
  });
}
