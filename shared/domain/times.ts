/**
 * Invariant: an instant is milliseconds since 1970 UTC and a time on screen always names its zone. Turning what a person
 * typed into an instant never guesses: a local time that the clocks skipped is refused, one that came twice is given
 * back with both readings, and one that is still to come is not taken for the past.
 *
 * Built on Intl alone (the platform's own zone database): the screens' first bundle carries no calendar library.
 */

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Calendar fields of an instant as clocks in a zone show them. Month 1–12, weekday 1 (Monday) – 7. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  weekday: number;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const LIMIT = 8_640_000_000_000_000;

const parts = new Map<string, Intl.DateTimeFormat>();
const names = new Map<string, Intl.DateTimeFormat[]>();
/** Locales that between them know most abbreviations in use: CET, EST, AEST, NST, IST. */
const NAMING_LOCALES = ['en-GB', 'en-US', 'en-CA', 'en-AU', 'en-IN', 'en-ZA'];

function formatter(zone: string): Intl.DateTimeFormat {
  let found = parts.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    parts.set(zone, found);
  }
  return found;
}

/** Whether this platform knows `zone` as an IANA zone. */
export function isZone(zone: string): boolean {
  try {
    formatter(zone);
    return true;
  } catch {
    return false;
  }
}

/** `zone` when it is one, else UTC: a name that another console made up must not blank a screen. */
export function safeZone(zone: string): string {
  return isZone(zone) ? zone : 'UTC';
}

/** Calendar fields of `at` in `zone` (UTC when the zone is unknown). `at` outside the calendar's range is brought to its edge. */
export function localTime(at: number, zone: string): LocalTime {
  const local = new Date(bounded(at) + offset(at, zone));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: ((local.getUTCDay() + 6) % 7) + 1,
  };
}

const bounded = (at: number) => Math.min(LIMIT - 2 * DAY, Math.max(2 * DAY - LIMIT, Math.floor(at / SECOND) * SECOND));

/** Offsets of whole hours in which the clocks did not change, by zone and hour; null where they did. */
const offsets = new Map<string, Map<number, number | null>>();
const OFFSETS_KEPT = 20_000;

/**
 * Milliseconds by which clocks in `zone` are ahead of UTC at `at`. A timeline asks for every line at every frame and the
 * platform takes its time, so an hour is asked about once.
 */
export function offset(at: number, zone: string): number {
  const known = safeZone(zone);
  const exact = bounded(at);
  const hour = Math.floor(exact / HOUR);
  let kept = offsets.get(known);
  if (!kept || kept.size > OFFSETS_KEPT) offsets.set(known, (kept = new Map()));
  let ahead = kept.get(hour);
  if (ahead === undefined) {
    const first = askOffset(hour * HOUR, known);
    ahead = first === askOffset((hour + 1) * HOUR - SECOND, known) ? first : null;
    kept.set(hour, ahead);
  }
  return ahead ?? askOffset(exact, known);
}

/** The offset as the platform's calendar gives it. */
function askOffset(at: number, zone: string): number {
  const fields: Record<string, string> = {};
  for (const { type, value } of formatter(zone).formatToParts(at)) fields[type] = value;
  const number = (name: string) => Number(fields[name]);
  // The year before 1 AD is 1 BC.
  const year = fields['era'] === 'BC' ? 1 - number('year') : number('year');
  return utc(year, number('month'), number('day'), number('hour'), number('minute'), number('second')) - at;
}

/** `Date.UTC` without its reading of years 0–99 as 1900–1999. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, 0);
  return date.getTime();
}

/** What a local date and time stands for: no instant (skipped), one, or two (the hour that came twice), earliest first. */
export function instants(local: Omit<LocalTime, 'weekday'>, zone: string): number[] {
  const asUtc = utc(local.year, local.month, local.day, local.hour, local.minute, local.second);
  const offsets = new Set([offset(asUtc - DAY, zone), offset(asUtc + DAY, zone), offset(asUtc, zone)]);
  return [...offsets]
    .map((ahead) => asUtc - ahead)
    .filter((at) => at + offset(at, zone) === asUtc)
    .sort((a, b) => a - b);
}

/** What people call the zone at that moment: CET, EST, else UTC+05:45. */
export function zoneName(at: number, zone: string): string {
  const known = safeZone(zone);
  // Asking the platform is slow and a timeline asks for every line; within a year an offset has one name.
  const ahead = offset(at, known);
  const key = `${known} ${ahead} ${Math.floor(at / (365 * DAY))}`;
  let name = nameCache.get(key);
  if (name === undefined) {
    if (nameCache.size > 5_000) nameCache.clear();
    name = lookUpName(at, known, ahead);
    nameCache.set(key, name);
  }
  return name;
}

const nameCache = new Map<string, string>();

function lookUpName(at: number, known: string, ahead: number): string {
  let formats = names.get(known);
  if (!formats) {
    formats = NAMING_LOCALES.map(
      (locale) => new Intl.DateTimeFormat(locale, { timeZone: known, timeZoneName: 'short', hour: 'numeric' }),
    );
    names.set(known, formats);
  }
  for (const format of formats) {
    const name = format.formatToParts(bounded(at)).find((part) => part.type === 'timeZoneName')?.value;
    if (name && (name === 'UTC' || name === 'GMT' || /^[A-Z]{2,5}$/.test(name))) return name;
  }
  return `UTC${offsetText(ahead)}`;
}

function offsetText(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / MINUTE);
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

const two = (n: number) => String(n).padStart(2, '0');
const clock = (local: LocalTime, seconds: boolean) =>
  `${two(local.hour)}:${two(local.minute)}${seconds ? `:${two(local.second)}` : ''}`;

/** "14:05 CET"; with seconds "14:05:07 CET". */
export function formatTime(at: number, zone: string, { seconds = false, zoned = true } = {}): string {
  const time = clock(localTime(at, zone), seconds);
  return zoned ? `${time} ${zoneName(at, zone)}` : time;
}

const dayNumber = (local: LocalTime) => Math.floor(utc(local.year, local.month, local.day, 0, 0, 0) / DAY);

/** The day of `at` as somebody in `zone` at `now` calls it: "" today, "yesterday", "Fri 21 Nov", "21 Nov 2025". */
export function formatDay(at: number, zone: string, now: number): string {
  const then = localTime(at, zone);
  const today = localTime(now, zone);
  const days = dayNumber(then) - dayNumber(today);
  if (days === 0) return '';
  if (days === -1) return 'yesterday';
  if (days === 1) return 'tomorrow';
  const date = `${then.day} ${MONTHS[then.month - 1]}`;
  return then.year === today.year ? `${WEEKDAYS[then.weekday - 1]} ${date}` : `${date} ${then.year}`;
}

/** A time with its day when it is not today's: "14:05 CET", "yesterday 23:50 CET", "Fri 21 Nov 23:50 CET". */
export function formatWhen(
  at: number,
  zone: string,
  now: number,
  options: { seconds?: boolean; zoned?: boolean } = {},
): string {
  const day = formatDay(at, zone, now);
  const time = formatTime(at, zone, options);
  return day === '' ? time : `${day} ${time}`;
}

/** The date of `at`: "2026-03-29". */
export function formatDate(at: number, zone: string): string {
  const { year, month, day } = localTime(at, zone);
  const digits = String(Math.abs(year)).padStart(4, '0');
  return `${year < 0 ? '-' : ''}${digits}-${two(month)}-${two(day)}`;
}

/** A length of time (ms) to the precision that a person acts on: "40 s", "38 min", "2 h 05", "3 d 4 h". Rounded down. */
export function formatDuration(ms: number): string {
  const length = Math.abs(ms);
  const sign = ms <= -SECOND ? '−' : '';
  if (length < MINUTE) return `${sign}${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${sign}${Math.floor(length / MINUTE)} min`;
  if (length < 2 * DAY) return `${sign}${Math.floor(length / HOUR)} h ${two(Math.floor((length % HOUR) / MINUTE))}`;
  return `${sign}${Math.floor(length / DAY)} d ${Math.floor((length % DAY) / HOUR)} h`;
}

/** A running clock (ms): "0:07", "38:12", "2:05:12"; negative when the time is up: "−1:05". */
export function formatClock(ms: number): string {
  const total = Math.floor(Math.abs(ms) / SECOND);
  const sign = ms < 0 && total > 0 ? '−' : '';
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = two(total % 60);
  if (hours >= 100) return `${sign}${Math.floor(hours / 24)} d`;
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${seconds}` : `${sign}${minutes}:${seconds}`;
}

const UNITS: Record<string, number> = { s: SECOND, m: MINUTE, min: MINUTE, h: HOUR, d: DAY };

/** A length of time as people type it – "10m", "90s", "1h30", "1h30m", "2 h 05", "1.5h", "2d" – in ms; null when it is none. */
export function parseDuration(text: string): number | null {
  const wanted = text.trim().toLowerCase();
  if (!/^\d/.test(wanted)) return null;
  const bare = /^(\d+)\s*h\s*(\d{1,2})$/.exec(wanted);
  if (bare) return Number(bare[1]) * HOUR + Number(bare[2]) * MINUTE;
  let total = 0;
  let at = 0;
  const part = /(\d+(?:[.,]\d+)?)\s*(min|s|m|h|d)\s*/y;
  while (at < wanted.length) {
    part.lastIndex = at;
    const found = part.exec(wanted);
    if (!found) return null;
    total += Number(found[1]!.replace(',', '.')) * UNITS[found[2]!]!;
    at = part.lastIndex;
  }
  return Number.isFinite(total) && total <= 3650 * DAY ? Math.round(total) : null;
}

/** What somebody meant by a typed time. */
export type When =
  | { ok: true; at: number }
  | {
      ok: false;
      /** One sentence: why, and what to write instead. */
      message: string;
      /** Ready-made spellings that are unambiguous, when the time came twice. */
      choices: { text: string; at: number }[];
    };

const refuse = (message: string, choices: { text: string; at: number }[] = []): When => ({
  ok: false,
  message,
  choices,
});

const RELATIVE = /^(?:-\s*(.+)|(.+?)\s+ago)$/;
const CLOCK = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?:[:.]([0-5]\d))?$/;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;
/** How long ago a bare clock time of the day before may lie: at 00:10, "23:50" means yesterday; at 13:00, "14:05" does not. */
const NIGHT = 12 * HOUR;
/** A clock that runs a little behind must not turn the present minute into the future. */
const SLACK = 2 * MINUTE;

interface Day {
  year: number;
  month: number;
  day: number;
}

/**
 * The instant meant by `text`, typed by somebody in `zone` at `now`, of something that has happened.
 *
 * Takes "now", "-10m", "1h30 ago", "14:05", "14:05:30", "yesterday 23:50", "fri 23:50", "21 nov 23:50",
 * "2026-11-21 23:50", each of the clock times with a zone after it ("14:05 UTC", "02:30 CEST", "14:05 America/New_York",
 * "14:05 +01:00"), and ISO instants. A clock time without a day is the latest one, no more than twelve hours back
 * when that is the day before.
 */
export function parseWhen(text: string, zone: string, now: number): When {
  const wanted = text.trim().replace(/\s+/g, ' ');
  const lower = wanted.toLowerCase();
  if (lower === '') return refuse('Write a time, such as 14:05, -10m or yesterday 23:50.');
  if (lower === 'now') return { ok: true, at: now };

  const relative = RELATIVE.exec(lower);
  if (relative) {
    const length = parseDuration(relative[1] ?? relative[2]!);
    return length === null
      ? refuse(`"${wanted}" is no length of time; write it like -10m or -1h30.`)
      : { ok: true, at: now - length };
  }
  if (ISO.test(wanted)) {
    const at = Date.parse(wanted);
    return Number.isNaN(at) ? refuse(`"${wanted}" is no date.`) : past(at, wanted, zone, now);
  }

  const words = wanted.split(' ');
  const clockAt = words.findIndex((word) => CLOCK.test(word));
  if (clockAt < 0) return refuse(`"${wanted}" is no time; write it like 14:05, -10m or yesterday 23:50.`);
  const [, hour, minute, second] = CLOCK.exec(words[clockAt]!)!;
  const time = { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) };

  const zoneText = words.slice(clockAt + 1).join(' ');
  const inZone = resolveZone(zoneText, zone);
  if (!inZone)
    return refuse(`"${zoneText}" is no time zone that is known here; write UTC, +01:00 or a name like Europe/Vienna.`);

  const dayText = words.slice(0, clockAt).join(' ');
  const today = localTime(now, inZone.zone);
  const day = resolveDay(dayText, today);
  if (!day) return refuse(`"${dayText}" is no day; write yesterday, fri, 21 nov or 2026-11-21.`);

  const readings = (of: Day) => readingsOf(of, time, inZone);
  if (dayText !== '') return settle(readings(day), day, time, inZone, wanted, now);
  const here = readings(day);
  const happened = here.filter((at) => at <= now + SLACK);
  if (happened.length > 0 || here.length === 0) return settle(happened, day, time, inZone, wanted, now);
  const before = addDays(day, -1);
  const lastNight = readings(before).filter((at) => at >= now - NIGHT);
  if (lastNight.length > 0) return settle(lastNight, before, time, inZone, wanted, now);
  return refuse(
    `${formatTime(here[0]!, inZone.zone)} is still to come; write "yesterday ${words[clockAt]}" if you mean that.`,
  );
}

/**
 * The instant meant by `text` of something that is still to come: "now", "30m", "14:05", "sat 02:00", "30 nov 22:00",
 * "2026-11-30 22:00", each of the clock times with a zone after it, and ISO instants. A clock time without a day is the next one.
 */
export function parseAhead(text: string, zone: string, now: number): When {
  const wanted = text.trim().replace(/\s+/g, ' ');
  const how = 'write it like 30m, 22:00, sat 02:00 or 2026-11-30 22:00.';
  if (wanted === '' || wanted.toLowerCase() === 'now') return { ok: true, at: now };
  const length = parseDuration(wanted.replace(/^(?:in |\+) */i, ''));
  if (length !== null) return { ok: true, at: now + length };
  const ahead = (found: readonly number[], name: string): When => {
    const [at] = found;
    if (at === undefined) return refuse(`"${wanted}" does not exist ${name}: the clocks are put forward then.`);
    return at >= now - SLACK ? { ok: true, at: Math.max(at, now) } : refuse(`"${wanted}" is over; ${how}`);
  };
  if (ISO.test(wanted)) {
    const at = Date.parse(wanted);
    return Number.isNaN(at) ? refuse(`"${wanted}" is no date.`) : ahead([at], '');
  }
  const words = wanted.split(' ');
  const clockAt = words.findIndex((word) => CLOCK.test(word));
  if (clockAt < 0) return refuse(`"${wanted}" is no time; ${how}`);
  const [, hour, minute, second] = CLOCK.exec(words[clockAt]!)!;
  const time = { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) };
  const zoneText = words.slice(clockAt + 1).join(' ');
  const inZone = resolveZone(zoneText, zone);
  if (!inZone) return refuse(`"${zoneText}" is no time zone that is known here; write UTC, +01:00 or Europe/Vienna.`);
  const dayText = words.slice(0, clockAt).join(' ').toLowerCase();
  const today = localTime(now, inZone.zone);
  const on = (day: Day): number[] => readingsOf(day, time, inZone);
  if (dayText === '' || dayText === 'today') {
    const later = on(today).filter((at) => at >= now - SLACK);
    return later.length > 0 || dayText === 'today'
      ? ahead(later.length > 0 ? later : on(today), 'today')
      : ahead(on(addDays(today, 1)), 'tomorrow');
  }
  if (dayText === 'tomorrow') return ahead(on(addDays(today, 1)), 'tomorrow');
  const day = resolveDay(dayText, today);
  if (!day) return refuse(`"${dayText}" is no day; ${how}`);
  // Days are read as the last ones; what is meant here is the next of that name.
  if (/^[a-z]+$/.test(dayText)) {
    const next = [day, addDays(day, 7), addDays(day, 14)].map(on).find((found) => (found[0] ?? 0) >= now - SLACK);
    return ahead(next ?? on(addDays(day, 7)), 'on that day');
  }
  const found = on(day);
  const yearless = !/\d{4}/.test(dayText);
  return ahead(yearless && (found[0] ?? 0) < now - SLACK ? on({ ...day, year: day.year + 1 }) : found, 'on that day');
}

interface ZoneMeant {
  zone: string;
  /** Set when an abbreviation or an offset picks one of two readings. */
  name: string | null;
}

function resolveZone(text: string, home: string): ZoneMeant | null {
  const known = safeZone(home);
  if (text === '') return { zone: known, name: null };
  if (/^(utc|gmt|z)$/i.test(text)) return { zone: 'UTC', name: null };
  const ahead = /^(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(text);
  if (ahead) {
    const fixed = `${ahead[1]}${two(Number(ahead[2]))}:${ahead[3] ?? '00'}`;
    return isZone(fixed) ? { zone: fixed, name: null } : null;
  }
  const name = text.toUpperCase();
  const homely = namesOf(known).has(name) ? known : ABBREVIATIONS[name];
  if (homely) return { zone: homely, name };
  return text.includes('/') && isZone(text) ? { zone: text, name: null } : null;
}

/** Abbreviations that people write of a zone that is not theirs. Those of their own zone are known anyway and go first. */
const ABBREVIATIONS: Record<string, string> = {
  WET: 'Europe/Lisbon',
  WEST: 'Europe/Lisbon',
  BST: 'Europe/London',
  CET: 'Europe/Paris',
  CEST: 'Europe/Paris',
  EET: 'Europe/Athens',
  EEST: 'Europe/Athens',
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  JST: 'Asia/Tokyo',
};

/** The names that clocks in `zone` go by in the course of a year. */
function namesOf(zone: string): Set<string> {
  return new Set([zoneName(Date.UTC(2026, 0, 1), zone), zoneName(Date.UTC(2026, 6, 1), zone)]);
}

function readingsOf(day: Day, time: { hour: number; minute: number; second: number }, meant: ZoneMeant): number[] {
  const found = instants({ ...day, ...time }, meant.zone);
  return meant.name === null ? found : found.filter((at) => zoneName(at, meant.zone) === meant.name);
}

function settle(
  found: number[],
  day: Day,
  time: { hour: number; minute: number; second: number },
  meant: ZoneMeant,
  wanted: string,
  now: number,
): When {
  const date = `${day.day} ${MONTHS[day.month - 1]} ${day.year}`;
  const hhmm = `${two(time.hour)}:${two(time.minute)}`;
  if (found.length === 1) return past(found[0]!, wanted, meant.zone, now);
  if (found.length > 1) {
    const spelled = found.map((at) => ({
      text: `${formatDate(at, meant.zone)} ${formatTime(at, meant.zone, { seconds: time.second > 0 })}`,
      at,
    }));
    const named = found.map((at) => `${hhmm} ${zoneName(at, meant.zone)}`);
    return refuse(`${hhmm} came twice on ${date}, when the clocks went back; write ${named.join(' or ')}.`, spelled);
  }
  const plain = instants({ ...day, ...time }, meant.zone);
  if (meant.name !== null && plain.length > 0) {
    return refuse(
      `On ${date} the clocks there showed ${plain.map((at) => zoneName(at, meant.zone)).join(' and ')}, not ${meant.name}.`,
    );
  }
  const before = utc(day.year, day.month, day.day, time.hour, time.minute, time.second);
  const gap = offset(before + DAY, meant.zone) - offset(before - DAY, meant.zone);
  const after = localTime(before - offset(before - DAY, meant.zone), meant.zone);
  return refuse(
    `${hhmm} did not exist on ${date} in ${meant.zone}: the clocks went forward by ${formatDuration(gap)}, so it was ${clock(after, false)} at once.`,
  );
}

function past(at: number, wanted: string, zone: string, now: number): When {
  if (at <= now + SLACK) return { ok: true, at: Math.min(at, now) };
  return refuse(`"${wanted}" is still to come (${formatWhen(at, zone, now)}).`);
}

function resolveDay(text: string, today: LocalTime): Day | null {
  const lower = text.toLowerCase().replace(/,/g, '');
  if (lower === '' || lower === 'today') return today;
  if (lower === 'yesterday' || lower === 'y') return addDays(today, -1);
  const weekday = WEEKDAYS.findIndex((name) => new RegExp(`^${name}[a-z]*$`, 'i').test(lower));
  if (weekday >= 0) return addDays(today, -((today.weekday - (weekday + 1) + 7) % 7 || 7));
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(lower);
  if (iso) return checked(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const named = /^(?:[a-z]{3,9} )?(\d{1,2})\.? ([a-z]{3})[a-z]*(?: (\d{4}))?$/.exec(lower);
  if (named) {
    const month = MONTHS.findIndex((name) => name.toLowerCase() === named[2]) + 1;
    if (month === 0) return null;
    if (named[3]) return checked(Number(named[3]), month, Number(named[1]));
    const later = month > today.month || (month === today.month && Number(named[1]) > today.day);
    return checked(later ? today.year - 1 : today.year, month, Number(named[1]));
  }
  return null;
}

function checked(year: number, month: number, day: number): Day | null {
  const date = new Date(utc(year, month, day, 0, 0, 0));
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day ? { year, month, day } : null;
}

function addDays({ year, month, day }: Day, days: number): Day {
  const date = new Date(utc(year, month, day + days, 0, 0, 0));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/**
 * Takes a time from the start of `text`: the longest run of leading words that look like one, read by `parseWhen`, and
 * the rest. A refused reading keeps its words, so that "14:05 EST" in summer is not quietly read without its zone.
 */
export function takeWhen(text: string, zone: string, now: number): { when: When; rest: string; taken: string } {
  const words = [...text.matchAll(/\S+/g)];
  for (let count = Math.min(5, words.length); count > 0; count--) {
    const end = words[count - 1]!.index + words[count - 1]![0].length;
    const taken = text.slice(0, end);
    if (count > 1 && !looksWhole(taken, zone)) continue;
    const when = parseWhen(taken, zone, now);
    if (when.ok || count === 1 || words.slice(0, count).some(([word]) => CLOCK.test(word))) {
      return { when, rest: text.slice(end).trim(), taken };
    }
  }
  return { when: parseWhen('', zone, now), rest: '', taken: '' };
}

/** Several words are only taken together when each of them belongs to a time; the word after "14:05" may be anybody's. */
function looksWhole(text: string, zone: string): boolean {
  const words = text.trim().split(/\s+/);
  const at = words.findIndex((word) => CLOCK.test(word));
  if (at < 0) return words.length === 2 && words[1]!.toLowerCase() === 'ago';
  if (at === words.length - 1) return true;
  return at === words.length - 2 && resolveZone(words.at(-1)!, zone) !== null;
}
