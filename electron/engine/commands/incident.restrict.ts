import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { handToMembers, restrict, restrictingBy } from '../restricted/declare.ts';
import { outsideWords } from '../restricted/words.ts';

export default handle('incident.restrict', (context, { incident, to, contact, reason }) => {
  const { id } = findIncident(context, incident);
  const known = context.store.keyring.get(id);
  if (known?.restricted)
    throw new Refusal(
      known.keys.length > 0 ? 'refused' : 'forbidden',
      known.keys.length > 0
        ? 'This incident is restricted already: add or take off those who read it.'
        : outsideWords(context.store, id),
    );
  const restricting = restrictingBy(context, to, contact);
  return context.commit((tx) => {
    restrict(context, tx, id, restricting);
    tx.append({ scope: id, type: 'entry.note', payload: { text: `Restricted, because: ${reason}` } });
    handToMembers(context, tx, id);
    return { sealedFor: context.store.keyring.get(id)!.consoles.length };
  });
});
