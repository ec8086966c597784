import { handle } from '../context.ts';
import { runbookLite } from '../runbooks/view.ts';

export default handle('runbook.list', ({ runbooks }) => runbooks.list().map(runbookLite));
