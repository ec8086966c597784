/** What somebody is told who may not read a restricted incident. */
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Store } from '../store/store.ts';

/** The person whom others may ask, as they are called; null when nobody was named. */
function contactName(store: Pick<Store, 'entity'>, contact: string | null): string | null {
  if (contact === null) return null;
  const doc = store.entity('person', ESTATE, contact)?.doc;
  const name = doc?.['name'];
  return typeof name === 'string' && name !== '' ? name : contact;
}

/** "This incident is restricted: only those who were named read and write it. Ask Ana Kovač." */
export function outsideWords(store: Pick<Store, 'entity' | 'keyring'>, scope: string): string {
  const name = contactName(store, store.keyring.get(scope)?.contact ?? null);
  return `This incident is restricted: only those who were named read and write it.${name === null ? '' : ` Ask ${name}.`}`;
}
