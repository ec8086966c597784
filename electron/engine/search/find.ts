/** One search over everything: the estate, the runbooks and the incidents from memory, what was written from the index. */
import type { Hit, HitKind, SearchInput, SearchResult } from '../../../shared/contract/search.ts';
import { excerpt, folded, words } from '../../../shared/domain/excerpt.ts';
import type { EstateKind } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { displayName } from '../estate/views.ts';
import { entriesByNumber } from '../incidents/timeline.ts';
import { declared, findIncident, labels } from '../incidents/view.ts';
import { resolve } from '../names.ts';

interface Candidate {
  kind: HitKind;
  id: string;
  title: string;
  /** All that is searched, the title first. */
  text: string;
}

const ESTATE_HITS = ['service', 'business-service', 'store', 'team', 'person'] as const satisfies readonly EstateKind[];
/** Entities shown at most, so that they never hide what was written. */
const MAX_ENTITIES = 20;

export function search(context: Context, input: SearchInput): SearchResult {
  const begun = performance.now();
  const narrowed = input.incident !== undefined || input.who !== undefined || input.entries !== undefined || input.from !== undefined || input.to !== undefined;
  const wanted = (kind: HitKind) => input.kinds === undefined || input.kinds.includes(kind);
  const entities = narrowed ? [] : entityHits(context, input.text, wanted);
  const entries = wanted('entry') ? entryHits(context, input) : { hits: [], more: false };
  return {
    hits: [...entities, ...entries.hits],
    more: entries.more,
    indexing: context.search.progress,
    ms: performance.now() - begun,
  };
}

function entityHits(context: Context, text: string, wanted: (kind: HitKind) => boolean): Hit[] {
  const asked = words(text);
  if (asked.length === 0) return [];
  const scored: { score: number; candidate: Candidate }[] = [];
  for (const candidate of candidates(context, wanted)) {
    const score = scoreOf(candidate, asked);
    if (score > 0) scored.push({ score, candidate });
  }
  return scored
    .sort((a, b) => b.score - a.score || a.candidate.title.localeCompare(b.candidate.title))
    .slice(0, MAX_ENTITIES)
    .map(({ candidate: { kind, id, title, text: all } }) => ({
      ...{ kind, id, title, incident: null, by: null, at: null },
      ...excerpt(all, asked),
    }));
}

/** 0 when a word is missing; more for words at the beginning of the title. */
function scoreOf({ title, text }: Candidate, asked: readonly string[]): number {
  const inTitle = words(title);
  let inText: string[] | null = null;
  let score = 0;
  for (const word of asked) {
    const at = inTitle.findIndex((each) => each.startsWith(word));
    if (at >= 0) score += at === 0 ? 4 : 3;
    else {
      inText ??= words(text);
      if (!inText.some((each) => each.startsWith(word))) return 0;
      score += 1;
    }
  }
  return folded(title) === asked.join(' ') ? score + 10 : score;
}

function* candidates(context: Context, wanted: (kind: HitKind) => boolean): Generator<Candidate> {
  if (wanted('incident')) {
    const rows = declared(context);
    const names = labels(rows);
    for (const row of rows) {
      const title = `${names.get(row.id)} ${String(row.doc['title'])}`;
      yield { kind: 'incident', id: row.id, title, text: title };
    }
  }
  for (const kind of ESTATE_HITS) {
    if (!wanted(kind)) continue;
    for (const entity of context.estate.all(kind).values()) {
      const title = kind === 'person' ? context.estate.actorName(entity.id) : displayName(entity);
      const { description, email, phone } = entity as { description?: string; email?: string | null; phone?: string | null };
      yield { kind, id: entity.id, title, text: [...new Set([title, entity.id, entity.name, entity.title, description, email, phone].filter(Boolean))].join(' · ') };
    }
  }
  if (wanted('runbook')) {
    for (const runbook of context.runbooks.list()) {
      const steps = runbook.steps.map((step) => `${step.title} ${step.body}`).join(' ');
      yield { kind: 'runbook', id: runbook.id, title: runbook.title, text: `${runbook.title} · ${runbook.id} · ${steps}` };
    }
  }
}

function entryHits(context: Context, input: SearchInput): { hits: Hit[]; more: boolean } {
  const incident = input.incident === undefined ? undefined : findIncident(context, input.incident).id;
  const who = input.who === undefined ? undefined : (context.estate.resolve('person', input.who) ?? resolveActor(context, input.who));
  const asked = words(input.text);
  const filter = { incident, who, kind: input.entries, from: input.from, to: input.to };
  const numbers = context.search.find(input.text, filter, input.limit + 1 + (input.from === undefined ? 0 : 200));
  const names = labels(declared(context));
  const found = entriesByNumber(context, numbers).filter(
    ({ view }) => (input.from === undefined || view.eventTime >= input.from) && (input.to === undefined || view.eventTime <= input.to),
  );
  const hits = found.slice(0, input.limit).map(({ scope, view }): Hit => ({
    kind: 'entry',
    id: view.id,
    title: view.summary,
    ...excerpt(view.text ?? view.summary, asked),
    incident: scope === ESTATE ? null : { id: scope, name: names.get(scope) ?? scope },
    by: view.actor.name,
    at: view.eventTime,
  }));
  return { hits, more: found.length > input.limit };
}

/** Somebody who is not in the estate any more, or the user of this machine, by the id that the log has. */
function resolveActor(context: Context, who: string): string {
  return who.includes(':') || who === 'system' ? who : resolve(context, 'person', who);
}
