/**
 * Opening an incident with 50,000 timeline entries against one with 50, in turn in the same console: from the click in the
 * list to the frame in which the room stands with its newest entries. And the size of the database, all indexes and the
 * search index included, against the JSON of its ops.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { openEngine } from '../../electron/engine/engine.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { databaseOf, fillDemonstration } from '../support/estates.ts';
import { drive } from './support/drive.ts';
import { atMost, bench, median, progress, told } from './support/report.ts';
import { Windows } from './support/windows.ts';

const INCIDENTS = { 'Fifty thousand entries': 50_000, 'Fifty entries': 50 } as const;
type Title = keyof typeof INCIDENTS;
const SENTENCES = [
  'Queue depth is 48,000 and growing.',
  'The provider confirms a partial outage.',
  'Rolled back; waiting for the caches to warm.',
];

await bench('open', 15, async (runs) => {
  const windows = await Windows.prepare();
  try {
    const data = join(windows.folder, 'data');
    progress('Writing the incidents …');
    await fillDemonstration(data, 2000, 1);
    write(data);
    const sizeRatio = await indexedSize(data);
    const times = await opened(windows, data, runs);
    const [large, small] = [median(times['Fifty thousand entries']), median(times['Fifty entries'])];
    return {
      figures: [
        atMost('ratio', large / small, '×', 1.5),
        atMost('size_ratio', sizeRatio, '×', 2),
        told('ms_50000', large, 'ms'),
        told('ms_50', small, 'ms'),
      ],
      runs,
      on: { electron: windows.prepared.runtime.version },
    };
  } finally {
    windows.stop();
  }
});

function write(data: string): void {
  const file = openDatabase(data);
  const store = new Store(file, loadIdentity(data), Date.now);
  const author = { actor: 'system', zone: 'Europe/Berlin' };
  for (const [index, [title, entries]] of Object.entries(INCIDENTS).entries()) {
    const scope = `iopen${index}`;
    const start = Date.now() - 6 * 3_600_000;
    store.commit(author, (tx) => {
      const payload = { number: 9000 + index, title, severity: 'SEV1', services: [], businessServices: [] };
      tx.append({ scope, type: 'incident.declare', payload, eventTime: start });
      for (let n = 1; n < entries; n++) {
        const text = `${SENTENCES[n % SENTENCES.length]!} ${n}`;
        tx.append({ scope, type: 'entry.note', payload: { text }, eventTime: start + n * 100 });
      }
    });
  }
  file.close();
}

/** Database size once everything is indexed, per byte of the ops as JSON. */
async function indexedSize(data: string): Promise<number> {
  const assets = fileURLToPath(new URL('../../assets/', import.meta.url));
  const engine = await openEngine({ data, assets, version: 'bench', modules: [], poll: true });
  for (;;) {
    const reply = await engine.call('search', { text: 'zz' });
    if (!reply.ok) throw new Error(reply.message);
    if ((reply.value as { indexing: unknown }).indexing === null) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await engine.close();
  const file = openDatabase(data);
  file.db.pragma('wal_checkpoint(TRUNCATE)');
  let json = 0;
  for (const op of new Store(file, loadIdentity(data), Date.now).log.all())
    json += Buffer.byteLength(JSON.stringify(bare(op)));
  file.close();
  return statSync(databaseOf(data)).size / json;
}

async function opened(windows: Windows, data: string, runs: number): Promise<Record<Title, number[]>> {
  const { app, page } = await drive(windows, [windows.prepared.entry, '--data', data]);
  const times: Record<Title, number[]> = { 'Fifty thousand entries': [], 'Fifty entries': [] };
  try {
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    for (let run = -2; run < runs; run++) {
      const titles = Object.keys(INCIDENTS) as Title[];
      for (const title of run % 2 === 0 ? titles : titles.toReversed()) {
        await page.keyboard.press('Escape');
        await page.keyboard.press('g');
        await page.keyboard.press('i');
        await page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
        const row = page.getByRole('grid', { name: 'Incidents' }).getByText(title);
        const ms = await row.evaluate(openAndTime);
        if (run >= 0) times[title].push(ms);
        progress(`${title}: ${ms.toFixed(0)} ms`);
        await page.keyboard.press('Escape');
      }
    }
  } finally {
    await app.close();
  }
  return times;
}

/** Runs in the page: from the click to the first frame after the room is ready and shows an entry. */
function openAndTime(row: Element): Promise<number> {
  return new Promise((resolve) => {
    const began = performance.now();
    const look = (): void => {
      const { ready } = document.documentElement.dataset;
      const entry = document.querySelector('[role="grid"][aria-label="Timeline"] [role="row"]');
      if (ready === 'incident' && entry) requestAnimationFrame(() => resolve(performance.now() - began));
      else requestAnimationFrame(look);
    };
    (row as HTMLElement).click();
    look();
  });
}
