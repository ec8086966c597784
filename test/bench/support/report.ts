/**
 * What every bench prints. Invariant: one document or one table on stdout, words for people on stderr; status 1 when a
 * limit is missed, 2 when the command line makes no sense.
 */
import { cpus, release, totalmem, type as platformName } from 'node:os';
import { parseArgs } from 'node:util';

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** At most this, or at least, as the bench says; null when it is only told. */
  limit: number | null;
  ok: boolean;
}

export interface Measured {
  figures: Figure[];
  /** How often the thing was measured. */
  runs: number;
  /** What it was measured on, besides the machine. */
  on?: Record<string, string>;
}

/** A figure that may be at most `limit`. Values are rounded to four significant digits. */
export function atMost(name: string, value: number, unit: string, limit: number): Figure {
  const rounded = round(value);
  return { name, value: rounded, unit, limit, ok: rounded <= limit };
}

/** A figure that must be at least `limit`. */
export function atLeast(name: string, value: number, unit: string, limit: number): Figure {
  const rounded = round(value);
  return { name, value: rounded, unit, limit, ok: rounded >= limit };
}

/** A figure that has no limit. */
export function told(name: string, value: number, unit: string): Figure {
  return { name, value: round(value), unit, limit: null, ok: Number.isFinite(value) };
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear interpolation between the two nearest ranks. `q` from 0 to 1; NaN of nothing. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** Says on stderr how far it is. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a bench as this process: `[--json] [--runs N]`. Never returns.
 * @param runs how often to measure when nobody says
 */
export async function bench(name: string, runs: number, measure: (runs: number) => Promise<Measured>): Promise<never> {
  let options: { json?: boolean; runs?: string };
  try {
    options = parseArgs({ options: { json: { type: 'boolean' }, runs: { type: 'string' } } }).values;
  } catch (error) {
    process.stderr.write(
      `bench ${name}: ${(error as Error).message}\nUsage: npm run bench -- ${name} [--json] [--runs N]\n`,
    );
    process.exit(2);
  }
  const wanted = options.runs === undefined ? runs : Number(options.runs);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 100_000) {
    process.stderr.write(`bench ${name}: --runs takes a whole number above 0.\n`);
    process.exit(2);
  }
  try {
    const measured = await measure(wanted);
    const document = {
      bench: name,
      figures: measured.figures,
      machine: { ...machine(), ...measured.on },
      runs: measured.runs,
    };
    process.stdout.write(options.json ? `${JSON.stringify(document)}\n` : table(name, document));
    process.exit(measured.figures.every(({ ok }) => ok) ? 0 : 1);
  } catch (error) {
    process.stderr.write(
      `bench ${name}: ${error instanceof Error && error.name === 'SetupProblem' ? error.message : String((error as Error).stack ?? error)}\n`,
    );
    process.exit(1);
  }
}

function machine(): Record<string, string | number> {
  const processors = cpus();
  return {
    system: `${platformName()} ${release()} ${process.arch}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    processors: processors.length,
    memory_gib: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}

function table(
  name: string,
  { figures, machine, runs }: { figures: Figure[]; machine: Record<string, string | number>; runs: number },
): string {
  const rows = figures.map(({ name, value, unit, limit, ok }) => [
    name,
    String(value),
    unit,
    limit === null ? '' : `limit ${limit}`,
    limit === null ? '' : ok ? 'ok' : 'MISSED',
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 1 ? cell.padStart(widths[1]!) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${name}, ${runs} runs on ${machine.processors} × ${machine.processor}\n${lines.join('\n')}\n`;
}
