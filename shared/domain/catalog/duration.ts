/** ISO 8601 durations of fixed length. Invariant: whole seconds, so that what is written reads back as the same number. */

const PATTERN =
  /^P(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i;
const UNITS = [7 * 86_400, 86_400, 3600, 60, 1] as const;
/** A hundred years: more is a slip of the pen. */
const MAX_SECONDS = 36_525 * 86_400;

/** Seconds of a duration such as `PT15M` or `P7D`; null for anything else, and for years and months, whose length varies. */
export function parseDuration(text: string): number | null {
  const match = PATTERN.exec(text.trim());
  if (!match) return null;
  const parts = match.slice(1);
  if (parts.every((part) => part === undefined)) return null;
  const seconds = parts.reduce((sum, part, n) => sum + (part === undefined ? 0 : Number(part) * UNITS[n]!), 0);
  return seconds > MAX_SECONDS ? null : Math.round(seconds);
}

/** The duration in its shortest common form: PT0S, PT90S, PT15M, PT4H, P7D. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole !== 0 && whole % 86_400 === 0) return `P${whole / 86_400}D`;
  if (whole !== 0 && whole % 3600 === 0) return `PT${whole / 3600}H`;
  if (whole !== 0 && whole % 60 === 0) return `PT${whole / 60}M`;
  return `PT${whole}S`;
}
