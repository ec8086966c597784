/** Runbooks at paths that somebody names, whether or not they are in a folder of the library. */
import { statSync } from 'node:fs';
import type { Problem } from '../../../shared/contract/common.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { sentenceOf } from '../catalog/text.ts';
import { broken, markdownFiles, readRunbook, type LibraryRunbook } from './library.ts';

/**
 * The runbooks of files and folders, each under its path, with all their mistakes; an id that two files of one folder give is one.
 * @throws Refusal `not_found` when a path is not there, or a folder holds none
 */
export function readRunbooks(paths: readonly string[]): LibraryRunbook[] {
  const found = paths.flatMap(filesAt).map(read);
  const first = new Map<string, LibraryRunbook>();
  for (const runbook of found) {
    const key = `${folderOf(runbook.file)} ${runbook.id}`;
    const other = first.get(key);
    if (other === undefined) first.set(key, runbook);
    else runbook.problems.push(twice(runbook, other));
  }
  return found;
}

function folderOf(file: string): string {
  return file.replace(/[^/\\]*$/, '');
}

function twice({ file, id }: LibraryRunbook, other: LibraryRunbook): Problem {
  const message = `The id ${id} is also given in ${other.file}; of two files with one id only the first counts, so give this one another.`;
  return { severity: 'error', file, line: 1, field: 'id', message };
}

function filesAt(path: string): string[] {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw new Refusal('not_found', `${path} cannot be read: ${sentenceOf(error)}.`, { cause: error });
  }
  if (!folder) return [path];
  const files = markdownFiles(path);
  if (files.length === 0) throw new Refusal('not_found', `${path} holds no runbook: no file that ends in .md.`);
  return files;
}

function read(path: string): LibraryRunbook {
  try {
    return readRunbook(path, path, statSync(path).size);
  } catch (error) {
    return broken(path, `The file cannot be read: ${sentenceOf(error)}.`);
  }
}
