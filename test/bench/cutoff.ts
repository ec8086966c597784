/**
 * Ten consoles are cut off from their hub for six hours and write 5,000 ops each; how long until all have everything once the
 * hub is back, and how much memory does that take? Engines on folders of their own, in processes of their own, at a real
 * nats-server; only the six hours are made short, by the clock that the engines are given.
 *
 * `converged_ms`: from the moment in which the server is there again until the last of the ten has every op of all of them;
 * it includes the wait until each tries its link again. `peak_mb`: the largest resident set of any of the ten, ever.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadIdentity, rawKey } from '../../electron/engine/access/identity.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { startNats } from '../support/nats.ts';
import { bench, progress, told } from './support/report.ts';

const CONSOLES = 10;
const OPS = Number(process.env['HOLDFAST_OPS'] ?? 5000);
const CHILD = fileURLToPath(new URL('cutoff/child.ts', import.meta.url));

interface Told {
  connected?: boolean;
  wrote?: number;
  converged?: number;
  peak?: number;
  before?: number;
}

class Child {
  readonly #process: ChildProcess;
  readonly #told: Told[] = [];
  readonly #gone: Promise<never>;
  #wake: () => void = () => {};

  constructor(data: string, hub: string, n: number) {
    this.#process = fork(CHILD, [data, hub, String(n)], { execArgv: ['--max-semi-space-size=8'] });
    this.#process.on('message', (message: Told) => {
      this.#told.push(message);
      this.#wake();
    });
    this.#gone = new Promise((_, reject) => this.#process.once('exit', () => reject(new Error('a console ended'))));
    this.#gone.catch(() => undefined);
  }

  say(order: object): void {
    this.#process.send(order);
  }

  async heard(what: keyof Told): Promise<Told> {
    for (;;) {
      const found = this.#told.find((message) => message[what] !== undefined);
      if (found) return found;
      await Promise.race([new Promise<void>((resolve) => (this.#wake = resolve)), this.#gone]);
    }
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.say({ end: true });
    await this.#gone.catch(() => undefined);
  }
}

await bench('cutoff', 1, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const server = await startNats();
  try {
    const folders = Array.from({ length: CONSOLES }, (_, n) => join(folder, String(n)));
    enrolAll(folders);
    const children = folders.map((data, n) => new Child(data, server.hub, n));
    process.once('exit', () => children.forEach((child) => child.kill()));
    await Promise.all(children.map((child) => child.heard('connected')));
    progress('The hub is gone; six hours pass …');
    await server.kill();
    for (const child of children) child.say({ write: OPS });
    const wrote = await Promise.all(children.map((child) => child.heard('wrote')));
    const total = wrote.reduce<number>((sum, { wrote }) => sum + wrote!, 0);
    for (const child of children) child.say({ expect: total });
    progress(`It is back; ${total.toLocaleString('en')} ops …`);
    await server.restart();
    const back = performance.timeOrigin + performance.now();
    const converged = await Promise.all(children.map((child) => child.heard('converged')));
    await Promise.all(children.map((child) => child.end()));
    const hashes = new Set(folders.map(hashOf));
    if (hashes.size !== 1) throw new Error(`The ten ended with ${hashes.size} different sets of tables.`);
    const times = converged.map(({ converged }) => converged! - back).toSorted((a, b) => a - b);
    return {
      figures: [
        told('converged_ms', times.at(-1)!, 'ms'),
        told('first_ms', times[0]!, 'ms'),
        told('ops', total, ''),
        told('peak_mb', Math.max(...converged.map(({ peak }) => peak!)) / 1e6, 'MB'),
        told('before_mb', Math.max(...wrote.map(({ before }) => before!)) / 1e6, 'MB'),
      ],
      runs,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The first counts all others, and each of those the first. */
function enrolAll(folders: readonly string[]): void {
  const identities = folders.map((data) => {
    openDatabase(data).close();
    return loadIdentity(data);
  });
  for (const [n, data] of folders.entries()) {
    const opened = openDatabase(data);
    new Store(opened, identities[n]!, Date.now).commit({ actor: 'system', zone: 'UTC' }, (tx) => {
      for (const { console, publicKey } of n === 0 ? identities.slice(1) : identities.slice(0, 1)) {
        const payload = { console, key: rawKey(publicKey).toString('base64url'), name: console };
        tx.append({ scope: ESTATE, type: 'console.enrol', payload });
      }
    });
    opened.close();
  }
}

function hashOf(data: string): string {
  const opened = openDatabase(data);
  try {
    return new Store(opened, loadIdentity(data), Date.now).hash();
  } finally {
    opened.close();
  }
}
