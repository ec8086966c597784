/**
 * Kills the engine with SIGKILL at random moments and looks at what the next one finds;
 * `npm run test:simulation -- --kills N` for long runs; a failure prints the seed of the run that lost something.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, mkdirSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';
import { seeded } from '../../support/history.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 2000);
/** Kills after which a lane begins a new folder, so that every start stays quick. */
const PER_FOLDER = 40;
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-crash-'));
const child = join(scratch, 'bundle', 'child.js');

beforeAll(async () => {
  await build({
    configFile: false,
    root: ROOT,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['better-sqlite3'] },
    build: {
      ssr: join(ROOT, 'test/simulation/crash/child.ts'),
      outDir: join(scratch, 'bundle'),
      target: 'node24',
      rolldownOptions: { external: ['better-sqlite3'] },
    },
  });
  mkdirSync(join(scratch, 'node_modules'));
  symlinkSync(join(ROOT, 'node_modules/better-sqlite3'), join(scratch, 'node_modules/better-sqlite3'));
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Life {
  acknowledged: string[];
  complaints: string[];
  /** Ops that the engine found when it opened. */
  found: number;
}

/** When to kill: some ms after the engine answered so many commands, or some ms after its start. */
type Moment = { answers: number; ms: number } | { afterStart: number };

/** One life of the engine, from its start to the kill. */
function live(data: string, seed: number, before: readonly string[], moment: Moment): Promise<Life> {
  return new Promise((resolve, reject) => {
    const life: Life = { acknowledged: [], complaints: [], found: -1 };
    const engine = spawn(process.execPath, [child, data, join(ROOT, 'assets'), String(seed), before.join(',')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(scratch, 'compiled') },
    });
    const kill = (ms: number) => setTimeout(() => engine.kill('SIGKILL'), ms);
    if ('afterStart' in moment) kill(moment.afterStart);
    createInterface({ input: engine.stdout }).on('line', (line) => {
      const [word, rest] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
      if (word === 'done') life.acknowledged.push(rest);
      else if (word === 'open') life.found = Number(rest);
      else life.complaints.push(line);
      if ('answers' in moment && life.found >= 0 && life.acknowledged.length === moment.answers) kill(moment.ms);
    });
    let errors = '';
    engine.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    engine.once('error', reject);
    engine.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') life.complaints.push(`ended by itself with ${code}: ${errors.slice(0, 2000)}`);
      resolve(life);
    });
  });
}

/** Lives and dies `kills` times; every complaint names its seed. */
async function lane(first: number, kills: number): Promise<{ acknowledged: number; complaints: string[] }> {
  const complaints: string[] = [];
  let acknowledged = 0;
  let before: string[] = [];
  let data = '';
  for (let n = 0; n < kills; n++) {
    const seed = first + n;
    const random = seeded(seed);
    if (n % PER_FOLDER === 0) {
      if (data) rmSync(data, { recursive: true, force: true });
      data = mkdtempSync(join(scratch, 'data-'));
      before = [];
    }
    const opening = random() < 0.1;
    const life = await live(
      data,
      seed,
      before,
      opening ? { afterStart: random() * 250 } : { answers: Math.floor(random() * 12), ms: random() * 4 },
    );
    complaints.push(...life.complaints.map((complaint) => `seed ${seed}: ${complaint}`));
    acknowledged += life.acknowledged.length;
    before = life.found < 0 ? before : [...life.acknowledged];
    if (complaints.length > 5) break;
  }
  return { acknowledged, complaints };
}

describe('an engine that is killed at any moment', () => {
  it(
    `has every acknowledged op, a whole chain and the right tables after each of ${KILLS} kills`,
    { timeout: 3_600_000 },
    async () => {
      const lanes = Math.max(1, Math.min(4, availableParallelism()));
      const results = await Promise.all(
        Array.from({ length: lanes }, (_, index) => lane(1 + index * 1_000_000, Math.ceil(KILLS / lanes))),
      );
      expect(results.flatMap((result) => result.complaints)).toEqual([]);
      const acknowledged = results.reduce((sum, result) => sum + result.acknowledged, 0);
      expect(acknowledged).toBeGreaterThan(KILLS);
    },
  );
});
