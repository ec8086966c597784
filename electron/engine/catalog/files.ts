/**
 * Reads a catalog's files. Invariants: nothing outside of what was named is read, not even through links; one file is in
 * memory at a time; whatever cannot be read is told and costs nothing but itself; other work gets its turn in between.
 */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../../../shared/contract/spec.ts';
import { Catalog } from '../../../shared/domain/catalog/catalog.ts';
import type { Draft } from '../../../shared/domain/catalog/draft.ts';
import { MAX_FILE_BYTES, MAX_FILES, MAX_FOLDER_DEPTH, MAX_TOTAL_BYTES } from '../../../shared/domain/catalog/limits.ts';
import { compare, quote } from '../../../shared/domain/catalog/problems.ts';
import { fixedPart, isPattern, patternToRegExp } from './glob.ts';
import { decodeText, sentenceOf } from './text.ts';

/** How long other work waits for its turn at most, ms. */
const TURN_MS = 8;
const CHUNK = 1024 * 1024;
/** Most names that are looked at below one pattern. */
const MAX_NAMES = 200_000;

interface Root {
  /** Real path of the folder that bounds what is read. */
  folder: string;
  /** Set before the names of its files when several roots were given. */
  prefix: string;
}

/**
 * Reads files and folders; of folders every `.yaml` and `.yml` below, except in hidden ones and `node_modules`.
 * @throws Refusal `not_found` when none of the paths is there.
 */
export async function readCatalogFiles(paths: readonly string[]): Promise<Catalog> {
  const reading = new Reading();
  const absolute = paths.map((path) => resolve(path));
  const prefixes = distinctNames(absolute);
  let found = 0;
  for (const [n, path] of absolute.entries()) {
    const prefix = absolute.length > 1 ? prefixes[n]! : '';
    try {
      const real = await realpath(path);
      const isFolder = (await stat(real)).isDirectory();
      found++;
      const root: Root = {
        folder: isFolder ? real : dirname(real),
        prefix: isFolder && prefix !== '' ? `${prefix}/` : '',
      };
      if (isFolder) await reading.folder(real, root, 0);
      else await reading.file(real, isFolder || prefix === '' ? basename(path) : prefix, root);
      await reading.targets();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      if (absolute.length === 1) throw new Refusal(reasonCode(error), `${path} cannot be read: ${sentenceOf(error)}.`);
      reading.catalog.miss(paths[n]!, `This cannot be read: ${sentenceOf(error)}.`);
    }
  }
  if (found === 0)
    throw new Refusal('not_found', `None of these ${paths.length} paths can be read; the first is ${absolute[0]}.`);
  return reading.catalog;
}

function reasonCode(error: unknown): 'not_found' | 'bad_input' {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'not_found' : 'bad_input';
}

/** The shortest ends of the paths that tell them apart. */
function distinctNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split(sep).filter((part) => part !== ''));
  for (let length = 1; length < 50; length++) {
    const names = parts.map((part) => part.slice(-length).join('/'));
    if (new Set(names).size === new Set(paths).size) return names;
  }
  return [...paths];
}

class Reading {
  readonly catalog = new Catalog();
  readonly #seen = new Set<string>();
  readonly #folders = new Set<string>();
  readonly #targets: { target: Draft['targets'][number]; folder: string; root: Root }[] = [];
  #bytes = 0;
  #turn = performance.now();

  /** A folder with all below it. `path` is real. */
  async folder(path: string, root: Root, depth: number): Promise<void> {
    if (this.#folders.has(path)) return;
    this.#folders.add(path);
    const name = nameIn(root, path) || basename(path);
    if (depth > MAX_FOLDER_DEPTH) {
      this.catalog.miss(name, `Folders are read down to ${MAX_FOLDER_DEPTH} below one another; this one lies deeper.`);
      return;
    }
    for (const entry of await this.#entries(path, name)) {
      if (this.#full()) return;
      const here = nameIn(root, join(path, entry.name));
      const wanted = entry.folder || /\.ya?ml$/i.test(entry.name);
      if (wanted && !isInside(root.folder, entry.real)) {
        this.catalog.problems.warning(
          { file: here, line: 0 },
          '',
          'This link leads out of what is imported; it is not followed.',
        );
      } else if (entry.folder) await this.folder(entry.real, root, depth + 1);
      else if (wanted) await this.file(entry.real, here, root);
    }
  }

  /** What a folder holds, by name, links followed as long as they stay inside. */
  async #entries(path: string, name: string): Promise<{ name: string; real: string; folder: boolean }[]> {
    let found;
    try {
      found = await readdir(path, { withFileTypes: true });
    } catch (error) {
      this.catalog.miss(name, `This folder cannot be read: ${sentenceOf(error)}.`);
      return [];
    }
    const entries = [];
    for (const entry of found.sort((a, b) => compare(a.name, b.name))) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const here = join(path, entry.name);
      const link = entry.isSymbolicLink();
      if (!link) {
        if (entry.isDirectory() || entry.isFile())
          entries.push({ name: entry.name, real: here, folder: entry.isDirectory() });
        continue;
      }
      try {
        const real = await realpath(here);
        entries.push({ name: entry.name, real, folder: (await stat(real)).isDirectory() });
      } catch (error) {
        if (/\.ya?ml$/i.test(entry.name))
          this.catalog.lose(
            `${name === basename(path) ? '' : `${name}/`}${entry.name}`,
            `This link leads nowhere: ${sentenceOf(error)}.`,
          );
      }
    }
    return entries;
  }

  /** A file; `path` is real, `name` is what the report calls it. */
  async file(path: string, name: string, root: Root): Promise<void> {
    if (this.#seen.has(path) || this.#full()) return;
    this.#seen.add(path);
    if (this.#seen.size > MAX_FILES) {
      this.catalog.miss(name, `An import reads at most ${MAX_FILES} files; this one and all after it are left out.`);
      return;
    }
    const text = await this.#text(path, name);
    if (text === null) return;
    for (const draft of this.catalog.read(name, text)) {
      for (const target of draft?.targets ?? []) this.#targets.push({ target, folder: dirname(path), root });
      if (performance.now() - this.#turn > TURN_MS) {
        await setImmediate();
        this.#turn = performance.now();
      }
    }
  }

  #full(): boolean {
    return this.#seen.size > MAX_FILES || this.#bytes > MAX_TOTAL_BYTES;
  }

  async #text(path: string, name: string): Promise<string | null> {
    try {
      const stats = await stat(path);
      if (!stats.isFile()) {
        this.catalog.lose(name, 'This is no ordinary file; it is not read.');
        return null;
      }
      const bytes = stats.size > MAX_FILE_BYTES ? null : await readBounded(path);
      if (bytes === null) {
        const size = `${Math.ceil(Math.max(stats.size, MAX_FILE_BYTES + 1) / 1024 / 1024)} MB`;
        this.catalog.lose(
          name,
          `The file has ${size}; a file of a catalog has at most ${MAX_FILE_BYTES / 1024 / 1024} MB, so it is not read.`,
        );
        return null;
      }
      this.#bytes += bytes.length;
      if (this.#bytes > MAX_TOTAL_BYTES) {
        this.catalog.miss(
          name,
          `An import reads at most ${MAX_TOTAL_BYTES / 1024 / 1024} MB; this file and all after it are left out.`,
        );
        return null;
      }
      const decoded = decodeText(bytes);
      if (decoded.ok) return decoded.text;
      this.catalog.lose(name, decoded.message);
    } catch (error) {
      this.catalog.lose(name, `The file cannot be read: ${sentenceOf(error)}.`);
    }
    return null;
  }

  /** Follows the files that Locations name, and those that these name. */
  async targets(): Promise<void> {
    for (let next = this.#targets.shift(); next; next = this.#targets.shift())
      await this.#target(next.target, next.folder, next.root);
  }

  async #target({ text, place, field }: Draft['targets'][number], folder: string, root: Root): Promise<void> {
    const tell = (message: string) => this.catalog.problems.error(place, field, message);
    const target = text.replaceAll('\\', '/');
    const from = isAbsolute(target) ? resolve(fixedPart(target) || '/') : resolve(folder, fixedPart(target));
    if (!isInside(root.folder, from)) {
      tell(`${quote(text)} leads out of what is imported; it is not followed.`);
      return;
    }
    try {
      if (!isPattern(target)) {
        const named = resolve(folder, target);
        const real = await realpath(named);
        if (!isInside(root.folder, real)) tell(`${quote(text)} leads out of what is imported; it is not followed.`);
        else if ((await stat(real)).isDirectory()) tell(`${quote(text)} is a folder; a Location names files.`);
        else await this.file(real, nameIn(root, named), root);
        return;
      }
      const matches = await this.#matching(from, target.slice(fixedPart(target).length).replace(/^\//, ''), root);
      if (matches.length === 0) tell(`No file matches ${quote(text)}.`);
      for (const path of matches) await this.file(await realpath(path), nameIn(root, path), root);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      tell(`${quote(text)} cannot be read: ${sentenceOf(error)}.`);
    }
  }

  /** Files below `from` whose way from there matches, by name. */
  async #matching(from: string, pattern: string, root: Root): Promise<string[]> {
    const wanted = patternToRegExp(pattern);
    const matches: string[] = [];
    const visited = new Set<string>();
    let names = 0;
    const walk = async (path: string, depth: number): Promise<void> => {
      const real = await realpath(path);
      if (visited.has(real) || depth > MAX_FOLDER_DEPTH || !isInside(root.folder, real)) return;
      visited.add(real);
      for (const entry of await this.#entries(path, nameIn(root, path))) {
        if (++names > MAX_NAMES) return;
        const here = join(path, entry.name);
        if (entry.folder) await walk(here, depth + 1);
        else if (wanted.test(relative(from, here).split(sep).join('/'))) matches.push(here);
      }
    };
    await walk(from, 0);
    return matches;
  }
}

/** The bytes of a file; null when there are more than a file may have. */
async function readBounded(path: string): Promise<Buffer | null> {
  await using handle = await open(path, 'r');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of handle.createReadStream({ autoClose: false, end: MAX_FILE_BYTES, highWaterMark: CHUNK })) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
  }
  return length > MAX_FILE_BYTES ? null : Buffer.concat(chunks, length);
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way));
}

/** What the report calls a file: its way below the root, with `/`. */
function nameIn(root: Root, path: string): string {
  return `${root.prefix}${relative(root.folder, path).split(sep).join('/')}`;
}
