/**
 * Who is on call. Invariant: a shift changes at the same local time in the rota's zone all year, so it is 23 or 25 hours
 * long on the days when the clocks change.
 */
import { Temporal } from 'temporal-polyfill';
import type { RotaLine } from './estate.ts';

export interface Shift {
  person: string;
  /** When the next person takes over, ms since 1970 UTC. */
  until: number;
}

/** The shift of a rota line at `now` (ms); null before the rota begins or when its line makes no sense. */
export function onCall(line: RotaLine, now: number): Shift | null {
  try {
    const start = Temporal.PlainDateTime.from(line.from);
    const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(line.timezone).toPlainDateTime();
    const elapsed = here.since(start, { largestUnit: 'hour' }).total({ unit: 'hour' });
    if (elapsed < 0) return null;
    const hours = line.everyDays * 24;
    const turn = Math.floor(elapsed / hours);
    const person = line.people[turn % line.people.length];
    if (person === undefined) return null;
    const until = start.add({ minutes: Math.round((turn + 1) * hours * 60) }).toZonedDateTime(line.timezone);
    return { person, until: until.epochMilliseconds };
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return null;
    throw error;
  }
}
