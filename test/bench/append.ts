/**
 * Does a large log slow a commit, and how far is taking in other consoles' ops from writing the same bytes plainly?
 * p99 of one durable command's transaction with 1,000,000 ops in the store to that with 1,000, in turn; and ops per second
 * of `ingest` to a bare batch insert of the same op rows, with the same unique keys, in turn.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { loadIdentity, rawKey, type Identity } from '../../electron/engine/access/identity.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import type { Incoming } from '../../electron/engine/store/ingest.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { fillDemonstration } from '../support/estates.ts';
import { atLeast, atMost, bench, median, progress, quantile, told } from './support/report.ts';

const LARGE = 1_000_000;
const SMALL = 1000;
const APPLIED = 50_000;
const author = { actor: 'system', zone: 'Europe/Berlin' };

await bench('append', 2000, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    const { large, small } = await commits(folder, runs);
    const { apply, raw } = applies(folder);
    return {
      figures: [
        atMost('p99_ratio', quantile(large, 0.99) / quantile(small, 0.99), '×', 1.5),
        atLeast('apply_ratio', median(apply) / median(raw), '×', 0.33),
        told('p50_ms_1000000', median(large), 'ms'),
        told('p50_ms_1000', median(small), 'ms'),
        told('p99_ms_1000000', quantile(large, 0.99), 'ms'),
        told('p99_ms_1000', quantile(small, 0.99), 'ms'),
        told('commands_per_s_1000000', 1000 / median(large), '/s'),
        told('apply_per_s', median(apply), '/s'),
        told('raw_per_s', median(raw), '/s'),
      ],
      runs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function commits(folder: string, runs: number): Promise<{ large: number[]; small: number[] }> {
  const stores: Store[] = [];
  const closes: (() => void)[] = [];
  for (const [name, ops] of [
    ['large', LARGE],
    ['small', SMALL],
  ] as const) {
    progress(`Writing ${ops.toLocaleString('en')} ops …`);
    const data = join(folder, name);
    await fillDemonstration(data, ops, 1);
    const opened = openDatabase(data);
    closes.push(opened.close);
    stores.push(new Store(opened, loadIdentity(data), Date.now));
  }
  const times: [number[], number[]] = [[], []];
  for (let run = -50; run < runs; run++) {
    for (const side of run % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const began = performance.now();
      stores[side]!.commit(author, (tx) =>
        tx.append({
          scope: 'i00000001',
          type: 'entry.note',
          payload: { text: `Note ${run}: queue depth is falling.` },
        }),
      );
      if (run >= 0) times[side].push(performance.now() - began);
    }
  }
  for (const close of closes) close();
  return { large: times[0], small: times[1] };
}

function applies(folder: string): { apply: number[]; raw: number[] } {
  const data = join(folder, 'large');
  const opened = openDatabase(data);
  const identity = loadIdentity(data);
  const there = new Store(opened, identity, Date.now);
  const segments = firstSegments(there, identity, APPLIED);
  opened.close();
  const ops = segments.flatMap((segment) => segment.ops as ReturnType<typeof bare>[]);
  const rows = ops.map(
    (op) =>
      [
        Buffer.from(op.id, 'base64url'),
        op.seq,
        op.hlc,
        op.actor,
        op.eventTime,
        op.zone,
        op.scope,
        op.type,
        JSON.stringify(op.payload),
        op.base ? JSON.stringify(op.base) : null,
        op.prev ? Buffer.from(op.prev, 'base64url') : null,
      ] as const,
  );
  const result = { apply: [] as number[], raw: [] as number[] };
  for (let run = 0; run < 5; run++) {
    progress(`Applying ${ops.length.toLocaleString('en')} ops, ${run + 1} of 5 …`);
    const here = join(folder, `apply-${run}`);
    const target = openDatabase(here);
    const store = new Store(target, loadIdentity(here), Date.now);
    const key = rawKey(identity.publicKey).toString('base64url');
    store.commit(author, (tx) =>
      tx.append({ scope: ESTATE, type: 'console.enrol', payload: { console: identity.console, key, name: 'there' } }),
    );
    let began = performance.now();
    let applied = 0;
    for (const segment of segments) applied += store.ingest([segment], 'bench').applied;
    result.apply.push((applied / (performance.now() - began)) * 1000);
    target.close();
    if (applied !== ops.length) throw new Error(`${applied} of ${ops.length} ops were applied.`);

    const plain = new Database(join(folder, `raw-${run}.db`));
    plain.pragma('journal_mode = WAL');
    plain.pragma('synchronous = FULL');
    plain.exec(
      `CREATE TABLE op (n INTEGER PRIMARY KEY, id BLOB UNIQUE, seq INTEGER UNIQUE, hlc TEXT, actor TEXT, event_time INTEGER,
       zone TEXT, scope TEXT, type TEXT, payload TEXT, base TEXT, prev BLOB) STRICT`,
    );
    const insert = plain.prepare(
      'INSERT INTO op (id, seq, hlc, actor, event_time, zone, scope, type, payload, base, prev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    began = performance.now();
    for (let from = 0; from < rows.length; from += 1000) {
      plain.transaction(() => {
        for (const row of rows.slice(from, from + 1000)) insert.run(...row);
      })();
    }
    result.raw.push((rows.length / (performance.now() - began)) * 1000);
    plain.close();
    rmSync(here, { recursive: true });
    rmSync(join(folder, `raw-${run}.db`));
  }
  return result;
}

function firstSegments(store: Store, identity: Identity, atLeastOps: number): Incoming[] {
  const key = rawKey(identity.publicKey).toString('base64url');
  const result: Incoming[] = [];
  let ops = 0;
  for (const seal of store.segments.of(store.console)) {
    result.push({ ...seal, key, ops: store.log.range(store.console, seal.first, seal.last).map(bare) });
    if ((ops += seal.last - seal.first + 1) >= atLeastOps) break;
  }
  return result;
}
