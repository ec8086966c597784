import { handle } from '../context.ts';
import { keyFileOf, proved } from '../rest/state.ts';

export default handle('data.decrypt', async (context, { secret }) => {
  const content = keyFileOf(context);
  await proved(content, secret, 'secret', context.now());
  await context.record.backup('before-encryption');
  context.turn({ what: 'decrypt', content, key: context.vault.key! });
  context.restart();
  return { restarting: true };
});
