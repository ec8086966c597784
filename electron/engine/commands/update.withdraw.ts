import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { waiting } from '../updates/outbox.ts';

export default handle('update.withdraw', (context, { incident, update, reason }) => {
  const { id } = findIncident(context, incident);
  waiting(context, id, update);
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'update.delivery',
      payload: { update, outcome: 'withdrawn', ...(reason ? { detail: reason } : {}) },
    });
    return {};
  });
});
