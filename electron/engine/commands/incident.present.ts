import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.present', (context, { incident }) => {
  const { id } = findIncident(context, incident);
  const { actor } = context.session;
  if (context.estate.get('person', actor) === null)
    throw new Refusal('refused', 'Say who is at this console first: settings set --acting-as PERSON.');
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'role.present', payload: { person: actor } });
    return {};
  });
});
