/**
 * Invariant: appending ops and updating the projections is one transaction; the clock, the chain's head and the caches
 * move only after it is committed, so that a failed commit leaves nothing behind.
 */
import type { QuarantineView } from '../../../shared/contract/record.ts';
import { Refusal, type ChangeKey } from '../../../shared/contract/spec.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { UNDER_GRANT } from '../../../shared/domain/access/grants.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import { formatHlc, parseHlc, receive, tick, type ClockState } from '../../../shared/ops/hlc.ts';
import { ESTATE, isOp, MAX_PAYLOAD, Op, type OpDraft } from '../../../shared/ops/op.ts';
import { additions, heads, type EntityRef, type EntityState } from '../../../shared/ops/registers.ts';
import { RULES } from '../../../shared/ops/reduce.ts';
import { isKnown, OP_TYPES } from '../../../shared/ops/types.ts';
import { SEGMENT_OPS, type Seal } from '../../../shared/ops/segment.ts';
import type { Identity } from '../access/identity.ts';
import type { Opened, Sqlite } from './database.ts';
import { storageRefusal, storageWarning } from './failure.ts';
import { CLOCK, examine, type Incoming, type Refused, type Standing } from './ingest.ts';
import { Links, type KnownLink } from './links.ts';
import { bare, digest, Log, OP_COLUMNS, opId, toOp, type OpRow, type StoredOp } from './log.ts';
import { Keyring, type Inner } from '../restricted/keyring.ts';
import { outsideWords } from '../restricted/words.ts';
import { Segments } from './segments.ts';
import type { LocalRows } from '../record/salvage.ts';
import { heldOf, standingOf, tailOf } from './standing.ts';
import { Projection, SEALED, type EntityRow } from './projection.ts';
import { accessOf, limitsIn, limitsMoved, replay, type Limits } from './replay.ts';

export interface Author {
  /** Person id, or `system`. */
  actor: string;
  zone: string;
  /** The emergency grant under which it is written: it is marked in each op. */
  grant?: string | undefined;
}

/** A write transaction, as a command sees it. Reads see what was appended before. */
export interface Transaction {
  append(draft: OpDraft): Op;
  entity(kind: string, scope: string, id: string): EntityRow | null;
  /** Ids of the ops whose values a new value of a contested field replaces: its `base`. */
  headIds(kind: string, scope: string, id: string, field: string): string[];
  /** Ids of the additions that a removal from a set has seen: its `base`. */
  additionIds(kind: string, scope: string, id: string, set: string, element: string): string[];
}

export interface EntryRow {
  op: StoredOp;
  /** Event time as corrected, ms. */
  at: number;
}

/** A place in a timeline: entries are ordered by event time, then by HLC. */
export interface Place {
  at: number;
  hlc: string;
}

const END: Place = { at: Number.MAX_SAFE_INTEGER, hlc: 'g' };

export interface Committed {
  keys: ChangeKey[];
  /** Null when everything may have changed. */
  touched: EntityRef[] | null;
  /** How many ops came in with it. */
  ops: number;
}

export interface Ingested {
  applied: number;
  /** Ops that were here already. */
  known: number;
  quarantined: Refused[];
}

export interface Rebuilt {
  ops: number;
  ms: number;
  hash: string;
  /** Whether the tables already said the same. */
  same: boolean;
}

/** Own ops as they were committed, in order, with the seal that ends at the last of them. */
export interface Fresh {
  seal: Seal;
  ops: readonly Op[];
}

/** A commit whose payloads are longer than this, characters, or that has more ops, is read from the log by who needs it. */
const FRESH_LENGTH = 64 * 1024;
const FRESH_OPS = 50;

/** What a transaction moves; the store takes it over after the commit. */
interface Moving {
  now: number;
  clock: ClockState;
  head: { id: string; seq: number } | null;
  first: number;
  /** What was appended, while it is little. */
  fresh: Op[];
  freshLength: number;
  /** Over the last op that was appended. */
  seal: Seal | null;
  appended: number;
  touched: EntityRef[];
  scopes: Set<string>;
  /** Whether a console that does not count asked to be enrolled. */
  asked: boolean;
  /** Of the consoles that are shut out then. */
  limits: Limits;
  /** Whether the tables were made anew, because what counts changed. */
  replayed: boolean;
  /** Of consoles that are here in parts: where this transaction changed that, and whether a part of its own came. */
  parts: Map<string, { from: number; last: number; apart: boolean }>;
  /** Ids of the keys of restricted incidents that were here before. */
  keys: ReadonlySet<string>;
}

/** Who writes what the console says by itself. */
const SYSTEM: Author = { actor: 'system', zone: 'UTC' };

/** While a console's chain fills, what is held of it is said once in so many ops. */
const STATED_OPS = 10_000;
/** Runs of numbers in one such statement. */
const MOST_RUNS = 1000;

/** Characters of a quarantined op that are kept; a larger one is cut, because nothing in it will ever be applied. */
const MAX_KEPT = 1024 * 1024;

/** When the newest decision of a scope was made; reads its decisions only, however long the timeline is. */
export const LAST_DECISION = `
  SELECT max(entry.at) FROM op INDEXED BY op_decision CROSS JOIN entry USING (n)
  WHERE op.scope = ? AND op.type = 'entry.decision'`;

/** Consoles whose request to be enrolled is kept; of more than so many strangers nobody could be told from another. */
const MOST_JOIN_REQUESTS = 500;

/** How long the reply to a request is remembered, so that sending it again does not do it again. */
const REQUEST_MEMORY_MS = 24 * 3600_000;
/** Replies that are too old are looked for at the first command and then once in so many. */
const FORGET_EVERY = 500;

export class Store {
  readonly db: Sqlite;
  readonly log: Log;
  readonly segments: Segments;
  /** What is known of ops that are not here. */
  readonly links: Links;
  /** The keys of restricted incidents that are here. */
  readonly keyring: Keyring;
  readonly writable: boolean;
  /** Why it is not, in one sentence. */
  readonly #unwritable: string;
  readonly console: string;
  readonly #projection: Projection;
  readonly #now: () => number;
  readonly #statements;
  #clock: ClockState;
  #head: { id: string; seq: number } | null;
  /** Where this console's open segment begins. */
  #first: number;
  #count: number;
  #limits: Limits;
  #fresh: Fresh | null = null;
  #remembered = 0;
  #reread = 0;
  #onCommit: (committed: Committed) => void = () => {};
  #onRefused: (warning: string) => void = () => {};

  constructor(opened: Opened, identity: Identity, now: () => number, keyring = new Keyring(identity)) {
    this.db = opened.db;
    this.keyring = keyring;
    this.writable = opened.writable;
    this.#unwritable = opened.warning ?? 'The data folder is read-only: nothing can be saved.';
    this.console = identity.console;
    this.#now = now;
    this.log = new Log(opened.db, (op) => this.opened(op));
    this.#projection = new Projection(opened.db, (op) => keyring.open(op));
    this.segments = new Segments(opened.db, identity);
    this.links = new Links(opened.db);
    this.#first = this.segments.openFirst();
    this.#statements = prepare(opened.db);
    const head = this.log.head(this.console);
    this.#head = head && { id: head.id, seq: head.seq };
    // Own ops tell the clock by themselves; only what others' ops moved it to has to be kept.
    const heard = this.meta('clock');
    this.#clock = latest(head ? parseHlc(head.hlc) : null, heard ? parseHlc(heard) : null);
    this.#count = this.log.count();
    this.#limits = limitsIn(this.#projection, this.console);
    this.#readKeys();
  }

  /** Calls `listener` after every commit that changed something. */
  onCommit(listener: (committed: Committed) => void): void {
    this.#onCommit = listener;
  }

  /** Tells `listener` of each write that the disk does not take. */
  onRefused(listener: (warning: string) => void): void {
    this.#onRefused = listener;
  }

  get opCount(): number {
    return this.#count;
  }

  get head(): { id: string; seq: number } | null {
    return this.#head;
  }

  /** What this console committed last, when that was little: whoever sends it at once need not read it again. */
  get fresh(): Fresh | null {
    return this.#fresh;
  }

  entity(kind: string, scope: string, id: string): EntityRow | null {
    return this.#projection.entity(kind, scope, id);
  }

  /** The merged state of an entity, with the stamps and heads that `entity` leaves out. */
  state(kind: string, scope: string, id: string): EntityState | null {
    return this.#projection.load(kind, scope, id);
  }

  /** Entities of a kind, of one scope when it is given; deleted ones only with `gone`. */
  entities(kind: string, scope?: string, options: { gone?: boolean } = {}): EntityRow[] {
    return this.#projection.entities(kind, scope, options);
  }

  /**
   * Newest first: timeline entries of a scope, or about a subject such as `service:checkout-api`, older than `before`
   * and not older than `since` (ms), of op types `types`.
   */
  entries(
    of: { scope: string } | { subject: string },
    page: { limit: number; before?: Place; since?: number; types?: readonly string[] },
  ): EntryRow[] {
    const { at, hlc } = page.before ?? END;
    const since = page.since ?? -Number.MAX_SAFE_INTEGER;
    const types = page.types === undefined ? null : JSON.stringify(page.types);
    const [statement, key] =
      'scope' in of ? [this.#statements.entries, of.scope] : [this.#statements.entriesAbout, of.subject];
    const rows = statement.all(
      ...([key, since, at, at, hlc.slice(0, 16), hlc.slice(0, 16), hlc.slice(17)] as const),
      ...([types, types, page.limit] as const),
    );
    const found = rows.flatMap(({ at: effective, ...row }): EntryRow[] => {
      const op = this.opened(toOp(row));
      return page.types && !page.types.includes(op.type) ? [] : [{ op, at: effective }];
    });
    const last = rows.at(-1);
    // Of what is sealed the type shows only when it is opened: what was not asked for makes room for older ones.
    return last === undefined || found.length === rows.length || rows.length < page.limit
      ? found
      : [
          ...found,
          ...this.entries(of, {
            ...page,
            limit: page.limit - found.length,
            before: { at: last.at, hlc: `${last.hlc}-${last.console}` },
          }),
        ];
  }

  /** What was written in secret, as far as its key is here; every other op as it is. */
  opened(op: StoredOp): StoredOp {
    return op.type === SEALED ? ((this.keyring.open(op) as StoredOp | null) ?? op) : op;
  }

  /** The newest changes to the estate, the newest first; those that were withdrawn only when they are asked for. */
  newestChanges(limit: number, { withdrawn = false } = {}): EntityRow[] {
    return this.#projection.newestChanges(ESTATE, limit, withdrawn);
  }

  /** When the newest decision of a scope was made, as corrected, ms; null when there is none. */
  decidedAt(scope: string): number | null {
    if (this.keyring.get(scope)?.keys.length)
      return this.entries({ scope }, { limit: 1, types: ['entry.decision'] })[0]?.at ?? null;
    return this.#statements.decidedAt.get(scope) ?? null;
  }

  /** How many ops of an incident were written in secret. */
  sealedCount(scope: string): number {
    return this.#statements.sealed.get(scope)!;
  }

  entryCount(scope: string): number {
    return this.#statements.entryCount.get(scope)!;
  }

  /** The ops of a scope's timeline whose id begins with `prefix`, at most two: to tell apart "none", "this" and "ambiguous". */
  entryByPrefix(scope: string, prefix: string): StoredOp[] {
    const found: StoredOp[] = [];
    for (const { id } of this.#statements.entryIds.iterate(scope)) {
      const text = id.toString('base64url');
      if (text.startsWith(prefix)) found.push(this.log.get(text)!);
      if (found.length > 1) break;
    }
    return found;
  }

  /** Ops that were kept out because their chain, signature or shape is wrong. */
  quarantined(): number {
    return this.#statements.quarantined.get()!;
  }

  /** Ops of types that this version does not know; a later one replays them. */
  unknownOps(): number {
    return this.#statements.unknown.get()!;
  }

  /** The newest of what was kept out. */
  quarantineNewest(limit: number): QuarantineView[] {
    return this.#statements.quarantineNewest
      .all(limit)
      .map(({ op, id, ...row }) => ({ ...row, op: id, type: typeOf(op) }));
  }

  /** How many ops of each console are kept out. */
  keptOutCounts(): Map<string, number> {
    return new Map(this.#statements.keptOutCounts.all().map(({ console, count }) => [console, count]));
  }

  /** The newest request of each console that asked to be enrolled while it did not count, the oldest first. */
  joinRequests(): { console: string; arrived: number; op: string }[] {
    return this.#statements.joinRequests.all();
  }

  /**
   * Looks again at what was kept out of a console that counts by now: what was kept whole is taken.
   * @returns how many ops that were
   */
  takeKeptOut(console: string): number {
    const groups = new Map<string, unknown[]>();
    for (const { op, seal } of this.#statements.keptOutOf.all(console)) {
      const ops = groups.get(seal);
      if (ops) ops.push(JSON.parse(op));
      else groups.set(seal, [JSON.parse(op)]);
    }
    // One op may be kept under an earlier seal than those that came with it again.
    const all = [...groups.values()].flat();
    const slices = [...groups].flatMap(([seal, kept]): Incoming[] => {
      const slice = JSON.parse(seal) as Omit<Incoming, 'ops'>;
      const { first, from = first, last } = slice;
      const bySeq = new Map<number, unknown>(this.log.range(console, from, last).map((op) => [op.seq, bare(op)]));
      for (const op of [...all, ...kept]) bySeq.set((op as { seq: number }).seq, op);
      const ops = Array.from({ length: last - from + 1 }, (_, index) => bySeq.get(from + index));
      return ops.includes(undefined) ? [] : [{ ...slice, ops }];
    });
    if (slices.length === 0) return 0;
    return this.ingest(
      slices.toSorted((a, b) => a.last - b.last),
      'kept out',
    ).applied;
  }

  /** Takes in what was kept out because its clock was ahead, as far as its time has come; how many ops. */
  takeDue(): number {
    return this.#statements.fromTheFuture.all().reduce((sum, console) => sum + this.takeKeptOut(console), 0);
  }

  /** By how much each console's clock was ahead when its newest ops arrived, ms. */
  clocks(): { id: string; ahead: number }[] {
    return this.#statements.clocks.all();
  }

  meta(key: string): string | null {
    return this.#statements.meta.get(key) ?? null;
  }

  /** Sets a value that is local to this console. */
  setMeta(key: string, value: string): void {
    this.#guard(() => this.#statements.setMeta.run(key, value));
  }

  /** The reply to a request that was already carried out, as JSON. */
  reply(request: string): string | null {
    return this.#statements.request.get(request) ?? null;
  }

  /**
   * Runs `work` in one transaction; what it appended is on the disk when this returns. What `work` returns is
   * remembered under `request`, so that a request sent again is answered and not repeated.
   * @throws Refusal `storage` when the disk does not take it; then nothing of it is kept.
   */
  commit<T>(author: Author, work: (tx: Transaction) => T, request?: string): T {
    if (!this.writable) throw new Refusal('storage', this.#unwritable, { retryable: true });
    const moving = this.#begin();
    const state = (kind: string, scope: string, id: string) => this.#projection.load(kind, scope, id);
    const tx: Transaction = {
      append: (draft) => this.#append(moving, author, draft),
      entity: (kind, scope, id) => this.#projection.entity(kind, scope, id),
      headIds: (kind, scope, id, field) => {
        const loaded = state(kind, scope, id);
        return loaded ? heads(loaded, field).map((head) => head.op) : [];
      },
      additionIds: (kind, scope, id, set, element) => {
        const loaded = state(kind, scope, id);
        return loaded ? additions(loaded, set, element) : [];
      },
    };

    const result = this.#guard(() =>
      this.db
        .transaction(() => {
          const value = work(tx);
          this.#projection.flush();
          this.#heed(moving);
          if (moving.appended > 0) this.#sealOpen(moving);
          if (request !== undefined) this.#remember(request, moving.now, value);
          return value;
        })
        .immediate(),
    );
    this.#takeOver(moving);
    if (moving.appended > 0) this.#onCommit(committed(moving, moving.appended));
    return result;
  }

  #remember(request: string, now: number, value: unknown): void {
    this.#statements.setRequest.run(request, now, JSON.stringify(value ?? null));
    if (++this.#remembered % FORGET_EVERY === 1) this.#statements.forgetRequests.run(now - REQUEST_MEMORY_MS);
  }

  #begin(): Moving {
    return {
      now: this.#now(),
      clock: this.#clock,
      head: this.#head,
      first: this.#first,
      fresh: [],
      freshLength: 0,
      seal: null,
      appended: 0,
      touched: [],
      scopes: new Set(),
      asked: false,
      limits: this.#limits,
      replayed: false,
      parts: new Map(),
      keys: this.keyring.ids(),
    };
  }

  #append(moving: Moving, author: Author, draft: OpDraft): Op {
    const checked = checkPayload(draft, author.grant);
    moving.clock = tick(moving.clock, moving.now);
    const place = {
      console: this.console,
      seq: (moving.head?.seq ?? 0) + 1,
      hlc: formatHlc({ ...moving.clock, console: this.console }),
      scope: draft.scope,
    };
    const said: Inner = {
      type: draft.type,
      payload: checked.payload,
      actor: author.actor,
      eventTime: draft.eventTime ?? moving.now,
      zone: author.zone,
      ...(draft.base?.length ? { base: draft.base.toSorted() } : {}),
    };
    const secret = this.keyring.seals(draft.scope, draft.type, () => outsideWords(this, draft.scope));
    const written = secret
      ? { ...SYSTEM, eventTime: moving.now, type: SEALED, payload: this.keyring.seal(place, said) }
      : said;
    const text = secret ? canonical(written.payload) : checked.text;
    const body: Omit<Op, 'id'> = { ...place, ...written, ...(moving.head ? { prev: moving.head.id } : {}) };
    const whole: unknown = { id: opId(body, text), ...body };
    const op = isOp(whole) ? whole : Op.parse(whole);
    const applied = this.#projection.apply(op, this.log.insert(op, moving.now, text));
    if (applied.outcome !== 'applied') throw new Refusal('internal', `The op ${draft.type} does not apply.`);
    moving.touched.push(...applied.touched);
    // The next op of this transaction may already be sealed, or with another key.
    if (applied.touched.some(({ kind }) => kind === 'restriction')) {
      this.#projection.flush();
      this.#readKeys();
    }
    moving.scopes.add(op.scope);
    moving.head = { id: op.id, seq: op.seq };
    moving.appended++;
    moving.freshLength += text.length;
    if (moving.fresh.length < FRESH_OPS && moving.freshLength < FRESH_LENGTH) moving.fresh.push(op);
    if (op.seq - moving.first + 1 === SEGMENT_OPS) {
      moving.seal = this.segments.seal(moving.first, op.seq, op.id);
      moving.first = op.seq + 1;
    }
    if (!secret) return op;
    if (draft.type === 'incident.status') this.#sayRunning(moving, draft);
    return { ...op, ...said } as Op;
  }

  /** Others learn of a restricted incident that it is over, and nothing else. */
  #sayRunning(moving: Moving, { scope, payload }: OpDraft): void {
    const running = !isOver(payload['status'] as Status);
    if (this.keyring.get(scope)?.running !== running)
      this.#append(moving, SYSTEM, { scope, type: 'incident.running', payload: { running } });
  }

  /** What else follows from what was just applied. Call inside the transaction. */
  #heed(moving: Moving): void {
    this.#heedLimits(moving);
    if (!moving.replayed && moving.touched.some(({ kind }) => kind === 'restriction')) this.#heedKeys(moving);
  }

  #readKeys(): { came: boolean; went: boolean } {
    return this.keyring.load(this.#projection.entities('restriction'));
  }

  /** Opens what waited for a key that is here now, and closes what was open by one that was thrown away. */
  #heedKeys(moving: Moving): void {
    const { came, went } = this.#readKeys();
    const gone = moving.keys.size > 0 && [...moving.keys].some((key) => !this.keyring.has(key));
    if (went || gone) {
      this.#refill();
      this.#reread++;
      moving.replayed = true;
    } else if (came || this.keyring.size > moving.keys.size) moving.touched.push(...this.#openWaiting());
  }

  /** How often what is here came to say something else without a new op: it was opened, or closed. */
  get reread(): number {
    return this.#reread;
  }

  #openWaiting(): EntityRef[] {
    const touched: EntityRef[] = [];
    for (const n of this.#statements.parkedOf.all(SEALED)) {
      const op = this.log.asWritten(n);
      if (!op || this.keyring.open(op) === null) continue;
      const applied = this.#projection.apply(op, n);
      if (applied.outcome === 'applied') touched.push(...applied.touched);
      this.#statements.unparkOne.run(n);
      this.#reread++;
    }
    this.#projection.flush();
    return touched;
  }

  /** Makes the tables anew. Call inside the transaction. @returns how many ops were read */
  #refill(): number {
    this.#projection.clear();
    this.keyring.load([]);
    const read = replay(this.log, this.#projection, this.console);
    this.#readKeys();
    this.#openWaiting();
    return read;
  }

  #sealOpen(moving: Moving): void {
    const { head, first } = moving;
    if (head && head.seq >= first) moving.seal = this.segments.seal(first, head.seq, head.id);
  }

  /** Makes the tables anew when a console was shut out, or let in again, whose ops are here. Call inside the transaction. */
  #heedLimits(moving: Moving): void {
    if (!moving.touched.some(({ kind }) => kind === 'console')) return;
    // Ops on consoles that count no more may be among what was just applied.
    if (this.#limits.size === 0 && limitsIn(this.#projection, this.console).size === 0) return;
    moving.limits = accessOf(this.log.onConsoles(), this.console).limits;
    if (!limitsMoved(this.log, this.#limits, moving.limits)) return;
    this.#refill();
    moving.replayed = true;
  }

  #takeOver({ clock, head, first, fresh, seal, appended, limits }: Moving): void {
    if (head?.id !== this.#head?.id) {
      const whole = appended === fresh.length && head?.seq === (fresh[0]?.seq ?? 0) + appended - 1;
      this.#fresh = seal && whole && seal.first <= fresh[0]!.seq && seal.head === head.id ? { seal, ops: fresh } : null;
    }
    this.#limits = limits;
    this.#clock = clock;
    this.#head = head;
    this.#first = first;
    this.#count += appended;
  }

  /**
   * Takes segments and slices of other consoles into the log, in one transaction; what may not be applied is quarantined.
   * @param kept whether who hands them over keeps them and will hand them over again when they are not here: then a power
   * cut may take the newest of them, and the disk is not waited for. What this console writes itself is always on the disk
   * before anybody hears of it, and with it all that came before.
   * @throws Refusal `storage` when the disk does not take it; then nothing of it is kept.
   */
  ingest(segments: readonly Incoming[], origin: string, kept = false): Ingested {
    if (!this.writable) throw new Refusal('storage', this.#unwritable, { retryable: true });
    if (!kept) return this.#ingest(segments, origin);
    this.db.exec('PRAGMA synchronous = NORMAL');
    const own = this.#head?.id;
    try {
      return this.#ingest(segments, origin);
    } finally {
      this.db.exec('PRAGMA synchronous = FULL');
      // An op of our own that came of it must not be lost once it is sent; this commit brings all before it to the disk.
      if (this.#head?.id !== own) this.setMeta('clock', this.meta('clock')!);
    }
  }

  #ingest(segments: readonly Incoming[], origin: string): Ingested {
    const moving = this.#begin();
    const result: Ingested = { applied: 0, known: 0, quarantined: [] };
    this.#guard(() =>
      this.db
        .transaction(() => {
          for (const segment of segments) this.#take(segment, origin, moving, result);
          for (const [console, part] of moving.parts) this.#stateHeld(console, part, moving);
          this.#projection.flush();
          this.#heed(moving);
          if (moving.head?.id !== this.#head?.id) this.#sealOpen(moving);
          this.#statements.setMeta.run('clock', formatHlc({ ...moving.clock, console: this.console }));
        })
        .immediate(),
    );
    this.#takeOver(moving);
    this.#count += result.applied;
    if (result.applied > 0 || result.quarantined.length > 0) {
      const told = committed(moving, result.applied);
      if (moving.asked && !told.keys.includes('estate')) told.keys.push('estate');
      this.#onCommit(told);
    }
    return result;
  }

  #take(segment: Incoming, origin: string, moving: Moving, result: Ingested): void {
    const { console } = segment;
    const { now } = moving;
    const standing = this.standing(console);
    const tail = tailOf(standing, this.links, console);
    const { good, known, refused, links, asked, vouched, ahead } = examine(
      segment,
      standing,
      heldOf(this.log, this.links, segment, tail),
      now,
    );
    const keptOut = this.#statements.keptOut.get() === 1;
    for (const { op, payload, reduced } of good) {
      const applied = this.#projection.apply(op, this.log.insert(op, now, payload), reduced);
      if (applied.outcome === 'applied') moving.touched.push(...applied.touched);
      moving.scopes.add(op.scope);
      if (keptOut) this.#statements.release.run(op.id);
      if (op.seq <= tail) this.links.drop(console, op.seq);
    }
    const first = good[0]?.op;
    if (first) {
      moving.clock = receive(moving.clock, good.at(-1)!.op.hlc, now).state;
      this.#statements.setAhead.run({ console, ahead: Math.max(0, ahead) });
    }
    // Links that came without a new op are not needed, and nothing would say that they may stand for one.
    if (vouched && (first ? true : links.length === 0 && known > 0)) this.#keepProof(segment, links);
    if (first) this.segments.rememberKey(console, Buffer.from(segment.key, 'base64url'));
    if (first && standing.own) {
      const head = this.log.head(console)!;
      moving.head = { id: head.id, seq: head.seq };
      moving.first = this.segments.openFirst();
    } else if (first && (first.seq <= tail || links.length > 0)) {
      const { from, last, apart } = moving.parts.get(console) ?? { from: Infinity, last: 0, apart: false };
      moving.parts.set(console, {
        from: Math.min(from, segment.from ?? segment.first),
        last: Math.max(last, segment.last),
        apart: apart || links.length > 0,
      });
    }
    for (const each of refused) this.#quarantine(each, segment, origin, now);
    if (asked.length > 0) moving.asked = true;
    for (const op of asked)
      this.#statements.setJoinRequest.run(op.console, op.id, now, JSON.stringify(op), op.hlc, MOST_JOIN_REQUESTS);
    result.applied += good.length;
    result.known += known;
    result.quarantined.push(...refused);
  }

  /** Keeps the seal of what was taken, and the links that it vouches for. */
  #keepProof(segment: Incoming, links: readonly KnownLink[]): void {
    const { console, first, from = first } = segment;
    const whole =
      links.every(({ content }) => content === null) &&
      (from === first || this.segments.reaches(console, first, from - 1));
    if (links.length > 0) this.links.put(segment.console, links);
    if (!whole) this.links.prove(segment);
    else {
      this.segments.put(segment);
      this.links.dropProofs(segment);
    }
  }

  /**
   * Says in our own chain which ops of a console that is here in parts we have, so that nobody can take one away unseen.
   * While a gap fills from its beginning that is said once in so many ops, and when it is closed: what was said before
   * holds until then, only that nobody would notice if one of these ops went away again.
   */
  #stateHeld(
    console: string,
    { from, last, apart }: { from: number; last: number; apart: boolean },
    moving: Moving,
  ): void {
    const filling =
      !apart &&
      (from === 1 || this.log.idAt(console, from - 1) !== null) &&
      this.log.idAt(console, last + 1) === null &&
      this.links.last(console) > last;
    if (filling && Math.floor(from / STATED_OPS) === Math.floor(last / STATED_OPS)) return;
    const before = (this.log.before(console, from) ?? 0) + 1;
    const held = this.log.runs(console, apart ? before : Math.max(1, Math.min(before, last - 2 * STATED_OPS)), last);
    let first = apart ? before : (held[0]?.[0] ?? before);
    for (let at = 0; at < held.length; at += MOST_RUNS) {
      const some = held.slice(at, at + MOST_RUNS);
      const end = at + MOST_RUNS < held.length ? some.at(-1)![1] : last;
      const payload = { console, first, last: end, held: some };
      this.#append(moving, SYSTEM, { scope: ESTATE, type: 'record.held', payload });
      first = end + 1;
    }
  }

  /**
   * Puts back ops that a restoration found in a damaged copy of this same log, in one transaction. Their hashes and
   * signatures were checked; unlike `ingest`, a gap before them is allowed, because what is missing there is lost.
   */
  takeBack(ops: readonly Op[], seals: readonly Seal[], keys: ReadonlyMap<string, Buffer>): void {
    const now = this.#now();
    this.#guard(() =>
      this.db
        .transaction(() => {
          for (const op of ops) this.#projection.apply(op, this.log.insert(op, now));
          this.#projection.flush();
          if (limitsIn(this.#projection, this.console).size > 0) this.#refill();
          else {
            this.#readKeys();
            this.#openWaiting();
          }
          this.#limits = limitsIn(this.#projection, this.console);
          for (const [console, key] of keys) this.segments.rememberKey(console, key);
          for (const seal of seals) if (this.log.idAt(seal.console, seal.last) === seal.head) this.segments.put(seal);
          const last = this.log.head(this.console);
          const sealed = this.segments.of(this.console).at(-1)?.last ?? 0;
          if (last && last.seq > sealed) this.segments.seal(sealed + 1, last.seq, last.id);
        })
        .immediate(),
    );
    const head = this.log.head(this.console);
    this.#head = head && { id: head.id, seq: head.seq };
    this.#fresh = null;
    this.#first = this.segments.openFirst();
    this.#count += ops.length;
    this.#clock = ops.reduce(
      (clock, op) =>
        op.hlc.slice(0, 16) > formatHlc({ ...clock, console: this.console }).slice(0, 16) ? parseHlc(op.hlc) : clock,
      this.#clock,
    );
  }

  /** Moves the clock on to the newest op of every console, as if they had been heard one by one. */
  hearAll(): void {
    const now = this.#now();
    for (const { id } of this.log.consoles()) this.#clock = receive(this.#clock, this.log.head(id)!.hlc, now).state;
    this.setMeta('clock', formatHlc({ ...this.#clock, console: this.console }));
  }

  /**
   * Puts back what a restoration found of the rows that never travel: without the requests that were answered, one that is
   * sent again would be carried out again.
   */
  takeBackLocal({ meta, requests, unlocks }: LocalRows): void {
    this.#guard(() =>
      this.db
        .transaction(() => {
          for (const { key, value } of meta) this.#statements.setMeta.run(key, value);
          for (const { id, at, reply } of requests) this.#statements.keepRequest.run(id, at, reply);
          this.#statements.forgetSessions.run();
          this.#statements.forgetVerified.run();
          if (unlocks === null) return;
          this.#statements.forgetUnlocks.run();
          for (const unlock of unlocks) this.#statements.keepUnlock.run(unlock);
        })
        .immediate(),
    );
  }

  #quarantine(refused: Refused, { ops: _ops, ...seal }: Incoming, origin: string, now: number): void {
    const { console, seq, id, reason } = refused;
    const text = textOf(refused.op);
    const kept = text.length > MAX_KEPT ? JSON.stringify({ cut: text.slice(0, MAX_KEPT) }) : text;
    this.#statements.quarantine.run(now, origin, reason, kept, console, seq, id || digest(text), JSON.stringify(seal));
  }

  /** What this log knows of a console whose ops arrive. */
  standing(console: string): Standing {
    return standingOf(this.log, this.entity('console', ESTATE, console)?.doc, console, this.console);
  }

  /** Empties the projections and fills them from the log, in one transaction. */
  rebuild(): Rebuilt {
    const started = performance.now();
    let before = '';
    let ops = 0;
    const hash = this.#guard(() =>
      this.db
        .transaction(() => {
          before = this.#projection.hash();
          ops = this.#refill();
          return this.#projection.hash();
        })
        .immediate(),
    );
    this.#limits = limitsIn(this.#projection, this.console);
    this.#onCommit({ keys: EVERYTHING, touched: null, ops: 0 });
    return { ops, ms: performance.now() - started, hash, same: hash === before };
  }

  /**
   * Takes into the tables what an earlier version of this program could not: ops of types that it did not know, and all
   * of them when the rules changed since. Call it once after the opening, before anything is read. On a disk that takes
   * nothing the tables stay as they are, so that they can be read.
   */
  catchUp(): void {
    if (!this.writable) return;
    try {
      this.#catchUp();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  #catchUp(): void {
    if (this.meta('rules') !== String(RULES)) {
      if (this.#count > 0) this.rebuild();
      this.setMeta('rules', String(RULES));
      return;
    }
    // After a snapshot from another console, or a restoration.
    if (this.keyring.size > 0) this.#guard(() => this.db.transaction(() => this.#openWaiting()).immediate());
    const waiting = this.#statements.parkedTypes.all().filter(isKnown);
    if (waiting.length === 0) return;
    this.#guard(() =>
      this.db
        .transaction(() => {
          for (const type of waiting) {
            for (const op of this.log.numbered(this.#statements.parkedOf.all(type))) this.#projection.apply(op, op.n);
            this.#statements.unpark.run(type);
          }
          this.#projection.flush();
        })
        .immediate(),
    );
  }

  /** Content hash of the projections. */
  hash(): string {
    return this.#projection.hash();
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#projection.discard();
      this.log.rolledBack();
      this.#readKeys();
      const warning = storageWarning(error);
      if (warning !== null) this.#onRefused(warning);
      throw storageRefusal(error) ?? error;
    }
  }
}

/** What the screens read again when any table may say something else. */
const EVERYTHING: ChangeKey[] = ['estate', 'health', 'incidents', 'changes', 'sources', 'status'];

function committed({ touched, scopes, replayed }: Moving, ops: number): Committed {
  const keys = changeKeys(touched, scopes);
  return replayed ? { keys: [...new Set([...keys, ...EVERYTHING])], touched: null, ops } : { keys, touched, ops };
}

function latest(one: ClockState | null, other: ClockState | null): ClockState {
  if (!one || !other) return one ?? other ?? { ms: 0, counter: 0 };
  return one.ms > other.ms || (one.ms === other.ms && one.counter > other.counter) ? one : other;
}

/** What was refused, as JSON; of what is nested too deeply to be written, only that. */
function textOf(refused: unknown): string {
  try {
    return JSON.stringify(refused ?? null);
  } catch {
    return JSON.stringify({ cut: 'It is nested too deeply to be kept.' });
  }
}

/** The type of a quarantined op, as far as it says one. */
function typeOf(op: string): string {
  try {
    const { type } = JSON.parse(op) as { type?: unknown };
    return typeof type === 'string' ? type.slice(0, 64) : '';
  } catch {
    return '';
  }
}

/** The payload as its type's schema reads it, and its canonical JSON. */
function checkPayload(draft: OpDraft, grant: string | undefined): { payload: Op['payload']; text: string } {
  if (!isKnown(draft.type)) throw new Refusal('internal', `No op type ${draft.type}.`);
  const parsed = OP_TYPES[draft.type].safeParse(draft.payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new Refusal('bad_input', `${issue.path.join('.') || draft.type}: ${issue.message}.`);
  }
  const payload = {
    ...(parsed.data as Op['payload']),
    ...(grant === undefined ? {} : { [UNDER_GRANT]: grant }),
  };
  const text = canonicalPayload(draft.type, payload);
  const { length } = text;
  if (length > MAX_PAYLOAD) {
    throw new Refusal(
      'bad_input',
      `This is ${Math.round(length / 1024)} KiB; one entry holds at most ${MAX_PAYLOAD / 1024} KiB.`,
    );
  }
  return { payload, text };
}

function canonicalPayload(type: string, payload: Op['payload']): string {
  try {
    return canonical(payload);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Refusal('bad_input', `${type}: ${error.message}.`);
  }
}

/** Kinds of entities that are no part of the estate's structure, with keys of their own. */
const NO_STRUCTURE = [
  'health',
  'manual',
  'maintenance',
  'drift',
  'change',
  'access-role',
  'secret',
  'source',
  'policy',
  'degraded',
  'degraded-mode',
  'breakglass',
  'breakglass-codes',
  'breakglass-lockout',
  'exception',
];

function changeKeys(touched: EntityRef[], scopes: Set<string>): ChangeKey[] {
  const keys = new Set<ChangeKey>(['status']);
  for (const { kind } of touched) {
    if (['health', 'manual', 'maintenance'].includes(kind)) keys.add('health');
    else if (kind === 'change') keys.add('changes');
    else if (kind === 'drift') keys.add('drift');
    else if (kind === 'degraded' || kind === 'degraded-mode') keys.add('degraded');
    else if (kind === 'source') keys.add('sources');
    else if (kind === 'policy') keys.add('policies').add('access');
    else if (kind === 'access-role' || kind === 'secret' || kind === 'person' || kind === 'team') keys.add('access');
    else if (kind.startsWith('breakglass') || kind === 'exception') keys.add('grants');
  }
  if (touched.some(({ kind, scope }) => scope === ESTATE && !NO_STRUCTURE.includes(kind))) keys.add('estate');
  for (const scope of scopes) {
    if (scope === ESTATE) continue;
    keys.add('incidents').add(`incident:${scope}`);
  }
  return [...keys];
}

function prepare(db: Sqlite) {
  const entries = (key: 'scope' | 'subject') =>
    db.prepare<
      [string, number, number, number, string, string, string, string | null, string | null, number],
      OpRow & { at: number }
    >(
      `SELECT ${OP_COLUMNS}, entry.at AS at FROM entry JOIN op USING (n) JOIN console ON console.n = op.console
       WHERE entry.${key} = ? AND entry.at >= ? AND entry.at <= ?
         AND (entry.at < ? OR op.hlc < ? OR (op.hlc = ? AND console.id < ?))
         AND (? IS NULL OR op.type = '${SEALED}' OR op.type IN (SELECT value FROM json_each(?)))
       ORDER BY entry.at DESC, op.hlc DESC, console.id DESC LIMIT ?`,
    );
  return {
    entries: entries('scope'),
    entriesAbout: entries('subject'),
    entryIds: db.prepare<[string], { id: Buffer }>(
      'SELECT op.id AS id FROM entry JOIN op USING (n) WHERE entry.scope = ?',
    ),
    decidedAt: db.prepare<[string], number | null>(LAST_DECISION).pluck(),
    entryCount: db.prepare<[string], number>('SELECT count(*) FROM entry WHERE scope = ?').pluck(),
    quarantined: db.prepare<[], number>('SELECT count(*) FROM quarantine').pluck(),
    fromTheFuture: db
      .prepare<[], string>(`SELECT DISTINCT console FROM quarantine WHERE reason LIKE '${CLOCK} %'`)
      .pluck(),
    keptOut: db.prepare<[], number>('SELECT EXISTS (SELECT 1 FROM quarantine)').pluck(),
    unknown: db.prepare<[], number>(`SELECT count(*) FROM parked WHERE type <> '${SEALED}'`).pluck(),
    parkedTypes: db.prepare<[], string>(`SELECT DISTINCT type FROM parked WHERE type <> '${SEALED}'`).pluck(),
    sealed: db.prepare<[string], number>(`SELECT count(*) FROM op WHERE scope = ? AND type = '${SEALED}'`).pluck(),
    unparkOne: db.prepare('DELETE FROM parked WHERE n = ?'),
    parkedOf: db.prepare<[string], number>('SELECT n FROM parked WHERE type = ? ORDER BY n').pluck(),
    unpark: db.prepare('DELETE FROM parked WHERE type = ?'),
    meta: db.prepare<[string], string>('SELECT value FROM meta WHERE key = ?').pluck(),
    setMeta: db.prepare(
      'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    ),
    quarantineNewest: db.prepare<[number], Omit<QuarantineView, 'type' | 'op'> & { op: string; id: string }>(
      'SELECT n, arrived, origin, console, seq, op_id AS id, reason, op FROM quarantine ORDER BY n DESC LIMIT ?',
    ),
    clocks: db.prepare<[], { id: string; ahead: number }>('SELECT id, ahead FROM console'),
    quarantine: db.prepare(
      `INSERT OR IGNORE INTO quarantine (arrived, origin, reason, op, console, seq, op_id, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    setJoinRequest: db.prepare(
      `INSERT INTO join_request (console, op_id, arrived, op, hlc)
       SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM join_request) < ?
       ON CONFLICT (console) DO UPDATE SET op_id = excluded.op_id, arrived = excluded.arrived, op = excluded.op,
         hlc = excluded.hlc WHERE excluded.hlc > hlc`,
    ),
    joinRequests: db.prepare<[], { console: string; arrived: number; op: string }>(
      'SELECT console, arrived, op FROM join_request ORDER BY arrived, console',
    ),
    keptOutCounts: db.prepare<[], { console: string; count: number }>(
      'SELECT console, count(*) AS count FROM quarantine GROUP BY console',
    ),
    keptOutOf: db.prepare<[string], { op: string; seal: string }>(
      `SELECT op, seal FROM quarantine WHERE console = ? AND seq > 0 AND seal IS NOT NULL AND substr(op, 1, 7) <> '{"cut":' ORDER BY seq`,
    ),
    release: db.prepare('DELETE FROM quarantine WHERE op_id = ?'),
    setAhead: db.prepare('UPDATE console SET ahead = @ahead WHERE id = @console AND ahead IS NOT @ahead'),
    request: db.prepare<[string], string>('SELECT reply FROM request WHERE id = ?').pluck(),
    setRequest: db.prepare('INSERT INTO request (id, at, reply) VALUES (?, ?, ?)'),
    forgetSessions: db.prepare('DELETE FROM session'),
    forgetUnlocks: db.prepare('DELETE FROM unlock'),
    forgetVerified: db.prepare('DELETE FROM sso_identity'),
    keepUnlock: db.prepare<[Record<string, unknown>]>(
      `INSERT OR REPLACE INTO unlock (person, kind, salt, cost, block, lanes, verifier, set_at, failures, wait_until)
       VALUES (@person, @kind, @salt, @cost, @block, @lanes, @verifier, @set_at, @failures, @wait_until)`,
    ),
    keepRequest: db.prepare('INSERT OR IGNORE INTO request (id, at, reply) VALUES (?, ?, ?)'),
    forgetRequests: db.prepare('DELETE FROM request WHERE at < ?'),
  };
}
