/**
 * A display for machines without one. Invariant: the virtual display lives exactly as long as the script that asked for
 * it, takes a free number by itself, and answers only to who holds its cookie.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { own, which } from './processes.ts';
import { SetupProblem } from './say.ts';

export interface Display {
  /** To merge into the environment of what shall be shown. */
  env: Record<string, string>;
  readonly stop: () => void;
}

export function displayMissing(): boolean {
  return process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
}

/** The person's own display where there is one, else a virtual one of 1600 × 1000. */
export async function openDisplay(): Promise<Display> {
  if (!displayMissing()) return { env: {}, stop: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-display-'));
  const authority = join(folder, 'authority');
  writeFileSync(authority, cookie(randomBytes(16)), { mode: 0o600 });
  const server = own(
    spawn(
      which('Xvfb') ?? 'Xvfb',
      ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-auth', authority],
      // Apart from the terminal's group, or Ctrl+C would take the display from a window that is still closing.
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], detached: true },
    ),
    'support',
  );
  const stop = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  let complaint = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const number = await new Promise<string>((resolve, reject) => {
    let line = '';
    (server.stdio[3] as Readable).setEncoding('utf8').on('data', (text: string) => {
      line += text;
      if (line.includes('\n')) resolve(line.trim());
    });
    const fail = (): void =>
      reject(new SetupProblem(`Xvfb did not start: ${complaint.trim().split('\n').at(-1) ?? 'it said nothing'}`));
    server.once('error', fail);
    server.once('exit', fail);
  });
  process.once('exit', stop);
  return { env: { DISPLAY: `:${number}`, XAUTHORITY: authority }, stop };
}

/** One Xauthority record that holds for any host and display (family Wild): address, number, name, data, each with a 16-bit length. */
function cookie(secret: Buffer): Buffer {
  const field = (data: Buffer): Buffer => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(data.length);
    return Buffer.concat([length, data]);
  };
  return Buffer.concat([
    Buffer.from([0xff, 0xff]),
    field(Buffer.alloc(0)),
    field(Buffer.alloc(0)),
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(secret),
  ]);
}
