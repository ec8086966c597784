/** One search over everything: the estate, the runbooks and the incidents from memory, what was written from the index. */
import type { Hit, HitKind, SearchInput, SearchResult } from '../../../shared/contract/search.ts';
import { asked as askedWords, excerpt } from '../../../shared/domain/excerpt.ts';
import { entryKind, hasOwnWords } from '../../../shared/domain/timeline.ts';
import { ESTATE, type Op } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { entriesByNumber } from '../incidents/timeline.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';
import { textOf } from './index.ts';

/** Entities shown at most, so that they never hide what was written. */
const MAX_ENTITIES = 20;

export function search(context: Context, input: SearchInput): SearchResult {
  const begun = performance.now();
  const { incident, who, entries: kind, from, to, before } = input;
  const narrowed = [incident, who, kind, from, to].some((each) => each !== undefined);
  const wanted = (kind: HitKind) => input.kinds === undefined || input.kinds.includes(kind);
  const asked = askedWords(input.text);
  const entities = narrowed || before !== undefined ? [] : entityHits(context, asked, wanted);
  const entries = wanted('entry') ? entryHits(context, input, asked) : { hits: [], next: null };
  return {
    hits: [...entities, ...entries.hits],
    next: entries.next,
    indexing: context.search.progress,
    ms: performance.now() - begun,
  };
}

function entityHits(context: Context, asked: readonly string[], wanted: (kind: HitKind) => boolean): Hit[] {
  return context.entities.find(asked, wanted, MAX_ENTITIES).map(({ kind, id, title, detail }) => ({
    ...{ kind, id, title, entry: null, incident: null, service: null, by: null, at: null },
    ...excerpt(detail, asked),
  }));
}

function entryHits(
  context: Context,
  input: SearchInput,
  asked: readonly string[],
): { hits: Hit[]; next: number | null } {
  const incident = input.incident === undefined ? undefined : findIncident(context, input.incident).id;
  const who =
    input.who === undefined
      ? undefined
      : (context.estate.resolve('person', input.who) ?? resolveActor(context, input.who));
  const filter = { incident, who, kind: input.entries, from: input.from, to: input.to };
  const numbers = context.search.find(input.text, filter, { limit: input.limit + 1, before: input.before });
  const shown = numbers.slice(0, input.limit);
  const hits = entriesByNumber(context, shown).map(({ op, view }): Hit => {
    const now = view.text ?? view.summary;
    // What was found may stand in words that were corrected since, or in the correction.
    const found = [now, textOf(op) ?? now].map((text) => excerpt(text, asked)).find(({ marks }) => marks.length > 0);
    return {
      kind: 'entry',
      id: view.id,
      title: hasOwnWords(op.type) ? '' : view.summary,
      ...(found ?? excerpt(now, [])),
      entry: entryKind(op.type),
      incident: op.scope === ESTATE ? null : { id: op.scope, name: context.entities.incidentName(op.scope) },
      service: op.scope === ESTATE ? serviceOf(op) : null,
      by: view.actor.name,
      at: view.eventTime,
    };
  });
  return { hits, next: numbers.length > input.limit ? shown.at(-1)! : null };
}

function serviceOf({ type, payload }: Op): string | null {
  const services: unknown =
    type === 'health.change'
      ? [payload['service']]
      : type === 'change.record' || type === 'maintenance.plan'
        ? payload['services']
        : payload['kind'] === 'service'
          ? [payload['id']]
          : [];
  const first: unknown = Array.isArray(services) ? services[0] : null;
  return typeof first === 'string' ? first : null;
}

/** Somebody who is not in the estate any more, or the user of this machine, by the id that the log has. */
function resolveActor(context: Context, who: string): string {
  return who.includes(':') || who === 'system' ? who : resolve(context, 'person', who);
}
