/**
 * Cutting what one console has into messages. Invariant: every piece ends where a signature of its author ends; of this
 * console's own ops one is signed for each piece, of other consoles' the signature at hand is used and what has no room
 * goes as a link.
 */
import { rawKey, signText, type Identity } from '../access/identity.ts';
import { cut, ProofSource } from '../bundles/slices.ts';
import { sealedText, type Seal, type Slice } from '../../../shared/ops/segment.ts';
import type { Fresh, Store } from '../store/store.ts';
import { bare } from '../store/log.ts';
import { PIECE_BYTES } from './wire.ts';

export interface Piece {
  slice: Slice;
  /** Sequence number of its first op. */
  from: number;
}

/** Cuts a log. */
export class Pieces {
  readonly #store: Store;
  readonly #identity: Identity;
  readonly #source: ProofSource;
  readonly #key: string;
  readonly #sealAt;
  /** One look at the database instead of three. */
  readonly #atOnce;

  constructor(store: Store, identity: Identity) {
    this.#store = store;
    this.#identity = identity;
    this.#source = new ProofSource(store.db);
    this.#key = rawKey(identity.publicKey).toString('base64url');
    this.#atOnce = store.db.transaction((from: number) => this.#own(from));
    this.#sealAt = store.db.prepare<[string, number], { first: number; last: number; head: Buffer; signature: Buffer }>(
      `SELECT first, last, head, signature FROM segment
       WHERE console = (SELECT n FROM console WHERE id = ?) AND first <= ? ORDER BY first DESC LIMIT 1`,
    );
  }

  /** The next message with this console's ops from number `from` on; null when there are none. */
  own(from: number): Piece | null {
    const { fresh, head } = this.#store;
    if (head && from > head.seq) return null;
    const start = fresh ? from - fresh.ops[0]!.seq : -1;
    return fresh && start >= 0 ? this.#asCommitted(from, fresh, start) : this.#atOnce(from);
  }

  /** What was committed just now goes out without being read again. */
  #asCommitted(from: number, { seal, ops }: Fresh, start: number): Piece {
    const before = ops[start]!.prev;
    const slice = { ...seal, key: this.#key, from, ...(before === undefined ? {} : { before }), ops: ops.slice(start) };
    return { from, slice };
  }

  #own(from: number): Piece | null {
    const { console } = this.#store;
    const seal = this.#ownSeal(from);
    if (!seal) return null;
    const ops: Slice['ops'] = [];
    let bytes = 0;
    for (const stored of this.#store.log.range(console, from, seal.last)) {
      const op = bare(stored);
      bytes += Buffer.byteLength(JSON.stringify(op.payload)) + OP_BYTES;
      if (ops.length > 0 && bytes > PIECE_BYTES) break;
      ops.push(op);
    }
    const end = ops.at(-1);
    if (!end || !('id' in end)) return null;
    const covering = end.seq === seal.last ? seal : this.#seal(seal.first, end.seq, end.id);
    const before = from === 1 ? null : this.#store.log.idAt(console, from - 1);
    return { from, slice: { ...covering, key: this.#key, from, ...(before === null ? {} : { before }), ops } };
  }

  /** The messages with another console's ops from number `from` on, of which none up to `reach` is missing here. */
  *others(console: string, from: number, reach: number): Generator<Piece> {
    const key = this.#source.key(console);
    if (key === null) return;
    for (const seal of this.#source.seals(console)) {
      // Beyond it, or before what is asked for: another seal reaches to there.
      if (seal.last > reach || seal.first > from) continue;
      for (let start = from; start <= seal.last;) {
        const whole = this.#fitting(console, start, seal.last);
        const slice = cut(this.#source, seal, start, whole, key);
        if (!slice) break;
        yield { from: start, slice };
        from = seal.last + 1;
        if (whole === null) break;
        start = Math.max(...whole) + 1;
      }
    }
  }

  /** Which of these ops fit into one message; null when all do. */
  #fitting(console: string, from: number, last: number): Set<number> | null {
    const whole = new Set<number>();
    let bytes = 0;
    for (const op of this.#store.log.range(console, from, last)) {
      bytes += Buffer.byteLength(JSON.stringify(op.payload)) + OP_BYTES;
      if (whole.size > 0 && bytes > PIECE_BYTES) return whole;
      whole.add(op.seq);
    }
    return null;
  }

  #ownSeal(from: number): Seal | null {
    const { console } = this.#store;
    const row = this.#sealAt.get(console, from);
    if (!row || row.last < from) return null;
    return {
      ...{ console, first: row.first, last: row.last },
      head: row.head.toString('base64url'),
      signature: row.signature.toString('base64url'),
    };
  }

  #seal(first: number, last: number, head: string): Seal {
    const seal = { console: this.#store.console, first, last, head };
    return { ...seal, signature: signText(this.#identity.privateKey, sealedText(seal)).toString('base64url') };
  }
}

/** Bytes of an op's JSON besides its payload, at most. */
const OP_BYTES = 600;
