import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { resolveAll } from '../names.ts';

export default handle('incident.propose', (context, { incident, text, reason, ask }) => {
  const { id } = findIncident(context, incident);
  const asked = resolveAll(context, 'person', ask);
  const proposal = newId('p', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'decision.propose',
      payload: { proposal, text, asked, ...(reason ? { reason } : {}) },
    });
    return { proposal };
  });
});
