import { randomBytes } from 'node:crypto';
import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { wrapWithKeychain, wrapWithPassphrase, type KeyFile } from '../rest/key-file.ts';
import { strongEnough } from '../rest/state.ts';
import { checkOf, KEY_BYTES } from '../rest/vault.ts';
import { rememberOrder } from '../rest/told.ts';

export default handle('data.encrypt', async (context, { with: by, secret }) => {
  const { vault, turning, store, keychain, record, guess } = context;
  if (vault.key || turning() !== null) throw new Refusal('refused', 'This data folder is encrypted already.');
  if (!store.writable) throw new Refusal('storage', 'The data folder is read-only: it was not encrypted.');
  if (by !== 'keychain' && secret === undefined)
    throw new Refusal(
      'bad_input',
      'secret: a passphrase is needed, unless the keychain alone opens the folder (with: keychain).',
    );
  if (by !== 'passphrase' && !(await keychain?.isAvailable()))
    throw new Refusal('refused', 'with: this machine has no keychain that the console can use; choose a passphrase.');
  const passphrase = by === 'keychain' ? null : strongEnough(context, secret!);
  await record.backup('before-encryption');
  const key = randomBytes(KEY_BYTES);
  const content: KeyFile = {
    ...{ format: 1, state: 'turning-on', since: context.now(), check: checkOf(key) },
    passphrase: passphrase && (await wrapWithPassphrase(key, passphrase, guess)),
    keychain: by === 'passphrase' ? null : await wrapWithKeychain(key, keychain!),
  };
  rememberOrder(context);
  context.turn({ what: 'encrypt', content, key });
  context.restart();
  return { restarting: true };
});
