/**
 * Signals and samples on this console's disk. Invariant: they are a cache. They never travel, no command waits for them,
 * losing them costs nothing but the curves of the last hours, and a disk that does not take them stops nothing.
 *
 * Samples form a ring: a series has one row for each slot of time, and a slot is written over when its turn comes again.
 */
import type { Sqlite } from '../store/database.ts';

/** A cache has no history to migrate: what is missing is made when it is opened. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS signal (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (source, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS series (
    n INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (source, key)
  ) STRICT;

  CREATE TABLE IF NOT EXISTS sample (
    series INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (series, slot)
  ) STRICT, WITHOUT ROWID;
`;

/** One sample for each of so many ms … */
export const SAMPLE_STEP_MS = 60_000;
/** … kept for this many steps: a day and a night of business throughput, three hours of everything else. */
export const RING_SLOTS = { throughput: 1440, metric: 180 } as const;

export interface Sample {
  /** ms */
  at: number;
  value: number;
}

export interface LocalWrite {
  source: string;
  key: string;
  /** The signal as JSON; null forgets it. */
  doc?: string | null;
  sample?: Sample & { slots: number };
}

export class LocalSignals {
  readonly #db: Sqlite;
  readonly #series = new Map<string, number>();
  readonly #statements;

  constructor(db: Sqlite) {
    this.#db = db;
    db.exec(TABLES);
    this.#statements = {
      all: db.prepare<[], { source: string; key: string; doc: string }>('SELECT source, key, doc FROM signal'),
      put: db.prepare(
        'INSERT INTO signal (source, key, doc) VALUES (?, ?, ?) ON CONFLICT (source, key) DO UPDATE SET doc = excluded.doc',
      ),
      forget: db.prepare('DELETE FROM signal WHERE source = ? AND key = ?'),
      series: db.prepare<[string, string], number>('SELECT n FROM series WHERE source = ? AND key = ?').pluck(),
      addSeries: db.prepare('INSERT INTO series (source, key) VALUES (?, ?)'),
      sample: db.prepare(
        'INSERT INTO sample (series, slot, at, value) VALUES (?, ?, ?, ?) ON CONFLICT (series, slot) DO UPDATE SET at = excluded.at, value = excluded.value',
      ),
      samples: db.prepare<[number, number], Sample>(
        'SELECT at, value FROM sample WHERE series = ? AND at >= ? ORDER BY at',
      ),
      dropSamples: db.prepare('DELETE FROM sample WHERE series IN (SELECT n FROM series WHERE source = ?)'),
      dropSeries: db.prepare('DELETE FROM series WHERE source = ?'),
      dropSignals: db.prepare('DELETE FROM signal WHERE source = ?'),
    };
  }

  /** Every signal that was kept, as JSON. */
  load(): { source: string; key: string; doc: string }[] {
    return this.#statements.all.all();
  }

  /** Writes all of them in one transaction. @throws what SQLite throws; then none of them is kept. */
  write(writes: readonly LocalWrite[]): void {
    const { put, forget, sample } = this.#statements;
    try {
      this.#db
        .transaction(() => {
          for (const one of writes) {
            if (one.doc === null) forget.run(one.source, one.key);
            else if (one.doc !== undefined) put.run(one.source, one.key, one.doc);
            if (one.sample) {
              const { at, value, slots } = one.sample;
              sample.run(this.#seriesOf(one.source, one.key), Math.floor(at / SAMPLE_STEP_MS) % slots, at, value);
            }
          }
        })
        .immediate();
    } catch (error) {
      this.#series.clear();
      throw error;
    }
  }

  #seriesOf(source: string, key: string): number {
    const name = `${source}\n${key}`;
    let n = this.#series.get(name);
    if (n === undefined) {
      n =
        this.#statements.series.get(source, key) ?? Number(this.#statements.addSeries.run(source, key).lastInsertRowid);
      this.#series.set(name, n);
    }
    return n;
  }

  /** Samples of one signal since `since` (ms), oldest first. */
  samples(source: string, key: string, since: number): Sample[] {
    const n = this.#statements.series.get(source, key);
    return n === undefined ? [] : this.#statements.samples.all(n, since);
  }

  /** Forgets all that a source ever said. */
  drop(source: string): void {
    const { dropSamples, dropSeries, dropSignals } = this.#statements;
    this.#db
      .transaction(() => {
        dropSamples.run(source);
        dropSeries.run(source);
        dropSignals.run(source);
      })
      .immediate();
    this.#series.clear();
  }
}
