import { handle } from '../context.ts';
import { keyFileOf, proved } from '../rest/state.ts';
import { rememberOrder } from '../rest/told.ts';

export default handle('data.decrypt', async (context, { secret }) => {
  const content = keyFileOf(context);
  await proved(content, secret, 'secret', context.now());
  await context.record.backup('before-encryption');
  rememberOrder(context);
  context.turn({ what: 'decrypt', content, key: context.vault.key! });
  context.restart();
  return { restarting: true };
});
