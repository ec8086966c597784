/**
 * That somebody looked at a restricted incident. Invariant: written, sealed, at most once per person, incident and the policy's
 * time; nothing is ever written of reading anything else.
 */
import type { Name } from '../../../shared/contract/table.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import { incidentOf } from '../grants/force.ts';

/** What takes an incident out of the console. */
const TAKES_OUT: readonly string[] = [
  'incident.export',
  'bundle.export',
  'handover.print',
  'update.print',
  'calltree.print',
];

/** Writes down what a call that was answered showed of restricted incidents. */
export function recordLooks(context: Context, name: Name, input: unknown, value: unknown): void {
  const { store, session, caller, now, policies } = context;
  const restricted = new Set(
    store.keyring.all().flatMap(({ scope, restricted, keys }) => (restricted && keys.length > 0 ? [scope] : [])),
  );
  if (restricted.size === 0 || !store.writable || session.state === 'locked') return;
  const named = incidentOf(context, input);
  const seen = new Set([...(named === null ? [] : [named]), ...(name === 'search' ? foundIn(value) : [])]);
  const how = TAKES_OUT.includes(name) ? 'exported' : 'read';
  for (const scope of seen) {
    if (!restricted.has(scope)) continue;
    const last = Number(store.entity('look', scope, session.actor)?.doc[`on:${store.console}`] ?? -Infinity);
    const within = policies.get('retention').value.restricted.lookMinutes * 60_000;
    if (how === 'read' && now() - last < within && now() >= last) continue;
    try {
      store.commit({ actor: session.actor, zone: context.zone }, (tx) =>
        tx.append({ scope, type: 'incident.looked', payload: { how, session: caller?.kind ?? 'console' } }),
      );
    } catch (error) {
      // A full disk must not hide an incident from those who work on it.
      if (!(error instanceof Refusal)) throw error;
    }
  }
}

/** The incidents of which a search showed lines. */
function foundIn(value: unknown): string[] {
  const { hits } = value as { hits?: { incident?: { id: string } | null }[] };
  return (hits ?? []).flatMap(({ incident }) => incident?.id ?? []);
}
