/**
 * Invariant: every op of this console is covered by a signature from the moment it is committed. The newest segment is
 * open: each commit moves its end and signs again; a full one stays as it is.
 */
import type { Identity } from '../access/identity.ts';
import { rawKey, signText } from '../access/identity.ts';
import { SEGMENT_OPS, sealedText, type Seal } from '../../../shared/ops/segment.ts';
import type { Sqlite } from './database.ts';

interface Row {
  first: number;
  last: number;
  head: Buffer;
  signature: Buffer;
}

export class Segments {
  readonly #identity: Identity;
  /** Its public key, raw; null when the database had it from the start. */
  #key: Buffer | null;
  readonly #put;
  readonly #open;
  readonly #all;
  readonly #lastOf;
  readonly #setKey;

  constructor(db: Sqlite, identity: Identity) {
    this.#identity = identity;
    const known = db
      .prepare<[string], Buffer | null>('SELECT key FROM console WHERE id = ?')
      .pluck()
      .get(identity.console);
    this.#key = known ? null : rawKey(identity.publicKey);
    this.#put = db.prepare(
      `INSERT INTO segment (console, first, last, head, signature) VALUES ((SELECT n FROM console WHERE id = ?), ?, ?, ?, ?)
       ON CONFLICT (console, first) DO UPDATE SET last = excluded.last, head = excluded.head, signature = excluded.signature
       WHERE excluded.last >= segment.last`,
    );
    const columns = 'SELECT segment.first, segment.last, segment.head, segment.signature FROM segment';
    const ofConsole = 'WHERE segment.console = (SELECT n FROM console WHERE id = ?)';
    this.#open = db.prepare<[string], Row>(`${columns} ${ofConsole} ORDER BY first DESC LIMIT 1`);
    this.#all = db.prepare<[string], Row>(`${columns} ${ofConsole} ORDER BY first`);
    this.#lastOf = db.prepare<[string, number], number>(`SELECT last FROM segment ${ofConsole} AND first = ?`).pluck();
    this.#setKey = db.prepare('UPDATE console SET key = ? WHERE id = ? AND key IS NULL');
  }

  /** Sequence number of the first op of the open segment of this console. */
  openFirst(): number {
    const open = this.#open.get(this.#identity.console);
    if (!open) return 1;
    return open.last - open.first + 1 < SEGMENT_OPS ? open.first : open.last + 1;
  }

  /** Signs this console's ops from `first` to `last`, whose id is `head`. Call inside the transaction that appended them. */
  seal(first: number, last: number, head: string): Seal {
    if (this.#key) this.rememberKey(this.#identity.console, this.#key);
    const text = { console: this.#identity.console, first, last, head };
    const seal = { ...text, signature: signText(this.#identity.privateKey, sealedText(text)).toString('base64url') };
    this.put(seal);
    return seal;
  }

  /** Keeps a seal whose signature was checked. */
  put({ console, first, last, head, signature }: Seal): void {
    this.#put.run(console, first, last, Buffer.from(head, 'base64url'), Buffer.from(signature, 'base64url'));
  }

  /** Whether the segment of `console` that begins at `first` is here up to number `last`. */
  reaches(console: string, first: number, last: number): boolean {
    return (this.#lastOf.get(console, first) ?? 0) >= last;
  }

  /** The seals of a console, oldest first. */
  of(console: string): Seal[] {
    return this.#all.all(console).map(({ first, last, head, signature }) => ({
      console,
      first,
      last,
      head: head.toString('base64url'),
      signature: signature.toString('base64url'),
    }));
  }

  /** Keeps the public key (raw) of a console, once. */
  rememberKey(console: string, raw: Buffer): void {
    this.#setKey.run(raw, console);
  }
}

/** The seals of a console's segments and slices, by where they end; of those that end at one place the longest first. */
export function readSeals(db: Sqlite, console: string): Seal[] {
  return db
    .prepare<[string, string], { first: number; last: number; head: Buffer; signature: Buffer }>(
      `SELECT first, last, head, signature FROM segment WHERE console = (SELECT n FROM console WHERE id = ?)
       UNION ALL SELECT first, last, head, signature FROM proof WHERE console = (SELECT n FROM console WHERE id = ?)
       ORDER BY last, first`,
    )
    .all(console, console)
    .map(({ first, last, head, signature }) => ({
      ...{ console, first, last },
      head: head.toString('base64url'),
      signature: signature.toString('base64url'),
    }));
}
