import { Refusal } from '../../../shared/contract/spec.ts';
import { findActionRow } from '../actions/view.ts';
import { handle } from '../context.ts';

export default handle('action.refuse', (context, { action, reason }) => {
  const { proposal, incident, folded } = findActionRow(context, action);
  if (folded.state !== 'proposed' && folded.state !== 'approved')
    throw new Refusal('refused', `It is ${folded.state}; it can be refused only before it runs.`);
  return context.commit((tx) => {
    tx.append({ scope: incident.id, type: 'action.refuse', payload: { action: proposal.id, reason } });
    return { action: proposal.id, state: 'refused' as const, message: `Refused: ${reason}` };
  });
});
