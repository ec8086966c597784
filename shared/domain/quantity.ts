/**
 * A measured value as a person reads it. Invariant: the unit stands beside every figure, and a value and the limit it is
 * held against are said in the same way, so that "98 s, early warning above 60 s" needs no second look.
 */
import { formatDuration } from './times.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Three digits that count; whole from a thousand on: "0.0003", "98.2", "12,345". */
function digits(value: number): string {
  return Math.abs(value) >= 1000 ? whole.format(value) : String(Number(value.toPrecision(3)));
}

/** From here on a length of time is said in minutes and hours, seconds. */
const LONG_S = 120;
const SECONDS: Readonly<Record<string, number>> = { s: 1, seconds: 1, ms: 1e-3, milliseconds: 1e-3 };
const BYTES: Readonly<Record<string, string>> = { bytes: '', B: '', 'bytes/s': '/s', 'B/s': '/s' };
/** Decimal, as disks and networks are sold. */
const SCALE = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

function ofSeconds(value: number): string {
  const length = Math.abs(value);
  if (length >= LONG_S) return formatDuration(value * 1000);
  if (length >= 1 || length === 0) return `${digits(value)} s`;
  return length >= 1e-3 ? `${digits(value * 1e3)} ms` : `${digits(value * 1e6)} µs`;
}

function ofBytes(value: number, per: string): string {
  let step = 0;
  let shown = value;
  while (Math.abs(shown) >= 1000 && step < SCALE.length - 1) {
    shown /= 1000;
    step++;
  }
  return `${digits(shown)} ${SCALE[step]!}${per}`;
}

/**
 * "0.31 ms", "10 h 12", "5 %" (of the unit `ratio`), "2.5 GB", "12,345 orders"; "infinite" where it is.
 *
 * @param unit as a metric's query names it; none when empty
 */
export function formatQuantity(value: number, unit: string): string {
  if (!Number.isFinite(value)) {
    const many = Number.isNaN(value) ? 'not a number' : value > 0 ? 'infinite' : 'minus infinite';
    return Number.isNaN(value) || unit === '' || unit === 'ratio' ? many : `${many} ${unit}`;
  }
  if (unit === 'ratio') return `${digits(value * 100)} %`;
  if (Object.hasOwn(SECONDS, unit)) return ofSeconds(value * SECONDS[unit]!);
  if (Object.hasOwn(BYTES, unit)) return ofBytes(value, BYTES[unit]!);
  return unit === '' ? digits(value) : `${digits(value)} ${unit}`;
}
