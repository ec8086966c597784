import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('sources.remove', async (context, { source }) => {
  const id = resolve(context, 'source', source);
  await context.sources.keepCredential(id, null, {});
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'estate.remove', payload: { kind: 'source', id } });
    return {};
  });
});
