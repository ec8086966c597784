import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { findStore } from '../estate/stores.ts';
import { displayName } from '../estate/views.ts';

export default handle('store.withdraw', (context, { store: key, reason }) => {
  const store = findStore(context, key);
  return context.commit((tx) => {
    const payload = { store: store.id, ...(reason === undefined ? {} : { reason }) };
    tx.append({ scope: ESTATE, type: 'store.withdraw', payload });
    return { id: store.id, name: displayName(store) };
  });
});
