/**
 * What is remembered of each source on this machine's disk, one document per source. Invariant: a cache that can't be read or written stops
 * nothing; it is written again with a later poll, and no more often than {@link WRITE_MS}.
 */
import type { Sqlite } from '../store/database.ts';

/** ms */
const WRITE_MS = 60_000;

export class SourceCache<T> {
  readonly #db: Sqlite | null;
  readonly #table: 'learned_edge' | 'store_reading';
  readonly #written = new Map<string, number>();

  /** @param db where it is kept; null keeps nothing */
  constructor(db: Sqlite | null, table: 'learned_edge' | 'store_reading') {
    this.#db = db;
    this.#table = table;
  }

  /** What was kept of every source. Call before anything is written. */
  read(): [source: string, value: T][] {
    try {
      this.#db?.exec(
        `CREATE TABLE IF NOT EXISTS ${this.#table} (source TEXT PRIMARY KEY, doc TEXT NOT NULL) STRICT, WITHOUT ROWID`,
      );
      return (
        this.#db
          ?.prepare<[], { source: string; doc: string }>(`SELECT source, doc FROM ${this.#table}`)
          .all()
          .map(({ source, doc }): [string, T] => [source, JSON.parse(doc) as T]) ?? []
      );
    } catch {
      return [];
    }
  }

  /** Writes what a source has come to, when it is time to. */
  keep(source: string, now: number, value: () => T): void {
    if (now - (this.#written.get(source) ?? 0) >= WRITE_MS) this.write(source, now, value());
  }

  write(source: string, now: number, value: T): void {
    this.#written.set(source, now);
    try {
      this.#db
        ?.prepare(
          `INSERT INTO ${this.#table} (source, doc) VALUES (?, ?) ON CONFLICT (source) DO UPDATE SET doc = excluded.doc`,
        )
        .run(source, JSON.stringify(value));
    } catch {
      // It is tried again with a later poll.
    }
  }

  drop(source: string): void {
    try {
      this.#db?.prepare(`DELETE FROM ${this.#table} WHERE source = ?`).run(source);
    } catch {
      // It is written over or dropped at the next chance.
    }
  }
}
