import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.severity', (context, { incident, severity, reason }) => {
  const { id, doc } = findIncident(context, incident);
  return context.commit((tx) => {
    if (doc['severity'] !== severity || doc.conflicts?.some(({ field }) => field === 'severity')) {
      tx.append({
        scope: id,
        type: 'incident.severity',
        payload: { severity, ...(reason ? { reason } : {}) },
        base: tx.headIds('incident', id, id, 'severity'),
      });
    }
    return {};
  });
});
