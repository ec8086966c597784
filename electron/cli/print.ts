/**
 * PDF without an open console: Electron lays the document out without a window on any screen. Invariant: nothing is fetched
 * for it; where no runtime was ever set up there is no printer, and the engine says so.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Refusal } from '../../shared/contract/spec.ts';
import type { Printer } from '../engine/context.ts';

const PROGRAM = fileURLToPath(new URL('../main/print-file.ts', import.meta.url));

/** @throws Refusal when Electron is not set up here, or cannot print it. */
export const print: Printer = async (html) => {
  const { findRuntime, sandboxSwitches } = await import('../setup/runtime.ts');
  const runtime = findRuntime();
  if (!runtime)
    throw new Refusal(
      'refused',
      'PDF is printed by Electron, which is not set up here yet: run npm start once, or export html and print that.',
    );
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-pdf-'));
  try {
    const [from, to] = [join(folder, 'document.html'), join(folder, 'document.pdf')];
    await writeFile(from, html, { mode: 0o600 });
    const headless = process.platform === 'linux' ? ['--ozone-platform=headless'] : [];
    const { status, said } = await start(runtime.executable, [
      ...(await sandboxSwitches(runtime)),
      ...headless,
      PROGRAM,
      from,
      to,
    ]);
    if (status === 0) return await readFile(to);
    throw new Refusal(
      'refused',
      `The PDF could not be printed: ${said || `Electron ended with status ${status}`}. Export html and print that.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};

function start(executable: string, args: string[]): Promise<{ status: number | null; said: string }> {
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env;
  const child = spawn(executable, args, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 6 * 60_000,
    killSignal: 'SIGKILL',
  });
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text = (text + part).slice(-20_000)));
  return new Promise((done) => {
    child.once('error', (error) => done({ status: null, said: error.message }));
    child.once('close', (status) => done({ status, said: /^holdfast: (.*)$/m.exec(text)?.[1] ?? '' }));
  });
}
