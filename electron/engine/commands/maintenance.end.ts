import { Refusal } from '../../../shared/contract/spec.ts';
import { endOf } from '../../../shared/domain/by-hand.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';

export default handle('maintenance.end', (context, { window, reason }) => {
  const found = context.sources.board
    .windows()
    .find(({ id, title }) => id === window || title.toLowerCase() === window.toLowerCase());
  if (!found) throw new Refusal('not_found', `There is no maintenance "${window.slice(0, 100)}".`);
  if (endOf(found) <= context.now()) throw new Refusal('refused', `The maintenance "${found.title}" is over already.`);
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'maintenance.end',
      payload: { window: found.id, ...(reason ? { reason } : {}) },
    });
    return { id: found.id, name: found.title };
  });
});
