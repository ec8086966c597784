/** What is told of the folder's encryption, and what its commands share. */
import type { FolderState } from '../../../shared/contract/rest.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { RESCUE } from '../../../shared/domain/record/at-rest.ts';
import { weaknessOf } from '../../../shared/domain/access/secret.ts';
import { waitAfter, waitWords } from '../access/secrets.ts';
import type { Context } from '../context.ts';
import { readKeyFile, unwrapWithPassphrase, type KeyFile } from './key-file.ts';
import { turnReport } from './turn.ts';

export async function folderState({ paths, keychain, turning }: Context): Promise<FolderState> {
  const content = readKeyFile(paths.data);
  return {
    encrypted: content !== null,
    since: content?.since ?? null,
    passphrase: content?.passphrase != null,
    keychain: content?.keychain != null,
    keychainHere: (await keychain?.isAvailable()) ?? false,
    turning: turning(),
    last: turnReport(paths.data),
    rescue: content === null ? null : RESCUE,
  };
}

/** @throws Refusal when `secret` is too easy to guess */
export function strongEnough({ estate, policies }: Context, secret: string): Buffer {
  const text = secret.normalize('NFKC');
  const weakness = weaknessOf(text, 'passphrase', policies.get('access').value, [estate.profile.name]);
  if (weakness !== null) throw new Refusal('bad_input', `secret: ${weakness}`);
  return Buffer.from(text);
}

/** @throws Refusal when the folder is not encrypted, or is being turned */
export function keyFileOf({ paths, turning, store }: Context): KeyFile {
  const content = readKeyFile(paths.data);
  if (content === null) throw new Refusal('refused', 'This data folder is not encrypted; `data encrypt` does that.');
  if (turning() !== null) throw new Refusal('refused', 'It is being turned already; the console starts again for it.');
  if (!store.writable) throw new Refusal('storage', 'The data folder is read-only: nothing of this was done.');
  return content;
}

let wrong = { failures: 0, until: 0 };

/**
 * Whoever changes something about the folder at a console that stands open has to know its passphrase.
 * @param member of the input that says it
 * @throws Refusal when it was not said, or is another
 */
export async function proved(content: KeyFile, secret: string | undefined, member: string, now: number): Promise<void> {
  if (content.passphrase === null) return;
  if (secret === undefined)
    throw new Refusal(
      'refused',
      `${member}: say the folder’s passphrase, so that nobody does this at a console left open.`,
    );
  if (wrong.until > now)
    throw new Refusal('refused', waitWords(wrong.failures, wrong.until - now), { retryable: true });
  const failures = wrong.failures + 1;
  wrong = { failures, until: now + waitAfter(failures) };
  const key = await unwrapWithPassphrase(content, Buffer.from(secret.normalize('NFKC')));
  if (!key) throw new Refusal('refused', `${member}: that is not this folder’s passphrase.`);
  key.fill(0);
  wrong = { failures: 0, until: 0 };
}
