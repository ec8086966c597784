import { approversOf } from '../actions/steps.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { findRun } from '../runbooks/runs.ts';

export default handle('incident.run.approvers', (context, { incident, run, step }) => {
  const row = findIncident(context, incident);
  return approversOf(context, row, findRun(context, row.id, run), step);
});
