import { handle } from '../context.ts';
import { setEndpoint } from '../updates/deliver.ts';
import { audienceNamed } from '../updates/write.ts';

export default handle('update.endpoint', async (context, { audience, url, credential }) => {
  await setEndpoint(context, audienceNamed(audience), url, credential);
  return {};
});
