import { removeEndpoint } from '../actions/endpoints.ts';
import { handle } from '../context.ts';

export default handle('endpoint.remove', async (context, { endpoint }) => {
  await removeEndpoint(context, endpoint);
  return {};
});
