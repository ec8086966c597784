/**
 * The op by which everybody learns that this console's data folder is encrypted, or no longer. Invariant: it says what is, not
 * what was ordered: it is written when the folder is opened and is another than the log says, so that a turn which failed or
 * was broken off leaves no false word; a disk that takes nothing keeps nobody out.
 */
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { readKeyFile } from './key-file.ts';

const ORDERED = 'rest.ordered';

/** Remembers who ordered the turn that the next opening tells of. */
export function rememberOrder({ store, session }: Pick<Context, 'store' | 'session'>): void {
  store.setMeta(ORDERED, session.actor);
}

type Told = Pick<Context, 'store' | 'zone' | 'paths'>;

/** @param local whom it is written as when nobody is known to have ordered it */
export function tellAtRest({ store, zone, paths }: Told, encrypted: boolean, local: string): void {
  try {
    store.commit({ actor: store.meta(ORDERED) || local, zone }, (tx) =>
      tx.append({ scope: ESTATE, type: 'console.at-rest', payload: payloadOf(paths.data, encrypted) }),
    );
    store.setMeta(ORDERED, '');
  } catch (error) {
    console.error(
      `That the data folder is ${encrypted ? '' : 'not '}encrypted was not written: ${(error as Error).message}`,
    );
  }
}

/** @returns the payload of `console.at-rest` */
export function payloadOf(data: string, encrypted: boolean): Record<string, string> {
  if (!encrypted) return { state: 'plain' };
  const content = readKeyFile(data);
  const opens = content?.passphrase && content.keychain ? 'both' : content?.keychain ? 'keychain' : 'passphrase';
  return { state: 'encrypted', opens };
}
