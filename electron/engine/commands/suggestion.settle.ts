import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { settle, settledOf } from '../suggestions/settled.ts';

export default handle('suggestion.settle', (context, { incident, reason, ...said }) => {
  const { id } = findIncident(context, incident);
  return context.commit((tx) => {
    if (settledOf(context, id)(said.kind, said.key, said.facts) !== said.verdict)
      settle(tx, id, { ...said, ...(reason ? { reason } : {}) });
    return {};
  });
});
