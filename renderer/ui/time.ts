/**
 * Instants and spans as people read them. Invariant: a time of day is never shown without its zone, an age never
 * without its unit. Input is ms since 1970 UTC, spans are ms.
 */
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (found === undefined) {
    found = new Intl.DateTimeFormat(locale, options);
    formats.set(key, found);
  }
  return found;
}

/** The machine's own IANA zone. */
export const localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Whether this runtime knows the IANA zone. */
export function isZone(zone: string): boolean {
  try {
    format('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

const usable = (zone: string): string => (isZone(zone) ? zone : 'UTC');

const PLACES = ['en-GB', 'en-US', 'en-AU', 'en-NZ', 'en-IN', 'en-ZA', 'en-CA'];

/** "CET", "EST", "AEDT"; "GMT+3" where English has no short name. */
export function zoneName(at: number, zone: string): string {
  const timeZone = usable(zone);
  let last = timeZone;
  for (const locale of PLACES) {
    const part = format(locale, { timeZone, timeZoneName: 'short' }).formatToParts(at).find(({ type }) => type === 'timeZoneName');
    last = part?.value ?? last;
    if (!/^(GMT|UTC)[+-]/.test(last)) return last;
  }
  return last;
}

/** "14:05" or "14:05:09" in the zone; the caller shows the zone beside it. */
export function timeOfDay(at: number, zone: string, seconds = false): string {
  return format('en-GB', {
    timeZone: usable(zone),
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  }).format(at);
}

/** "Sun 22 Nov", with the year when it is not this one. */
export function dayOf(at: number, zone: string, now: number): string {
  const timeZone = usable(zone);
  const year = format('en-GB', { timeZone, year: 'numeric' });
  return format('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    ...(year.format(at) === year.format(now) ? {} : { year: 'numeric' }),
  })
    .format(at)
    .replaceAll(',', '');
}

/** Whether two instants fall on the same calendar day of the zone. */
export function sameDay(a: number, b: number, zone: string): boolean {
  const day = format('en-GB', { timeZone: usable(zone), year: 'numeric', month: '2-digit', day: '2-digit' });
  return day.format(a) === day.format(b);
}

/** "14:05 CET"; "Sat 21 Nov 14:05 CET" when it is not today. */
export function clockTime(at: number, zone: string, now: number, seconds = false): string {
  const time = `${timeOfDay(at, zone, seconds)} ${zoneName(at, zone)}`;
  return sameDay(at, now, zone) ? time : `${dayOf(at, zone, now)} ${time}`;
}

/** "8 s", "40 s", "12 min", "2 h 05", "3 d 4 h". Never negative. */
export function span(ms: number): string {
  const value = Math.max(0, ms);
  if (value < MINUTE) return `${Math.floor(value / SECOND)} s`;
  if (value < HOUR) return `${Math.floor(value / MINUTE)} min`;
  if (value < DAY) return `${Math.floor(value / HOUR)} h ${String(Math.floor((value % HOUR) / MINUTE)).padStart(2, '0')}`;
  const hours = Math.floor((value % DAY) / HOUR);
  return hours === 0 ? `${Math.floor(value / DAY)} d` : `${Math.floor(value / DAY)} d ${hours} h`;
}

/** A running clock: "0:08", "38:12", "2:05:41", with a minus sign when the time is over. */
export function runningClock(ms: number): string {
  const value = Math.floor(Math.abs(ms) / SECOND);
  const seconds = String(value % 60).padStart(2, '0');
  const minutes = Math.floor(value / 60) % 60;
  const hours = Math.floor(value / 3600);
  const text = hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
  return ms <= -SECOND ? `−${text}` : text;
}
