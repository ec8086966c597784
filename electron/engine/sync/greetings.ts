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
/** Who just came is greeted back within so long for each console that is known, ms: thousands must not do so at once. */
const BACK_MS = 20;

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

  constructor(store: Store, identity: Identity, now: () => number, changed: () => void) {
    this.#store = store;
    this.#identity = identity;
    this.#now = now;
    this.#changed = changed;
  }

  get all(): Greeted[] {
    return [...this.#greeted.values()];
  }

  /** Greets over `transport` and listens there until the returned function is called. */
  over(transport: Transport): () => void {
    let back: NodeJS.Timeout | undefined;
    const stop = transport.hear(TOPIC, (body) => {
      if (!this.#hear(body)) return;
      back ??= setTimeout(
        () => {
          back = undefined;
          greet();
        },
        Math.random() * Math.min(EVERY_MS, BACK_MS * (this.#greeted.size + 1)),
      );
    });
    const greet = () => {
      const greeting = { console: this.#store.console, at: this.#now(), seq: this.#store.head?.seq ?? 0 };
      const signature = signText(this.#identity.privateKey, signedText(greeting)).toString('base64url');
      transport.tell(TOPIC, Buffer.from(JSON.stringify({ ...greeting, signature })));
    };
    greet();
    const timer = setInterval(greet, EVERY_MS);
    return () => {
      clearInterval(timer);
      clearTimeout(back);
      stop();
    };
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
    const came = now - (this.#greeted.get(console)?.heard ?? 0) > 2 * EVERY_MS;
    this.#greeted.set(console, { console, heard: now, ahead: at - now, said: seq, at });
    this.#changed();
    return came;
  }
}
