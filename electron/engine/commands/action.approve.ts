import { standingApprovals } from '../../../shared/domain/actions/state.ts';
import { appendApproval } from '../actions/approve.ts';
import { approvalSteps } from '../actions/steps.ts';
import { findActionRow, messageOf } from '../actions/view.ts';
import { handle } from '../context.ts';
import { runsOf } from '../runbooks/runs.ts';

export default handle('action.approve', (context, { action, hash, reason }) => {
  const known = findActionRow(context, action);
  const { proposal, incident, folded, wanted } = known;
  const run = proposal.step && runsOf(context, incident.id).find(({ id }) => id === proposal.step!.run);
  context.commit((tx) => {
    appendApproval(context, tx, known, { hash, reason });
    if (standingApprovals(folded).length + 1 >= wanted) approvalSteps(tx, known, run, reason);
    return { action: proposal.id, state: 'approved' as const, message: 'Approved.' };
  });
  const after = findActionRow(context, proposal.id);
  return { action: proposal.id, state: after.folded.state, message: messageOf(context, after) };
});
