/** PSS of all processes, idle on the demonstration estate, against a bare window, in turn. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openEngine } from '../../electron/engine/engine.ts';
import { ASSETS } from '../support/estates.ts';
import { treePss } from './support/memory.ts';
import { atMost, bench, median, progress, told } from './support/report.ts';
import { Windows, type OpenWindow } from './support/windows.ts';

/** From the first paint until it counts as idle, ms: the demonstration has been read and shown several times by then. */
const SETTLE = 20_000;
const SAMPLES = 5;
const MEBI = 2 ** 20;

await bench('memory', 3, async (runs) => {
  if (process.platform !== 'linux') throw new Error('only Linux tells the proportional set size of a process');
  const windows = await Windows.prepare();
  try {
    const data = join(windows.folder, 'data');
    const engine = await openEngine({ data, assets: ASSETS, version: '0.1.0', demonstration: true });
    await engine.close();
    const bare: number[] = [];
    const console: number[] = [];
    for (let run = 1; run <= runs; run++) {
      bare.push(await idlePss(await windows.openBare()));
      console.push(await idlePss(await windows.openConsole(data)));
      progress(
        `${run}: bare ${(bare.at(-1)! / MEBI).toFixed(0)} MiB, console ${(console.at(-1)! / MEBI).toFixed(0)} MiB`,
      );
    }
    return {
      figures: [
        atMost('ratio', median(console) / median(bare), '×', 1.7),
        told('pss_mb', median(console) / MEBI, 'MiB'),
        told('bare_mb', median(bare) / MEBI, 'MiB'),
      ],
      runs,
      on: { electron: windows.prepared.runtime.version },
    };
  } finally {
    windows.stop();
  }
});

async function idlePss(window: OpenWindow): Promise<number> {
  try {
    await delay(SETTLE);
    const samples: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample++) {
      samples.push(treePss(window.pid));
      await delay(500);
    }
    return median(samples);
  } finally {
    await window.close();
  }
}
