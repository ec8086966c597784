import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { retentionOf } from '../retention/due.ts';

export default handle('retention.keep', (context, { incident, days, reason }) => {
  const row = findIncident(context, incident);
  if (retentionOf(context, row) === null)
    throw new Refusal('refused', 'This incident is not closed: how long it is kept begins then.');
  const until = context.now() + Math.round(days) * 86_400_000;
  return context.commit((tx) => {
    tx.append({ scope: row.id, type: 'retention.review', payload: { until, reason } });
    return { until };
  });
});
