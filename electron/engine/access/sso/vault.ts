/**
 * Tokens of single sign-on. Invariant: on the disk they are only as the system's keychain sealed them, so that a copied folder has
 * none; where there is no keychain they are in memory alone and gone with the console.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Keychain } from '../keychain.ts';

const Tokens = z.object({
  refresh: z.string().nullable(),
  access: z.string().nullable(),
  /** Until when the access token is good, ms; null: nobody said. */
  accessUntil: z.number().nullable(),
});
export type Tokens = z.infer<typeof Tokens>;

const FOLDER = 'keys';
const FILE = 'sso.sealed.json';
const Sealed = z.record(z.string(), z.string());

export class Vault {
  readonly #file: string;
  readonly #folder: string;
  readonly #keychain: Keychain | null;
  readonly #open = new Map<string, Tokens>();

  constructor(directory: string, keychain: Keychain | null) {
    this.#folder = join(directory, FOLDER);
    this.#file = join(this.#folder, FILE);
    this.#keychain = keychain;
  }

  /** Where tokens are kept. */
  async kind(): Promise<'keychain' | 'memory'> {
    return (await this.#keychain?.isAvailable()) ? 'keychain' : 'memory';
  }

  has(person: string): boolean {
    return this.#open.has(person) || Object.hasOwn(this.#read(), person);
  }

  /** Null when there are none, or none that open here. */
  async get(person: string): Promise<Tokens | null> {
    const open = this.#open.get(person);
    if (open) return open;
    const sealed = this.#read()[person];
    if (sealed === undefined || (await this.kind()) !== 'keychain') return null;
    try {
      const tokens = Tokens.parse(JSON.parse(await this.#keychain!.sealer.open(sealed)));
      this.#open.set(person, tokens);
      return tokens;
    } catch {
      return null;
    }
  }

  async set(person: string, tokens: Tokens): Promise<void> {
    this.#open.set(person, tokens);
    if ((await this.kind()) !== 'keychain') return;
    const sealed = await this.#keychain!.sealer.seal(JSON.stringify(tokens));
    this.#write({ ...this.#read(), [person]: sealed });
  }

  forget(person: string): void {
    this.#open.delete(person);
    const { [person]: gone, ...left } = this.#read();
    if (gone !== undefined) this.#write(left);
  }

  #read(): Record<string, string> {
    if (!existsSync(this.#file)) return {};
    try {
      return Sealed.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch {
      return {};
    }
  }

  #write(sealed: Record<string, string>): void {
    if (Object.keys(sealed).length === 0) return rmSync(this.#file, { force: true });
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${this.#file}.new`, JSON.stringify(sealed), { mode: 0o600, flush: true });
    renameSync(`${this.#file}.new`, this.#file);
  }
}
