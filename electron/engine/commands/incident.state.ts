import { Refusal } from '../../../shared/contract/spec.ts';
import { Status } from '../../../shared/domain/words.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.state', (context, { incident, status, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const contested = doc.conflicts?.some(({ field }) => field === 'status') ?? false;
  const order = Status.options;
  const present = Status.catch('declared').parse(doc['status']);
  if (!contested && order.indexOf(status) < order.indexOf(present) && !reason) {
    throw new Refusal('refused', `Going back from ${present} to ${status} needs a reason.`);
  }
  return context.commit((tx) => {
    if (present !== status || contested) {
      tx.append({
        scope: id,
        type: 'incident.status',
        payload: { status, ...(reason ? { reason } : {}) },
        base: tx.headIds('incident', id, id, 'status'),
      });
    }
    return {};
  });
});
