import { Refusal } from '../../../shared/contract/spec.ts';
import { answererOf } from '../access/answerer.ts';
import { findItem, isSettled } from '../cleanup/items.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('cleanup.accept', (context, { incident, item: wanted, person, reason }) => {
  const { id, doc } = findIncident(context, incident);
  const item = findItem(context, id, wanted);
  if (person === null && item.accepted === null) return {};
  if (person === null && doc['status'] === 'closed')
    throw new Refusal('refused', 'This incident was closed on that word: open it again, with a reason, first.');
  if (person !== null && isSettled(item))
    throw new Refusal('refused', `"${item.title}" is reconciled: there is nothing to accept.`);
  const who = person === null ? null : answererOf(context, person, 'answers for it');
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'cleanup.accept',
      payload: { item: item.id, person: who, remaining: item.remaining, reason },
      base: tx.headIds('cleanup', id, item.id, 'accepted'),
    });
    return {};
  });
});
