/**
 * What is known of ops that are not here: of other consoles' chains, parts may have arrived alone. Invariant: a link is
 * kept only after a signature vouched for it, and goes when its op arrives; the op before a part is known by its id.
 */
import type { Seal } from '../../../shared/ops/segment.ts';
import type { Sqlite } from './database.ts';

/** A link as it is kept. `scope` and `content` are null for the edge of a part: only its id is known. */
export interface KnownLink {
  seq: number;
  id: string;
  scope: string | null;
  content: string | null;
}

interface Row {
  seq: number;
  id: Buffer;
  scope: string | null;
  content: Buffer | null;
}

const CONSOLE = '(SELECT n FROM console WHERE id = ?)';

export class Links {
  readonly #put;
  readonly #drop;
  readonly #idAt;
  readonly #range;
  readonly #last;
  readonly #putProof;
  readonly #dropProofs;
  readonly #proofs;

  constructor(db: Sqlite) {
    this.#put = db.prepare(
      `INSERT INTO link (console, seq, id, scope, content) VALUES (${CONSOLE}, ?, ?, ?, ?)
       ON CONFLICT (console, seq) DO UPDATE SET scope = excluded.scope, content = excluded.content WHERE link.content IS NULL`,
    );
    this.#drop = db.prepare(`DELETE FROM link WHERE console = ${CONSOLE} AND seq = ?`);
    this.#idAt = db
      .prepare<[string, number], Buffer>(`SELECT id FROM link WHERE console = ${CONSOLE} AND seq = ?`)
      .pluck();
    this.#range = db.prepare<[string, number, number], Row>(
      `SELECT seq, id, scope, content FROM link WHERE console = ${CONSOLE} AND seq BETWEEN ? AND ? ORDER BY seq`,
    );
    this.#last = db.prepare<[string], number | null>(`SELECT max(seq) FROM link WHERE console = ${CONSOLE}`).pluck();
    this.#putProof = db.prepare(
      `INSERT INTO proof (console, first, last, head, signature) VALUES (${CONSOLE}, ?, ?, ?, ?)
       ON CONFLICT (console, last) DO UPDATE SET first = min(first, excluded.first)`,
    );
    this.#dropProofs = db.prepare(`DELETE FROM proof WHERE console = ${CONSOLE} AND first >= ? AND last <= ?`);
    this.#proofs = db.prepare<[string], { first: number; last: number; head: Buffer; signature: Buffer }>(
      `SELECT first, last, head, signature FROM proof WHERE console = ${CONSOLE} ORDER BY last`,
    );
  }

  /** Keeps links of `console`, which the log knows; a known one stays, an edge gains its content. */
  put(console: string, links: readonly KnownLink[]): void {
    for (const { seq, id, scope, content } of links) {
      this.#put.run(
        console,
        seq,
        Buffer.from(id, 'base64url'),
        scope,
        content === null ? null : Buffer.from(content, 'base64url'),
      );
    }
  }

  drop(console: string, seq: number): void {
    this.#drop.run(console, seq);
  }

  /** The id of op number `seq` of a console, when it is known without the op; else null. */
  idAt(console: string, seq: number): string | null {
    return this.#idAt.get(console, seq)?.toString('base64url') ?? null;
  }

  range(console: string, first: number, last: number): KnownLink[] {
    return this.#range.all(console, first, last).map(({ seq, id, scope, content }) => ({
      ...{ seq, scope },
      id: id.toString('base64url'),
      content: content?.toString('base64url') ?? null,
    }));
  }

  /** The highest number of a console of which only the id is known; 0 when there is none. */
  last(console: string): number {
    return this.#last.get(console) ?? 0;
  }

  /** Keeps the seal of a slice, whose signature was checked. */
  prove({ console, first, last, head, signature }: Seal): void {
    this.#putProof.run(console, first, last, Buffer.from(head, 'base64url'), Buffer.from(signature, 'base64url'));
  }

  /** Forgets the seals of slices that the seal of a whole segment makes needless. */
  dropProofs({ console, first, last }: Seal): void {
    this.#dropProofs.run(console, first, last);
  }

  /** The seals of slices of a console, in order. */
  proofs(console: string): Seal[] {
    return this.#proofs.all(console).map(({ first, last, head, signature }) => ({
      ...{ console, first, last },
      head: head.toString('base64url'),
      signature: signature.toString('base64url'),
    }));
  }
}
