/** Spawn to first meaningful paint of the Situation screen with 50,000 ops in the store, against a bare window, in turn. */
import { join } from 'node:path';
import { fillDemonstration } from '../support/estates.ts';
import { atMost, bench, median, progress, told } from './support/report.ts';
import { Windows } from './support/windows.ts';

const OPS = 50_000;

await bench('startup', 9, async (runs) => {
  const windows = await Windows.prepare();
  try {
    const data = join(windows.folder, 'data');
    progress(`Writing ${OPS.toLocaleString('en')} ops …`);
    await fillDemonstration(data, OPS, 1);
    const bare: number[] = [];
    const paint: number[] = [];
    // The first start of each makes its Chromium profile and its code cache and is not counted.
    for (let run = 0; run <= runs; run++) {
      const sides = run % 2 === 0 ? (['bare', 'console'] as const) : (['console', 'bare'] as const);
      for (const side of sides) {
        const window = await (side === 'bare' ? windows.openBare() : windows.openConsole(data));
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
