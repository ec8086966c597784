/**
 * The estate written into a folder. Invariants: only files that an earlier export wrote are replaced or removed; a file is
 * there whole or not at all, also when the machine stops in between.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../../../shared/contract/spec.ts';
import { WRITTEN, writeCatalog, type Estate } from '../../../shared/domain/catalog/write.ts';
import { sentenceOf } from './text.ts';

/** How long other work waits for its turn at most, ms. */
const TURN_MS = 8;

export interface Exported {
  directory: string;
  /** Relative to the directory. */
  files: string[];
  entities: number;
}

/**
 * Writes the estate's files into `directory`, which is made when it is missing.
 * @throws Refusal when the folder holds YAML files that no export wrote, or cannot be written.
 */
export async function exportCatalog(estate: Estate, directory: string): Promise<Exported> {
  const folder = resolve(directory);
  try {
    await mkdir(folder, { recursive: true });
    const before = await yamlFiles(folder);
    for (const path of before) {
      if (!(await isOurs(join(folder, path)))) {
        throw new Refusal(
          'refused',
          `${join(folder, path)} was not written by an export; choose an empty folder, or one of an earlier export.`,
        );
      }
    }
    const files: string[] = [];
    let entities = 0;
    let turn = performance.now();
    for (const file of writeCatalog(estate)) {
      if (performance.now() - turn > TURN_MS) {
        await setImmediate();
        turn = performance.now();
      }
      if (file === null) continue;
      await replaceFile(join(folder, file.path), file.text);
      files.push(file.path);
      entities += file.entities;
    }
    const written = new Set(files);
    for (const path of before) if (!written.has(path)) await rm(join(folder, path));
    return { directory: folder, files, entities };
  } catch (error) {
    if (error instanceof Refusal || (error as NodeJS.ErrnoException).code === undefined) throw error;
    const path = (error as NodeJS.ErrnoException).path ?? folder;
    throw new Refusal('storage', `${path} cannot be written: ${sentenceOf(error)}.`, { cause: error });
  }
}

/** YAML files below a folder, as an import would read them; with `/` between folders. */
async function yamlFiles(folder: string, below = '', depth = 0): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory() && depth < 32) found.push(...(await yamlFiles(folder, path, depth + 1)));
    else if (/\.ya?ml$/i.test(entry.name)) found.push(path);
  }
  return found;
}

async function isOurs(path: string): Promise<boolean> {
  if (!(await stat(path)).isFile()) return false;
  await using handle = await open(path, 'r');
  const start = Buffer.alloc(Buffer.byteLength(WRITTEN));
  await handle.read(start, 0, start.length, 0);
  return start.toString('utf8') === WRITTEN;
}

async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  try {
    {
      await using handle = await open(draft, 'wx');
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
