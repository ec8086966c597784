import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { isAway } from '../estate/away.ts';
import { resolve } from '../names.ts';

export default handle('person.back', (context, { person, reason }) => {
  const id = resolve(context, 'person', person);
  if (!isAway(context, id)) throw new Refusal('refused', `${context.estate.actorName(id)} is not away.`);
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'person.back', payload: { person: id, ...(reason ? { reason } : {}) } });
    return {};
  });
});
