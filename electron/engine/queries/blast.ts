import { blastView } from '../blast/index.ts';
import { handle } from '../context.ts';
import { resolveAll } from '../names.ts';

export default handle('blast', (context, { services, limit }) =>
  blastView(context, resolveAll(context, 'service', services), limit),
);
