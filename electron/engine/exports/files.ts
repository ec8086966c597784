/**
 * Files that leave the console. Invariant: under its name a file is there whole or not at all, and on the disk when this
 * says so; what was there before stays until then, and is only replaced when that was asked for.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';
import { sentenceOf } from '../catalog/text.ts';

/** Where a file is to go: `to` itself, or a file `name` inside it when it is a folder. */
export async function targetOf(to: string, name: string): Promise<string> {
  try {
    return (await stat(to)).isDirectory() ? join(to, name) : to;
  } catch {
    return to;
  }
}

/**
 * Lets `write` fill a new file beside `path`, brings it to the disk and gives it its name. Returns its size, bytes, and
 * what `write` did.
 * @throws Refusal `refused` when there is a file already and it is not to be replaced, `storage` in one sentence when the
 * disk does not take it; then nothing is left behind.
 */
export async function writeWhole<T>(
  path: string,
  replace: boolean,
  write: (draft: string) => Promise<T>,
): Promise<{ bytes: number; value: T }> {
  const draft = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(4).toString('hex')}.part`);
  try {
    if (!replace && (await stat(path).catch(() => null))) throw exists(path);
    await mkdir(dirname(path), { recursive: true });
    await (await open(draft, 'wx')).close();
    const value = await write(draft);
    const bytes = await syncFile(draft);
    if (replace) await rename(draft, path);
    else await giveName(draft, path);
    await syncFolder(dirname(path));
    return { bytes, value };
  } catch (error) {
    if (error instanceof Refusal || (error as NodeJS.ErrnoException).code === undefined) throw error;
    // Making the folders stumbles over a file that has the name of one.
    const why =
      (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'a folder on the way to it is a file' : sentenceOf(error);
    throw new Refusal('storage', `${path} was not written: ${why}.`, { retryable: true, cause: error });
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

function exists(path: string): Refusal {
  return new Refusal('refused', `${path} is there already; choose another name, or say that it may be replaced.`);
}

/** Without writing over what somebody else put there meanwhile, where the file system knows hard links. */
async function giveName(draft: string, path: string): Promise<void> {
  try {
    await link(draft, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw exists(path);
    await rename(draft, path);
  }
}

/** Brings a file to the disk; its size, bytes. */
async function syncFile(path: string): Promise<number> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** A new name is on the disk only when its folder is. Not every system lets a folder be opened; then there is nothing to do. */
async function syncFolder(path: string): Promise<void> {
  try {
    const handle = await open(path, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    return;
  }
}

/** A name for a file that every file system takes: letters, digits and dashes, at most 80 characters. */
export function fileName(...parts: string[]): string {
  const name = parts
    .map((part) =>
      part
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, ''),
    )
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 80)
    .replace(/-+$/, '');
  return /^(con|prn|aux|nul|com\d|lpt\d)$/.test(name) || name === '' ? `holdfast-${name}` : name;
}
