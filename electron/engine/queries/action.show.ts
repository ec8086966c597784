import { actionView, findActionRow } from '../actions/view.ts';
import { handle } from '../context.ts';

export default handle('action.show', (context, { action }) => actionView(context, findActionRow(context, action)));
