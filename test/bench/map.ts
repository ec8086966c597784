/**
 * The map with 5,000 services and 15,000 dependencies in the real console, moved for ten seconds, against cytoscape's canvas and
 * React Flow in a bare window with the same graph, places, size and journey. A frame is what passes between two
 * animation frames.
 *
 * `p95_ms` and `p50_ms` are what a person sees: frames wait for a display of 60 Hz, so that none is shorter than 16.7 ms and the
 * map's cost is hidden below it. How many times faster one map is than another can not be told there: the display would be
 * measured instead of the quicker one. So for the factors all three run once more, in turn, with frames that wait for nothing
 * (`--disable-frame-rate-limit --disable-gpu-vsync`): same journey by the clock, same switches, same quantile.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { layoutMap, SIZES } from '../../shared/domain/layout/layout.ts';
import type { Health } from '../../shared/domain/words.ts';
import { inventEstate } from '../support/estate-graph.ts';
import { layoutInput } from '../support/layouts.ts';
import { type Firing, serveAlerts } from './support/alerts.ts';
import { drive } from './support/drive.ts';
import { JOURNEY, travel } from './support/frames.ts';
import { fillEstate } from './support/large-estate.ts';
import { installOpponents, OPPONENTS, opponentVersions } from './support/opponents.ts';
import { atLeast, atMost, bench, median, progress, quantile, told } from './support/report.ts';
import { Windows } from './support/windows.ts';

const SERVICES = 5000;
const DEPENDENCIES = 15_000;
const HEALTHS: readonly Health[] = ['healthy', 'early-warning', 'degraded', 'failing', 'unknown'];
const SEVERITY: Partial<Record<Health, Firing['severity']>> = {
  'early-warning': 'warning',
  degraded: 'error',
  failing: 'critical',
};
/** What the canvas of the map covers in the console; the opponents' windows are as large. */
const SIZE = { width: 1440, height: 900 };

const estate = inventEstate(SERVICES, DEPENDENCIES, 1);

await bench('map', 3, async (runs) => {
  await installOpponents();
  const windows = await Windows.prepare();
  const alerts = await serveAlerts(() =>
    estate.services.flatMap(({ id, health: { health } }) => {
      const severity = SEVERITY[health];
      return severity === undefined ? [] : [{ service: id, severity }];
    }),
  );
  try {
    const data = join(windows.folder, 'data');
    mkdirSync(data, { recursive: true });
    progress(`Writing ${SERVICES.toLocaleString('en')} services …`);
    await fillEstate(data, estate, { url: alerts.url, intervalSeconds: 5 });
    const pages = join(windows.folder, 'pages');
    await build({
      root: join(OPPONENTS, 'map'),
      base: './',
      logLevel: 'error',
      configFile: false,
      build: {
        outDir: pages,
        emptyOutDir: true,
        rolldownOptions: {
          input: ['cytoscape', 'xyflow'].map((name) => join(OPPONENTS, 'map', `${name}.html`)),
        },
      },
    });
    const ours: number[] = [];
    const unpaced: number[] = [];
    const first: number[] = [];
    const theirs = { cytoscape: [] as number[], xyflow: [] as number[] };
    for (let run = 1; run <= runs; run++) {
      const own = await consoleFrames(windows, data);
      ours.push(...own.frames);
      first.push(own.firstMs);
      said(`${run} Holdfast, 60 Hz (first picture ${own.firstMs.toFixed(0)} ms)`, own.frames);
      const { frames: free } = await consoleFrames(windows, data, false);
      unpaced.push(...free);
      said(`${run} Holdfast, unpaced`, free);
      for (const name of ['cytoscape', 'xyflow'] as const) {
        const frames = await opponentFrames(windows, join(pages, `${name}.html`));
        theirs[name].push(...frames);
        said(`${run} ${name}, unpaced`, frames);
      }
    }
    const p95 = quantile(unpaced, 0.95);
    return {
      figures: [
        atMost('p95_ms', quantile(ours, 0.95), 'ms', 33),
        atMost('p50_ms', median(ours), 'ms', 17),
        atLeast('speedup_vs_cytoscape', quantile(theirs.cytoscape, 0.95) / p95, '×', 20),
        atLeast('speedup_vs_xyflow', quantile(theirs.xyflow, 0.95) / p95, '×', 20),
        told('first_picture_ms', median(first), 'ms'),
        told('worst_ms', quantile(ours, 1), 'ms'),
        told('unpaced_p95_ms', p95, 'ms'),
        told('cytoscape_p95_ms', quantile(theirs.cytoscape, 0.95), 'ms'),
        told('xyflow_p95_ms', quantile(theirs.xyflow, 0.95), 'ms'),
      ],
      runs,
      on: { electron: windows.prepared.runtime.version, ...opponentVersions(['cytoscape', '@xyflow/react']) },
    };
  } finally {
    await alerts.stop();
    windows.stop();
  }
});

function said(who: string, frames: readonly number[]): void {
  progress(
    `${who}: ${frames.length} frames, p50 ${median(frames).toFixed(1)} ms, p95 ${quantile(frames, 0.95).toFixed(1)} ms`,
  );
}

async function consoleFrames(
  windows: Windows,
  data: string,
  paced = true,
): Promise<{ frames: number[]; firstMs: number }> {
  const { app, page } = await drive(windows, [windows.prepared.entry, '--data', data], paced);
  try {
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
      SIZE,
    );
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.focus());
    const firstMs = await page.evaluate(openMap);
    await page.evaluate(steerConsole);
    const frames = await page.evaluate(travel, JOURNEY);
    return { frames, firstMs };
  } finally {
    await app.close();
  }
}

/** Runs in the page: from the second key of "g m" to the frame in which the map stands. */
function openMap(): Promise<number> {
  return new Promise((resolve) => {
    const press = (key: string): void => {
      for (const type of ['keydown', 'keyup'])
        document.body.dispatchEvent(new KeyboardEvent(type, { key, code: `Key${key.toUpperCase()}`, bubbles: true }));
    };
    press('g');
    const began = performance.now();
    press('m');
    const look = (): void => {
      if (document.documentElement.dataset['ready'] === 'map')
        requestAnimationFrame(() => resolve(performance.now() - began));
      else requestAnimationFrame(look);
    };
    look();
  });
}

/** Runs in the page: moves the map as a wheel does. */
function steerConsole(): void {
  const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=map-canvas]')!;
  const wheel = (options: WheelEventInit): void => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    canvas.dispatchEvent(
      new WheelEvent('wheel', {
        clientX: left + width / 2,
        clientY: top + height / 2,
        bubbles: true,
        cancelable: true,
        ...options,
      }),
    );
  };
  (window as unknown as { moveMap: unknown }).moveMap = (factor: number, dx: number, dy: number): void => {
    // The map's own factor per pixel of the wheel.
    if (factor !== 1) wheel({ deltaY: -Math.log(factor) / 0.0016 });
    if (dx !== 0 || dy !== 0) wheel({ deltaX: -dx, deltaY: -dy, shiftKey: true });
  };
}

async function opponentFrames(windows: Windows, html: string): Promise<number[]> {
  const input = layoutInput(estate);
  const { x, y } = layoutMap(input);
  const graph = {
    nodes: estate.services.map(({ id, name, health }, v) => ({
      id,
      name,
      x: x[v]!,
      y: y[v]!,
      health: HEALTHS.indexOf(health.health),
    })),
    edges: estate.dependencies.map(({ from, to }) => ({ from, to })),
    width: SIZES.width,
    height: SIZES.height,
  };
  const profile = join(windows.folder, 'opponent');
  mkdirSync(profile, { recursive: true });
  const { app, page } = await drive(windows, [join(OPPONENTS, 'map', 'main.mjs'), profile, html], false);
  try {
    await page.waitForFunction(() => 'showMap' in window);
    await app.evaluate(
      ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
      SIZE,
    );
    await page.evaluate(
      (shown) => (window as unknown as { showMap(graph: unknown): Promise<void> }).showMap(shown),
      graph,
    );
    await page.waitForFunction(() => 'moveMap' in window);
    return await page.evaluate(travel, JOURNEY);
  } finally {
    await app.close();
  }
}
