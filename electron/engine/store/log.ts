/**
 * Invariant: an op enters the log once, whole, and is never changed; a console's ops have sequence numbers without gaps,
 * each naming the one before. Reading gives back exactly what was written.
 */
import { hash } from 'node:crypto';
import { canonical } from '../../../shared/ops/canonical.ts';
import { contentText, linkText, type Link, type Op } from '../../../shared/ops/op.ts';
import type { Statement } from 'better-sqlite3';
import type { Sqlite } from './database.ts';

export interface StoredOp extends Op {
  /** Local order of arrival. */
  n: number;
  /** When it reached this console, ms. */
  arrived: number;
}

/** An op as the table has it. */
export interface OpRow {
  n: number;
  id: Buffer;
  console: string;
  seq: number;
  hlc: string;
  actor: string;
  event_time: number;
  zone: string;
  scope: string;
  type: string;
  payload: string;
  base: string | null;
  prev: Buffer | null;
  arrived: number;
}

/** What an `OpRow` is read with, from `op` and the `console` of it. */
export const OP_COLUMNS = `op.n, op.id, console.id AS console, op.seq, op.hlc, op.actor, op.event_time, op.zone, op.scope, op.type,
  op.payload, op.base, op.prev, op.arrived`;
/** Finds an op by its id: by the head of it, which is what the index holds. The id is bound twice. */
export const BY_ID = 'substr(op.id, 1, 6) = substr(?, 1, 6) AND op.id = ?';
const FROM = 'FROM op JOIN console ON console.n = op.console';

/** SHA-256 of a text, base64url. */
export function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}

/**
 * The link of an op: what its id is the hash of.
 * @param payload the canonical JSON of its payload, for who has it already; so too below
 */
export function linkOf(op: Omit<Op, 'id'>, payload?: string): Link {
  const { console, seq, prev, scope } = op;
  return { console, seq, ...(prev === undefined ? {} : { prev }), scope, content: digest(contentText(op, payload)) };
}

/** The id of the op with this link. */
export function linkId(link: Link): string {
  return digest(linkText(link));
}

/** The id that an op must have. */
export function opId(op: Omit<Op, 'id'>, payload?: string): string {
  return linkId(linkOf(op, payload));
}

/** Whether an op's id is the hash of the rest of it. */
export function isGenuine(op: Op, payload?: string): boolean {
  return opId(op, payload) === op.id;
}

/** Null for what is no JSON: somebody wrote into the database, which the op's hash will show. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function toOp(row: OpRow): StoredOp {
  return {
    id: row.id.toString('base64url'),
    console: row.console,
    seq: row.seq,
    hlc: `${row.hlc}-${row.console}`,
    actor: row.actor,
    eventTime: row.event_time,
    zone: row.zone,
    scope: row.scope,
    type: row.type,
    payload: (readJson(row.payload) ?? {}) as Op['payload'],
    ...(row.base === null ? {} : { base: (readJson(row.base) ?? []) as string[] }),
    ...(row.prev === null ? {} : { prev: row.prev.toString('base64url') }),
    n: row.n,
    arrived: row.arrived,
  };
}

/** The op as it travels: without what is local to this console. */
export function bare({ n: _n, arrived: _arrived, ...op }: StoredOp): Op {
  return op;
}

/** Gives back what was written in secret, as far as this console has the key to it; else the op as it is. */
export type Opener = (op: StoredOp) => StoredOp;

/**
 * What is read by id, by local number or in a timeline is what was written; what is read by console and number, or all at
 * once, is what the chain holds and what travels.
 */
export class Log {
  readonly #db: Sqlite;
  readonly #open: Opener;
  readonly #consoles = new Map<string, number>();
  /** The id of the op that was inserted last, as bytes: the next one usually names it. */
  #last = { id: '', bytes: Buffer.alloc(0) };
  readonly #insert;
  readonly #byId;
  readonly #after;
  readonly #head;
  readonly #tip;
  #key: Statement<[string], Buffer | null> | null = null;
  readonly #idAt;
  readonly #ids;
  readonly #range;
  readonly #before;
  readonly #seqs;
  readonly #counted;

  constructor(db: Sqlite, open: Opener = (op) => op) {
    this.#db = db;
    this.#open = open;
    this.#insert = db.prepare(
      `INSERT INTO main.op (id, console, seq, hlc, actor, event_time, zone, scope, type, payload, base, prev, arrived)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#byId = db.prepare<[Buffer, Buffer], OpRow>(`SELECT ${OP_COLUMNS} ${FROM} WHERE ${BY_ID}`);
    this.#after = db.prepare<[number, number], OpRow>(
      `SELECT ${OP_COLUMNS} ${FROM} WHERE op.n > ? ORDER BY op.n LIMIT ?`,
    );
    this.#head = db.prepare<[string], OpRow>(
      `SELECT ${OP_COLUMNS} ${FROM} WHERE console.id = ? ORDER BY op.seq DESC LIMIT 1`,
    );
    this.#tip = db.prepare<[string], { seq: number; id: Buffer }>(
      'SELECT seq, id FROM op WHERE console = (SELECT n FROM console WHERE id = ?) ORDER BY seq DESC LIMIT 1',
    );
    this.#idAt = db
      .prepare<[string, number], Buffer>(
        'SELECT id FROM op WHERE console = (SELECT n FROM console WHERE id = ?) AND seq = ?',
      )
      .pluck();
    const ofConsole = 'console = (SELECT n FROM console WHERE id = ?)';
    this.#ids = db.prepare<[string, number, number], { seq: number; id: Buffer }>(
      `SELECT seq, id FROM op WHERE ${ofConsole} AND seq BETWEEN ? AND ?`,
    );
    this.#before = db
      .prepare<[string, number], number | null>(`SELECT max(seq) FROM op WHERE ${ofConsole} AND seq < ?`)
      .pluck();
    this.#seqs = db
      .prepare<[string, number, number], number>(
        `SELECT seq FROM op WHERE ${ofConsole} AND seq BETWEEN ? AND ? ORDER BY seq`,
      )
      .pluck();
    this.#counted = db
      .prepare<[string, number, number], number>(`SELECT count(*) FROM op WHERE ${ofConsole} AND seq BETWEEN ? AND ?`)
      .pluck();
    this.#range = db.prepare<[string, number, number, number], OpRow>(
      `SELECT ${OP_COLUMNS} ${FROM} WHERE console.id = ? AND op.seq BETWEEN ? AND ? ORDER BY op.seq LIMIT ?`,
    );
  }

  /** Appends an op whose shape and chain were checked; returns its local number. Call inside a transaction. */
  insert(op: Op, arrived: number, payload: string = canonical(op.payload)): number {
    const bytes = Buffer.from(op.id, 'base64url');
    const { lastInsertRowid } = this.#insert.run(
      bytes,
      this.#consoleNumber(op.console),
      op.seq,
      op.hlc.slice(0, 16),
      op.actor,
      op.eventTime,
      op.zone,
      op.scope,
      op.type,
      payload,
      op.base ? JSON.stringify(op.base) : null,
      op.prev ? (op.prev === this.#last.id ? this.#last.bytes : Buffer.from(op.prev, 'base64url')) : null,
      arrived,
    );
    this.#last = { id: op.id, bytes };
    return Number(lastInsertRowid);
  }

  get(id: string): StoredOp | null {
    const bytes = Buffer.from(id, 'base64url');
    const row = this.#byId.get(bytes, bytes);
    return row ? this.#open(toOp(row)) : null;
  }

  has(id: string): boolean {
    return this.get(id) !== null;
  }

  /** The newest op of `console`, or null. */
  head(console: string): StoredOp | null {
    const row = this.#head.get(console);
    return row ? toOp(row) : null;
  }

  /** Number and id of the newest op of `console`, or null. */
  tip(console: string): { seq: number; id: string } | null {
    const row = this.#tip.get(console);
    return row ? { seq: row.seq, id: row.id.toString('base64url') } : null;
  }

  /** The raw public key of `console` as its ops brought it, or null. */
  key(console: string): Buffer | null {
    // Not before it is asked for: the first format of the database knew no keys.
    this.#key ??= this.#db.prepare<[string], Buffer | null>('SELECT key FROM console WHERE id = ?').pluck();
    return this.#key.get(console) ?? null;
  }

  /** The ops with local numbers `from` to `to`. */
  between(from: number, to: number): StoredOp[] {
    return this.#after
      .all(from - 1, to - from + 1)
      .filter((row) => row.n <= to)
      .map((row) => this.#open(toOp(row)));
  }

  /** The id of op number `seq` of a console, or null. */
  idAt(console: string, seq: number): string | null {
    return this.#idAt.get(console, seq)?.toString('base64url') ?? null;
  }

  /** A console's ops from number `first` to `last`, in order, at most `limit` of them. */
  range(console: string, first: number, last: number, limit = -1): StoredOp[] {
    return this.#range.all(console, first, last, limit).map(toOp);
  }

  /** The ids of a console's ops from number `first` to `last`, by number. */
  ids(console: string, first: number, last: number): Map<number, string> {
    return new Map(this.#ids.all(console, first, last).map(({ seq, id }) => [seq, id.toString('base64url')]));
  }

  /** How many of a console's ops up to number `last` are here. */
  countTo(console: string, last: number): number {
    return this.#db
      .prepare<[string, number], number>(
        'SELECT count(*) FROM op WHERE console = (SELECT n FROM console WHERE id = ?) AND seq <= ?',
      )
      .pluck()
      .get(console, last)!;
  }

  /** The number of a console's last op before number `seq`, or null. */
  before(console: string, seq: number): number | null {
    return this.#before.get(console, seq) ?? null;
  }

  /** The runs of a console's ops that are here between numbers `first` and `last`. */
  runs(console: string, first: number, last: number): [first: number, last: number][] {
    const runs: [number, number][] = [];
    for (const seq of this.#seqs.all(console, first, last)) {
      const run = runs.at(-1);
      if (run && run[1] === seq - 1) run[1] = seq;
      else runs.push([seq, seq]);
    }
    return runs;
  }

  /** How far a console's ops are here from number `first` on without one missing; `first - 1` when that one is missing. */
  reach(console: string, first: number): number {
    const end = this.tip(console)?.seq ?? 0;
    if (end < first) return first - 1;
    if (this.#count(console, first, end) === end - first + 1) return end;
    let expected = first;
    for (const seq of this.#seqs.iterate(console, first, end)) if (seq !== expected++) return expected - 2;
    return end;
  }

  /** How many of a console's numbers up to its last one are not here. */
  missing(console: string): number {
    const end = this.tip(console)?.seq ?? 0;
    return end - this.#count(console, 1, end);
  }

  #count(console: string, first: number, last: number): number {
    return this.#counted.get(console, first, last)!;
  }

  /** Every console that has ops here, with the number of its last one. */
  consoles(): { id: string; seq: number }[] {
    return this.#db
      .prepare<[], { id: string; seq: number }>(
        `SELECT id, seq FROM (SELECT id, (SELECT max(seq) FROM op WHERE op.console = console.n) AS seq FROM console)
         WHERE seq IS NOT NULL ORDER BY id`,
      )
      .all();
  }

  /** The ops that say which consoles count, in order of arrival. */
  onConsoles(): StoredOp[] {
    return this.#db
      .prepare<[], OpRow>(
        `SELECT ${OP_COLUMNS} ${FROM} WHERE op.type IN ('console.enrol', 'console.revoke') ORDER BY op.n`,
      )
      .all()
      .map(toOp);
  }

  /** All ops in order of arrival, read in pages so that memory does not grow with the log. */
  *all(page = 2000): Generator<StoredOp> {
    for (let n = 0; ;) {
      const rows = this.#after.all(n, page);
      for (const row of rows) yield toOp(row);
      if (rows.length < page) return;
      n = rows.at(-1)!.n;
    }
  }

  /** The ops with these local numbers, in the same order; numbers without an op are left out. */
  numbered(numbers: readonly number[]): StoredOp[] {
    return numbers.flatMap((n) => this.between(n, n));
  }

  /** The op with this local number as the chain holds it, or null. */
  asWritten(n: number): StoredOp | null {
    const [row] = this.#after.all(n - 1, 1);
    return row?.n === n ? toOp(row) : null;
  }

  /** The highest local number; 0 in an empty log. */
  newest(): number {
    return (this.#db.prepare('SELECT max(n) FROM op').pluck().get() as number | null) ?? 0;
  }

  /** The highest local number of what had arrived by `at`, ms; 0 when nothing had. */
  arrivedBy(at: number): number {
    const found = this.#db
      .prepare<[number], number>('SELECT n FROM op WHERE arrived <= ? ORDER BY n DESC LIMIT 1')
      .pluck();
    return found.get(at) ?? 0;
  }

  /** A console's last sequence number among the ops up to local number `n`; 0 when it has none there. */
  seqAt(console: string, n: number): number {
    const found = this.#db
      .prepare<[number, string], number>(
        'SELECT seq FROM op WHERE n <= ? AND console = (SELECT n FROM console WHERE id = ?) ORDER BY n DESC LIMIT 1',
      )
      .pluck();
    return found.get(n, console) ?? 0;
  }

  /** Of each console the number before the first of its ops that came after local number `n`; its last one when none did. */
  numbersAt(n: number): Record<string, number> {
    const rows = this.#db
      .prepare<[number, number], { id: string; seq: number | null }>(
        `SELECT id, coalesce((SELECT min(seq) - 1 FROM op WHERE op.console = console.n AND op.n > ?),
           (SELECT max(seq) FROM op WHERE op.console = console.n AND op.n <= ?)) AS seq FROM console`,
      )
      .all(n, n);
    return Object.fromEntries(rows.flatMap(({ id, seq }) => (seq === null ? [] : [[id, seq]])));
  }

  /** The ops whose id begins with `prefix`, of at least 8 characters. */
  byPrefix(prefix: string): StoredOp[] {
    return this.#db
      .prepare<[Buffer], OpRow>(`SELECT ${OP_COLUMNS} ${FROM} WHERE substr(op.id, 1, 6) = ?`)
      .all(Buffer.from(prefix.slice(0, 8), 'base64url'))
      .map(toOp)
      .filter(({ id }) => id.startsWith(prefix));
  }

  count(): number {
    return this.#db.prepare('SELECT count(*) FROM op').pluck().get() as number;
  }

  /** Forgets what was cached about a transaction that was rolled back. */
  rolledBack(): void {
    this.#consoles.clear();
  }

  #consoleNumber(id: string): number {
    let n = this.#consoles.get(id);
    if (n === undefined) {
      this.#db.prepare('INSERT OR IGNORE INTO console (id) VALUES (?)').run(id);
      n = this.#db.prepare('SELECT n FROM console WHERE id = ?').pluck().get(id) as number;
      this.#consoles.set(id, n);
    }
    return n;
  }
}
