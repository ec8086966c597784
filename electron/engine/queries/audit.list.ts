import { auditPage } from '../audit/index.ts';
import { handle } from '../context.ts';

export default handle('audit.list', (context, { limit, before, ...filter }) =>
  auditPage(context, filter, { limit, before }),
);
