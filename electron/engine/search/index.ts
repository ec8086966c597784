/**
 * The full-text index over what people wrote. Invariant: the index is a cache of the log: it covers op numbers 1 to
 * `upto` and nothing else, is extended behind the commits and never slows one down, and can be emptied and filled again.
 *
 * `words` holds the text; `marks` holds what entries are filtered by (incident, author, kind, month) as made-up words, so
 * that a filter is one more list to intersect and not a row to look up for every match.
 */
import { createHash } from 'node:crypto';
import { reduce } from '../../../shared/ops/reduce.ts';
import type { Op } from '../../../shared/ops/op.ts';
import { entryKind, type EntryKind } from '../../../shared/domain/timeline.ts';
import { words } from '../../../shared/domain/excerpt.ts';
import { storageRefusal } from '../store/failure.ts';
import type { Store } from '../store/store.ts';

export interface EntryFilter {
  incident?: string | undefined;
  who?: string | undefined;
  kind?: EntryKind | undefined;
  /** ms */
  from?: number | undefined;
  to?: number | undefined;
}

/** Ops indexed in one transaction: a commit waits for at most one such batch. */
const BATCH = 400;
const PAUSE_MS = 20;
/** A query brings the index up to date by itself when no more than this is missing. */
const AT_ONCE = 4000;
const UPTO = 'search.upto';

const mark = (what: string, value: string) => `x${what}${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
const monthMark = (at: number) => `xm${new Date(at).toISOString().slice(0, 7).replace('-', '')}`;

/** The text of an op that people search for, or null when it has none. */
function textOf(op: Op): string | null {
  const reduced = reduce(op);
  if (reduced.outcome !== 'effects') return null;
  const texts = reduced.effects.flatMap((effect) => (effect.do === 'entry' && effect.text !== null ? [effect.text] : []));
  const corrected = op.type === 'entry.correct' && typeof op.payload['text'] === 'string' ? [op.payload['text']] : [];
  const all = [...texts, ...corrected];
  return all.length > 0 ? all.join('\n') : null;
}

export class SearchIndex {
  readonly #store: Store;
  readonly #insert;
  #upto: number;
  #last: number;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(store: Store) {
    this.#store = store;
    this.#insert = store.db.prepare('INSERT INTO search (rowid, words, marks) VALUES (?, ?, ?)');
    this.#upto = Number(store.meta(UPTO) ?? 0);
    this.#last = store.log.newest();
  }

  /** Begins to index what is missing, in small steps. */
  start(delayMs = 3000): void {
    this.#last = this.#store.log.newest();
    if (this.#timer || this.#closed || !this.#store.writable || this.#upto >= this.#last) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#step()) this.start(PAUSE_MS);
    }, delayMs);
    this.#timer.unref();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Indexes one batch; false when the disk does not take it. */
  #step(): boolean {
    const ops = this.#store.log.between(this.#upto + 1, this.#upto + BATCH);
    const upto = ops.at(-1)?.n ?? Math.min(this.#upto + BATCH, this.#last);
    try {
      this.#store.db.transaction(() => {
        for (const op of ops) {
          const text = textOf(op);
          if (text !== null) this.#insert.run(op.n, text, marksOf(op));
        }
        this.#store.setMeta(UPTO, String(upto));
      })();
    } catch (error) {
      if (storageRefusal(error) === null && !(error instanceof Error && error.name === 'Refusal')) throw error;
      return false;
    }
    this.#upto = upto;
    return true;
  }

  /** Null when the index covers the whole log. */
  get progress(): { done: number; total: number } | null {
    return this.#upto >= this.#last ? null : { done: this.#upto, total: this.#last };
  }

  /**
   * Local numbers of the entries that hold every word of `text` (the last may be a beginning) and pass the filter, newest
   * first, at most `limit`. Words of one letter count only when they stand alone with a filter or another word.
   */
  find(text: string, filter: EntryFilter, limit: number): number[] {
    this.#last = this.#store.log.newest();
    if (this.#last - this.#upto <= AT_ONCE && this.#store.writable) while (this.#upto < this.#last && this.#step());
    const match = matchOf(text, filter);
    if (match === null) return [];
    return this.#store.db
      .prepare<[string, number], number>('SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?')
      .pluck()
      .all(match, limit);
  }
}

function marksOf(op: Op): string {
  return [mark('i', op.scope), mark('a', op.actor), mark('k', entryKind(op.type)), monthMark(op.eventTime)].join(' ');
}

/** The FTS5 expression; null when nothing is asked. Every word is quoted, so nothing that a person types is syntax. */
function matchOf(text: string, filter: EntryFilter): string | null {
  const wanted = words(text).filter((word, _, all) => word.length > 1 || all.length > 1 || /[^\p{Script=Latin}]/u.test(word));
  const terms = wanted.map((word) => `words : "${word}" *`);
  const marks = [
    ...(filter.incident === undefined ? [] : [mark('i', filter.incident)]),
    ...(filter.who === undefined ? [] : [mark('a', filter.who)]),
    ...(filter.kind === undefined ? [] : [mark('k', filter.kind)]),
  ].map((each) => `marks : "${each}"`);
  const months = monthsBetween(filter.from, filter.to).map((each) => `"${each}"`);
  if (months.length > 0) marks.push(`marks : (${months.join(' OR ')})`);
  const all = [...terms, ...marks];
  return all.length > 0 ? all.join(' AND ') : null;
}

/** Longest time that is narrowed down by months; a longer one is left to the caller's own check. */
const MAX_MONTHS = 72;

function monthsBetween(from: number | undefined, to: number | undefined): string[] {
  if (from === undefined) return [];
  const months: string[] = [];
  const at = new Date(from);
  const end = to ?? Date.now();
  for (let month = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth())); month.getTime() <= end; month.setUTCMonth(month.getUTCMonth() + 1)) {
    months.push(monthMark(month.getTime()));
    if (months.length > MAX_MONTHS) return [];
  }
  return months;
}
