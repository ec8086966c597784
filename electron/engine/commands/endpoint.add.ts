import { Refusal } from '../../../shared/contract/spec.ts';
import { endpoints, endpointView, saveEndpoint } from '../actions/endpoints.ts';
import { handle } from '../context.ts';

export default handle('endpoint.add', async (context, { endpoint: id, credential, ...input }) => {
  if (endpoints(context).has(id))
    throw new Refusal('refused', `There is an endpoint "${id}" already; choose another name, or change that one.`);
  return endpointView(context, await saveEndpoint(context, id, input, credential));
});
