import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { driftBetween } from '../estate/drift.ts';
import { named, resolve } from '../names.ts';

export default handle('estate.drift.dismiss', (context, { reason, ...input }) => {
  const from = resolve(context, 'service', input.from);
  const to = resolve(context, 'service', input.to);
  const { kind } = driftBetween(context, from, to);
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'drift.dismiss', payload: { from, to, kind, ...(reason ? { reason } : {}) } });
    return { from: named(context, 'service', from), to: named(context, 'service', to), kind };
  });
});
