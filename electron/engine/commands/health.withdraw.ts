import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { healthSubject } from '../estate/health.ts';
import { named } from '../names.ts';

export default handle('health.withdraw', (context, { subject, reason }) => {
  const { kind, id } = healthSubject(context, subject);
  if (!context.sources.board.words().some((word) => word.kind === kind && word.id === id))
    throw new Refusal('refused', `Nobody's word stands on the health of ${named(context, kind, id).name} now.`);
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'health.manual-end',
      payload: { kind, id, ...(reason ? { reason } : {}) },
    });
    return named(context, kind, id);
  });
});
