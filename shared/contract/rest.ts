/** The data folder at rest: whether it is encrypted, and by what it opens. A key or a passphrase only ever goes in. */
import { z } from 'zod';
import { Secret } from './access.ts';
import { Time } from './common.ts';

export const EncryptFolder = z.strictObject({
  /** What opens it: the system's keychain by itself, a passphrase that is asked for, or either. */
  with: z.enum(['passphrase', 'keychain', 'both']).default('passphrase'),
  /** The passphrase, unless the keychain alone opens it. */
  secret: Secret.optional(),
});

export const DecryptFolder = z.strictObject({
  /** The passphrase, when there is one. */
  secret: Secret.optional(),
});

export const FolderPassphrase = z.strictObject({
  secret: Secret,
  /** What it is now, when there is one. */
  current: Secret.optional(),
});

export const FolderState = z.object({
  encrypted: z.boolean(),
  /** Since when. */
  since: Time.nullable(),
  /** Whether a passphrase opens it. */
  passphrase: z.boolean(),
  /** Whether the keychain of this machine and user opens it by itself. */
  keychain: z.boolean(),
  /** Whether there is such a keychain here. */
  keychainHere: z.boolean(),
  /** What will be done when the console starts again, or null. */
  turning: z.enum(['encrypt', 'decrypt']).nullable(),
  /** What came of the last time that it was encrypted or decrypted. */
  last: z
    .object({
      what: z.enum(['encrypt', 'decrypt']),
      at: Time,
      /** Why it was not done, or null. */
      failure: z.string().nullable(),
      /** Files and folders that could not be turned and stay as they were. */
      left: z.array(z.string()),
    })
    .nullable(),
  /** What to do when the key is lost; null when there is none. */
  rescue: z.string().nullable(),
});
export type FolderState = z.infer<typeof FolderState>;
