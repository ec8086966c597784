/**
 * A file of ours that the team may replace by one of the same name in the data folder. Invariant: what is handed out is
 * what the file says at that moment; a replacement that makes no sense is named with its mistakes, and ours stands until it
 * is right.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../../shared/contract/common.ts';
import type { Context } from './context.ts';
import { sentenceOf } from './catalog/text.ts';

const MAX_BYTES = 1024 * 1024;

interface Loaded<T> {
  stamp: string;
  parsed: { value: T | null; problems: Problem[] };
}

/** Reads `policy/NAME` of the data folder, else of the program, with `parse`; remembers it while the file is the same. */
export class PolicyFile<T> {
  readonly #name: string;
  readonly #parse: (file: string, text: string) => { value: T | null; problems: Problem[] };
  readonly #loaded = new Map<string, Loaded<T>>();

  constructor(name: string, parse: (file: string, text: string) => { value: T | null; problems: Problem[] }) {
    this.#name = name;
    this.#parse = parse;
  }

  read({ paths }: Pick<Context, 'paths'>): { value: T | null; problems: Problem[] } {
    const own = this.#load(join(paths.data, 'policy', this.#name), `policy/${this.#name}`);
    if (own?.value) return own;
    const shipped = this.#load(join(paths.assets, 'policy', this.#name), this.#name);
    return { value: shipped?.value ?? null, problems: [...(own?.problems ?? []), ...(shipped?.problems ?? [])] };
  }

  #load(path: string, file: string): Loaded<T>['parsed'] | null {
    const broken = (message: string) => ({
      value: null,
      problems: [{ severity: 'error' as const, file, line: 0, field: '', message }],
    });
    try {
      const { size, mtimeMs, ino } = statSync(path);
      const stamp = `${size} ${mtimeMs} ${ino}`;
      const known = this.#loaded.get(path);
      if (known?.stamp === stamp) return known.parsed;
      const parsed =
        size > MAX_BYTES
          ? broken(`The file is larger than ${MAX_BYTES / 1024} KiB and is not read.`)
          : this.#parse(file, readFileSync(path, 'utf8'));
      this.#loaded.set(path, { stamp, parsed });
      return parsed;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? null
        : broken(`The file cannot be read: ${sentenceOf(error)}.`);
    }
  }
}
