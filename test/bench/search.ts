/** As-you-type queries through the engine over 1,000,000 ops: every beginning of each phrase from its second letter on. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine } from '../../electron/engine/engine.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Output } from '../../shared/contract/table.ts';
import { fillDemonstration } from '../support/estates.ts';
import { atMost, bench, progress, quantile, told } from './support/report.ts';

const OPS = 1_000_000;
const PHRASES = [
  'queue depth',
  'rolled back',
  'card payments time',
  'provider confirms',
  'replica lag',
  'checkout',
  'quickest way',
  'stores in the north',
  'zebra',
];

await bench('search', 5, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const data = join(folder, 'data');
  try {
    progress(`Writing ${OPS.toLocaleString('en')} ops …`);
    await fillDemonstration(data, OPS, 1);
    const engine = await openEngine({
      data,
      assets: fileURLToPath(new URL('../../assets/', import.meta.url)),
      version: 'bench',
      modules: [],
      poll: true,
    });
    const ask = async (input: object): Promise<Output<'search'>> => {
      const reply = (await engine.call('search', input)) as Reply<Output<'search'>>;
      if (!reply.ok) throw new Error(reply.message);
      return reply.value;
    };
    progress('Indexing …');
    const began = performance.now();
    while ((await ask({ text: 'zz' })).indexing) await new Promise((resolve) => setTimeout(resolve, 500));
    const indexing = performance.now() - began;
    const times: number[] = [];
    const filters = [{}, { entries: 'decision' }, { who: 'system' }];
    for (let run = -1; run < runs; run++) {
      for (const filter of filters) {
        for (const phrase of PHRASES) {
          for (let length = 2; length <= phrase.length; length++) {
            const started = performance.now();
            await ask({ text: phrase.slice(0, length), ...filter });
            if (run >= 0) times.push(performance.now() - started);
          }
        }
      }
    }
    await engine.close();
    return {
      figures: [
        atMost('p95_ms', quantile(times, 0.95), 'ms', 50),
        told('p50_ms', quantile(times, 0.5), 'ms'),
        told('p99_ms', quantile(times, 0.99), 'ms'),
        told('index_per_s', (OPS / indexing) * 1000, '/s'),
      ],
      runs: times.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
