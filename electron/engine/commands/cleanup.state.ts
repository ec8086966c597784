import { Refusal } from '../../../shared/contract/spec.ts';
import { findItem } from '../cleanup/items.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('cleanup.state', (context, { incident, item: wanted, state, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const item = findItem(context, id, wanted);
  const contested = item.conflicts.some(({ field }) => field === 'reconciliation');
  if (item.state === state && !contested) return {};
  if (item.state === 'reconciled') {
    if (doc['status'] === 'closed')
      throw new Refusal(
        'refused',
        'This incident is closed: open it again, with a reason, before its cleanup goes back.',
      );
    if (!reason) throw new Refusal('refused', `"${item.title}" was reconciled: opening it again needs a reason.`);
  }
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'cleanup.state',
      payload: { item: item.id, state, ...(reason ? { reason } : {}) },
      base: tx.headIds('cleanup', id, item.id, 'reconciliation'),
    });
    return {};
  });
});
