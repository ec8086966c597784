/**
 * What the shell itself did: engine and window deaths, refused messages. Invariant: names, codes and numbers only, never
 * what a person typed; the file never grows past its limit.
 */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LIMIT = 1024 * 1024;

let file: string | null = null;

/** From here on lines are kept as JSON in `folder`/shell.log; before that they only go to stderr. */
export function keepLogIn(folder: string): void {
  file = join(folder, 'shell.log');
  try {
    if (statSync(file).size > LIMIT) renameSync(file, `${file}.1`);
  } catch {
    // There is none yet.
  }
}

export function log(event: string, detail: Record<string, string | number | boolean | null> = {}): void {
  const words = Object.entries(detail).map(([key, value]) => `${key}=${value}`);
  process.stderr.write(`holdfast: ${[event, ...words].join(' ')}\n`);
  if (file === null) return;
  try {
    appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), event, ...detail })}\n`);
  } catch {
    // A full or read-only disk must not stop the window.
  }
}

// A terminal that was closed must not end the console with EPIPE.
process.stderr.on('error', () => undefined);
process.stdout.on('error', () => undefined);
