import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { findRun } from '../runbooks/runs.ts';

export default handle('incident.run.end', (context, { incident, run: wanted, reason }) => {
  const { id } = findIncident(context, incident);
  const run = findRun(context, id, wanted);
  if (run.ended !== null) throw new Refusal('refused', `This run was ended already (${run.ended.reason}).`);
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'run.end', payload: { run: run.id, reason } });
    return {};
  });
});
