/** Looking up by what people type, and refusing in one sentence when it means nothing. */
import { Refusal } from '../../shared/contract/spec.ts';
import type { Named } from '../../shared/contract/common.ts';
import type { EstateKind } from '../../shared/domain/estate.ts';
import { nearest } from '../../shared/domain/nearest.ts';
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
