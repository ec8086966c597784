import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { findProposal } from '../people/proposals.ts';

export default handle('incident.drop', (context, { incident, proposal, reason }) => {
  const { id } = findIncident(context, incident);
  const found = findProposal(context, id, proposal);
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'decision.drop',
      payload: { proposal: found.id, ...(reason ? { reason } : {}) },
    });
    return {};
  });
});
