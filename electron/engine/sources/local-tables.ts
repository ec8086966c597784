/**
 * Signals and samples on this console's disk. Invariant: they are a cache. They never travel, no command waits for them,
 * losing them costs nothing but the curves of the last hours, and a disk that does not take them stops nothing.
 *
 * Samples form a ring: a series has one row for each slot of time, and a slot is written over when its turn comes again.
 * While a legal hold stands, what would be written over or dropped is put aside first.
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

  CREATE TABLE IF NOT EXISTS held_sample (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (source, key, at)
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
  readonly #heldSince: () => number | null;
  /** Whether anything was put aside. */
  #held: boolean;

  /** `heldSince`: from when on nothing may go, ms; null when everything may. */
  constructor(db: Sqlite, heldSince: () => number | null = () => null) {
    this.#db = db;
    this.#heldSince = heldSince;
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
      aside: db.prepare<[number, number, number]>(
        `INSERT OR IGNORE INTO held_sample (source, key, at, value)
         SELECT source, key, at, value FROM sample JOIN series ON series.n = sample.series
         WHERE series = ? AND slot = ? AND at >= ?`,
      ),
      asideAll: db.prepare<[string, number]>(
        `INSERT OR IGNORE INTO held_sample (source, key, at, value)
         SELECT source, key, at, value FROM sample JOIN series ON series.n = sample.series WHERE source = ? AND at >= ?`,
      ),
      heldSamples: db.prepare<[string, string, number], Sample>(
        'SELECT at, value FROM held_sample WHERE source = ? AND key = ? AND at >= ?',
      ),
      anyHeld: db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM held_sample)').pluck(),
      release: db.prepare('DELETE FROM held_sample'),
    };
    this.#held = this.#statements.anyHeld.get() === 1;
  }

  /** Every signal that was kept, as JSON. */
  load(): { source: string; key: string; doc: string }[] {
    return this.#statements.all.all();
  }

  /** Writes all of them in one transaction. @throws what SQLite throws; then none of them is kept. */
  write(writes: readonly LocalWrite[]): void {
    const { put, forget, sample, aside, release } = this.#statements;
    const since = this.#heldSince();
    try {
      this.#db
        .transaction(() => {
          if (since === null && this.#held) release.run();
          for (const one of writes) {
            if (one.doc === null) forget.run(one.source, one.key);
            else if (one.doc !== undefined) put.run(one.source, one.key, one.doc);
            if (one.sample) {
              const { at, value, slots } = one.sample;
              const slot = Math.floor(at / SAMPLE_STEP_MS) % slots;
              const series = this.#seriesOf(one.source, one.key);
              if (since !== null) aside.run(series, slot, since);
              sample.run(series, slot, at, value);
            }
          }
        })
        .immediate();
      this.#held = since !== null;
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
    const now = n === undefined ? [] : this.#statements.samples.all(n, since);
    if (!this.#held) return now;
    const seen = new Set(now.map(({ at }) => at));
    const held = this.#statements.heldSamples.all(source, key, since).filter(({ at }) => !seen.has(at));
    return [...held, ...now].sort((a, b) => a.at - b.at);
  }

  /** Forgets all that a source ever said, but what a legal hold keeps. */
  drop(source: string): void {
    const { dropSamples, dropSeries, dropSignals, asideAll } = this.#statements;
    const since = this.#heldSince();
    this.#db
      .transaction(() => {
        if (since !== null) asideAll.run(source, since);
        dropSamples.run(source);
        dropSeries.run(source);
        dropSignals.run(source);
      })
      .immediate();
    this.#series.clear();
  }
}
