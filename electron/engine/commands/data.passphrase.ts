import { handle } from '../context.ts';
import { wrapWithPassphrase, writeKeyFile } from '../rest/key-file.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { payloadOf } from '../rest/told.ts';
import { folderState, keyFileOf, proved, strongEnough } from '../rest/state.ts';

export default handle('data.passphrase', async (context, { secret, current }) => {
  const content = keyFileOf(context);
  const passphrase = strongEnough(context, secret);
  await proved(content, current, 'current', context.now());
  const { vault, guess, paths } = context;
  writeKeyFile(paths.data, { ...content, passphrase: await wrapWithPassphrase(vault.key!, passphrase, guess) });
  context.commit((tx) =>
    tx.append({ scope: ESTATE, type: 'console.at-rest', payload: { ...payloadOf(paths.data, true), changed: true } }),
  );
  return folderState(context);
});
