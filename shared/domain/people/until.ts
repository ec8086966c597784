/** A moment that is still to come, as people type it: "3h", "2d", "14:05", "2026-12-24", "2026-12-24 08:00". */
import { DAY, instants, localTime, parseDuration, type LocalTime } from '../times.ts';

const CLOCK = /^([01]?\d|2[0-3])[:.]([0-5]\d)$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[ T]([01]\d|2[0-3]):([0-5]\d))?$/;

export type Until = { ok: true; at: number } | { ok: false; message: string };

const HOW = 'write it like 3h, 2d, 14:05, 2026-12-24 or 2026-12-24 08:00.';

/**
 * The instant (ms) that somebody in `zone` means at `now` (ms). A clock time is the next one; a date alone is the
 * end of its day.
 */
export function parseUntil(text: string, zone: string, now: number): Until {
  const wanted = text.trim();
  const length = parseDuration(wanted);
  if (length !== null && length > 0) return { ok: true, at: now + length };
  const clock = CLOCK.exec(wanted);
  if (clock) {
    const at = (day: number) =>
      instant({ ...dayOf(day, zone), hour: Number(clock[1]), minute: Number(clock[2]) }, zone);
    const today = at(now);
    return { ok: true, at: today > now ? today : at(now + DAY) };
  }
  const date = DATE.exec(wanted);
  if (!date) return { ok: false, message: `"${wanted.slice(0, 40)}" is no moment to come; ${HOW}` };
  const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])];
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month > 12)
    return { ok: false, message: `"${wanted}" is no day of the calendar.` };
  const at =
    date[4] === undefined
      ? instant({ year, month, day, hour: 23, minute: 59 }, zone) + 60_000
      : instant({ year, month, day, hour: Number(date[4]), minute: Number(date[5]) }, zone);
  return at > now ? { ok: true, at } : { ok: false, message: `"${wanted}" is over; ${HOW}` };
}

const dayOf = (at: number, zone: string): Pick<LocalTime, 'year' | 'month' | 'day'> => localTime(at, zone);

/** A time that the clocks skip counts as the hour after it. */
function instant(
  local: { year: number; month: number; day: number; hour: number; minute: number },
  zone: string,
): number {
  const [first] = instants({ ...local, second: 0 }, zone);
  return first ?? instants({ ...local, hour: local.hour + 1, second: 0 }, zone)[0] ?? NaN;
}
