/** How an encrypted data folder is spoken of. */
import type { FolderState } from '../../contract/rest.ts';

/** "it opens with the system's keychain or its passphrase". */
export function openedBy({ passphrase, keychain }: Pick<FolderState, 'passphrase' | 'keychain'>): string {
  const by = [...(keychain ? ['the system’s keychain by itself'] : []), ...(passphrase ? ['its passphrase'] : [])];
  return `it opens with ${by.join(', or with ')}`;
}

/** What came of encrypting or decrypting, when that has to be said: not when all went well. */
export function turnedWords({ what, failure, left }: NonNullable<FolderState['last']>): string[] {
  const verb = what === 'encrypt' ? 'encrypted' : 'decrypted';
  return [
    ...(failure === null ? [] : [`It was not ${verb}: ${failure}`]),
    ...(left.length === 0 ? [] : [`These could not be ${verb} and stay as they were: ${left.join(', ')}.`]),
  ];
}

/** What to do when the key is lost, wherever that is said. */
export const RESCUE =
  'Start a new data folder (--data DIR) and join your organisation again with a code from another console: everything that was sent is there. What was only exported comes back with the last bundle, imported in the new folder.';

export const KEY_KEPT = {
  keychain: 'in the system’s keychain',
  folder: 'in the encrypted data folder',
  file: 'in a file that only this user can read',
} as const;
