import { handle } from '../context.ts';
import { healthWords } from '../estate/health.ts';

export default handle('health.by-hand', (context) => healthWords(context));
