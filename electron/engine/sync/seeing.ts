/**
 * Who sees what. A console's word of a service's health is an op, said when it changes; that it still holds is said here,
 * signed and not kept: which sources the console reads just now. Invariant: only what an enrolled console signed counts, and
 * never one older than the last; who is not heard any more confirms nothing.
 */
import { z } from 'zod';
import { canonical } from '../../../shared/ops/canonical.ts';
import { ConsoleId, Id } from '../../../shared/ops/op.ts';
import { isSigned, keyFromRaw, signText, type Identity } from '../access/identity.ts';
import type { Store } from '../store/store.ts';
import type { Stop, Transport } from './transport.ts';

const TOPIC = 'sees';
/** How often it is said, ms. */
const EVERY_MS = 60_000;
/** How often it is looked whether it is another than was said: a source that answers again must not wait for the minute, ms. */
const LOOK_MS = 5000;
/** Who just came is told within so long, ms: hundreds must not do so at once. */
const BACK_MS = 2000;
const MOST_BYTES = 64 * 1024;

const Sight = z.object({
  console: ConsoleId,
  /** By its clock, ms since 1970 UTC. */
  at: z.int(),
  /** Ids of the sources that it reads, and hears. */
  sources: z.array(Id).max(1000),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
});
type Sight = z.infer<typeof Sight>;

const signedText = ({ console, at, sources }: Omit<Sight, 'signature'>): string =>
  canonical(['holdfast sight 1', console, at, sources]);

export interface SeeingOptions {
  store: Store;
  identity: Identity;
  /** Wall clock, ms. */
  now: () => number;
  /** Sources that this console reads and hears now. */
  sees: () => string[];
  /** Another console said which it does. */
  seen: (console: string, sources: ReadonlySet<string>) => void;
}

export class Seeing {
  readonly #options: SeeingOptions;
  /** When each console said it last, by its clock and by ours, ms. */
  readonly #last = new Map<string, { at: number; heard: number }>();

  constructor(options: SeeingOptions) {
    this.#options = options;
  }

  /**
   * Says it over `transport` and listens there until the returned function is called. Who reads nothing says so once: of
   * thousands of consoles few read sources, and everybody hears everybody.
   */
  over(transport: Transport): Stop {
    const { store, identity, now, sees } = this.#options;
    let said: string | null = null;
    const say = (sources = sees()) => {
      if (sources.length === 0 && said === '') return;
      said = sources.join(' ');
      const sight = { console: store.console, at: now(), sources };
      const signature = signText(identity.privateKey, signedText(sight)).toString('base64url');
      transport.tell(TOPIC, Buffer.from(JSON.stringify({ ...sight, signature })));
    };
    let back: NodeJS.Timeout | undefined;
    const stop = transport.hear(TOPIC, (body) => {
      if (!this.#hear(body)) return;
      back ??= setTimeout(() => {
        back = undefined;
        say();
      }, Math.random() * BACK_MS);
    });
    say();
    const timer = setInterval(() => say(), EVERY_MS);
    const look = setInterval(() => {
      const sources = sees();
      if (sources.join(' ') !== said) say(sources);
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      clearInterval(look);
      clearTimeout(back);
      stop();
    };
  }

  /** Takes what a console said; whether it had not said it for a while. */
  #hear(body: Uint8Array): boolean {
    const { store, now, seen } = this.#options;
    if (body.length > MOST_BYTES) return false;
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(body).toString('utf8'));
    } catch {
      return false;
    }
    const parsed = Sight.safeParse(value);
    if (!parsed.success || parsed.data.console === store.console) return false;
    const { console, at, sources, signature } = parsed.data;
    const last = this.#last.get(console);
    if (at <= (last?.at ?? 0)) return false;
    const { key, access } = store.standing(console);
    if (access !== 'enrolled' || !key) return false;
    if (!isSigned(keyFromRaw(key), signedText(parsed.data), Buffer.from(signature, 'base64url'))) return false;
    const heard = now();
    this.#last.set(console, { at, heard });
    seen(console, new Set(sources));
    return heard - (last?.heard ?? 0) > 2 * EVERY_MS;
  }
}
