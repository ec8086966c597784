import { handle } from '../context.ts';
import { storeView } from '../estate/stores.ts';
import { resolve } from '../names.ts';

export default handle('estate.stores', (context, input) => {
  const region = input.region === undefined ? null : resolve(context, 'region', input.region);
  return [...context.estate.all('store').values()]
    .filter((store) => region === null || store.region === region)
    .map((store) => storeView(context, store));
});
