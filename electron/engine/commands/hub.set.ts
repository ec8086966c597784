import { handle } from '../context.ts';
import { hubConfig } from '../sync/configure.ts';

export default handle('hub.set', async ({ sync }, { credential, ...input }) => {
  await sync.configure(hubConfig(sync.config, input), credential);
  return sync.view().hub!;
});
