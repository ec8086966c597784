/**
 * Consoles that meet at a hub which loses, repeats and reorders, are cut off, crash, and whose clocks are wrong, all from one
 * seed. Invariant: what merges is the product's own code (store, slices, messages); only the network, the clock and the
 * people are made up, and they draw every number from the seed, so that a schedule can be played again.
 *
 * What a fair ending must show is checked by rules of its own, not by those of the registers: an op of a contested field
 * that stands no more must have been seen by whoever replaced it.
 */
import { generateKeyPairSync } from 'node:crypto';
import Database from 'better-sqlite3';
import { consoleIdOf, rawKey, type Identity } from '../../../electron/engine/access/identity.ts';
import type { Opened } from '../../../electron/engine/store/database.ts';
import { MIGRATIONS } from '../../../electron/engine/store/migrations.ts';
import { Store } from '../../../electron/engine/store/store.ts';
import { Pieces, type Piece } from '../../../electron/engine/sync/pieces.ts';
import { messageId, pack, unpack } from '../../../electron/engine/sync/wire.ts';
import { ESTATE, type OpDraft } from '../../../shared/ops/op.ts';
import { seeded } from '../../support/history.ts';

const MINUTE = 60_000;
const START = 1_780_000_000_000;
const INCIDENTS = ['i1', 'i2'];
const PEOPLE = ['ana', 'raj', 'li', 'mo'];
/** Messages after which a hub no longer knows one again by its id. */
const WINDOW = 40;

let template: Buffer | null = null;

/** A database in memory with the newest tables. */
function freshDatabase(): Database.Database {
  if (template === null) {
    const db = new Database(':memory:');
    for (const migration of MIGRATIONS) db.exec(migration.sql);
    template = db.serialize();
    db.close();
  }
  return new Database(template);
}

/** Key pairs are costly to make and nothing depends on which is whose. */
const keys: Identity[] = [];
export function identityOf(index: number): Identity {
  while (keys.length <= index) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    keys.push({ console: consoleIdOf(rawKey(publicKey)), publicKey, privateKey });
  }
  return keys[index]!;
}

interface Message {
  console: string;
  id: string;
  body: Buffer;
}

export class Hub {
  messages: Message[] = [];
  /** Grows when the hub was wiped or restored: what anybody remembers of it is void. */
  life = 1;

  store(message: Message): void {
    if (this.messages.slice(-WINDOW).some(({ id }) => id === message.id)) return;
    this.messages.push(message);
  }

  /** Forgets all from number `from` on. */
  wipe(from: number): void {
    this.messages = this.messages.slice(0, from);
    this.life++;
  }
}

/** What one console remembers of the hub; may lag behind, as after a crash. */
interface Memory {
  life: number;
  cursor: number;
  through: Map<string, number>;
}

/** One op of a contested field, with those of the same field that its author had when writing it. */
interface Said {
  register: string;
  op: string;
  console: string;
  value: string;
  seen: ReadonlySet<string>;
}

export class SimConsole {
  readonly index: number;
  readonly store: Store;
  readonly identity: Identity;
  readonly db: Database.Database;
  /** By how much its clock is wrong, ms. */
  skew = 0;
  cutOff = false;
  readonly #pieces: Pieces;
  memory: Memory = { life: 1, cursor: 0, through: new Map() };
  #saved: Memory = { life: 1, cursor: 0, through: new Map() };
  /** The earliest message of each console that did not count here. */
  readonly strangers = new Map<string, number>();

  constructor(index: number, clock: () => number) {
    this.index = index;
    this.db = freshDatabase();
    this.identity = identityOf(index);
    const opened: Opened = {
      ...{ db: this.db, file: ':memory:', writable: true, warning: null, migrated: [] },
      close: () => this.db.close(),
    };
    this.store = new Store(opened, this.identity, () => clock() + this.skew);
    this.#pieces = new Pieces(this.store, this.identity);
  }

  get id(): string {
    return this.identity.console;
  }

  save(): void {
    this.#saved = { ...this.memory, through: new Map(this.memory.through) };
  }

  /** What was not saved of its memory is gone; what was committed is not. */
  crash(): void {
    this.memory = { ...this.#saved, through: new Map(this.#saved.through) };
  }

  /** Forgets what it knows of a hub that is another one now. */
  meet(hub: Hub): void {
    if (this.memory.life === hub.life) return;
    this.memory = { life: hub.life, cursor: 0, through: new Map() };
    this.strangers.clear();
  }

  nextOwn(): Piece | null {
    return this.#pieces.own((this.memory.through.get(this.id) ?? 0) + 1);
  }

  /** What is here of another console and, as far as it looks from here, not at the hub. */
  others(console: string): Generator<Piece> {
    const from = (this.memory.through.get(console) ?? 0) + 1;
    return this.#pieces.others(console, from, this.store.log.reach(console, from));
  }

  /** Takes a message; whether its console counts here. */
  take(body: Buffer, seq: number): void {
    const slice = unpack(body);
    const { console, last, head } = slice;
    if (this.store.standing(console).access === 'stranger')
      this.strangers.set(console, Math.min(seq, this.strangers.get(console) ?? seq));
    this.store.ingest([slice], 'hub');
    if (this.store.log.idAt(console, last) === head && (this.memory.through.get(console) ?? 0) < last)
      this.memory.through.set(console, last);
  }

  /** Goes back to the messages of consoles that count by now. */
  welcome(): void {
    for (const [console, seq] of this.strangers) {
      if (this.store.standing(console).access === 'stranger') continue;
      this.memory.cursor = Math.min(this.memory.cursor, seq - 1);
      this.strangers.delete(console);
    }
  }
}

export interface Outcome {
  consoles: number;
  ops: number;
  forks: number;
  conflicts: number;
  messages: number;
  /** Sentences that say what is wrong; empty when all is as it should be. */
  wrong: string[];
}

export class Schedule {
  readonly hub = new Hub();
  readonly consoles: SimConsole[] = [];
  readonly acknowledged = new Map<string, string>();
  /** A console that was shut out; what it wrote afterwards counts for nobody but itself. */
  revoked: SimConsole | null = null;
  readonly #random: () => number;
  readonly #said: Said[] = [];
  #now = START;
  #notes = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
    const count = 3 + Math.floor(this.#random() * 5);
    for (let index = 0; index < count; index++) this.consoles.push(new SimConsole(index, () => this.#now));
    this.#found();
  }

  close(): void {
    for (const { db } of this.consoles) db.close();
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  #one<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!;
  }

  /** The first console enrols all; each of the others trusts the first one. */
  #found(): void {
    const [first, ...others] = this.consoles;
    const enrol = (here: SimConsole, other: SimConsole) =>
      this.#write(here, {
        scope: ESTATE,
        type: 'console.enrol',
        payload: {
          console: other.id,
          key: rawKey(other.identity.publicKey).toString('base64url'),
          name: `c${other.index}`,
        },
      });
    for (const other of others) {
      // Some are enrolled later, when they have written already.
      if (this.#chance(0.8)) enrol(first!, other);
      enrol(other, first!);
    }
    for (const incident of INCIDENTS)
      this.#write(first!, {
        ...{ scope: incident, type: 'incident.declare' },
        payload: { number: 1, title: incident, severity: 'SEV2', services: [], businessServices: [] },
      });
  }

  #write(here: SimConsole, draft: OpDraft): string {
    const id = here.store.commit({ actor: this.#one(PEOPLE), zone: 'UTC' }, (tx) => tx.append(draft).id);
    if (here !== this.revoked) this.acknowledged.set(id, here.id);
    return id;
  }

  /** A value of a contested field, in the light of what its author sees. */
  #contest(
    here: SimConsole,
    kind: string,
    scope: string,
    entity: string,
    field: string,
    draft: Omit<OpDraft, 'base'>,
    value: string,
  ): void {
    const register = `${kind} ${scope} ${entity} ${field}`;
    const seen = new Set(
      this.#said.filter((one) => one.register === register && here.store.log.has(one.op)).map(({ op }) => op),
    );
    const id = here.store.commit(
      { actor: this.#one(PEOPLE), zone: 'UTC' },
      (tx) => tx.append({ ...draft, base: tx.headIds(kind, scope, entity, field) }).id,
    );
    // What a console that was shut out says counts for nobody, so nobody has to see it.
    if (here === this.revoked) return;
    this.acknowledged.set(id, here.id);
    this.#said.push({ register, op: id, console: here.id, value, seen });
  }

  /** Something that a person does. */
  act(here: SimConsole): void {
    const scope = this.#one(INCIDENTS);
    const severity = this.#one(['SEV1', 'SEV2', 'SEV3', 'SEV4']);
    const status = this.#one(['declared', 'mitigating', 'monitoring', 'resolved']);
    const state = this.#one(['open', 'doing', 'done', 'failed']);
    const person = this.#one(PEOPLE);
    const role = this.#one(['commander', 'scribe']);
    const debt = this.#one(['open', 'doing', 'reconciled']);
    switch (this.#upTo(9)) {
      case 0:
        return this.#contest(
          here,
          'incident',
          scope,
          scope,
          'severity',
          { scope, type: 'incident.severity', payload: { severity } },
          severity,
        );
      case 1:
        return this.#contest(
          here,
          'incident',
          scope,
          scope,
          'status',
          { scope, type: 'incident.status', payload: { status } },
          status,
        );
      case 2:
        return this.#contest(
          here,
          'incident',
          scope,
          scope,
          `role:${role}`,
          { scope, type: 'incident.role', payload: { role, person } },
          person,
        );
      case 3:
        return this.#contest(
          here,
          'run',
          scope,
          'r1',
          'step:s1',
          { scope, type: 'run.step', payload: { run: 'r1', step: 's1', state } },
          state,
        );
      case 4:
        return this.#contest(
          here,
          'cleanup',
          scope,
          'd1',
          'reconciliation',
          { scope, type: 'cleanup.state', payload: { item: 'd1', state: debt } },
          debt,
        );
      case 5:
        return void this.#write(here, {
          scope,
          type: this.#chance(0.6) ? 'incident.expert' : 'incident.expert-end',
          payload: { person },
        });
      case 6:
        return void this.#write(here, {
          ...{ scope: ESTATE, type: 'estate.put' },
          payload: { kind: 'service', id: this.#one(['api', 'db']), fields: { tier: 1 + this.#upTo(2) } },
        });
      case 7:
        return void this.#write(here, { scope, type: 'incident.title', payload: { title: `title ${this.#upTo(9)}` } });
      default:
        return void this.#write(here, { scope, type: 'entry.note', payload: { text: `note ${++this.#notes}` } });
    }
  }

  /** Own ops go out, then what others wrote and the hub lacks; `faults` is how likely each goes wrong. */
  send(here: SimConsole, faults: number): void {
    here.meet(this.hub);
    for (let left = 1 + this.#upTo(3); left > 0; left--) {
      const piece = here.nextOwn();
      if (!piece) break;
      if (!this.#publish(here, piece, here.id, faults)) return;
    }
    for (const { id } of here.store.log.consoles()) {
      if (id === here.id || !this.#chance(faults === 0 ? 1 : 0.1)) continue;
      for (const piece of here.others(id)) if (!this.#publish(here, piece, id, faults)) return;
    }
  }

  #publish(here: SimConsole, { slice, from }: Piece, console: string, faults: number): boolean {
    if (this.#chance(faults)) return false;
    this.hub.store({ console, id: messageId(slice, from), body: pack(slice) });
    if (this.#chance(faults)) return false;
    here.memory.through.set(console, Math.max(slice.last, here.memory.through.get(console) ?? 0));
    return true;
  }

  /** Reads some messages; with faults they come in another order, twice, or broken. */
  receive(here: SimConsole, faults: number, most = 1 + this.#upTo(5)): number {
    here.meet(this.hub);
    here.welcome();
    const from = here.memory.cursor;
    const part = this.hub.messages
      .slice(from, from + most)
      .map((message, index) => ({ ...message, seq: from + index + 1 }));
    const order = this.#chance(faults) ? part.toSorted(() => this.#random() - 0.5) : part;
    for (const message of order) {
      if (this.#chance(faults)) this.#mangled(here, message.body);
      here.take(message.body, message.seq);
      if (this.#chance(faults)) here.take(message.body, message.seq);
    }
    here.memory.cursor = Math.max(here.memory.cursor, from + part.length);
    return part.length;
  }

  /** A message that somebody changed on the way must change nothing. */
  #mangled(here: SimConsole, body: Buffer): void {
    const slice = unpack(body);
    const ops = slice.ops.map((op) => ({ ...(op as object) }));
    const target = this.#one(ops) as { payload?: unknown; prev?: string };
    if (this.#chance(0.5)) target.payload = { text: 'forged' };
    else ops.splice(this.#upTo(ops.length - 1), 1);
    here.store.ingest([{ ...slice, ops }], 'hub');
  }

  step(): void {
    this.#now += this.#upTo(90_000);
    const here = this.#one(this.consoles);
    const roll = this.#random();
    if (roll < 0.42) this.act(here);
    else if (roll < 0.66) {
      if (!here.cutOff) this.send(here, 0.15);
    } else if (roll < 0.9) {
      if (!here.cutOff) this.receive(here, 0.15);
    } else if (roll < 0.93) here.save();
    else if (roll < 0.95) here.crash();
    else if (roll < 0.975) here.cutOff = !here.cutOff;
    else if (roll < 0.985) here.skew = Math.round((this.#random() - 0.5) * 16 * MINUTE);
    else if (roll < 0.987) this.#revoke();
    else if (roll < 0.99 && this.hub.messages.length > 0) this.hub.wipe(this.#upTo(this.hub.messages.length));
    else this.#handOver(here);
  }

  /** The first console shuts one out, once: what it has of it by then still counts. */
  #revoke(): void {
    const [first, ...others] = this.consoles;
    if (this.revoked !== null || others.length < 3) return;
    const lost = this.#one(others);
    if (first!.store.standing(lost.id).access !== 'enrolled') return;
    this.revoked = lost;
    const through = first!.store.log.tip(lost.id)?.seq ?? 0;
    this.#write(first!, {
      ...{ scope: ESTATE, type: 'console.revoke' },
      payload: { console: lost.id, through, reason: 'stolen' },
    });
    for (const [op, console] of this.acknowledged) {
      if (console !== lost.id) continue;
      const stored = lost.store.log.get(op);
      if (stored && stored.seq > through) this.acknowledged.delete(op);
    }
  }

  /** Two consoles exchange what they have without the hub, as by a stick. */
  #handOver(here: SimConsole): void {
    const other = this.#one(this.consoles);
    if (other === here) return;
    for (const { id } of here.store.log.consoles()) {
      const pieces = new Pieces(here.store, here.identity);
      if (id === here.id)
        for (let piece = pieces.own(1); piece; piece = pieces.own(piece.slice.last + 1))
          other.store.ingest([unpack(pack(piece.slice))], 'stick');
      else
        for (const piece of pieces.others(id, 1, here.store.log.reach(id, 1)))
          other.store.ingest([unpack(pack(piece.slice))], 'stick');
    }
  }

  /** Everybody is back, clocks are right, whoever was not enrolled is, and all has been said. */
  heal(): void {
    const [first, ...others] = this.consoles;
    for (const here of this.consoles) {
      here.cutOff = false;
      here.skew = 0;
    }
    this.#now += 20 * MINUTE;
    for (const other of others)
      if (first!.store.standing(other.id).access === 'stranger')
        this.#write(first!, {
          ...{ scope: ESTATE, type: 'console.enrol' },
          payload: {
            console: other.id,
            key: rawKey(other.identity.publicKey).toString('base64url'),
            name: `c${other.index}`,
          },
        });
    for (let round = 0, idle = 0; idle < 2 && round < 60; round++) {
      const before = this.consoles.map(({ store }) => store.opCount).join();
      const length = this.hub.messages.length;
      for (const here of this.consoles) this.send(here, 0);
      for (const here of this.consoles) while (this.receive(here, 0, 1000) > 0);
      const still =
        this.consoles.map(({ store }) => store.opCount).join() === before && this.hub.messages.length === length;
      idle = still ? idle + 1 : 0;
    }
  }

  /** What is wrong now that all should be one. */
  judge(): Outcome {
    const wrong: string[] = [];
    const [first] = this.consoles;
    const standing = this.consoles.filter((one) => one !== this.revoked);
    for (const here of standing)
      if (here.store.hash() !== first!.store.hash())
        wrong.push(`Console ${here.index} shows something else than console 0.`);
    for (const here of standing) {
      const lost = [...this.acknowledged].filter(([op]) => !here.store.log.has(op));
      const [sample] = lost;
      if (sample) {
        const of = this.consoles.findIndex(({ id }) => id === sample[1]);
        wrong.push(`Console ${here.index} lacks ${lost.length} acknowledged ops, such as one of console ${of}.`);
      }
    }
    let forks = 0;
    let conflicts = 0;
    for (const [register, said] of Map.groupBy(this.#said, (one) => one.register)) {
      const [kind, scope, entity, field] = register.split(' ') as [string, string, string, string];
      const left = new Set(Object.keys(first!.store.state(kind, scope, entity)?.contested[field]?.heads ?? {}));
      const silent = said.filter(
        ({ op }) => this.acknowledged.has(op) && !left.has(op) && !said.some((later) => later.seen.has(op)),
      );
      if (silent.length > 0)
        wrong.push(`${register}: ${silent.length} answers are gone that nobody saw before they were replaced.`);
      const values = new Set(said.filter(({ op }) => left.has(op)).map(({ value }) => value));
      if (left.size > 1) forks++;
      if (values.size > 1) {
        conflicts++;
        const told = first!.store.entity(kind, scope, entity)?.doc.conflicts?.some((one) => one.field === field);
        if (told !== true) wrong.push(`${register} stands at ${[...values].join(' and ')}, and nobody is told.`);
      }
    }
    return {
      consoles: this.consoles.length,
      ops: first!.store.opCount,
      forks,
      conflicts,
      messages: this.hub.messages.length,
      wrong,
    };
  }
}

/** Plays one schedule from its seed to the end. @param steps of people, network and mishaps */
export function play(seed: number, steps = 90): Outcome {
  const schedule = new Schedule(seed);
  try {
    for (let step = 0; step < steps; step++) schedule.step();
    schedule.heal();
    return schedule.judge();
  } finally {
    schedule.close();
  }
}
