/**
 * Handing content keys over. Invariant: a console hands on only keys that it holds, to the consoles on which members work; who
 * gets one gets all, so that they read the incident from its beginning.
 */
import type { Context } from '../context.ts';
import { publishSealingKey } from '../bundles/recipients.ts';
import type { Author, Transaction } from '../store/store.ts';
import { handOver, newSecret } from './keyring.ts';
import { consolesOf } from './members.ts';

const BY_ITSELF: Author = { actor: 'system', zone: 'UTC' };
/** Consoles that one op hands a key to. */
const AT_ONCE = 500;

/** Gives keys to consoles that need them since; says with what they are wrapped for this one. */
export function shareKeys(context: Context): void {
  const { store } = context;
  if (store.keyring.all().length === 0) return;
  publishSealingKey(context);
  for (const { scope, restricted, keys, consoles } of store.keyring.all()) {
    if (!restricted || keys.length === 0) continue;
    const lacking = consolesOf(context, scope).filter(({ console }) => !consoles.includes(console));
    if (lacking.length === 0) continue;
    store.commit(BY_ITSELF, (tx) => {
      for (const { secret } of store.keyring.secretsOf(scope))
        for (let at = 0; at < lacking.length; at += AT_ONCE)
          tx.append({ scope, type: 'incident.key', payload: handOver(secret, lacking.slice(at, at + AT_ONCE)) });
    });
  }
}

/** Writes with a new key from here on, which those who were taken off do not get. Call inside the transaction. */
export function newKey(context: Context, tx: Transaction, scope: string): void {
  const secret = newSecret();
  const handed = handOver(secret, consolesOf(context, scope).slice(0, AT_ONCE));
  const { key: by, proof } = context.store.keyring.prove(scope, 'key', handed.key);
  tx.append({ scope, type: 'incident.key', payload: { ...handed, by, proof } });
}
