/**
 * A timeline as the screen holds it: pages from the newest entry downwards, each read when it is looked at. Invariants:
 * entries follow each other without a gap or a repeat; after a change only what is seen is read again; a page that no
 * longer joins the next one drops what follows instead of showing a hole; one request is on its way at a time.
 */
import type { EntryView, Timeline } from '../../../shared/contract/incident.ts';
import type { Reply } from '../../../shared/contract/spec.ts';

/** Reads entries older than `before` (the newest when absent). */
export type ReadTimeline = (before: string | undefined, limit: number) => Promise<Reply<Timeline>>;

export interface TimelineSnapshot {
  /** Newest first. */
  entries: readonly EntryView[];
  /** How many there are in the whole timeline, as far as it is known. */
  total: number;
  /** Whether the oldest entry is among `entries`. */
  whole: boolean;
  /** Whether the first page has been read. */
  opened: boolean;
  error: string | null;
  /** Ids of entries that came while the timeline was open. */
  fresh: ReadonlySet<string>;
}

interface Page {
  before: string | undefined;
  entries: EntryView[];
  next: string | null;
  stale: boolean;
}

const FIRST = 100;
const MORE = 250;
const MOST = 1000;
/** Room for entries that were written since a page was last read. */
const GROWTH = 100;

export class TimelinePages {
  readonly #read: ReadTimeline;
  readonly #listeners = new Set<() => void>();
  #pages: Page[] = [];
  #snapshot: TimelineSnapshot = { entries: [], total: 0, whole: false, opened: false, error: null, fresh: new Set() };
  #busy = false;
  #wantsMore = false;
  #seen = { first: 0, last: 0 };
  #sought: string | null = null;
  #closed = false;

  constructor(read: ReadTimeline) {
    this.#read = read;
  }

  /** The newest state; the same object until something changes. */
  snapshot = (): TimelineSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#closed = false;
    this.#work();
    return () => {
      this.#listeners.delete(listener);
      this.#closed = this.#listeners.size === 0;
    };
  };

  /** Something in this timeline changed: what is seen is read again now, the rest when it is looked at. */
  changed(): void {
    for (const page of this.#pages) page.stale = true;
    this.#set({ error: null });
    this.#work();
  }

  /** What came has been shown as new. */
  glowed(): void {
    this.#set({ fresh: new Set() });
  }

  /** Entries `first` to `last` are on screen. */
  seen(first: number, last: number): void {
    this.#seen = { first, last };
    this.#wantsMore = last >= this.#snapshot.entries.length - 30;
    this.#work();
  }

  /** Reads on until the entry with this id is there, or there are no more. */
  seek(id: string): void {
    this.#sought = id;
    this.#work();
  }

  #seeks(): boolean {
    return this.#sought !== null && !this.#snapshot.entries.some(({ id }) => id === this.#sought);
  }

  #work(): void {
    if (this.#busy || this.#closed || this.#snapshot.error !== null) return;
    const stale = this.#staleInSight();
    if (stale !== null) void this.#reread(stale);
    else if (this.#pages.length === 0) void this.#append();
    else if (this.#pages.at(-1)!.next !== null && (this.#wantsMore || this.#seeks())) void this.#append();
  }

  /** The head is always in sight: what is new appears there. */
  #staleInSight(): number | null {
    if (this.#pages[0]?.stale) return 0;
    let start = 0;
    for (const [index, page] of this.#pages.entries()) {
      const end = start + page.entries.length;
      if (page.stale && start <= this.#seen.last && end > this.#seen.first) return index;
      start = end;
    }
    return null;
  }

  async #ask(before: string | undefined, limit: number): Promise<Timeline | null> {
    this.#busy = true;
    const reply = await this.#read(before, limit);
    this.#busy = false;
    if (reply.ok) return reply.value;
    this.#set({ error: reply.message });
    return null;
  }

  async #append(): Promise<void> {
    const last = this.#pages.at(-1);
    const more = this.#seeks() ? MOST : Math.min(MOST, MORE * 2 ** Math.min(2, this.#pages.length - 1));
    const limit = last ? more : FIRST;
    const timeline = await this.#ask(last?.next ?? undefined, limit);
    if (timeline === null) return;
    this.#wantsMore = false;
    this.#pages.push({ before: last?.next ?? undefined, entries: timeline.entries, next: timeline.next, stale: false });
    this.#publish(timeline.total, this.#snapshot.fresh);
    this.#work();
  }

  async #reread(index: number): Promise<void> {
    const page = this.#pages[index]!;
    page.stale = false;
    const isLast = page.next === null;
    const room = page.entries.length + GROWTH;
    const timeline = await this.#ask(page.before, room > MOST ? MORE : Math.max(room, FIRST));
    if (timeline === null) {
      page.stale = true;
      return;
    }
    // Lines that did not change stay the same objects, so that nothing is drawn again for them.
    const former = new Map(page.entries.map((entry) => [entry.id, entry]));
    timeline.entries = timeline.entries.map((entry) => keep(former.get(entry.id), entry));
    const known = new Set(this.#pages.flatMap(({ entries }) => entries.map(({ id }) => id)));
    const boundary = page.entries.at(-1)?.id;
    const end = isLast ? -1 : timeline.entries.findIndex(({ id }) => id === boundary);
    if (end >= 0) page.entries = timeline.entries.slice(0, end + 1);
    else {
      page.entries = timeline.entries;
      page.next = timeline.next;
      this.#pages.length = index + 1;
    }
    const arrived = index === 0 ? page.entries.filter(({ id }) => !known.has(id)).map(({ id }) => id) : [];
    this.#publish(timeline.total, arrived.length > 0 ? new Set(arrived) : this.#snapshot.fresh);
    this.#work();
  }

  #publish(total: number, fresh: ReadonlySet<string>): void {
    const ids = new Set<string>();
    const entries: EntryView[] = [];
    for (const page of this.#pages) {
      for (const entry of page.entries) {
        // An entry whose time was corrected may be read in its old and its new place until both pages are fresh.
        if (ids.has(entry.id)) continue;
        ids.add(entry.id);
        entries.push(entry);
      }
    }
    const before = this.#snapshot.entries;
    const same = entries.length === before.length && entries.every((entry, index) => entry === before[index]);
    this.#set({
      entries: same ? before : entries,
      total,
      fresh,
      opened: true,
      error: null,
      whole: this.#pages.at(-1)!.next === null,
    });
  }

  #set(change: Partial<TimelineSnapshot>): void {
    const changes = Object.entries(change) as [keyof TimelineSnapshot, unknown][];
    if (changes.every(([name, value]) => this.#snapshot[name] === value)) return;
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** `entry`, or the object that was there before when it says the same. */
function keep(before: EntryView | undefined, entry: EntryView): EntryView {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(entry) ? before : entry;
}
