import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('incident.cause', (context, { incident, service, verdict, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const named = resolve(context, 'service', service);
  const field = `cause:${named}`;
  const contested = doc.conflicts?.some((conflict) => conflict.field === field) === true;
  const before = doc[field] ?? 'open';
  if (before === verdict && !contested) return {};
  if (!reason) throw new Refusal('refused', 'Say in a few words why: whoever reads this later was not there.');
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'incident.cause',
      payload: { service: named, verdict, reason },
      base: tx.headIds('incident', id, id, field),
    });
    return {};
  });
});
