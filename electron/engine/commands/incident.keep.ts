import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { proposalFor } from '../proposals/index.ts';

export default handle('incident.keep', (context, { incident, what, reason }) => {
  const row = findIncident(context, incident);
  const { severity, response } = proposalFor(context, row);
  if (what === 'response' && response.inForce === null)
    throw new Refusal(
      'refused',
      'No response was chosen yet that could be kept: take the proposed one, or choose one.',
    );
  const { open } = what === 'severity' ? severity : response;
  const { level, model } = response.proposed;
  const rules = what === 'severity' ? severity.rules : [...response.levelRules, ...response.modelRules];
  return context.commit((tx) => {
    if (open)
      tx.append({
        scope: row.id,
        type: 'incident.keep',
        payload: {
          what,
          proposed: what === 'severity' ? severity.proposed : `${level}/${model}`,
          rules: rules.map(({ rule }) => rule),
          ...(reason ? { reason } : {}),
        },
      });
    return {};
  });
});
