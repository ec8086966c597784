import { endpointOf, secretOf, tryEndpoint } from '../actions/endpoints.ts';
import { handle } from '../context.ts';

export default handle('endpoint.test', async (context, { endpoint }) => {
  const found = endpointOf(context, endpoint);
  await secretOf(context, found);
  return tryEndpoint(context, found);
});
