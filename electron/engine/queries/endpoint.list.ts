import { endpoints, endpointView } from '../actions/endpoints.ts';
import { handle } from '../context.ts';

export default handle('endpoint.list', (context) =>
  [...endpoints(context).values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((endpoint) => endpointView(context, endpoint)),
);
