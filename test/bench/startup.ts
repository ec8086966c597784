/**
 * Spawn to first meaningful paint of the Situation screen with 50,000 ops in the store, against a bare window, in turn. The
 * first picture is the last one that was shown, grey and with its time; the present replaces it once the log was read.
 */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fillDemonstration } from '../support/estates.ts';
import { atMost, bench, median, progress, told } from './support/report.ts';
import { Windows } from './support/windows.ts';

const OPS = 50_000;
/** How long the first window stays open, ms: a person leaves it open for longer. */
const STAYS_OPEN = 8000;

await bench('startup', 9, async (runs) => {
  const windows = await Windows.prepare();
  try {
    const data = join(windows.folder, 'data');
    progress(`Writing ${OPS.toLocaleString('en')} ops …`);
    await fillDemonstration(data, OPS, 1);
    const bare: number[] = [];
    const paint: number[] = [];
    // The first start of each makes its Chromium profile, its code cache and the picture that the next one begins with; it is
    // not counted.
    for (let run = 0; run <= runs; run++) {
      const sides = run % 2 === 0 ? (['bare', 'console'] as const) : (['console', 'bare'] as const);
      for (const side of sides) {
        const window = await (side === 'bare' ? windows.openBare() : windows.openConsole(data));
        if (run === 0) await setTimeout(STAYS_OPEN);
        await window.close();
        if (run > 0) (side === 'bare' ? bare : paint).push(window.paintMs);
      }
      if (run > 0) progress(`${run}: bare ${bare.at(-1)!.toFixed(0)} ms, Situation ${paint.at(-1)!.toFixed(0)} ms`);
    }
    return {
      figures: [
        atMost('ratio', median(paint) / median(bare), '×', 1.8),
        told('paint_ms', median(paint), 'ms'),
        told('bare_ms', median(bare), 'ms'),
      ],
      runs,
      on: { electron: windows.prepared.runtime.version },
    };
  } finally {
    windows.stop();
  }
});
