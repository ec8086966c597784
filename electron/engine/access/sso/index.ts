/**
 * Single sign-on at this console. Invariants: nobody waits for the network but who signs in; somebody counts only while the
 * provider says so, or for the policy's time since it last did; its no ends their sessions at once, and is written down.
 * What speaks with the provider is loaded at its first use.
 */
import { randomUUID } from 'node:crypto';
import { Refusal } from '../../../../shared/contract/spec.ts';
import { groupsOf, loginOf, personOf, type Provider } from '../../../../shared/domain/access/sso.ts';
import { ESTATE } from '../../../../shared/ops/op.ts';
import type { Context } from '../../context.ts';
import { keepSeen, seenNow } from '../../grants/clock.ts';
import { Periodic } from '../../periodic.ts';
import type { Clock } from '../../sources/clock.ts';
import { SourceFailure } from '../../sources/source.ts';
import type { Keychain } from '../keychain.ts';
import { recordUnlock } from '../record.ts';
import type { Secrets } from '../secrets.ts';
import type { Caller, Sessions } from '../session.ts';
import type { Asked, SsoClient, SsoFailure } from './client.ts';
import {
  forgetIdentity,
  identities,
  identityOf,
  isOver,
  keepIdentity,
  listedLogins,
  onMachine,
  providerOf,
  type Identity,
} from './identities.ts';
import type { Loopback, Return } from './loopback.ts';
import { Vault } from './vault.ts';

/** Opens an address in the browser of whoever sits there. @throws when it cannot */
export type Browse = (url: string) => Promise<void>;

export interface SsoTimes {
  /** How often it is looked whether somebody's time is over, ms. */
  beatMs: number;
  /** How long a browser is waited for, ms. */
  waitMs: number;
  /** How often a provider that answers is asked about who is verified, ms. */
  againMs: number;
  /** How long after the 1st, 2nd, … time in a row without an answer it is asked again, ms. */
  backoffMs: readonly number[];
}

const TIMES: SsoTimes = {
  beatMs: 5000,
  waitMs: 5 * 60_000,
  againMs: 5 * 60_000,
  backoffMs: [15_000, 30_000, 60_000, 120_000, 300_000],
};
/** Somebody about whom nothing can be asked counts so long at a provider that answers, ms: then they sign in again. */
const UNASKED_MS = 60 * 60_000;
const MOST_ATTEMPTS = 8;
/** Sign-ins that one window may begin within `OFTEN_MS`: each opens a page of the browser. */
const MOST_OFTEN = 6;
const OFTEN_MS = 60_000;

/** Under which the client's secret lies among the credentials of this console. */
const CREDENTIAL = 'single-sign-on';

type Known = Pick<Context, 'store' | 'estate' | 'policies' | 'now' | 'zone'>;

export interface SsoOptions {
  known: Known;
  secrets: Secrets;
  sessions: Sessions;
  credentials: Context['sources']['credentials'];
  keychain: Keychain | null;
  /** The data folder. */
  directory: string;
  clock: Clock;
  /** Null where there is no browser to open. */
  browse: Browse | null;
  /** Told when somebody's standing, or the provider's, changed. */
  changed(): void;
  /** Told when somebody's groups may be others than before. */
  regrouped(): void;
  times?: Partial<SsoTimes>;
  /** What tells this machine from others; for tests. */
  machine?: string;
}

interface Attempt {
  caller: Caller;
  stop: AbortController;
  done: Promise<void>;
}

/** How the provider stood when it was last asked. */
interface Standing {
  reachable: boolean | null;
  since: number | null;
  problem: string | null;
}

export class Sso {
  readonly #options: SsoOptions;
  readonly #times: SsoTimes;
  readonly #vault: Vault;
  readonly #attempts = new Map<string, Attempt>();
  /** When sign-ins were begun, by the caller's id. */
  readonly #begun = new Map<string, number[]>();
  #standing: Standing = { reachable: null, since: null, problem: null };
  #inVain = 0;
  /** On the monotonic clock, ms. */
  #nextTry = 0;
  #asking: Promise<void> | null = null;
  readonly #beating: Periodic;
  #closed = false;

  constructor(options: SsoOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
    this.#vault = new Vault(options.directory, options.keychain);
    this.#beating = new Periodic(options.clock, {
      everyMs: this.#times.beatMs,
      failed: 'who is signed in by single sign-on was not looked at',
      work: () => this.#beat(),
    });
    if (options.machine !== undefined) onMachine(options.known.store, options.machine);
  }

  get provider(): Provider | null {
    return providerOf(this.#options.known);
  }

  get standing(): Readonly<Standing> {
    return this.#standing;
  }

  /** When it is asked again by itself, ms; null when it is not. */
  nextTry(): number | null {
    if (!this.#beating.running || identities(this.#options.known).length === 0) return null;
    const { clock } = this.#options;
    return clock.now() + Math.max(0, this.#nextTry - clock.monotonic());
  }

  tokensKept(): Promise<'keychain' | 'memory'> {
    return this.#vault.kind();
  }

  hasTokens(person: string): boolean {
    return this.#vault.has(person);
  }

  /** What single sign-on said of `person`, when it counts now. */
  verified(person: string): Identity | null {
    const { known } = this.#options;
    return identityOf(known, person, known.now());
  }

  hasSecret(): boolean {
    return this.#options.credentials.has(CREDENTIAL);
  }

  /** The client's secret of this console, for the provider that is set; null forgets it. */
  async setSecret(secret: string | null): Promise<void> {
    await this.#options.credentials.set(CREDENTIAL, secret, audienceOf(this.provider));
  }

  /** Begins to ask about who is verified, by itself. */
  start(): void {
    this.#beating.start();
  }

  stop(): void {
    this.#closed = true;
    this.#beating.stop();
    for (const { stop } of this.#attempts.values()) stop.abort(new Refusal('refused', 'The console is closing.'));
  }

  /**
   * Begins a sign-in of `caller`; `wait` tells how it ended.
   * @throws Refusal
   */
  async begin(
    caller: Caller,
  ): Promise<{ attempt: string; url: string; opened: boolean; problem: string | null; until: number }> {
    const { known, secrets, browse } = this.#options;
    const provider = this.#mustBeSet();
    if (!secrets.any())
      throw new Refusal(
        'refused',
        'This console is open: set the first passphrase, so that it can also be unlocked when single sign-on is down.',
      );
    this.#mustNotBeOften(caller);
    for (const [id, attempt] of this.#attempts) if (attempt.caller.id === caller.id) this.cancel(id, caller);
    if (this.#attempts.size >= MOST_ATTEMPTS)
      throw new Refusal('refused', 'Too many sign-ins are under way; wait until one of them is over.', {
        retryable: true,
      });
    const client = await this.#reach(provider);
    const { Loopback } = await import('./loopback.ts');
    const back = await Loopback.open(provider.port);
    const stop = new AbortController();
    const id = randomUUID();
    const { waitMs } = this.#times;
    try {
      const asked = await client.ask(back.redirect);
      const limit = setTimeout(
        () => stop.abort(new Refusal('refused', lateWords(waitMs), { retryable: true })),
        waitMs,
      );
      const done = this.#signIn({ caller, provider, client, asked, back, signal: stop.signal }).finally(() => {
        clearTimeout(limit);
        back.close();
        // Whoever waits asks soon; a page that went away never does.
        setTimeout(() => this.#attempts.delete(id), waitMs).unref();
      });
      done.catch(() => undefined);
      this.#attempts.set(id, { caller, stop, done });
      let problem: string | null = null;
      if (caller.kind === 'window' && browse)
        await browse(asked.url.href).catch((error: Error) => (problem = error.message));
      const opened = caller.kind === 'window' && browse !== null && problem === null;
      return { attempt: id, url: asked.url.href, opened, problem, until: known.now() + waitMs };
    } catch (error) {
      back.close();
      throw error;
    }
  }

  /** Resolves when the sign-in has unlocked `caller`. @throws Refusal when it did not */
  async wait(id: string, caller: Caller): Promise<void> {
    const attempt = this.#attempts.get(id);
    if (!attempt || attempt.caller.id !== caller.id)
      throw new Refusal('not_found', 'This sign-in is over or was begun elsewhere: begin again.');
    try {
      await attempt.done;
    } finally {
      this.#attempts.delete(id);
    }
  }

  cancel(id: string, caller: Caller): void {
    const attempt = this.#attempts.get(id);
    if (attempt?.caller.id !== caller.id) return;
    this.#attempts.delete(id);
    attempt.stop.abort(new Refusal('refused', 'The sign-in was left off.'));
  }

  /** Whatever single sign-on said of `person` counts no more here; whether it said anything. */
  forget(person: string): boolean {
    const { known } = this.#options;
    const had = identities(known).some((one) => one.person === person);
    forgetIdentity(known, person);
    this.#vault.forget(person);
    return had;
  }

  /** Asks at once about everybody who is verified, or whether the provider answers at all. */
  again(): Promise<void> {
    this.#asking ??= this.#askAll().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** Whether the provider can be reached and takes this console. @throws Refusal */
  async test(change: { issuer?: string | undefined; client?: string | undefined }): Promise<void> {
    const set = this.provider;
    const issuer = change.issuer ?? set?.issuer;
    const client = change.client ?? set?.client;
    if (issuer === undefined || client === undefined)
      throw new Refusal('bad_input', 'issuer: say which provider, and which client this is there.');
    const { SsoClient } = await import('./client.ts');
    await SsoClient.connect(
      { name: new URL(issuer).host, issuer, client, groups: 'groups', by: 'list', scopes: [], port: null },
      null,
      true,
    ).catch((error: Error) => {
      throw new Refusal('unreachable', error.message, { cause: error });
    });
  }

  async #reach(provider: Provider): Promise<SsoClient> {
    try {
      const client = await this.#connect(provider, true);
      this.#stood(true, null);
      return client;
    } catch (error) {
      if (error instanceof SourceFailure)
        throw new Refusal('refused', error.message.replace(/^Its credential/, "The client's secret"), { cause: error });
      const { kind, message } = error as SsoFailure;
      if (kind === 'unreachable') this.#stood(false, message);
      throw new Refusal(kind === 'unreachable' ? 'unreachable' : 'refused', message, { retryable: true, cause: error });
    }
  }

  async #connect(provider: Provider, anew = false): Promise<SsoClient> {
    const { SsoClient } = await import('./client.ts');
    const secret = this.hasSecret() ? await this.#options.credentials.get(CREDENTIAL, audienceOf(provider)) : null;
    return SsoClient.connect(provider, secret, anew);
  }

  async #signIn({
    caller,
    provider,
    client,
    asked,
    back,
    signal,
  }: {
    caller: Caller;
    provider: Provider;
    client: SsoClient;
    asked: Asked;
    back: Loopback;
    signal: AbortSignal;
  }): Promise<void> {
    const { known, secrets, sessions } = this.#options;
    const returned = await back.returned(asked.state, signal);
    try {
      const { claims, tokens } = await client.take(returned.url, asked);
      const who = personOf(claims, provider.by, known.estate.all('person').values(), listedLogins(known));
      if (who.person === null) throw new Refusal('refused', who.why);
      signal.throwIfAborted();
      if (!secrets.any()) throw new Refusal('refused', 'This console was opened for everybody meanwhile.');
      const { person } = who;
      const { issuer, client: id } = provider;
      keepIdentity(known, {
        ...{ person, issuer, client: id, subject: claims.sub, login: loginOf(claims) },
        ...{ groups: groupsOf(claims, provider.groups), verifiedAt: seenNow(known) },
      });
      await this.#vault.set(person, tokens).catch((error: Error) => {
        console.error(`holdfast: the tokens of single sign-on are kept in memory only: ${error.message}`);
      });
      sessions.begin(caller, { person, how: 'sso' });
      recordUnlock(known, { person, how: 'sso' });
      this.#options.regrouped();
      this.#stood(true, null);
      this.#soon(this.#times.againMs);
      returned.say(`Signed in as ${known.estate.actorName(person)}`, 'Go back to Holdfast; this page can be closed.');
    } catch (error) {
      throw this.#told(error as Error, returned);
    }
  }

  /** What went wrong as who waits hears it; the browser's page says the same. */
  #told(error: Error, returned: Return): Refusal {
    const refusal =
      error instanceof Refusal ? error : new Refusal('refused', error.message, { retryable: true, cause: error });
    if ((error as SsoFailure).kind === 'unreachable') this.#stood(false, error.message);
    returned.say('Not signed in', refusal.message);
    return refusal;
  }

  #beat(): void {
    const { known, clock } = this.#options;
    if (identities(known).length === 0) return;
    keepSeen(known);
    this.#sweep();
    if (clock.monotonic() >= this.#nextTry) void this.again().catch((error: unknown) => console.error(error));
  }

  /** Ends those whose time is over, and what belongs to a provider that is not set any more. */
  #sweep(): void {
    const { known } = this.#options;
    const { name = 'Single sign-on' } = this.provider ?? {};
    for (const identity of identities(known)) {
      const { person } = identity;
      if (isOver(known, identity, known.now()))
        this.#end(person, `${name} could not be asked for ${known.policies.get('access').value.ssoHours} h.`);
      else if (this.verified(person) === null)
        this.#end(person, 'The provider of single sign-on was changed or taken out.');
    }
  }

  async #askAll(): Promise<void> {
    const { known } = this.#options;
    this.#sweep();
    const provider = this.provider;
    if (provider === null) return;
    try {
      const client = await this.#connect(provider);
      for (const identity of identities(known)) await this.#ask(client, provider, identity);
      this.#stood(true, null);
    } catch (error) {
      this.#stood(false, (error as Error).message);
    }
  }

  /** @throws SsoFailure when no answer came that decides */
  async #ask(client: SsoClient, provider: Provider, identity: Identity): Promise<void> {
    const { known } = this.#options;
    const { person, subject } = identity;
    const tokens = await this.#vault.get(person);
    const asked = performance.now();
    const answer =
      tokens === null
        ? ('nothing to ask with' as const)
        : await client.again(subject, tokens).catch((error: SsoFailure) => {
            if (error.kind !== 'refused') throw error;
            return error;
          });
    // Whoever signed in again meanwhile was asked by that.
    if (this.#closed || identities(known).find((one) => one.person === person) !== identity) return;
    if (answer instanceof Error) return this.#end(person, answer.message);
    if (answer === 'nothing to ask with') {
      if (seenNow(known) - identity.verifiedAt >= UNASKED_MS)
        this.#end(person, `${provider.name} answers, and nothing is kept to ask it with: sign in again.`);
      return;
    }
    const { claims } = answer;
    const groups = claims === null ? identity.groups : groupsOf({ ...claims }, provider.groups);
    keepIdentity(known, { ...identity, groups, verifiedAt: seenNow(known) - Math.floor(performance.now() - asked) });
    await this.#vault.set(person, answer.tokens);
    if (groups.join('\n') === identity.groups.join('\n')) return;
    this.#options.changed();
    this.#options.regrouped();
  }

  /** From here on `person` counts no more; `why` is one sentence. */
  #end(person: string, why: string): void {
    const { known, sessions } = this.#options;
    this.forget(person);
    sessions.endSso(person, `${known.estate.actorName(person)} is signed in no more: ${why}`);
    this.#options.changed();
    if (!known.store.writable) return;
    try {
      known.store.commit({ actor: 'system', zone: known.zone }, (tx) =>
        tx.append({ scope: ESTATE, type: 'sso.end', payload: { person, reason: why } }),
      );
    } catch (error) {
      console.error(`holdfast: the end of a sign-in was not written down: ${(error as Error).message}`);
    }
  }

  #stood(reachable: boolean, problem: string | null): void {
    const { known, changed } = this.#options;
    const { backoffMs, againMs } = this.#times;
    this.#inVain = reachable ? 0 : this.#inVain + 1;
    const wait = reachable ? againMs : backoffMs[Math.min(this.#inVain, backoffMs.length) - 1]!;
    this.#soon(wait * (0.9 + Math.random() * 0.2));
    const before = this.#standing;
    const since = before.reachable === reachable ? before.since : known.now();
    this.#standing = { reachable, since, problem };
    if (before.reachable !== reachable || before.problem !== problem) changed();
  }

  #soon(ms: number): void {
    this.#nextTry = this.#options.clock.monotonic() + ms;
  }

  #mustNotBeOften(caller: Caller): void {
    const now = this.#options.clock.monotonic();
    for (const [id, times] of this.#begun) if (times.every((at) => now - at >= OFTEN_MS)) this.#begun.delete(id);
    const lately = (this.#begun.get(caller.id) ?? []).filter((at) => now - at < OFTEN_MS);
    if (lately.length >= MOST_OFTEN)
      throw new Refusal('refused', 'Too many sign-ins were begun here within a minute; wait a little.', {
        retryable: true,
      });
    this.#begun.set(caller.id, [...lately, now]);
  }

  #mustBeSet(): Provider {
    const { provider } = this;
    if (provider === null)
      throw new Refusal('refused', 'No single sign-on is set: Settings, People & access, is where it is set.');
    return provider;
  }
}

/** Where the client's secret is sent. */
function audienceOf(provider: Provider | null): string {
  return provider === null ? '' : new URL(provider.issuer).origin;
}

function lateWords(waitMs: number): string {
  const minutes = Math.round(waitMs / 60_000);
  return `Nobody came back from the browser${minutes > 0 ? ` within ${minutes} min` : ' in time'}: begin again.`;
}
