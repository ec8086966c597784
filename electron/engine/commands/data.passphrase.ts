import { handle } from '../context.ts';
import { wrapWithPassphrase, writeKeyFile } from '../rest/key-file.ts';
import { folderState, keyFileOf, proved, strongEnough } from '../rest/state.ts';

export default handle('data.passphrase', async (context, { secret, current }) => {
  const content = keyFileOf(context);
  const passphrase = strongEnough(context, secret);
  await proved(content, current, 'current', context.now());
  const { vault, guess, paths } = context;
  writeKeyFile(paths.data, { ...content, passphrase: await wrapWithPassphrase(vault.key!, passphrase, guess) });
  return folderState(context);
});
