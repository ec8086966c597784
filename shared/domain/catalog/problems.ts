/** Problems found in files. Invariant: each says file, line, field and one sentence, and the list is bounded. */
import type { Problem } from '../../contract/common.ts';
import { MAX_PROBLEMS } from './limits.ts';

/** Where something stands in a catalog. */
export interface Place {
  /** As the report names it: relative to what was imported. */
  file: string;
  /** 1-based; 0 when the whole file is meant. */
  line: number;
}

export class Problems {
  readonly #list: Problem[] = [];
  #more = 0;

  error(place: Place, field: string, message: string): void {
    this.#add('error', place, field, message);
  }

  warning(place: Place, field: string, message: string): void {
    this.#add('warning', place, field, message);
  }

  #add(severity: Problem['severity'], { file, line }: Place, field: string, message: string): void {
    if (this.#list.length < MAX_PROBLEMS) this.#list.push({ severity, file, line, field, message });
    else this.#more++;
  }

  /** By file and line; when there were too many, a last one says how many are not listed. */
  list(): Problem[] {
    const sorted = this.#list.toSorted((a, b) => compare(a.file, b.file) || a.line - b.line);
    if (this.#more === 0) return sorted;
    const message = `${this.#more} more problems are not listed; mend these first.`;
    return [...sorted, { severity: 'warning', file: sorted[0]!.file, line: 0, field: '', message }];
  }
}

/** `file:line`, as entities keep it. */
export function formatPlace({ file, line }: Place): string {
  return `${file}:${line}`;
}

/** Text from a file as a problem may quote it: one line, short. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return `"${line.length > 80 ? `${line.slice(0, 79)}…` : line}"`;
}

/** A value that ought to be text; anything that is neither text nor a number is nothing. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
