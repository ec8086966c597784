/**
 * Who is at each window and command line. Invariant: a session belongs to one caller, is kept by the engine and named by
 * nothing but the caller's secret id; what it may do is worked out at each call. While nobody has set what to unlock with, the
 * console is open: whoever sits there may do everything.
 */
import { createHash } from 'node:crypto';
import { CAPABILITIES, type Capability } from '../../../shared/contract/spec.ts';
import type { Context, Session } from '../context.ts';
import type { Store } from '../store/store.ts';
import type { ForwardClock } from '../grants/clock.ts';
import { rightsOf, type Right } from './rights.ts';
import { identityOf } from './sso/identities.ts';
import type { Secrets } from './secrets.ts';

/** Who calls: said by the process that holds the other end, never by a page. */
export interface Caller {
  /** Known to nobody else: whoever has it has the session. */
  id: string;
  kind: 'window' | 'board' | 'terminal';
}

/** As whom somebody unlocked, and how. */
export interface Unlocked {
  person: string;
  /** `passphrase`, `pin`, `sso`, `break-glass`, … */
  how: string;
}

interface Kept extends Unlocked {
  kind: Caller['kind'];
  /** When it was unlocked and when a hand was last on it, ms of the clock that only goes forward. */
  since: number;
  seen: number;
}

const EVERYTHING: ReadonlySet<Capability> = new Set(CAPABILITIES);
const READ: ReadonlySet<Capability> = new Set<Capability>(['read']);
const NOTHING: ReadonlySet<Capability> = new Set();
const NO_RIGHTS: readonly Right[] = [];

const MINUTE_MS = 60_000;
/** How often idle windows are looked for, and how often "seen" is written down, ms. */
const LOOK_MS = 5000;
const WRITE_MS = 30_000;
const MOST_ENDED = 200;

type Known = Pick<Context, 'store' | 'estate' | 'policies'>;

export interface SessionsOptions {
  known: Known;
  secrets: Secrets;
  clock: ForwardClock;
  /** Person id of whom an open console acts as, or the user of this machine. */
  local(): { actor: string; person: string | null };
  /** Told when somebody's session began or ended. */
  changed(): void;
}

export class Sessions {
  readonly #known: Known;
  readonly #secrets: Secrets;
  readonly #clock: ForwardClock;
  readonly #local: SessionsOptions['local'];
  readonly #changed: () => void;
  readonly #statements: ReturnType<typeof prepare>;
  /** By hash of the caller's id; null: there is none. */
  readonly #kept = new Map<string, Kept | null>();
  readonly #written = new Map<string, number>();
  /** Why sessions were ended that nobody there ended. */
  readonly #ended = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;

  constructor({ known, secrets, clock, local, changed }: SessionsOptions) {
    this.#known = known;
    this.#secrets = secrets;
    this.#clock = clock;
    this.#local = local;
    this.#changed = changed;
    this.#statements = prepare(known.store);
  }

  /** What `caller` may do now. */
  of(caller: Caller | null): Session {
    const { whileLocked } = this.#secrets.any() ? this.#known.policies.get('access').value : { whileLocked: 'read' };
    if (caller?.kind === 'board') return { ...this.#nobody(READ), state: 'locked' };
    if (!this.#secrets.any()) {
      const { actor, person } = this.#local();
      return { actor, person, state: 'open', how: null, since: null, capabilities: EVERYTHING, rights: NO_RIGHTS };
    }
    const kept = caller === null ? null : this.#find(caller);
    if (!kept) return this.#nobody(whileLocked === 'read' ? READ : NOTHING);
    const all = rightsOf(this.#known, kept.person, this.#clock.wall());
    // Whoever got in by breaking the glass has proved no more than the grant says, and is gone with it.
    const rights = kept.how === 'break-glass' ? all.filter(({ grant }) => grant !== null) : all;
    if (rights.length === 0 && kept.how === 'break-glass') {
      this.#drop(keyOf(caller!));
      return this.#nobody(whileLocked === 'read' ? READ : NOTHING);
    }
    return {
      actor: kept.person,
      person: kept.person,
      state: 'unlocked',
      how: kept.how,
      since: kept.since,
      capabilities: new Set(rights.flatMap(({ capability, incident }) => (incident === null ? [capability] : []))),
      rights,
    };
  }

  /** What the console does by itself, whoever is there. */
  own(): Session {
    const { actor, person } = this.#local();
    return { actor, person, state: 'open', how: null, since: null, capabilities: EVERYTHING, rights: NO_RIGHTS };
  }

  #nobody(capabilities: ReadonlySet<Capability>): Session {
    return {
      actor: this.#local().actor,
      person: null,
      state: 'locked',
      how: null,
      since: null,
      capabilities,
      rights: NO_RIGHTS,
    };
  }

  /** From here on `caller` acts as this person. */
  begin(caller: Caller, { person, how }: Unlocked): void {
    const now = this.#clock.now();
    const key = keyOf(caller);
    this.#kept.set(key, { person, how, kind: caller.kind, since: now, seen: now });
    this.#ended.delete(key);
    // Whose it is stands on the disk at once: an engine that comes back must not take it for who was there before.
    this.#written.delete(key);
    this.#write(key, now);
    this.#watch();
    this.#changed();
  }

  /** Ends the session of `caller`; whether there was one. */
  end(caller: Caller): boolean {
    return this.#drop(keyOf(caller));
  }

  /** Ends every session, or those of one person. */
  endAll(person?: string): void {
    for (const row of this.#statements.all.all()) {
      if (person === undefined || row.person === person) this.#drop(row.caller.toString('hex'));
    }
    for (const [key, kept] of this.#kept) if (kept && (person === undefined || kept.person === person)) this.#drop(key);
  }

  /** Ends what somebody has by single sign-on, and tells their windows why. */
  endSso(person: string, why: string): void {
    for (const row of this.#statements.all.all())
      if (row.person === person && row.how === 'sso') this.#drop(row.caller.toString('hex'), why);
    for (const [key, kept] of this.#kept) if (kept?.person === person && kept.how === 'sso') this.#drop(key, why);
  }

  /** Why the last session of `caller` was ended by nobody there; null when it was not. */
  endedOf(caller: Caller | null): string | null {
    return caller === null ? null : (this.#ended.get(keyOf(caller)) ?? null);
  }

  /** A hand was on it. */
  touch(caller: Caller): void {
    const kept = this.#find(caller);
    if (!kept) return;
    kept.seen = this.#clock.now();
    this.#write(keyOf(caller), kept.seen);
  }

  /** When `caller` locks itself if nobody touches it, ms; null when it does not. */
  locksAt(caller: Caller | null): number | null {
    const kept = caller === null ? null : this.#find(caller);
    if (!kept) return null;
    const ends = this.#ends(kept);
    return ends === Infinity ? null : ends - this.#clock.now() + this.#clock.wall();
  }

  close(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }

  #find(caller: Caller): Kept | null {
    const key = keyOf(caller);
    let kept = this.#kept.get(key);
    if (kept === undefined) {
      kept = this.#read(key);
      this.#kept.set(key, kept);
      if (kept) this.#watch();
    }
    if (!kept) return null;
    if (this.#clock.now() >= this.#ends(kept) || !this.#known.estate.get('person', kept.person)) {
      this.#drop(key);
      return null;
    }
    if (kept.how === 'sso' && identityOf(this.#known, kept.person, this.#clock.wall()) === null) {
      this.#drop(
        key,
        'What single sign-on said is too old, or its provider was changed: sign in again, or unlock with a passphrase.',
      );
      return null;
    }
    return kept;
  }

  #read(key: string): Kept | null {
    const row = this.#statements.get.get(Buffer.from(key, 'hex'));
    if (!row) return null;
    return { ...row, kind: row.kind as Caller['kind'] };
  }

  /** A glass that was broken does not close over whoever has only that: it ends with the grant. */
  #ends({ since, seen, how }: Kept): number {
    const { idleMinutes, sessionHours } = this.#known.policies.get('access').value;
    return Math.min(
      since + sessionHours * 60 * MINUTE_MS,
      idleMinutes === 0 || how === 'break-glass' ? Infinity : seen + idleMinutes * MINUTE_MS,
    );
  }

  #write(key: string, now: number): void {
    const kept = this.#kept.get(key);
    if (!kept || !this.#known.store.writable) return;
    const last = this.#written.get(key);
    if (last !== undefined && now - last < WRITE_MS && last <= now) return;
    this.#written.set(key, now);
    const { person, how, kind, since, seen } = kept;
    this.#statements.put.run(Buffer.from(key, 'hex'), kind, person, how, since, seen);
    this.#clock.keep();
  }

  #drop(key: string, why: string | null = null): boolean {
    const had = this.#kept.get(key) ?? null;
    if (why !== null) {
      if (this.#ended.size >= MOST_ENDED) this.#ended.clear();
      this.#ended.set(key, why);
    }
    this.#kept.delete(key);
    this.#written.delete(key);
    const gone = this.#known.store.writable && this.#statements.drop.run(Buffer.from(key, 'hex')).changes > 0;
    if (had || gone) this.#changed();
    return had !== null || gone;
  }

  #watch(): void {
    this.#timer ??= setInterval(() => {
      const now = this.#clock.now();
      let left = 0;
      for (const [key, kept] of this.#kept) {
        if (kept === null) this.#kept.delete(key);
        else if (now >= this.#ends(kept)) this.#drop(key);
        else left++;
      }
      if (left === 0) this.close();
    }, LOOK_MS).unref();
  }
}

function keyOf({ id }: Caller): string {
  return createHash('sha256').update(id).digest('hex');
}

function prepare({ db }: Store) {
  return {
    get: db.prepare<[Buffer], { kind: string; person: string; how: string; since: number; seen: number }>(
      'SELECT kind, person, how, since, seen FROM session WHERE caller = ?',
    ),
    all: db.prepare<[], { caller: Buffer; person: string; how: string }>('SELECT caller, person, how FROM session'),
    put: db.prepare<[Buffer, string, string, string, number, number]>(
      'INSERT OR REPLACE INTO session (caller, kind, person, how, since, seen) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    drop: db.prepare<[Buffer]>('DELETE FROM session WHERE caller = ?'),
  };
}
