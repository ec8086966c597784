/**
 * The runbooks at hand: those that come with the program, those in the data folder, and those of further folders, each going
 * before the ones named earlier. Invariant: what
 * is listed is what the files say at that moment; a file that cannot be read is listed with its problem and stops nothing.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync, watch, type FSWatcher, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import type { Problem } from '../../../shared/contract/common.ts';
import { compare } from '../../../shared/domain/catalog/problems.ts';
import { lintRunbook } from '../../../shared/domain/runbook/lint.ts';
import { parseRunbook, type Runbook } from '../../../shared/domain/runbook/runbook.ts';
import { decodeText, sentenceOf } from '../catalog/text.ts';

/** A folder of runbooks. */
export interface Folder {
  path: string;
  /** `program`, `own` for the data folder's, or the path. */
  from: string;
}

/** A runbook with the file that it was read from. */
export interface LibraryRunbook extends Runbook {
  /** Name of the file, without its folder. */
  file: string;
  /** `from` of its folder. */
  from: string;
  /** The file, with its folder, that it stands instead of. */
  overrides: string | null;
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
  #folders: readonly Folder[];
  readonly #loaded = new Map<string, Loaded>();
  readonly #watchers = new Map<string, FSWatcher>();
  #listener: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /** @param folders later ones go before earlier ones; they may be missing */
  constructor(folders: readonly Folder[]) {
    this.#folders = folders;
  }

  get folders(): readonly Folder[] {
    return this.#folders;
  }

  /** Reads from other folders from now on. */
  setFolders(folders: readonly Folder[]): void {
    this.#folders = folders;
    for (const [path, watcher] of this.#watchers) {
      if (folders.some((folder) => folder.path === path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    this.#watch();
  }

  /** All runbooks, by title. */
  list(): LibraryRunbook[] {
    const byId = new Map<string, LibraryRunbook & { path: string }>();
    const seen = new Set<string>();
    this.#watch();
    for (const { path: directory, from } of this.#folders) {
      const here = new Map<string, LibraryRunbook & { path: string }>();
      for (const path of markdownFiles(directory)) {
        seen.add(path);
        const runbook = this.#load(path);
        if (!runbook) continue;
        const first = here.get(runbook.id);
        if (!first) here.set(runbook.id, { ...runbook, from, path });
        else
          here.set(runbook.id, {
            ...withProblem(first, `The id ${runbook.id} is also given in ${runbook.file}; that file is left out.`),
            path: first.path,
          });
      }
      for (const [id, runbook] of here) byId.set(id, { ...runbook, overrides: byId.get(id)?.path ?? null });
    }
    for (const path of this.#loaded.keys()) if (!seen.has(path)) this.#loaded.delete(path);
    return [...byId.values()]
      .map(({ path: _path, ...runbook }) => runbook)
      .sort((a, b) => compare(a.title.toLowerCase(), b.title.toLowerCase()) || compare(a.id, b.id));
  }

  /** The runbook with this id, or null. */
  get(id: string): LibraryRunbook | null {
    return this.list().find((runbook) => runbook.id === id) ?? null;
  }

  /** Every file of every folder, those that another one stands instead of, too. */
  files(): string[] {
    return this.#folders.flatMap(({ path }) => markdownFiles(path));
  }

  #load(path: string): LibraryRunbook | null {
    try {
      const stats = statSync(path);
      if (!stats.isFile()) return null;
      const stamp = stampOf(stats);
      const known = this.#loaded.get(path);
      if (known?.stamp === stamp) return known.runbook;
      const runbook = readRunbook(path, basename(path), stats.size);
      this.#loaded.set(path, { stamp, runbook });
      return runbook;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      return broken(basename(path), `The file cannot be read: ${sentenceOf(error)}.`);
    }
  }

  /** Calls `listener` after files have changed, until `close`. */
  onChange(listener: () => void): void {
    this.#listener = listener;
    this.#watch();
  }

  /** Watches every folder that is there; one that is made later is watched from when runbooks are next listed. */
  #watch(): void {
    if (this.#closed || this.#listener === null) return;
    for (const { path } of this.#folders) {
      if (this.#watchers.has(path)) continue;
      try {
        const watcher = watch(path, { persistent: false }, () => this.#changed());
        const forget = () => {
          watcher.close();
          this.#watchers.delete(path);
        };
        watcher.on('error', forget);
        this.#watchers.set(path, watcher);
      } catch {
        // A folder that is missing or cannot be watched is still read whenever runbooks are listed.
      }
    }
  }

  #changed(): void {
    if (this.#timer || this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#listener?.();
    }, SETTLE_MS);
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }
}

/** A runbook as it stands in its file, with all its mistakes. `name` is what problems call the file. Throws what the file system throws. */
export function readRunbook(path: string, name: string, size: number): LibraryRunbook {
  const bytes = size > MAX_BYTES ? null : readBounded(path, size);
  return bytes === null
    ? broken(name, `The file is larger than ${MAX_BYTES / 1024} KiB and is not read.`)
    : parsed(name, bytes);
}

/** The files of a folder that are taken for runbooks, by name; none when it cannot be read. */
export function markdownFiles(directory: string): string[] {
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

/** The file's bytes, of which there were `size`; null when it has grown past the limit. */
function readBounded(path: string, size: number): Buffer | null {
  const handle = openSync(path, 'r');
  try {
    let buffer = Buffer.allocUnsafe(size + 1);
    let length = 0;
    while (length <= MAX_BYTES) {
      // It grew while it was read.
      if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(MAX_BYTES + 1 - length)]);
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
  const runbook = parseRunbook(file, decoded.text);
  return {
    ...runbook,
    problems: [...runbook.problems, ...lintRunbook(file, runbook)].sort((a, b) => a.line - b.line),
    file,
    ...{ from: '', overrides: null },
    hash: createHash('sha256').update(bytes).digest('hex'),
  };
}

/** A runbook of which nothing but the file's name is known. */
export function broken(file: string, message: string): LibraryRunbook {
  const empty = parseRunbook(file, '');
  return {
    ...empty,
    problems: [{ severity: 'error', file, line: 0, field: '', message }],
    file,
    ...{ from: '', overrides: null },
    hash: createHash('sha256').update('').digest('hex'),
  };
}

function withProblem(runbook: LibraryRunbook, message: string): LibraryRunbook {
  const problem: Problem = { severity: 'error', file: runbook.file, line: 0, field: 'id', message };
  return { ...runbook, problems: [...runbook.problems, problem] };
}
