/**
 * One durable command against one bare insert with `synchronous=FULL` on the same disk, in turn.
 *
 * The command is a line in an incident's timeline and goes the way that a person's does: from the page of the real
 * console over preload and main process to the engine's process, through schema, capability, op, chain and signature to
 * the commit, and back to the page. Both processes' borders are in the figure.
 */
import Database from 'better-sqlite3';
import { join } from 'node:path';
import type { Bridge } from '../../shared/contract/bridge.ts';
import { drive } from './support/drive.ts';
import { atMost, bench, median, progress, quantile, told } from './support/report.ts';
import { Windows } from './support/windows.ts';

declare global {
  interface Window {
    readonly holdfast: Bridge;
  }
}

const TEXT = 'The provider confirms a partial outage in its second region; next word in 20 minutes. '.repeat(3);
/** Not counted: until then code is compiled and caches fill. */
const WARM_UP = 100;

await bench('command', 1000, async (runs) => {
  const windows = await Windows.prepare();
  const { entry, runtime } = windows.prepared;
  const { app, page } = await drive(windows, [entry, '--data', join(windows.folder, 'data'), '--empty']);
  const insert = bareInsert(join(windows.folder, 'bare.db'));
  try {
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
    const incident = await page.evaluate(async () => {
      const reply = await window.holdfast.call('incident.declare', { title: 'Bench' });
      return reply.ok ? reply.value.id : '';
    });
    const command: number[] = [];
    const bare: number[] = [];
    for (let run = -WARM_UP; run < runs; run++) {
      const ms = await page.evaluate(
        async ([incident, text]) => {
          const started = performance.now();
          const reply = await window.holdfast.call('incident.say', { incident, text });
          return reply.ok ? performance.now() - started : Number.NaN;
        },
        [incident, TEXT] as const,
      );
      if (Number.isNaN(ms)) throw new Error('a command was refused');
      const bareMs = insert.run(TEXT);
      if (run < 0) continue;
      command.push(ms);
      bare.push(bareMs);
      if (run > 0 && run % 250 === 0)
        progress(`${run}: bare ${median(bare).toFixed(3)} ms, command ${median(command).toFixed(3)} ms`);
    }
    return {
      figures: [
        atMost('ratio', median(command) / median(bare), '×', 4),
        told('p50_ms', median(command), 'ms'),
        told('p99_ms', quantile(command, 0.99), 'ms'),
        told('bare_ms', median(bare), 'ms'),
      ],
      runs,
      on: { electron: runtime.version },
    };
  } finally {
    insert.close();
    await app.close();
    windows.stop();
  }
});

function bareInsert(file: string): { run(text: string): number; close(): void } {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE line (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT');
  const statement = db.prepare('INSERT INTO line (text) VALUES (?)');
  return {
    run(text) {
      const started = performance.now();
      statement.run(text);
      return performance.now() - started;
    },
    close: () => void db.close(),
  };
}
