/**
 * Three kinds of consoles, all of which write real ops: chained, hashed, signed and packed by the product's own code.
 * `whole` ones are the product's store on SQLite, and take every message through `store.ingest`; `merging` ones keep the
 * registers in memory and merge with the product's own rules; `light` ones know of each chain how far they have it, and a
 * sum over the ids of all ops that they have. The rules by which ops join are the same for all three.
 */
import { createHash } from 'node:crypto';
import { rawKey, signText, type Identity } from '../../../electron/engine/access/identity.ts';
import { opId } from '../../../electron/engine/store/log.ts';
import { coveredOps } from '../../../electron/engine/store/ingest.ts';
import { pack, messageId, unpack } from '../../../electron/engine/sync/wire.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { formatHlc, MAX_DRIFT_MS, parseHlc, tick, type ClockState } from '../../../shared/ops/hlc.ts';
import type { Op, OpDraft } from '../../../shared/ops/op.ts';
import { reduce, type OpEffect } from '../../../shared/ops/reduce.ts';
import { emptyState, heads, merge, type EntityState } from '../../../shared/ops/registers.ts';
import { sealedText, SEGMENT_OPS, type Slice } from '../../../shared/ops/segment.ts';
import { OP_TYPES, type OpType } from '../../../shared/ops/types.ts';
import { SimConsole } from '../sync/model.ts';

/** A message as all consoles see it; what is in it was checked once, by the product's own code. */
export interface Message {
  author: number;
  from: number;
  last: number;
  id: string;
  body: Buffer;
  ops: readonly { op: Op; effects: readonly OpEffect[]; writtenAt: number; sum: readonly [number, number] }[];
  clock: ClockState;
}

/** When each op was written, by id, ms of the simulation. */
export type Written = Map<string, number>;

export interface Member {
  readonly identity: Identity;
  /** By how much its clock is wrong, ms. */
  readonly skew: number;
  /** Number of its newest op. */
  readonly seq: number;
  write(draft: OpDraft, now: number): Op;
  /** Its ops from number `from` on as one message; null when there are none. */
  message(from: number): { slice: Slice; from: number } | null;
  /** Takes a message that joins. */
  take(message: Message, now: number): void;
  /** Ids of the values that a new one replaces; null when it does not know. */
  headIds(kind: string, scope: string, id: string, field: string): string[] | null;
  /** SHA-256 over all entities; null when it does not keep them. */
  hash(): string | null;
}

export function readMessage(slice: Slice, from: number, author: number, written: Written): Message {
  const body = pack(slice);
  const { ops, problem } = coveredOps(unpack(body));
  if (problem !== null || ops.length !== slice.ops.length) throw new Error(problem ?? 'ops are missing');
  const { ms, counter } = parseHlc(ops.at(-1)!.hlc);
  return {
    ...{ author, from, last: slice.last, id: messageId(slice, from), body, clock: { ms, counter } },
    ops: ops.map((op) => {
      const reduced = reduce(op);
      const effects = reduced.outcome === 'effects' ? reduced.effects : [];
      return { op, effects, writtenAt: written.get(op.id)!, sum: sumOf(op.id) };
    }),
  };
}

export function sumOf(id: string): [number, number] {
  const bytes = Buffer.from(id, 'base64url');
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)];
}

/** Writes as the store does, and keeps its own ops only. */
export class Light implements Member {
  readonly identity: Identity;
  readonly skew: number;
  readonly #key: string;
  readonly #ops: Op[] = [];
  #clock: ClockState = { ms: 0, counter: 0 };

  constructor(identity: Identity, skew: number) {
    this.identity = identity;
    this.skew = skew;
    this.#key = rawKey(identity.publicKey).toString('base64url');
  }

  get seq(): number {
    return this.#ops.length;
  }

  write(draft: OpDraft, now: number): Op {
    const at = now + this.skew;
    this.#clock = tick(this.#clock, at);
    const payload = OP_TYPES[draft.type as OpType].parse(draft.payload) as Op['payload'];
    const before = this.#ops.at(-1);
    const { console } = this.identity;
    const body: Omit<Op, 'id'> = {
      ...{ console, seq: this.seq + 1, hlc: formatHlc({ ...this.#clock, console }), actor: 'ana' },
      ...{ eventTime: at, zone: 'UTC', scope: draft.scope, type: draft.type, payload },
      ...(draft.base?.length ? { base: draft.base.toSorted() } : {}),
      ...(before ? { prev: before.id } : {}),
    };
    const op: Op = { id: opId(body, canonical(payload)), ...body };
    this.#ops.push(op);
    this.merge(op, reducedOf(op));
    return op;
  }

  message(from: number): { slice: Slice; from: number } | null {
    const ops = this.#ops.slice(from - 1, from - 1 + SEGMENT_OPS);
    const end = ops.at(-1);
    if (!end) return null;
    const first = Math.floor((from - 1) / SEGMENT_OPS) * SEGMENT_OPS + 1;
    const last = Math.min(end.seq, first + SEGMENT_OPS - 1);
    const inside = ops.slice(0, last - from + 1);
    const seal = { console: this.identity.console, first, last, head: inside.at(-1)!.id };
    const signature = signText(this.identity.privateKey, sealedText(seal)).toString('base64url');
    const before = this.#ops[from - 2]?.id;
    return { from, slice: { ...seal, signature, key: this.#key, from, ...(before ? { before } : {}), ops: inside } };
  }

  take({ ops, clock }: Message, now: number): void {
    if (
      clock.ms - now - this.skew <= MAX_DRIFT_MS &&
      (clock.ms > this.#clock.ms || (clock.ms === this.#clock.ms && clock.counter > this.#clock.counter))
    )
      this.#clock = clock;
    for (const { op, effects } of ops) this.merge(op, effects);
  }

  /** Whoever keeps registers merges here. */
  merge(_op: Op, _effects: readonly OpEffect[]): void {}

  headIds(_kind: string, _scope: string, _id: string, _field: string): string[] | null {
    return null;
  }

  hash(): string | null {
    return null;
  }
}

function reducedOf(op: Op): readonly OpEffect[] {
  const reduced = reduce(op);
  if (reduced.outcome !== 'effects') throw new Error(`${op.type} does not apply`);
  return reduced.effects;
}

export class Merging extends Light {
  readonly #entities = new Map<string, EntityState>();

  override merge(op: Op, effects: readonly OpEffect[]): void {
    for (const effect of effects) {
      if (effect.do === 'entry') continue;
      const { kind, scope, id } = effect.entity;
      const name = `${kind}\n${scope}\n${id}`;
      let state = this.#entities.get(name);
      if (!state) this.#entities.set(name, (state = emptyState()));
      merge(state, effect, op);
    }
  }

  override headIds(kind: string, scope: string, id: string, field: string): string[] {
    const state = this.#entities.get(`${kind}\n${scope}\n${id}`);
    return state ? heads(state, field).map(({ op }) => op) : [];
  }

  override hash(): string {
    return hashOf([...this.#entities].map(([name, state]) => [...name.split('\n'), state] as Entity));
  }
}

type Entity = [kind: string, scope: string, id: string, state: EntityState];

function hashOf(entities: Entity[]): string {
  const hash = createHash('sha256');
  for (const line of entities.map((entity) => canonical(entity)).sort()) hash.update(line).update('\n');
  return hash.digest('hex');
}

/** The product's store. */
export class Whole implements Member {
  readonly sim: SimConsole;

  constructor(sim: SimConsole) {
    this.sim = sim;
  }

  get identity(): Identity {
    return this.sim.identity;
  }

  get skew(): number {
    return this.sim.skew;
  }

  get seq(): number {
    return this.sim.store.head?.seq ?? 0;
  }

  write(draft: OpDraft): Op {
    return this.sim.store.commit({ actor: 'ana', zone: 'UTC' }, (tx) => tx.append(draft));
  }

  message(from: number): { slice: Slice; from: number } | null {
    this.sim.memory.through.set(this.sim.id, from - 1);
    return this.sim.nextOwn();
  }

  take({ body, ops }: Message): void {
    const result = this.sim.store.ingest([unpack(body)], 'hub');
    if (result.quarantined.length > 0) throw new Error(result.quarantined[0]!.reason);
    if (result.applied + result.known !== ops.length) throw new Error('ops got lost on the way into the log');
  }

  headIds(kind: string, scope: string, id: string, field: string): string[] {
    const state = this.sim.store.state(kind, scope, id);
    return state ? heads(state, field).map(({ op }) => op) : [];
  }

  hash(): string {
    const rows = this.sim.db
      .prepare<[], { kind: string; scope: string; id: string; state: string }>(
        'SELECT kind, scope, id, state FROM entity',
      )
      .all();
    return hashOf(rows.map(({ kind, scope, id, state }) => [kind, scope, id, JSON.parse(state) as EntityState]));
  }
}
