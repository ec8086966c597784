import { Refusal } from '../../../shared/contract/spec.ts';
import { findItem } from '../cleanup/items.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('cleanup.done', (context, { incident, item: wanted, reconciled: said, writtenOff, reason }) => {
  const { id } = findIncident(context, incident);
  const item = findItem(context, id, wanted);
  const { count, unit } = item;
  if (writtenOff > count) throw new Refusal('bad_input', `writtenOff: there are ${count} ${unit} in all.`);
  const reconciled = said ?? count - writtenOff;
  if (reconciled + writtenOff > count)
    throw new Refusal(
      'bad_input',
      `${reconciled} reconciled and ${writtenOff} written off are more than the ${count} ${unit}: change the count first.`,
    );
  if (writtenOff > 0 && !reason) throw new Refusal('refused', `Writing off ${writtenOff} ${unit} needs a reason.`);
  const remaining = count - reconciled - writtenOff;
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'cleanup.state',
      payload: {
        item: item.id,
        state: remaining === 0 ? 'reconciled' : 'doing',
        ...{ reconciled, writtenOff },
        ...(reason ? { reason } : {}),
      },
      base: tx.headIds('cleanup', id, item.id, 'reconciliation'),
    });
    return { remaining };
  });
});
