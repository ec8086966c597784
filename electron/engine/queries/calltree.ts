import { callTree } from '../calltree/index.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('calltree', (context, { incident }) => callTree(context, findIncident(context, incident)));
