import { handle } from '../context.ts';
import { requestView, waitingRequests } from '../joining/requests.ts';

export default handle('console.requests', (context) =>
  waitingRequests(context).map((asked) => requestView(context, asked)),
);
