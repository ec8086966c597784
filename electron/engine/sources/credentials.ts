/**
 * Credentials of sources. Invariant: a credential is on this machine only, in a file that only its owner may read; it is
 * never in the log, in a view, in a message or in the renderer; and it is given out only for the place that it was entered
 * for, so that a source whose address somebody changes does not send it elsewhere. How it is encrypted is the sealer's
 * business.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SourceFailure } from './source.ts';

/** Encrypts what is kept. The desktop brings one made of the system's keychain; without it there is `plainSealer`. */
export interface Sealer {
  /** Which sealer opens what this one closed; settled once something was sealed. */
  readonly name: string;
  seal(text: string): Promise<string>;
  open(sealed: string): Promise<string>;
}

/** No encryption at all: the file's permissions are the only protection, and it says so. */
export const plainSealer: Sealer = {
  name: 'plain',
  seal: async (text) => text,
  open: async (sealed) => sealed,
};

const PLAIN_WARNING =
  'Credentials of sources are kept unencrypted in the data folder, protected by its file permissions only.';

export interface CredentialStore {
  /**
   * @param audience where it will be sent, as `audienceOf` says
   * @throws SourceFailure when there is one that can't be opened here, or that was entered for another place.
   */
  get(source: string, audience: string): Promise<string | null>;
  has(source: string): boolean;
  /** Null forgets it. */
  set(source: string, credential: string | null, audience: string): Promise<void>;
  /** A sentence about how safely they are kept; null when all is well or none is kept. */
  warning(): string | null;
}

const File = z.object({
  version: z.literal(1),
  credentials: z.record(z.string(), z.object({ sealer: z.string(), sealed: z.string(), audience: z.string() })),
});
type File = z.infer<typeof File>;

/** Where a source with this configuration sends its credential: scheme, host and port of its address; empty when it has none. */
export function audienceOf(config: unknown): string {
  const url = typeof config === 'object' && config !== null ? (config as { url?: unknown }).url : undefined;
  if (typeof url !== 'string') return '';
  try {
    return new URL(url).origin;
  } catch {
    return '';
  }
}

const CREDENTIALS_FILE = 'credentials.json';

export class FileCredentials implements CredentialStore {
  readonly #file: string;
  readonly #directory: string;
  readonly #sealer: Sealer;
  readonly #also: readonly Sealer[];
  #kept: File['credentials'] | null = null;
  #damaged = false;

  /** @param also what opens what was closed before, besides `sealer` */
  constructor(directory: string, sealer: Sealer = plainSealer, also: readonly Sealer[] = []) {
    this.#directory = directory;
    this.#file = join(directory, CREDENTIALS_FILE);
    this.#sealer = sealer;
    this.#also = also;
  }

  async get(source: string, audience: string): Promise<string | null> {
    const kept = this.#all()[source];
    if (!kept) return null;
    if (kept.audience !== audience) {
      throw new SourceFailure(
        `Its credential was entered for ${kept.audience || 'no address'}, not for ${audience || 'none'}; enter it again.`,
      );
    }
    const sealer = [plainSealer, this.#sealer, ...this.#also].find(({ name }) => name === kept.sealer);
    if (!sealer) throw new SourceFailure("Its credential was encrypted by the desktop app and can't be read here.");
    try {
      return await sealer.open(kept.sealed);
    } catch (cause) {
      throw new SourceFailure("Its credential can't be decrypted any more; enter it again.", { cause });
    }
  }

  has(source: string): boolean {
    return Object.hasOwn(this.#all(), source);
  }

  async set(source: string, credential: string | null, audience: string): Promise<void> {
    const text = credential === null ? null : await this.#sealer.seal(credential);
    const sealed = text === null ? null : { sealer: this.#sealer.name, sealed: text, audience };
    if (sealed === null && !this.has(source)) return;
    const credentials = { ...this.#all() };
    if (sealed) credentials[source] = sealed;
    else delete credentials[source];
    this.#write(credentials);
  }

  warning(): string | null {
    const kept = this.#all();
    if (this.#damaged) return `${this.#file} is damaged: credentials of sources must be entered again.`;
    return Object.values(kept).some(({ sealer }) => sealer === plainSealer.name) ? PLAIN_WARNING : null;
  }

  #all(): File['credentials'] {
    if (this.#kept) return this.#kept;
    this.#kept = {};
    if (existsSync(this.#file)) {
      try {
        this.#kept = File.parse(JSON.parse(readFileSync(this.#file, 'utf8'))).credentials;
      } catch {
        this.#damaged = true;
      }
    }
    return this.#kept;
  }

  #write(credentials: File['credentials']): void {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const text = JSON.stringify({ version: 1, credentials } satisfies File);
    writeFileSync(`${this.#file}.new`, text, { mode: 0o600, flush: true });
    renameSync(`${this.#file}.new`, this.#file);
    this.#kept = credentials;
    this.#damaged = false;
  }
}

/** Closes with `to` what `from` left as it was, or the other way round; what another sealer closed stays. */
export async function resealCredentials(directory: string, from: Sealer, to: Sealer): Promise<void> {
  const file = join(directory, CREDENTIALS_FILE);
  if (!existsSync(file)) return;
  const { data } = File.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!data) return;
  for (const [source, kept] of Object.entries(data.credentials)) {
    if (kept.sealer !== from.name) continue;
    const sealed = await to.seal(await from.open(kept.sealed));
    data.credentials[source] = { ...kept, sealer: to.name, sealed };
  }
  writeFileSync(`${file}.new`, JSON.stringify(data), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
}
