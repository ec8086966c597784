import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { findSubteam } from '../people/subteams.ts';

export default handle('incident.team.end', (context, { incident, team, reason }) => {
  const { id } = findIncident(context, incident);
  const { id: found } = findSubteam(context, id, team);
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'subteam.end', payload: { team: found, ...(reason ? { reason } : {}) } });
    return {};
  });
});
