import { Refusal } from '../../../shared/contract/spec.ts';
import { findItem } from '../cleanup/items.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('cleanup.change', (context, { incident, item: wanted, owner, ...fields }) => {
  const { id } = findIncident(context, incident);
  const item = findItem(context, id, wanted);
  if (typeof fields.moneyMinor === 'number' && fields.currency === undefined && item.currency === null)
    throw new Refusal('bad_input', 'currency: an amount of money needs its currency, such as EUR.');
  const person = owner === undefined ? {} : { owner: owner === null ? null : resolve(context, 'person', owner) };
  const changes = Object.fromEntries(
    Object.entries({ ...fields, ...person }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(changes).length === 0) throw new Refusal('bad_input', 'Say what is to be changed.');
  return context.commit((tx) => {
    tx.append({ scope: id, type: 'cleanup.change', payload: { item: item.id, ...changes } });
    return {};
  });
});
