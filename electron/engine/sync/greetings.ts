/**
 * Who is there. Every console says so from time to time, signed: when it is by its clock and how many ops it has written.
 * Invariant: only a greeting that an enrolled console signed counts, and never one older than the last.
 */
import { canonical } from '../../../shared/ops/canonical.ts';
import { z } from 'zod';
import { ConsoleId } from '../../../shared/ops/op.ts';
import { isSigned, keyFromRaw, signText, type Identity } from '../access/identity.ts';
import type { Store } from '../store/store.ts';
import type { Transport } from './transport.ts';

const TOPIC = 'here';
const EVERY_MS = 15_000;
/** Everybody hears everybody, so that the more there are the rarer each speaks: once in so long for each console, ms. */
const SHARE_MS = 300;
/** Who just came is greeted back within so long for each console that is known, ms: thousands must not do so at once. */
const BACK_MS = 20;
/** How many greet back, on average: the newcomer hears the others when it is their turn. */
const BACK_MANY = 20;

const Greeting = z.object({
  console: ConsoleId,
  /** By its clock, ms since 1970 UTC. */
  at: z.int(),
  seq: z.int().min(0),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
type Greeting = z.infer<typeof Greeting>;

const signedText = ({ console, at, seq }: Omit<Greeting, 'signature'>): string =>
  canonical(['holdfast greeting 1', console, at, seq]);

/** How often each of `consoles` that are there greets, ms. */
export function greetEvery(consoles: number): number {
  return Math.max(EVERY_MS, SHARE_MS * consoles);
}

export interface Greeted {
  console: string;
  /** When it reached us, ms. */
  heard: number;
  /** By how much its clock is ahead of ours, ms, less what the way took. */
  ahead: number;
  said: number;
}

export class Greetings {
  readonly #store: Store;
  readonly #identity: Identity;
  readonly #now: () => number;
  readonly #changed: () => void;
  readonly #greeted = new Map<string, Greeted & { at: number }>();
  /** How many were heard of late, and this one. */
  #here = 1;

  constructor(store: Store, identity: Identity, now: () => number, changed: () => void) {
    this.#store = store;
    this.#identity = identity;
    this.#now = now;
    this.#changed = changed;
  }

  get all(): Greeted[] {
    return [...this.#greeted.values()];
  }

  /** How many were heard lately, and this one. */
  get here(): number {
    return this.#here;
  }

  /** How often each greets now, by how many were heard lately, ms. */
  get everyMs(): number {
    return greetEvery(this.#here);
  }

  /** Greets over `transport` and listens there until the returned function is called. */
  over(transport: Transport): () => void {
    let back: NodeJS.Timeout | undefined;
    const stop = transport.hear(TOPIC, (body) => {
      if (!this.#hear(body) || Math.random() >= BACK_MANY / this.#greeted.size) return;
      back ??= setTimeout(
        () => {
          back = undefined;
          greet();
        },
        Math.random() * Math.min(this.everyMs, BACK_MS * (this.#greeted.size + 1)),
      );
    });
    const greet = () => {
      this.#here = this.#all(this.#now());
      const greeting = { console: this.#store.console, at: this.#now(), seq: this.#store.head?.seq ?? 0 };
      const signature = signText(this.#identity.privateKey, signedText(greeting)).toString('base64url');
      transport.tell(TOPIC, Buffer.from(JSON.stringify({ ...greeting, signature })));
    };
    greet();
    let timer: NodeJS.Timeout;
    const again = () => {
      timer = setTimeout(() => (greet(), again()), this.everyMs * (0.9 + 0.2 * Math.random()));
    };
    again();
    return () => {
      clearTimeout(timer);
      clearTimeout(back);
      stop();
    };
  }

  #all(now: number): number {
    let count = 1;
    for (const { heard } of this.#greeted.values()) if (now - heard < 4 * this.everyMs) count++;
    return count;
  }

  /** Takes a greeting; whether it is from a console that was not there a while ago. */
  #hear(body: Uint8Array): boolean {
    const now = this.#now();
    if (body.length > 1000) return false;
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(body).toString('utf8'));
    } catch {
      return false;
    }
    const parsed = Greeting.safeParse(value);
    if (!parsed.success || parsed.data.console === this.#store.console) return false;
    const { console, at, seq, signature } = parsed.data;
    if (at <= (this.#greeted.get(console)?.at ?? 0)) return false;
    const { key, access } = this.#store.standing(console);
    if (access !== 'enrolled' || !key) return false;
    if (!isSigned(keyFromRaw(key), signedText(parsed.data), Buffer.from(signature, 'base64url'))) return false;
    const came = now - (this.#greeted.get(console)?.heard ?? 0) > 2 * this.everyMs;
    this.#greeted.set(console, { console, heard: now, ahead: at - now, said: seq, at });
    if (came) this.#here = this.#all(now);
    this.#changed();
    return came;
  }
}
