import { handle } from '../context.ts';
import { search } from '../search/find.ts';

export default handle('search', search);
