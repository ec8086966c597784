/**
 * Rebuilding the tables from 1,000,000 ops: ops per second, and whether memory grows with the log: the peak resident set of
 * a process that rebuilds 1,000,000 to that of one that rebuilds 100,000. Both get the young generation that the console
 * gives its engine: otherwise the larger is as large as V8 lets garbage grow, and the smaller ends before that.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillDemonstration } from '../support/estates.ts';
import { atMost, bench, median, progress, told } from './support/report.ts';

const SIZES = [1_000_000, 100_000] as const;

const CHILD = `
  const { openDatabase } = await import(process.argv[1] + 'store/database.ts');
  const { loadIdentity } = await import(process.argv[1] + 'access/identity.ts');
  const { Store } = await import(process.argv[1] + 'store/store.ts');
  const opened = openDatabase(process.argv[2]);
  const { ops, ms, same } = new Store(opened, loadIdentity(process.argv[2]), Date.now).rebuild();
  opened.close();
  console.log(JSON.stringify({ ops, ms, same, peak: process.resourceUsage().maxRSS / 1024 }));
`;
const ENGINE = new URL('../../electron/engine/', import.meta.url).href;

await bench('rebuild', 3, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    for (const ops of SIZES) {
      progress(`Writing ${ops.toLocaleString('en')} ops …`);
      await fillDemonstration(join(folder, String(ops)), ops, 1);
    }
    const peaks: Record<number, number[]> = { [SIZES[0]]: [], [SIZES[1]]: [] };
    const speeds: number[] = [];
    for (let run = 0; run < runs; run++) {
      for (const ops of SIZES) {
        const out = execFileSync(
          process.execPath,
          ['--max-semi-space-size=8', '--input-type=module', '--eval', CHILD, ENGINE, join(folder, String(ops))],
          { encoding: 'utf8' },
        );
        const done = JSON.parse(out) as { ops: number; ms: number; same: boolean; peak: number };
        if (!done.same) throw new Error('The rebuilt tables differ from those before.');
        peaks[ops]!.push(done.peak);
        if (ops === SIZES[0]) speeds.push((done.ops / done.ms) * 1000);
        progress(
          `${run + 1}: ${ops.toLocaleString('en')} ops in ${(done.ms / 1000).toFixed(1)} s, peak ${done.peak.toFixed(0)} MiB`,
        );
      }
    }
    return {
      figures: [
        atMost('memory_ratio', median(peaks[SIZES[0]]!) / median(peaks[SIZES[1]]!), '×', 1.3),
        told('ops_per_s', median(speeds), '/s'),
        told('peak_mib_1000000', median(peaks[SIZES[0]]!), 'MiB'),
        told('peak_mib_100000', median(peaks[SIZES[1]]!), 'MiB'),
      ],
      runs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
