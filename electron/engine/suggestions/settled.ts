/** What people made of suggestions. Invariant: a verdict holds for the facts that it was given on, and for no others. */
import type { SuggestionVerdict } from '../../../shared/contract/suggestion.ts';
import type { Payload } from '../../../shared/ops/types.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../store/store.ts';

const fieldOf = (kind: string, key: string, facts: string): string => `${kind} ${key} ${facts}`;

/** Verdicts of an incident's suggestions. */
export function settledOf(
  { store }: Pick<Context, 'store'>,
  incident: string,
): (kind: string, key: string, facts: string) => SuggestionVerdict {
  const doc = store.entity('suggestion', incident, 'settled')?.doc ?? {};
  return (kind, key, facts) => {
    const verdict = doc[fieldOf(kind, key, facts)];
    return verdict === 'taken' || verdict === 'dismissed' ? verdict : 'open';
  };
}

export function settle(tx: Transaction, incident: string, payload: Payload<'suggestion.settle'>): void {
  tx.append({
    scope: incident,
    type: 'suggestion.settle',
    payload,
    base: tx.headIds('suggestion', incident, 'settled', fieldOf(payload.kind, payload.key, payload.facts)),
  });
}
