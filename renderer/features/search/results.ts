/**
 * The answers to what somebody is typing. Invariants: one question is on its way at a time and the newest wins; what was
 * found stays until the next answer is there, so nothing flickers; pages follow each other, and what is written meanwhile
 * comes in at the top without losing them.
 */
import type { Hit, SearchResult } from '../../../shared/contract/search.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import type { Input } from '../../../shared/contract/table.ts';

/** A question without its paging. */
export type Question = Omit<Input<'search'>, 'limit' | 'before'>;

export type Ask = (input: Input<'search'>) => Promise<Reply<SearchResult>>;

export interface Found {
  /** What these are the answer to; null before the first answer, and when nothing is asked. */
  question: Question | null;
  hits: readonly Hit[];
  /** Whether older entries can be had. */
  more: boolean;
  indexing: SearchResult['indexing'];
  /** How long the engine took, ms. */
  ms: number;
  error: string | null;
}

const NOTHING: Found = { question: null, hits: [], more: false, indexing: null, ms: 0, error: null };
const FIRST = 50;
const MORE = 200;

const keyOf = (question: Question | null): string => JSON.stringify(question);

export class SearchResults {
  readonly #ask: Ask;
  readonly #listeners = new Set<() => void>();
  #found = NOTHING;
  #wanted: Question | null = null;
  #answered: string = keyOf(null);
  #next: number | null = null;
  #wantsMore = false;
  #stale = false;
  #busy = false;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** The newest state; the same object until something changes. */
  snapshot = (): Found => this.#found;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Asks this instead of what was asked before; null asks nothing. */
  ask(question: Question | null): void {
    if (keyOf(question) === keyOf(this.#wanted)) return;
    this.#wanted = question;
    this.#wantsMore = false;
    if (question === null) {
      this.#answered = keyOf(null);
      this.#next = null;
      this.#set(NOTHING);
    }
    this.#work();
  }

  /** The end of what was read is in sight. */
  more(): void {
    this.#wantsMore = this.#next !== null;
    this.#work();
  }

  /** Something changed, or an error may have passed: asks the same again. */
  again(): void {
    this.#stale = true;
    this.#work();
  }

  #work(): void {
    const wanted = this.#wanted;
    if (this.#busy || wanted === null) return;
    if (this.#answered !== keyOf(wanted) || this.#stale) void this.#read(wanted, null);
    else if (this.#wantsMore && this.#next !== null) void this.#read(wanted, this.#next);
  }

  async #read(question: Question, before: number | null): Promise<void> {
    this.#busy = true;
    if (before === null) this.#stale = false;
    else this.#wantsMore = false;
    const reply = await this.#ask({
      ...question,
      limit: before === null ? FIRST : MORE,
      ...(before === null ? {} : { before }),
    });
    this.#busy = false;
    if (keyOf(question) === keyOf(this.#wanted)) {
      const known = this.#answered === keyOf(question);
      this.#answered = keyOf(question);
      if (!reply.ok) this.#set({ ...(known ? this.#found : NOTHING), question, error: reply.message });
      else if (before !== null) this.#append(reply.value);
      else this.#publish(question, reply.value, known);
    }
    this.#work();
  }

  #append({ hits, next, indexing }: SearchResult): void {
    this.#next = next;
    this.#set({ ...this.#found, hits: [...this.#found.hits, ...hits], more: next !== null, indexing, error: null });
  }

  #publish(question: Question, { hits, next, indexing, ms }: SearchResult, known: boolean): void {
    const last = hits.findLast(({ kind }) => kind === 'entry')?.id;
    const boundary =
      known && last !== undefined ? this.#found.hits.findIndex(({ id, kind }) => kind === 'entry' && id === last) : -1;
    const rest = boundary < 0 ? [] : this.#found.hits.slice(boundary + 1);
    if (rest.length === 0) this.#next = next;
    this.#set({ question, hits: [...hits, ...rest], more: this.#next !== null, indexing, ms, error: null });
  }

  #set(found: Found): void {
    this.#found = found;
    for (const listener of this.#listeners) listener();
  }
}
