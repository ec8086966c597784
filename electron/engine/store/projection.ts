/**
 * Invariant: `entity`, `entry` and `parked` are a pure function of the set of ops in the log, whatever order they were applied in;
 * they can be emptied and filled again at any time with the same `hash`.
 */
import { createHash } from 'node:crypto';
import { canonical } from '../../../shared/ops/canonical.ts';
import type { Op } from '../../../shared/ops/op.ts';
import { project, type Document } from '../../../shared/ops/project.ts';
import { reduce, type EntryEffect, type OpEffect, type Reduced } from '../../../shared/ops/reduce.ts';
import {
  emptyState,
  merge,
  type Effect,
  type EntityRef,
  type EntityState,
  type Stamp,
} from '../../../shared/ops/registers.ts';
import type { Sqlite } from './database.ts';
import { BY_ID } from './log.ts';

export interface EntityRow {
  kind: string;
  id: string;
  scope: string;
  doc: Document;
  /** Deleted by a tombstone that nothing newer revoked. */
  gone: boolean;
}

interface Cached {
  ref: EntityRef;
  state: EntityState;
  dirty: boolean;
}

/** Written as the index `entity_change_at` is, or it would not be used. */
export const NEWEST_CHANGES = `
  SELECT id, state FROM entity WHERE kind = 'change' AND scope = ? AND (? OR json_extract(state, '$.gone.value') IS NOT 1)
  ORDER BY json_extract(state, '$.fields.at.value') DESC LIMIT ?`;

/** The type of an op that only some consoles can read. */
export const SEALED = 'incident.sealed';

/** What applying an op came to. */
export type Applied =
  | { outcome: 'applied'; touched: EntityRef[] }
  | { outcome: 'unknown' }
  | { outcome: 'malformed'; why: string };

export class Projection {
  readonly #db: Sqlite;
  readonly #open: (op: Op) => Op | null;
  /** Entities touched by the running transaction. */
  readonly #cache = new Map<string, Cached>();
  readonly #read;
  readonly #write;
  readonly #entry;
  readonly #moveEntry;
  readonly #park;
  readonly #correction;
  /** Scopes that were looked at, and whether they may hold a correction. Nobody else writes, and once true it stays so. */
  readonly #corrected = new Map<string, boolean>();
  readonly #ofKind;
  readonly #ofScope;
  readonly #newestChanges;

  /** @param open what was written in secret; null while the key to it is not here */
  constructor(db: Sqlite, open: (op: Op) => Op | null = () => null) {
    this.#db = db;
    this.#open = open;
    this.#read = db
      .prepare<[string, string, string], string>('SELECT state FROM entity WHERE kind = ? AND scope = ? AND id = ?')
      .pluck();
    this.#write = db.prepare(
      `INSERT INTO main.entity (kind, scope, id, state) VALUES (?, ?, ?, ?)
       ON CONFLICT (kind, scope, id) DO UPDATE SET state = excluded.state`,
    );
    this.#entry = db.prepare('INSERT OR IGNORE INTO main.entry (n, scope, at, subject) VALUES (?, ?, ?, ?)');
    this.#moveEntry = db.prepare(
      `UPDATE main.entry SET at = ? WHERE n = (SELECT n FROM op WHERE ${BY_ID} AND scope = ?)`,
    );
    this.#park = db.prepare('INSERT OR IGNORE INTO parked (n, type) VALUES (?, ?)');
    this.#correction = db
      .prepare<[string], number>("SELECT EXISTS (SELECT 1 FROM entity WHERE kind = 'correction' AND scope = ?)")
      .pluck();
    this.#ofKind = db.prepare<[string], { id: string; scope: string; state: string }>(
      'SELECT id, scope, state FROM entity WHERE kind = ? ORDER BY scope, id',
    );
    this.#ofScope = db.prepare<[string, string], { id: string; scope: string; state: string }>(
      'SELECT id, scope, state FROM entity WHERE kind = ? AND scope = ? ORDER BY id',
    );
    this.#newestChanges = db.prepare<[string, number, number], { id: string; state: string }>(NEWEST_CHANGES);
  }

  /** Merges `op`, stored under local number `n`. Call inside a transaction, and `flush` before it ends. */
  apply(op: Op, n: number, reduced: Reduced = reduce(op)): Applied {
    if (op.type === SEALED) return this.#applySealed(op, n);
    if (reduced.outcome === 'unknown') this.#park.run(n, op.type);
    if (reduced.outcome !== 'effects') return reduced;
    return { outcome: 'applied', touched: this.#effect(reduced.effects, op, n) };
  }

  #effect(effects: readonly OpEffect[], op: Op, n: number): EntityRef[] {
    const touched: EntityRef[] = [];
    for (const effect of effects) {
      if (effect.do === 'entry') this.#addEntry(effect, op, n);
      else if (this.#merge(effect, op)) touched.push(effect.entity);
    }
    return touched;
  }

  /** What is sealed waits for its key; what it says may be about its own incident only. */
  #applySealed(op: Op, n: number): Applied {
    const opened = this.#open(op);
    if (opened === null) {
      this.#park.run(n, SEALED);
      return { outcome: 'applied', touched: [] };
    }
    const reduced = reduce(opened);
    const inside = (effect: OpEffect): boolean =>
      (effect.do === 'entry' ? effect.scope : effect.entity.scope) === op.scope;
    if (reduced.outcome === 'unknown') this.#park.run(n, opened.type);
    if (reduced.outcome !== 'effects' || !reduced.effects.every(inside)) return { outcome: 'applied', touched: [] };
    return { outcome: 'applied', touched: this.#effect(reduced.effects, opened, n) };
  }

  #addEntry(effect: EntryEffect, op: Op, n: number): void {
    const corrected = this.#anyCorrection(op.scope)
      ? this.load('correction', op.scope, op.id)?.fields['eventTime']?.value
      : null;
    this.#entry.run(n, effect.scope, typeof corrected === 'number' ? corrected : op.eventTime, effect.subject);
  }

  /** Corrections are rare: where there is none, no entry has to look for its own. */
  #anyCorrection(scope: string): boolean {
    let any = this.#corrected.get(scope);
    if (any === undefined) this.#corrected.set(scope, (any = this.#correction.get(scope) === 1));
    return any;
  }

  #merge(effect: Effect, stamp: Stamp): boolean {
    const cached = this.#cached(effect.entity);
    const changed = merge(cached.state, effect, stamp);
    cached.dirty ||= changed;
    if (effect.entity.kind === 'correction') this.#corrected.set(effect.entity.scope, true);
    if (changed && effect.do === 'set' && effect.entity.kind === 'correction' && effect.field === 'eventTime') {
      const id = Buffer.from(effect.entity.id, 'base64url');
      this.#moveEntry.run(effect.value, id, id, effect.entity.scope);
    }
    return changed;
  }

  #cached(ref: EntityRef): Cached {
    const key = cacheKey(ref.kind, ref.scope, ref.id);
    let cached = this.#cache.get(key);
    if (!cached) {
      const state = this.#read.get(ref.kind, ref.scope, ref.id);
      cached = { ref, state: state === undefined ? emptyState() : (JSON.parse(state) as EntityState), dirty: false };
      this.#cache.set(key, cached);
    }
    return cached;
  }

  /** The merged state of an entity, as the running transaction sees it; null when nothing was ever said of it. */
  load(kind: string, scope: string, id: string): EntityState | null {
    const cached = this.#cache.get(cacheKey(kind, scope, id));
    if (cached) return cached.state;
    const state = this.#read.get(kind, scope, id);
    return state === undefined ? null : (JSON.parse(state) as EntityState);
  }

  entity(kind: string, scope: string, id: string): EntityRow | null {
    const state = this.load(kind, scope, id);
    return state ? toRow(kind, id, scope, state) : null;
  }

  /** The entities of a kind, by id; of one scope when it is given; deleted ones only with `gone`. */
  entities(kind: string, scope?: string, options: { gone?: boolean } = {}): EntityRow[] {
    const rows = scope === undefined ? this.#ofKind.all(kind) : this.#ofScope.all(kind, scope);
    return rows
      .map((row) => toRow(kind, row.id, row.scope, JSON.parse(row.state) as EntityState))
      .filter((row) => !row.gone || options.gone === true);
  }

  /** The changes of a scope, the newest first, with or without those that were withdrawn. */
  newestChanges(scope: string, limit: number, withdrawn: boolean): EntityRow[] {
    return this.#newestChanges
      .all(scope, withdrawn ? 1 : 0, limit)
      .map((row) => toRow('change', row.id, scope, JSON.parse(row.state) as EntityState));
  }

  /** Writes what the transaction touched. */
  flush(): void {
    for (const { ref, state, dirty } of this.#cache.values()) {
      if (dirty) this.#write.run(ref.kind, ref.scope, ref.id, JSON.stringify(state));
    }
    this.#cache.clear();
  }

  /** Forgets what the transaction touched. */
  discard(): void {
    this.#cache.clear();
  }

  /** Empties the tables; the caller applies the log again in the same transaction. */
  clear(): void {
    this.#cache.clear();
    this.#db.exec('DELETE FROM main.entity; DELETE FROM main.entry; DELETE FROM parked;');
  }

  /** SHA-256, hex, over the content of `entity` and `entry`: equal on consoles that hold the same ops. */
  hash(): string {
    const hash = createHash('sha256');
    const entities = this.#db.prepare<[], { kind: string; id: string; scope: string; state: string }>(
      'SELECT kind, id, scope, state FROM entity ORDER BY kind, scope, id',
    );
    for (const row of entities.iterate())
      hash.update(canonical([row.kind, row.id, row.scope, JSON.parse(row.state)])).update('\n');
    const entries = this.#db.prepare<[], { id: Buffer; scope: string; at: number; subject: string | null }>(
      'SELECT op.id, entry.scope, entry.at, entry.subject FROM entry JOIN op USING (n) ORDER BY op.id',
    );
    for (const row of entries.iterate()) {
      hash.update(canonical([row.id.toString('base64url'), row.scope, row.at, row.subject])).update('\n');
    }
    return hash.digest('hex');
  }
}

function cacheKey(kind: string, scope: string, id: string): string {
  return `${kind}\n${scope}\n${id}`;
}

function toRow(kind: string, id: string, scope: string, state: EntityState): EntityRow {
  return { kind, id, scope, doc: project(state), gone: state.gone?.value === true };
}
