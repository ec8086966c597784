/**
 * The passphrase of an encrypted data folder on the command line. Invariant: it is read from the file that `--passphrase-file` names
 * (a descriptor is one: /dev/fd/3), typed at the terminal, or a line of standard input; it is never a word of the command.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AskPassphrase } from '../engine/rest/open.ts';
import type { SecretReader } from './secret.ts';
import { UsageError } from './usage.ts';

/** How often a person may mistype it before the command ends. */
const TRIES = 3;

export class FolderPassphrase {
  readonly #secrets: SecretReader;
  readonly #file: string | null;
  #known: string | null = null;
  #tries = 0;

  /** @param file as it was typed in `directory`, or null */
  constructor(file: string | null, directory: string, secrets: SecretReader) {
    this.#file = file === null ? null : resolve(directory, file);
    this.#secrets = secrets;
  }

  /** What was set by this command: the folder is opened with it from now on. */
  remember(passphrase: string): void {
    this.#known = passphrase;
    this.#tries = 0;
  }

  readonly ask: AskPassphrase = async ({ message, until }) => {
    if (until !== null) return null;
    if (this.#known !== null && this.#tries++ === 0) return this.#known;
    if (this.#tries++ > 0 && (!this.#secrets.asks || this.#file !== null || this.#tries > TRIES)) return null;
    if (message !== null) process.stderr.write(`${message}\n`);
    this.#known =
      this.#file === null ? await this.#secrets.next('Passphrase of the data folder') : fromFile(this.#file);
    return this.#known;
  };
}

function fromFile(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new UsageError(`--passphrase-file ${file} cannot be read: ${(error as Error).message}.`);
  }
}
