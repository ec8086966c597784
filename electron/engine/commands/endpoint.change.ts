import { endpointOf, endpointView, saveEndpoint } from '../actions/endpoints.ts';
import { handle } from '../context.ts';

export default handle('endpoint.change', async (context, { endpoint: id, credential, url, title, unencrypted }) => {
  const before = endpointOf(context, id);
  const input = {
    url: url ?? before.url,
    title: title ?? before.title,
    unencrypted: unencrypted ?? before.unencrypted,
  };
  return endpointView(context, await saveEndpoint(context, id, input, credential));
});
