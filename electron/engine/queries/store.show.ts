import { handle } from '../context.ts';
import { findStore, storePage } from '../estate/stores.ts';

export default handle('store.show', (context, { store }) => storePage(context, findStore(context, store)));
