/**
 * 10,000 signals a minute for five minutes (`--minutes N` for less) with the map of 5,000 services open: an Alertmanager answers every six
 * seconds with 1,100 alerts about other services than before. An alert counts as arrived when its
 * service's signals name its answer, each of them asked for; frames are those of the open map, while all this is being asked.
 *
 * Memory is that of all processes after the page, and the page alone, was told to collect its garbage: a page that idles collects when
 * it likes, so that two readings may differ by all that it has not yet thrown away. Garbage that is kept counts; the engine's own
 * and the shell's is never collected for the reading. Beside it stands the growth without any of that (`uncollected_growth`), and
 * with the first minute, in which caches and heaps fill up, left in (`growth_from_start`). What is compared is the last quarter
 * with the first one after that minute.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { inventEstate } from '../support/estate-graph.ts';
import { type AlertServer, type Firing, serveAlerts } from './support/alerts.ts';
import { drive } from './support/drive.ts';
import { fillEstate } from './support/large-estate.ts';
import { treePss } from './support/memory.ts';
import { atMost, bench, median, progress, quantile, told } from './support/report.ts';
import { Windows } from './support/windows.ts';

const SERVICES = 5000;
const DEPENDENCIES = 15_000;
const INTERVAL = 6;
/** Somewhat more than a tenth of what a minute must bring: an interval begins when the answer before has been read. */
const PER_ANSWER = 1100;
/** ms */
const WARM_MS = 60_000;
/** How long the board and the screen may take to show an answer, ms. */
const PATIENCE = 5000;

const estate = inventEstate(SERVICES, DEPENDENCIES, 1);
const SEVERITIES: readonly Firing['severity'][] = ['warning', 'error', 'critical'];

/** The services of an answer: the next so many. */
const firing = (answer: number): Firing[] =>
  Array.from({ length: PER_ANSWER }, (_, i) => ({
    service: estate.services[(answer * PER_ANSWER + i) % SERVICES]!.id,
    severity: SEVERITIES[(answer + i) % SEVERITIES.length]!,
  }));

const minutes = takeMinutes();

await bench('signals', 1, async (runs) => {
  const windows = await Windows.prepare();
  const alerts = await serveAlerts(firing);
  try {
    const data = join(windows.folder, 'data');
    mkdirSync(data, { recursive: true });
    progress(`Writing ${SERVICES.toLocaleString('en')} services …`);
    await fillEstate(data, estate, { url: alerts.url, intervalSeconds: INTERVAL });
    const { app, page } = await drive(windows, [windows.prepared.entry, '--data', data]);
    try {
      await page.locator('html[data-ready]').waitFor({ state: 'attached' });
      await page.keyboard.press('g');
      await page.keyboard.press('m');
      await page.locator('html[data-ready=map]').waitFor({ state: 'attached' });
      return { figures: await measure(page, alerts, app.process().pid!), runs, on: { minutes: String(minutes) } };
    } finally {
      await app.close();
    }
  } finally {
    await alerts.stop();
    windows.stop();
  }
});

async function measure(page: Page, alerts: AlertServer, pid: number) {
  const memory: number[] = [];
  const uncollected: number[] = [];
  const all: number[] = [];
  const heap = await page.context().newCDPSession(page);
  let sent = 0;
  let arrived = 0;
  await answered(alerts, alerts.answers + 2);
  await page.evaluate(watchFrames);
  const until = Date.now() + minutes * 60_000;
  const began = Date.now();
  while (Date.now() < until) {
    const answer = alerts.answers + 1;
    await answered(alerts, answer);
    const seen = await boardShows(page, answer);
    sent += PER_ANSWER;
    arrived += seen;
    const warm = Date.now() - began >= WARM_MS || minutes * 60_000 <= 2 * WARM_MS;
    const raw = treePss(pid);
    await heap.send('HeapProfiler.collectGarbage');
    const collected = treePss(pid);
    all.push(collected);
    if (warm) {
      uncollected.push(raw);
      memory.push(collected);
    }
    progress(`${((Date.now() - began) / 1000).toFixed(0)} s: ${arrived} of ${sent} signals arrived`);
  }
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
  const shown = await page.getByTestId('count-line').innerText();
  if (!shown.includes(SERVICES.toLocaleString('en'))) throw new Error(`the map is not what is shown: ${shown}`);
  return [
    atMost('dropped', sent - arrived, 'signals', 0),
    atMost('p95_ms', quantile(frames, 0.95), 'ms', 33),
    atMost('memory_growth', growth(memory), '×', 1.1),
    told('signals', sent, 'signals'),
    told('per_minute', sent / ((Date.now() - began) / 60_000), 'signals/min'),
    told('p50_ms', median(frames), 'ms'),
    told('worst_ms', quantile(frames, 1), 'ms'),
    told('pss_mb', memory.at(-1)! / 2 ** 20, 'MiB'),
    told('uncollected_growth', growth(uncollected), '×'),
    told('growth_from_start', growth(all), '×'),
    told('uncollected_pss_mb', quantile(uncollected, 1) / 2 ** 20, 'MiB'),
  ];
}

/** The last quarter of the readings to the first. */
function growth(readings: readonly number[]): number {
  const part = Math.max(1, Math.floor(readings.length / 4));
  return median(readings.slice(-part)) / median(readings.slice(0, part));
}

async function answered(alerts: AlertServer, answer: number): Promise<void> {
  const limit = Date.now() + 10 * INTERVAL * 1000;
  while (alerts.answers < answer) {
    if (Date.now() > limit) throw new Error('the console asks for no more alerts');
    await delay(50);
  }
}

/** How many alerts of an answer the board holds, service by service: asked until all are there or patience ends. */
async function boardShows(page: Page, answer: number): Promise<number> {
  let missing = firing(answer).map(({ service }) => service);
  const limit = Date.now() + PATIENCE;
  for (;;) {
    missing = await page.evaluate(
      async ([wanted, text]) => {
        const absent: string[] = [];
        for (const id of wanted) {
          const service = await window.holdfast.call('estate.service', { service: id });
          if (!service.ok || !service.value.signals.some((signal) => signal.text.includes(text))) {
            absent.push(id);
            // The answer is not there yet: no need to ask for the rest.
            if (absent.length === 1 && id === wanted[0]) return wanted;
          }
        }
        return absent;
      },
      [missing, `answer ${answer}`] as [string[], string],
    );
    if (missing.length === 0 || Date.now() > limit) return PER_ANSWER - missing.length;
    await delay(200);
  }
}

/** Runs in the page: keeps the times between frames, ms, in `window.frames`. */
function watchFrames(): void {
  const frames: number[] = [];
  (window as unknown as { frames: number[] }).frames = frames;
  let last = performance.now();
  const frame = (now: number): void => {
    frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Takes `--minutes N` off the command line, which knows only what all benches have. */
function takeMinutes(): number {
  const at = process.argv.indexOf('--minutes');
  if (at < 0) return 5;
  const value = Number(process.argv[at + 1]);
  process.argv.splice(at, 2);
  if (value > 0 && value <= 120) return value;
  process.stderr.write('bench signals: --minutes takes a number from 0 to 120.\n');
  process.exit(2);
}
