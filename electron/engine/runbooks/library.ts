/**
 * The runbooks at hand: those that come with the program and those in the data folder, which go before them. Invariant: what
 * is listed is what the files say at that moment; a file that cannot be read is listed with its problem and stops nothing.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync, watch, type FSWatcher, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from '../../../shared/contract/common.ts';
import { compare } from '../../../shared/domain/catalog/problems.ts';
import { parseRunbook, type Runbook } from '../../../shared/domain/runbook/runbook.ts';
import { decodeText, sentenceOf } from '../catalog/text.ts';

/** A runbook with the file that it was read from. */
export interface LibraryRunbook extends Runbook {
  /** Name of the file, without its folder. */
  file: string;
  /** SHA-256 of the file, hex. */
  hash: string;
}

interface Loaded {
  stamp: string;
  runbook: LibraryRunbook;
}

/** Largest runbook, bytes. */
const MAX_BYTES = 1024 * 1024;
/** Most runbooks of one folder. */
const MAX_FILES = 1000;
/** How long a folder must be quiet before a change is told, ms: editors write in several steps. */
const SETTLE_MS = 100;

export class RunbookLibrary {
  readonly #directories: readonly string[];
  readonly #loaded = new Map<string, Loaded>();
  readonly #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param options.directories later ones go before earlier ones; they may be missing */
  constructor(options: { directories: readonly string[] }) {
    this.#directories = options.directories;
  }

  /** All runbooks, by title. */
  list(): LibraryRunbook[] {
    const byId = new Map<string, LibraryRunbook>();
    const seen = new Set<string>();
    for (const directory of this.#directories) {
      const here = new Map<string, LibraryRunbook>();
      for (const path of markdownFiles(directory)) {
        seen.add(path);
        const runbook = this.#load(path);
        if (!runbook) continue;
        const first = here.get(runbook.id);
        if (!first) here.set(runbook.id, runbook);
        else
          here.set(
            runbook.id,
            withProblem(first, `The id ${runbook.id} is also given in ${runbook.file}; that file is left out.`),
          );
      }
      for (const [id, runbook] of here) byId.set(id, runbook);
    }
    for (const path of this.#loaded.keys()) if (!seen.has(path)) this.#loaded.delete(path);
    return [...byId.values()].sort(
      (a, b) => compare(a.title.toLowerCase(), b.title.toLowerCase()) || compare(a.id, b.id),
    );
  }

  /** The runbook with this id, or null. */
  get(id: string): LibraryRunbook | null {
    return this.list().find((runbook) => runbook.id === id) ?? null;
  }

  #load(path: string): LibraryRunbook | null {
    const file = basename(path);
    try {
      const stats = statSync(path);
      if (!stats.isFile()) return null;
      const stamp = stampOf(stats);
      const known = this.#loaded.get(path);
      if (known?.stamp === stamp) return known.runbook;
      const bytes = stats.size > MAX_BYTES ? null : readBounded(path);
      const runbook =
        bytes === null
          ? broken(file, `The file is larger than ${MAX_BYTES / 1024} KiB and is not read.`)
          : parsed(file, bytes);
      this.#loaded.set(path, { stamp, runbook });
      return runbook;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      return broken(file, `The file cannot be read: ${sentenceOf(error)}.`);
    }
  }

  /** Calls `listener` after files have changed, until `close`. */
  onChange(listener: () => void): void {
    const changed = () => {
      if (this.#timer || this.#closed) return;
      this.#timer = setTimeout(() => {
        this.#timer = null;
        listener();
      }, SETTLE_MS);
      this.#timer.unref();
    };
    for (const directory of this.#directories) {
      try {
        const watcher = watch(directory, { persistent: false }, changed);
        watcher.on('error', () => watcher.close());
        this.#watchers.push(watcher);
      } catch {
        // A folder that is missing or cannot be watched is still read whenever runbooks are listed.
      }
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const watcher of this.#watchers.splice(0)) watcher.close();
  }
}

function markdownFiles(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return [];
  }
  return names
    .filter((name) => /\.(md|markdown)$/i.test(name) && !name.startsWith('.') && name.toLowerCase() !== 'readme.md')
    .sort(compare)
    .slice(0, MAX_FILES)
    .map((name) => join(directory, name));
}

function stampOf({ mtimeMs, ctimeMs, size, ino }: Stats): string {
  return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
}

/** The file's bytes; null when it has grown past the limit. */
function readBounded(path: string): Buffer | null {
  const handle = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    while (length < buffer.length) {
      const read = readSync(handle, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return length > MAX_BYTES ? null : buffer.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}

function parsed(file: string, bytes: Buffer): LibraryRunbook {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return broken(file, decoded.message);
  return { ...parseRunbook(file, decoded.text), file, hash: createHash('sha256').update(bytes).digest('hex') };
}

/** A runbook of which nothing but the file's name is known. */
function broken(file: string, message: string): LibraryRunbook {
  const empty = parseRunbook(file, '');
  return {
    ...empty,
    problems: [{ severity: 'error', file, line: 0, field: '', message }],
    file,
    hash: createHash('sha256').update('').digest('hex'),
  };
}

function withProblem(runbook: LibraryRunbook, message: string): LibraryRunbook {
  const problem: Problem = { severity: 'error', file: runbook.file, line: 0, field: 'id', message };
  return { ...runbook, problems: [...runbook.problems, problem] };
}
