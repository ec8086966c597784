/**
 * What a guess costs: a console of its own measures itself as at the first set-up, a person sets a passphrase, and then it is tried. `guess_ms`
 * is what one core needs for one guess with the parameters that were stored, the quickest of all, without anything that only an
 * honest console does (the disk, the wait, the queue); what a person waits for is told beside it.
 */
import { cpus, tmpdir } from 'node:os';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DEAR, timeOf, type Cost } from '../../electron/engine/access/cost.ts';
import { waitAfter } from '../../electron/engine/access/secrets.ts';
import type { Caller } from '../../electron/engine/access/session.ts';
import { openEngine } from '../../electron/engine/engine.ts';
import { atLeast, bench, median, told } from './support/report.ts';

const assets = new URL('../../assets/', import.meta.url).pathname;
const WORDS = 'seven lemons on a tram';
const DAY_MS = 86_400_000;

await bench('unlock', 5, async (runs) => {
  const data = mkdtempSync(join(tmpdir(), 'holdfast-unlock-'));
  const caller: Caller = { id: 'the window of the bench', kind: 'window' };
  try {
    let cost: Cost | null = null;
    const guess = { ...DEAR, measure: async () => (cost = await DEAR.measure()) };
    const engine = await openEngine({ data, assets, version: 'bench', demonstration: true, modules: [], guess });
    const call = async (name: string, input: unknown): Promise<void> => {
      const reply = await engine.call(name, input, { request: crypto.randomUUID(), caller });
      if (!reply.ok) throw new Error(reply.message);
    };
    await call('access.grant', { to: 'ana-kovac', role: 'keeper' });
    const began = performance.now();
    await call('access.secret', { person: 'ana-kovac', secret: WORDS });
    const setMs = performance.now() - began;
    const unlocks: number[] = [];
    for (let run = 0; run < runs; run++) {
      await call('access.lock', {});
      const from = performance.now();
      await call('access.unlock', { person: 'ana-kovac', secret: WORDS });
      unlocks.push(performance.now() - from);
    }
    await engine.close();
    const guessMs = await timeOf(cost!, runs);
    return {
      figures: [
        atLeast('guess_ms', guessMs, 'ms', 250),
        told('unlock_ms', median(unlocks), 'ms'),
        told('first_set_ms', setMs, 'ms'),
        told('guess_mib', (128 * cost!.cost * cost!.block) / 2 ** 20, 'MiB'),
        told('online_guesses_a_day', DAY_MS / waitAfter(Number.MAX_SAFE_INTEGER), 'guesses'),
        told('pin6_core_years', (1e6 * guessMs) / 1000 / 86_400 / 365, 'years'),
        told('cores', cpus().length, ''),
      ],
      runs,
    };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
