import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { degradedView, findMode } from '../degraded/view.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('degraded.dismiss', (context, { incident, mode: wanted, reason }) => {
  const row = findIncident(context, incident);
  const mode = findMode(context, wanted);
  const state = degradedView(context, row).modes.find(({ id }) => id === mode.id)?.state ?? 'active';
  if (state === 'active') throw new Refusal('refused', `${mode.title} is on: end it instead.`);
  if (state !== 'proposed')
    throw new Refusal(
      'refused',
      `${mode.title} is not proposed${state === 'dismissed' ? ' any more: somebody said no already' : ''}.`,
    );
  return context.commit((tx) => {
    tx.append({ scope: row.id, type: 'degraded.dismiss', payload: { mode: mode.id, reason } });
    return { id: mode.id, name: mode.title };
  });
});
