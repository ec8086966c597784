/** Times of a document: all in one zone, each with its date and the zone's name, to the second. */
import { formatDate, formatTime, localTime, offset } from '../times.ts';

/** Two times that differ by less than this are one time to a reader, ms. */
const SAME_MS = 1000;

export class DocumentClock {
  readonly zone: string;
  readonly #names = new Map<number, string>();

  /** @param zone IANA zone */
  constructor(zone: string) {
    this.zone = zone;
  }

  /** "2026-11-22 14:05:07 CET". */
  at(ms: number): string {
    return `${formatDate(ms, this.zone)} ${formatTime(ms, this.zone, { seconds: true, zoned: false })} ${this.#name(ms)}`;
  }

  /** "14:05:07 CET" on the day of `other`, else the whole of it. */
  near(ms: number, other: number): string {
    const whole = this.at(ms);
    return formatDate(ms, this.zone) === formatDate(other, this.zone) ? whole.slice(whole.indexOf(' ') + 1) : whole;
  }

  /** "2026-11-22T14:05:07+01:00", after ISO 8601. */
  iso(ms: number): string {
    const { hour, minute, second } = localTime(ms, this.zone);
    const ahead = Math.round(offset(ms, this.zone) / 60_000);
    const size = Math.abs(ahead);
    const zone = `${ahead < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
    return `${formatDate(ms, this.zone)}T${two(hour)}:${two(minute)}:${two(second)}${zone}`;
  }

  /** "Europe/Vienna (CET)", with both names when the clocks change between the two times. */
  called(from: number, to: number): string {
    const names = [...new Set([this.#name(from), this.#name(to)])].filter((name) => name !== this.zone);
    return names.length === 0 ? this.zone : `${this.zone} (${names.join(', ')})`;
  }

  /** The zone's names change on quarters of hours at the finest, so that one lookup serves many times. */
  #name(ms: number): string {
    const quarter = Math.floor(ms / 900_000);
    let name = this.#names.get(quarter);
    if (name === undefined) {
      name = formatTime(ms, this.zone).replace(/^\S+ /, '');
      this.#names.set(quarter, name);
    }
    return name;
  }
}

/** Whether a reader has to be told both. */
export function differ(a: number, b: number): boolean {
  return Math.abs(a - b) >= SAME_MS;
}

function two(n: number): string {
  return String(n).padStart(2, '0');
}
