import { handle } from '../context.ts';

export default handle('link.show', ({ sync }) => sync.view());
