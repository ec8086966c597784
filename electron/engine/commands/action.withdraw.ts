import { Refusal } from '../../../shared/contract/spec.ts';
import { isSettled } from '../../../shared/domain/actions/state.ts';
import { findActionRow } from '../actions/view.ts';
import { handle } from '../context.ts';

export default handle('action.withdraw', (context, { action, reason }) => {
  const { proposal, incident, folded } = findActionRow(context, action);
  if (folded.state === 'running' || folded.state === 'unknown')
    throw new Refusal('refused', `It is ${folded.state}: what was sent can't be taken back. Say what became of it.`);
  if (isSettled(folded.state)) throw new Refusal('refused', `It is ${folded.state} already.`);
  return context.commit((tx) => {
    tx.append({
      scope: incident.id,
      type: 'action.withdraw',
      payload: { action: proposal.id, ...(reason ? { reason } : {}) },
    });
    return { action: proposal.id, state: 'withdrawn' as const, message: 'Withdrawn.' };
  });
});
