/** Looking up by what people type, and refusing in one sentence when it means nothing. */
import { Refusal } from '../../shared/contract/spec.ts';
import type { Named } from '../../shared/contract/common.ts';
import type { EstateKind } from '../../shared/domain/estate.ts';
import type { Context } from './context.ts';

const WORDS: Partial<Record<EstateKind, string>> = {
  service: 'service',
  'business-service': 'business service',
  person: 'person',
  team: 'team',
  store: 'store',
  region: 'region',
  source: 'source',
};

/**
 * The id that `text` means.
 * @throws Refusal `not_found`, naming what comes nearest.
 */
export function resolve(context: Context, kind: EstateKind, text: string): string {
  const id = context.estate.resolve(kind, text);
  if (id !== null) return id;
  const near = nearest(text, [...context.estate.all(kind).keys()]);
  const hint = near ? ` Did you mean "${near}"?` : '';
  throw new Refusal('not_found', `There is no ${WORDS[kind] ?? kind} "${text.slice(0, 100)}" in the estate.${hint}`);
}

/** Resolves each of several; duplicates fall together. */
export function resolveAll(context: Context, kind: EstateKind, texts: readonly string[]): string[] {
  return [...new Set(texts.map((text) => resolve(context, kind, text)))];
}

export function named(context: Context, kind: EstateKind, id: string): Named {
  return { id, name: kind === 'person' ? context.estate.actorName(id) : context.estate.name(kind, id) };
}

export function namedActor(context: Context, actor: string): Named {
  return { id: actor, name: context.estate.actorName(actor) };
}

/** The candidate with the smallest edit distance, when it is near enough to be a slip of the keys. */
export function nearest(text: string, candidates: readonly string[]): string | null {
  const wanted = text.toLowerCase();
  let best: string | null = null;
  let least = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Levenshtein distance, given up (and returned as `limit`) once it can only be larger. */
function editDistance(a: string, b: string, limit: number): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const value = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      row.push(value);
      if (value < least) least = value;
    }
    if (least >= limit) return limit;
    previous = row;
  }
  return previous[b.length]!;
}
