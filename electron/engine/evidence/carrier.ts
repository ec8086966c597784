/**
 * Carries evidence files between this console and the hub. Invariant: what was attached here goes to the hub as soon as it can and
 * as often as the hub loses it; what others attached comes when a person asks for it and never before, and is kept only
 * when its hash is the one that its author signed. What cannot be done now waits and is tried again by itself.
 */
import { z } from 'zod';
import type { EvidenceState } from '../../../shared/contract/evidence.ts';
import { Refusal, type ChangeKey } from '../../../shared/contract/spec.ts';
import { MAX_EVIDENCE } from '../../../shared/domain/evidence.ts';
import type { Store } from '../store/store.ts';
import type { Sync } from '../sync/index.ts';
import type { Transport } from '../sync/transport.ts';
import { EvidenceShelf, hashOf, SEALED_BYTES } from './shelf.ts';

const WANTED = 'evidence.wanted';
/** How often what is missing is looked for again while the link stands, ms. */
const AGAIN_MS = 15_000;

const Wanted = z.record(z.string(), z.object({ scope: z.string(), name: z.string() }));
type Wanted = z.infer<typeof Wanted>;

export interface EvidenceOptions {
  store: Store;
  sync: Sync;
  data: string;
  changed: (keys: ChangeKey[]) => void;
}

export class EvidenceCarrier {
  readonly shelf: EvidenceShelf;
  readonly #options: EvidenceOptions;
  readonly #problems = new Map<string, string>();
  /** What lies here and is not what was attached. */
  readonly #damaged = new Set<string>();
  /** What the hub was given, or had, in this connection. */
  readonly #given = new Set<string>();
  #fetching: string | null = null;
  #transport: Transport | null = null;
  #busy: Promise<void> = Promise.resolve();

  constructor(options: EvidenceOptions) {
    this.#options = options;
    this.shelf = new EvidenceShelf(options.data);
    options.sync.onOpen((transport) => {
      this.#transport = transport;
      this.#given.clear();
      void this.carry();
      const again = setInterval(() => void this.carry(), AGAIN_MS).unref();
      return () => {
        clearInterval(again);
        if (this.#transport === transport) this.#transport = null;
      };
    });
  }

  state(file: string): EvidenceState {
    if (this.#fetching === file) return 'fetching';
    if (this.shelf.has(file) && !this.#damaged.has(file)) return 'here';
    return file in this.#wanted() ? 'waiting' : 'elsewhere';
  }

  problem(file: string): string | null {
    return this.#problems.get(file) ?? null;
  }

  /** Tells of a file that lies here and is not what was attached, so that it is fetched again. */
  spoilt(file: string, { scope, name }: Wanted[string]): void {
    this.#damaged.add(file);
    this.#problems.set(
      file,
      `${name} on this machine is no longer what was attached: its hash is wrong. Fetch it again.`,
    );
    this.#changed(scope);
  }

  /** A file came another way than over the hub. */
  arrived(file: string): void {
    this.#damaged.delete(file);
    this.#problems.delete(file);
    this.#forget(file);
  }

  /** Asks for a file; it comes now, or when it can. Resolves when that was tried. */
  async want(file: string, about: Wanted[string]): Promise<void> {
    if (this.shelf.read(file) !== null) {
      this.#damaged.delete(file);
      this.#problems.delete(file);
      return;
    }
    this.#remember({ ...this.#wanted(), [file]: about });
    this.#problems.delete(file);
    this.#changed(about.scope);
    await this.carry();
  }

  /** Gives the hub what it lacks and takes what is wanted, one after another. */
  carry(): Promise<void> {
    this.#busy = this.#busy.then(() => this.#carry()).catch(() => undefined);
    return this.#busy;
  }

  async #carry(): Promise<void> {
    const transport = this.#transport;
    if (!transport || !this.#options.store.writable) return;
    for (const [file, about] of Object.entries(this.#wanted())) await this.#fetch(transport, file, about);
    for (const file of this.shelf.all()) {
      if (this.#given.has(file) || this.#transport !== transport) continue;
      const bytes = this.shelf.read(file);
      if (bytes) await transport.putObject(file, bytes);
      this.#given.add(file);
    }
  }

  async #fetch(transport: Transport, file: string, about: Wanted[string]): Promise<void> {
    this.#fetching = file;
    this.#changed(about.scope);
    try {
      const bytes = await transport.getObject(file, MAX_EVIDENCE + SEALED_BYTES);
      if (bytes === null) this.#problems.set(file, `${about.name} is not at the hub yet; it is fetched once it is.`);
      else if (hashOf(bytes) !== file) {
        this.#problems.set(
          file,
          `What the hub keeps as ${about.name} is another file, or was changed: its hash is wrong. It was not taken.`,
        );
        this.#forget(file);
      } else {
        this.shelf.put(bytes);
        this.#damaged.delete(file);
        this.#given.add(file);
        this.#problems.delete(file);
        this.#forget(file);
      }
    } catch (error) {
      this.#problems.set(file, `${about.name} was not fetched: ${(error as Error).message}`);
    } finally {
      this.#fetching = null;
      this.#changed(about.scope);
    }
  }

  #changed(scope: string): void {
    this.#options.changed([`incident:${scope}`]);
  }

  #wanted(): Wanted {
    const text = this.#options.store.meta(WANTED);
    const parsed = text ? Wanted.safeParse(JSON.parse(text)) : null;
    return parsed?.success ? parsed.data : {};
  }

  #forget(file: string): void {
    const { [file]: _, ...rest } = this.#wanted();
    this.#remember(rest);
  }

  #remember(wanted: Wanted): void {
    if (!this.#options.store.writable)
      throw new Refusal('storage', 'The data folder is read-only: nothing can be kept.');
    this.#options.store.setMeta(WANTED, JSON.stringify(wanted));
  }
}
