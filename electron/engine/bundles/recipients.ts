/** For whom bundles are sealed. Invariant: a console says its own key, signed in its chain; only enrolled ones count. */
import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Identity } from '../access/identity.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../store/store.ts';
import { sealingKey } from './sealed.ts';

/** Says in the transaction, once, with what bundles are sealed for this console: whoever joins says it with its request. */
export function saySealingKey(tx: Transaction, identity: Identity): void {
  const key = sealingKey(identity);
  if (tx.entity('seal-key', ESTATE, identity.console)?.doc['key'] === key) return;
  tx.append({ scope: ESTATE, type: 'console.seal-key', payload: { key } });
}

/** Says it when there is somebody to read it: for a console that joined when that was not said yet. */
export function publishSealingKey({ store, identity }: Context): void {
  if (!store.writable || !store.entities('console', ESTATE).some(({ id }) => id !== store.console)) return;
  if (store.entity('seal-key', ESTATE, store.console)?.doc['key'] === sealingKey(identity)) return;
  store.commit({ actor: 'system', zone: 'UTC' }, (tx) => saySealingKey(tx, identity));
}

/** The consoles that are meant by id or name, with this one. @throws Refusal naming the one for which nothing can be sealed */
export function recipientsOf(context: Context, wanted: readonly string[]): { console: string; key: string }[] {
  const { store, identity } = context;
  const enrolled = store
    .entities('console', ESTATE)
    .filter(({ id, doc }) => id !== store.console && doc['access'] === 'enrolled')
    .map(({ id, doc }) => ({ id, name: String(doc['name'] ?? ''), key: keyOf(context, id) }));
  const chosen = wanted.includes('all')
    ? enrolled.filter(({ key }) => key !== null)
    : wanted
        .filter((text) => text !== store.console)
        .map((text) => {
          const found = enrolled.filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase());
          if (found.length === 1) return found[0]!;
          throw new Refusal(
            found.length === 0 ? 'not_found' : 'bad_input',
            found.length === 0
              ? `for: there is no enrolled console "${text.slice(0, 60)}"; write the id or the name of one, or all.`
              : `for: ${found.length} consoles are called "${text.slice(0, 60)}": write the id (${found.map(({ id }) => id).join(', ')}).`,
          );
        });
  const without = chosen.find(({ key }) => key === null);
  if (without)
    throw new Refusal(
      'refused',
      `Nothing can be sealed for ${without.name || without.id} yet: its key has not come here. It is said when a console joins, and with the first bundle that it exports.`,
    );
  if (chosen.length === 0)
    throw new Refusal(
      'refused',
      'No other enrolled console has said with what bundles are sealed for it, so nobody could read this one.',
    );
  return [
    { console: store.console, key: sealingKey(identity) },
    ...chosen.map(({ id, key }) => ({ console: id, key: key! })),
  ];
}

function keyOf({ store }: Context, console: string): string | null {
  const key = store.entity('seal-key', ESTATE, console)?.doc['key'];
  return typeof key === 'string' ? key : null;
}
