import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findItem } from '../governance/breach.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('breach.answer', (context, { incident, item: key, state, note }) => {
  const { id } = findIncident(context, incident);
  const item = findItem(context, key);
  if (state === 'not-needed' && note === undefined)
    throw new Refusal('bad_input', 'note: say why it is not needed; somebody will ask later.');
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'breach.answer', payload: { item, state, ...(note === undefined ? {} : { note }) } });
    return {};
  });
});
