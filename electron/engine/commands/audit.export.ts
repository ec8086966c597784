import { exportAudit } from '../audit/file.ts';
import { handle } from '../context.ts';

export default handle('audit.export', (context, { to, replace, ...filter }) =>
  exportAudit(context, filter, to, replace),
);
