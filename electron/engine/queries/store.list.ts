import { handle } from '../context.ts';
import { storeList } from '../estate/stores.ts';
import { resolve } from '../names.ts';

export default handle('store.list', (context, { region, only }) =>
  storeList(context, { region: region === undefined ? undefined : resolve(context, 'region', region), only }),
);
