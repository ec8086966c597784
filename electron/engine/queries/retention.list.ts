import { handle } from '../context.ts';
import { retentionList } from '../retention/due.ts';

export default handle('retention.list', (context, { all }) => ({
  lines: retentionList(context, all),
  asOf: context.now(),
}));
