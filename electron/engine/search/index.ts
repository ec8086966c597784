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
import { ENTRY_KINDS, entryKind, type EntryKind } from '../../../shared/domain/timeline.ts';
import { asked, tokens, words } from '../../../shared/domain/excerpt.ts';
import { storageRefusal } from '../store/failure.ts';
import { SEALED } from '../store/projection.ts';
import type { Store } from '../store/store.ts';

export interface EntryFilter {
  /** Incident id. */
  incident?: string | undefined;
  /** Actor id. */
  who?: string | undefined;
  kind?: EntryKind | undefined;
  /** Event time as corrected, ms. */
  from?: number | undefined;
  to?: number | undefined;
}

export interface EntryPage {
  limit: number;
  /** Only entries with a lower local number: those of the next page. */
  before?: number | undefined;
}

/** Ops indexed in one transaction: a commit waits for at most one such batch. */
const BATCH = 400;
const PAUSE_MS = 20;
/** A query brings the index up to date by itself when no more than this is missing. */
const AT_ONCE = 4000;
/** When the disk did not take a batch, how long until it is tried again. */
const RETRY_MS = 5000;
const UPTO = 'search.upto';
/** What stands in the index was made in this way; when words or marks are made otherwise, it is filled again. */
const FORMAT = '3';

const mark = (what: string, value: string) =>
  `x${what}${createHash('sha256').update(value).digest('hex').slice(0, 12)}`;
/** Of the month of `at`, UTC; a plain number also for years before 0 and after 9999. */
const monthMark = (at: number) => `xm${(new Date(at).getUTCFullYear() + 300_000) * 12 + new Date(at).getUTCMonth()}`;

/** The words of an op that people search for, or null when it has none. */
export function textOf(op: Op): string | null {
  const reduced = reduce(op);
  if (reduced.outcome !== 'effects') return null;
  const texts = reduced.effects.flatMap((effect) =>
    effect.do === 'entry' && effect.text !== null ? [effect.text] : [],
  );
  const corrected = op.type === 'entry.correct' && typeof op.payload['text'] === 'string' ? [op.payload['text']] : [];
  const all = [...corrected, ...texts];
  return all.length > 0 ? all.join('\n') : null;
}

export class SearchIndex {
  readonly #store: Store;
  readonly #without: readonly string[];
  readonly #filledBy: SearchIndex | null;
  readonly #insert;
  #upto: number;
  #last: number;
  readonly #find;
  readonly #findInTime;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  /**
   * @param without incidents of which nothing that was sealed is found
   * @param filledBy the index that fills these tables, when this one only reads them
   */
  constructor(store: Store, without: readonly string[] = [], filledBy: SearchIndex | null = null) {
    this.#store = store;
    this.#filledBy = filledBy;
    this.#without = without.map((scope) => mark('s', scope));
    this.#insert = store.db.prepare('INSERT INTO search (rowid, words, marks) VALUES (?, ?, ?)');
    this.#find = store.db
      .prepare<[string, number, number], number>(
        'SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?',
      )
      .pluck();
    this.#findInTime = store.db
      .prepare<[string, number, number, number, number], number>(
        `SELECT search.rowid FROM search CROSS JOIN entry ON entry.n = search.rowid
         WHERE search MATCH ? AND search.rowid < ? AND entry.at BETWEEN ? AND ? ORDER BY search.rowid DESC LIMIT ?`,
      )
      .pluck();
    const [format, upto] = (store.meta(UPTO) ?? '').split(' ');
    this.#upto = format === FORMAT ? Number(upto) : 0;
    this.#last = store.log.newest();
  }

  /** Begins to index what is missing, in small steps. */
  start(delayMs = 3000): void {
    this.#last = this.#store.log.newest();
    if (this.#timer || this.#closed || !this.#store.writable || this.#upto >= this.#last) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.start(this.#step() ? PAUSE_MS : RETRY_MS);
    }, delayMs);
    this.#timer.unref();
  }

  /** Begins anew: what was indexed can be read no more, or what could not be read can. */
  reset(): void {
    this.#upto = 0;
    if (this.#store.writable) this.#store.setMeta(UPTO, `${FORMAT} 0`);
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
        if (this.#upto === 0) this.#store.db.exec("INSERT INTO search (search) VALUES ('delete-all')");
        for (const op of ops) {
          const text = textOf(op);
          if (text !== null)
            this.#insert.run(
              op.n,
              words(text).join(' '),
              marksOf(op, this.#store.log.asWritten(op.n)?.type === SEALED),
            );
        }
        this.#store.setMeta(UPTO, `${FORMAT} ${upto}`);
      })();
    } catch (error) {
      if (storageRefusal(error) === null && !(error instanceof Error && error.name === 'Refusal')) throw error;
      return false;
    }
    this.#upto = upto;
    return true;
  }

  #catchUp(): void {
    this.#last = this.#store.log.newest();
    if (this.#last - this.#upto <= AT_ONCE && this.#store.writable) while (this.#upto < this.#last && this.#step());
  }

  /** Null when the index covers the whole log. */
  get progress(): { done: number; total: number } | null {
    if (this.#filledBy) return this.#filledBy.progress;
    return this.#upto >= this.#last ? null : { done: this.#upto, total: this.#last };
  }

  /**
   * Local numbers of the entries that hold every word of `text` (each may be a beginning) and pass the filter, the last to
   * arrive first. Without a word and without a filter there are none.
   */
  find(text: string, filter: EntryFilter, { limit, before = Number.MAX_SAFE_INTEGER }: EntryPage): number[] {
    const index = this.#filledBy ?? this;
    index.#catchUp();
    const asked = matchOf(text, filter);
    if (asked === null) return [];
    const match = this.#without.length === 0 ? asked : `(${asked}) NOT ${anyOf(this.#without)}`;
    const { from, to } = filter;
    if (from === undefined && to === undefined) return this.#find.all(match, before, limit);
    return this.#findInTime.all(match, before, from ?? Number.MIN_SAFE_INTEGER, to ?? Number.MAX_SAFE_INTEGER, limit);
  }
}

function marksOf(op: Op, sealed: boolean): string {
  return [
    ...[mark('i', op.scope), mark('a', op.actor), mark('k', entryKind(op.type)), monthMark(op.eventTime)],
    ...(sealed ? [mark('s', op.scope)] : []),
  ].join(' ');
}

/**
 * The FTS5 expression; null when nothing is asked. Every word is quoted and holds no quote, so nothing that a person
 * types is syntax.
 */
function matchOf(text: string, filter: EntryFilter): string | null {
  const { incident, who, kind, from, to } = filter;
  const months = from === undefined ? [] : monthsBetween(from - MOVED_MS, (to ?? Date.now()) + MOVED_MS);
  const later = from !== undefined || to === undefined ? [] : monthsBetween(to + MOVED_MS, Date.now()).slice(1);
  const all = [
    ...termsOf(text),
    ...(incident === undefined ? [] : [anyOf([mark('i', incident)])]),
    ...(who === undefined ? [] : [anyOf([mark('a', who)])]),
    ...(kind === undefined ? [] : [anyOf([mark('k', kind)])]),
    ...(months.length > 0 ? [anyOf(months)] : []),
  ];
  if (all.length === 0 && from === undefined && to === undefined) return null;
  const wanted = all.length > 0 ? all.join(' AND ') : anyOf(ENTRY_KINDS.map((each) => mark('k', each)));
  return later.length > 0 ? `(${wanted}) NOT ${anyOf(later)}` : wanted;
}

/**
 * One Latin letter begins so many words that it would be slow to look them all up: it counts as a whole word, and not yet
 * while it is being typed.
 */
function termsOf(text: string): string[] {
  const typing = [...tokens(text)].findLast(({ end }) => end === text.length)?.word;
  return asked(text).flatMap((word) => {
    if (!/^[a-z]$/.test(word)) return [`words : "${word}" *`];
    return word === typing ? [] : [`words : "${word}"`];
  });
}

const anyOf = (marks: readonly string[]) => `marks : (${marks.map((each) => `"${each}"`).join(' OR ')})`;

/** How far a correction may have moved an entry, ms: its month in the index is that of its first time. */
const MOVED_MS = 31 * 24 * 3600_000;
/** Longest time that is narrowed down by months; a longer one is left to the entries' own times. */
const MAX_MONTHS = 72;

function monthsBetween(from: number, to: number): string[] {
  const months: string[] = [];
  const first = new Date(from);
  for (let month = Date.UTC(first.getUTCFullYear(), first.getUTCMonth()); month <= to;) {
    months.push(monthMark(month));
    if (months.length > MAX_MONTHS) return [];
    const at = new Date(month);
    month = Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1);
  }
  return months;
}
