import { checkAudit } from '../audit/file.ts';
import { handle } from '../context.ts';

export default handle('audit.check', (context, { file }) => checkAudit(context, file));
