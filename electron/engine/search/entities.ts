/**
 * What can be found by name: the estate, the incidents, the runbooks. Invariant: every name is taken apart once after it
 * changed and not once per letter that somebody types; an answer is of the estate, the incidents and the files as they
 * are at that moment (of the files, at most `FILES_FRESH_MS` ago).
 */
import type { HitKind } from '../../../shared/contract/search.ts';
import { words } from '../../../shared/domain/excerpt.ts';
import type { EstateKind } from '../../../shared/domain/estate.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { EstateView } from '../estate/view.ts';
import { displayName } from '../estate/views.ts';
import { labels } from '../incidents/view.ts';
import type { LibraryRunbook, RunbookLibrary } from '../runbooks/library.ts';
import type { EntityRow } from '../store/projection.ts';
import type { Store } from '../store/store.ts';

export interface Candidate {
  kind: HitKind;
  id: string;
  title: string;
  /** What is searched besides the title. */
  detail: string;
}

/** How long a list of files is taken as it was, ms. */
const FILES_FRESH_MS = 2000;
const ESTATE_HITS = ['service', 'business-service', 'store', 'team', 'person'] as const satisfies readonly EstateKind[];

/** Where a word stands in a candidate, the best last: in the detail, in the title, at its beginning. */
const SCORES = [1, 3, 4] as const;
/** For a title that is what was asked, and nothing else. */
const WHOLE_TITLE = 10;

const byTitle = new Intl.Collator('en', { numeric: true });

interface Scored {
  candidate: Candidate;
  score: number;
}

/** The words of some candidates in alphabetical order, each with the candidates that have it. */
class Vocabulary {
  /** In the order in which those that score alike are shown. */
  readonly #candidates: readonly Candidate[];
  readonly #titles: string[];
  readonly #words: string[];
  /** Per word: number of a candidate × 4 + where it stands. */
  readonly #places: number[][];

  constructor(
    candidates: readonly Candidate[],
    wordsOf: (candidate: Candidate) => string[] = ({ detail }) => words(detail),
  ) {
    this.#candidates = candidates.toSorted((a, b) => byTitle.compare(a.title, b.title) || (a.id < b.id ? -1 : 1));
    const places = new Map<string, Map<number, number>>();
    const learn = (word: string, n: number, place: number): void => {
      let known = places.get(word);
      if (!known) places.set(word, (known = new Map<number, number>()));
      known.set(n, Math.max(known.get(n) ?? 0, place));
    };
    this.#titles = this.#candidates.map((candidate, n) => {
      const title = words(candidate.title);
      title.forEach((word, index) => learn(word, n, index === 0 ? 2 : 1));
      for (const word of wordsOf(candidate)) learn(word, n, 0);
      return title.join(' ');
    });
    this.#words = [...places.keys()].sort();
    this.#places = this.#words.map((word) => Array.from(places.get(word)!, ([n, place]) => n * 4 + place));
  }

  /** The best `limit` of the candidates of `wanted` kinds that have words that begin with each of `asked`. */
  find(asked: readonly string[], wanted: (kind: HitKind) => boolean, limit: number): Scored[] {
    const scores = new Uint16Array(this.#candidates.length);
    const held = new Uint16Array(this.#candidates.length);
    const best = new Uint8Array(this.#candidates.length);
    for (const [index, word] of asked.entries()) {
      best.fill(0);
      for (const places of this.#places.slice(this.#firstFrom(word), this.#firstFrom(`${word}\uffff`))) {
        for (const place of places) best[place >> 2] = Math.max(best[place >> 2]!, SCORES[place & 3]!);
      }
      for (let n = 0; n < best.length; n++) {
        if (best[n] === 0 || held[n] !== index) continue;
        scores[n]! += best[n]!;
        held[n] = index + 1;
      }
    }
    const whole = asked.join(' ');
    const byScore = new Map<number, Scored[]>();
    for (const [n, candidate] of this.#candidates.entries()) {
      if (held[n] !== asked.length || !wanted(candidate.kind)) continue;
      const score = scores[n]! + (this.#titles[n] === whole ? WHOLE_TITLE : 0);
      const alike = byScore.get(score);
      if (!alike) byScore.set(score, [{ candidate, score }]);
      else if (alike.length < limit) alike.push({ candidate, score });
    }
    return [...byScore]
      .sort(([a], [b]) => b - a)
      .flatMap(([, alike]) => alike)
      .slice(0, limit);
  }

  /** Place of the first word that is not before `word`. */
  #firstFrom(word: string): number {
    let low = 0;
    let high = this.#words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#words[middle]! < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export class EntitySearch {
  readonly #store: Store;
  readonly #estate: EstateView;
  readonly #runbooks: RunbookLibrary;
  #ofEstate: { revision: number; vocabulary: Vocabulary } | null = null;
  #ofRunbooks: { files: string; readAt: number; vocabulary: Vocabulary } | null = null;
  readonly #runbookWords = new Map<string, string[]>();
  #ofIncidents: { vocabulary: Vocabulary; titles: Map<string, string> } | null = null;
  #incidents: Map<string, EntityRow> | null = null;

  constructor(store: Store, estate: EstateView, runbooks: RunbookLibrary) {
    this.#store = store;
    this.#estate = estate;
    this.#runbooks = runbooks;
  }

  /** Reads again what a commit touched, as far as it is searched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) {
      this.#incidents = null;
      this.#ofIncidents = null;
      return;
    }
    if (!this.#incidents) return;
    for (const { id } of touched.filter(({ kind }) => kind === 'incident')) {
      const row = this.#store.entity('incident', id, id);
      const known = this.#incidents.get(id);
      if (!row || sameNames(row, known)) continue;
      this.#incidents.set(id, row);
      this.#ofIncidents = null;
    }
  }

  /** The best `limit` of the kinds that are `wanted`, best first. */
  find(asked: readonly string[], wanted: (kind: HitKind) => boolean, limit: number): Candidate[] {
    if (asked.length === 0) return [];
    return [this.#incidentNames().vocabulary, this.#estateNames(), this.#runbookNames()]
      .flatMap((vocabulary) => vocabulary.find(asked, wanted, limit))
      .sort((a, b) => b.score - a.score)
      .slice(0, limit)
      .map(({ candidate }) => candidate);
  }

  /** What to call an incident: "INC-0042 Checkout failing". */
  incidentName(id: string): string {
    return this.#incidentNames().titles.get(id) ?? id;
  }

  #incidentNames() {
    this.#incidents ??= new Map(this.#store.entities('incident').map((row) => [row.id, row]));
    if (this.#ofIncidents) return this.#ofIncidents;
    const rows = [...this.#incidents.values()].filter(({ doc }) => typeof doc['number'] === 'number');
    const names = labels(rows);
    const titles = new Map(rows.map(({ id, doc }) => [id, `${names.get(id)} ${String(doc['title'])}`]));
    const candidates = Array.from(titles, ([id, title]): Candidate => ({ kind: 'incident', id, title, detail: '' }));
    return (this.#ofIncidents = { vocabulary: new Vocabulary(candidates), titles });
  }

  #estateNames(): Vocabulary {
    const { revision } = this.#estate;
    if (this.#ofEstate?.revision === revision) return this.#ofEstate.vocabulary;
    const candidates = ESTATE_HITS.flatMap((kind) =>
      Array.from(this.#estate.all(kind).values(), (entity): Candidate => {
        const person = kind === 'person';
        const title = person ? this.#estate.actorName(entity.id) : displayName(entity);
        const { description, email, phone } = entity as {
          description?: string;
          email?: string | null;
          phone?: string | null;
        };
        const more = [person ? entity.title : null, entity.id, entity.name, email, phone, description];
        return {
          kind,
          id: entity.id,
          title,
          detail: [...new Set(more)].filter((part) => part && part !== title).join(' · '),
        };
      }),
    );
    const vocabulary = new Vocabulary(candidates);
    this.#ofEstate = { revision, vocabulary };
    return vocabulary;
  }

  #runbookNames(): Vocabulary {
    const now = performance.now();
    const known = this.#ofRunbooks;
    if (known && now - known.readAt < FILES_FRESH_MS) return known.vocabulary;
    const list = this.#runbooks.list();
    const files = list.map(({ id, hash }) => `${id} ${hash}`).join('\n');
    if (known?.files === files) {
      known.readAt = now;
      return known.vocabulary;
    }
    const hashes = new Map(list.map(({ id, hash }) => [id, hash]));
    for (const hash of this.#runbookWords.keys())
      if (![...hashes.values()].includes(hash)) this.#runbookWords.delete(hash);
    const wordsOf = ({ id, detail }: Candidate): string[] => {
      const hash = hashes.get(id)!;
      const held = this.#runbookWords.get(hash) ?? [...new Set(words(detail))];
      this.#runbookWords.set(hash, held);
      return held;
    };
    const vocabulary = new Vocabulary(list.map(runbookCandidate), wordsOf);
    this.#ofRunbooks = { files, readAt: now, vocabulary };
    return vocabulary;
  }
}

/** What Markdown is written with; to be read around, not read. */
const MARKUP = /[`*#>|~]+|^\s*-\s/gmu;

function runbookCandidate(runbook: LibraryRunbook): Candidate {
  const steps = runbook.steps.map(({ title, body }) => `${title} ${body.replace(MARKUP, ' ')}`);
  return {
    kind: 'runbook',
    id: runbook.id,
    title: runbook.title,
    detail: [runbook.summary, runbook.id, ...steps].filter(Boolean).join(' · '),
  };
}

function sameNames(row: EntityRow, known: EntityRow | undefined): boolean {
  return known !== undefined && ['number', 'title', 'declaredAt'].every((field) => row.doc[field] === known.doc[field]);
}
