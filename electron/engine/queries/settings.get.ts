import { handle } from '../context.ts';

export default handle('settings.get', (context) => context.settings);
