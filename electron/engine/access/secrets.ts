/**
 * What people unlock this console with. Invariants: a secret is never kept, only a salted, stretched and peppered verifier of it, in
 * a table of this console that no op, bundle or export holds; a failed try is on the disk before its answer is known, so that
 * neither a restart nor a clock set back gives tries back; one try at a time.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../../../shared/contract/spec.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import type { Store } from '../store/store.ts';
import type { ForwardClock } from '../grants/clock.ts';
import type { Vault } from '../rest/vault.ts';
import { DEAR, dearer, stretch, type Cost, type Guess } from './cost.ts';
import type { Keychain } from './keychain.ts';
import { machineId, pepperOf } from './pepper.ts';

export type SecretKind = 'passphrase' | 'pin';

export interface SecretOf {
  person: string;
  kind: SecretKind;
  /** When it was set, ms. */
  setAt: number;
  /** Tries that failed in a row. */
  failures: number;
  /** How long nobody may try now, ms. */
  waitMs: number;
}

interface Row extends Cost {
  person: string;
  kind: SecretKind;
  salt: Buffer;
  verifier: Buffer;
  set_at: number;
  failures: number;
  wait_until: number;
}

/** So many wrong tries in a row cost nothing but themselves. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 15 * 60_000;

/** How long after `failures` wrong tries in a row nobody may try again, ms. */
export function waitAfter(failures: number): number {
  if (failures <= FREE_TRIES) return 0;
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - FREE_TRIES - 1));
}

export interface SecretsOptions {
  store: Store;
  clock: ForwardClock;
  /** The data folder. */
  directory: string;
  keychain: Keychain | null;
  vault?: Vault;
  /** What tells this machine from others; for tests. */
  machine?: string;
  guess?: Guess;
}

export class Secrets {
  readonly #store: Store;
  readonly #clock: ForwardClock;
  readonly #pepper: (make: boolean) => Promise<Buffer>;
  readonly #guess: Guess;
  readonly #statements: ReturnType<typeof prepare>;
  #any: boolean;
  #busy = false;
  #cost: Promise<Cost> | null = null;

  constructor({ store, clock, directory, keychain, vault, machine = machineId(), guess = DEAR }: SecretsOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#pepper = (make) => pepperOf(directory, keychain, make, machine, vault);
    this.#guess = guess;
    this.#statements = prepare(store);
    this.#any = this.#statements.count.get()! > 0;
  }

  /** Whether anybody has set what to unlock this console with: from then on it is locked. */
  any(): boolean {
    return this.#any;
  }

  has(person: string): boolean {
    return this.#any && this.#statements.get.get(person) !== undefined;
  }

  list(): SecretOf[] {
    if (!this.#any) return [];
    const now = this.#clock.now();
    return this.#statements.all.all().map(({ person, kind, set_at: setAt, failures, wait_until: until }) => ({
      ...{ person, kind, setAt, failures },
      waitMs: Math.max(0, until - now),
    }));
  }

  /** Sets what `person` unlocks with from here on. `secret` is wiped. */
  async set(person: string, kind: SecretKind, secret: Buffer): Promise<void> {
    try {
      this.#cost ??= this.#guess.measure();
      await this.#put(person, kind, secret, await this.#cost);
    } finally {
      secret.fill(0);
    }
  }

  /**
   * Whether `secret`, which is wiped, is that of `person`. A wrong one counts against them.
   * @throws Refusal when there is nothing to compare with, while a wait lasts, or while another try is under way
   */
  async check(
    person: string,
    secret: Buffer,
  ): Promise<{ ok: true; kind: SecretKind } | { ok: false; failures: number; waitMs: number }> {
    const row = this.#statements.get.get(person);
    if (!row) {
      secret.fill(0);
      throw new Refusal('refused', 'Nothing is set on this console for them to unlock with.');
    }
    const wait = row.wait_until - this.#clock.now();
    if (wait > 0) {
      secret.fill(0);
      throw new Refusal('refused', waitWords(row.failures, wait), { retryable: true });
    }
    if (this.#busy) {
      secret.fill(0);
      throw new Refusal('refused', 'Another try is under way; try again in a second.', { retryable: true });
    }
    this.#busy = true;
    try {
      const pepper = await this.#pepper(false);
      const failures = row.failures + 1;
      this.#count(person, failures);
      const begun = performance.now();
      const found = await verifierOf(secret, row.salt, row, pepper);
      const ms = performance.now() - begun;
      const same = timingSafeEqual(found, row.verifier);
      found.fill(0);
      pepper.fill(0);
      if (!same) return { ok: false, failures, waitMs: waitAfter(failures) };
      this.#count(person, 0);
      const cost = dearer(row, ms, this.#guess.ms);
      if (cost !== null && this.#store.writable) await this.#put(person, row.kind, secret, cost, row.set_at);
      return { ok: true, kind: row.kind };
    } finally {
      secret.fill(0);
      this.#busy = false;
    }
  }

  remove(person: string): boolean {
    const removed = this.#statements.drop.run(person).changes > 0;
    this.#any = this.#statements.count.get()! > 0;
    return removed;
  }

  clear(): void {
    this.#statements.clear.run();
    this.#any = false;
  }

  async #put(person: string, kind: SecretKind, secret: Buffer, cost: Cost, setAt = this.#clock.wall()): Promise<void> {
    const pepper = await this.#pepper(true);
    const salt = randomBytes(16);
    const verifier = await verifierOf(secret, salt, cost, pepper);
    pepper.fill(0);
    this.#statements.put.run({ person, kind, salt, verifier, ...cost, setAt });
    this.#any = true;
  }

  /** Written down before the answer is known. */
  #count(person: string, failures: number): void {
    const now = this.#clock.now();
    if (this.#store.writable) {
      this.#statements.count_try.run(failures, now + waitAfter(failures), person);
      this.#clock.keep();
    }
  }
}

export function waitWords(failures: number, wait: number): string {
  return `${failures} wrong tries in a row: wait ${formatDuration(wait)} before the next.`;
}

async function verifierOf(secret: Buffer, salt: Buffer, cost: Cost, pepper: Buffer): Promise<Buffer> {
  const stretched = await stretch(secret, salt, cost);
  const verifier = createHmac('sha256', pepper).update(stretched).digest();
  stretched.fill(0);
  return verifier;
}

function prepare({ db }: Store) {
  return {
    count: db.prepare<[], number>('SELECT count(*) FROM unlock').pluck(),
    get: db.prepare<[string], Row>('SELECT * FROM unlock WHERE person = ?'),
    all: db.prepare<[], Row>('SELECT * FROM unlock ORDER BY person'),
    put: db.prepare<[Cost & { person: string; kind: string; salt: Buffer; verifier: Buffer; setAt: number }]>(
      `INSERT OR REPLACE INTO unlock (person, kind, salt, cost, block, lanes, verifier, set_at, failures, wait_until)
       VALUES (@person, @kind, @salt, @cost, @block, @lanes, @verifier, @setAt, 0, 0)`,
    ),
    count_try: db.prepare<[number, number, string]>('UPDATE unlock SET failures = ?, wait_until = ? WHERE person = ?'),
    drop: db.prepare<[string]>('DELETE FROM unlock WHERE person = ?'),
    clear: db.prepare<[]>('DELETE FROM unlock'),
  };
}
