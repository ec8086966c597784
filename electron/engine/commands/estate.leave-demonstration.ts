import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE_KINDS, type EstateKind } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { DEMONSTRATION } from '../demonstration.ts';

export default handle('estate.leave-demonstration', (context) => {
  if (!context.estate.profile.demonstration) throw new Refusal('refused', 'This is not the demonstration.');
  return context.commit((tx) => {
    let removed = 0;
    for (const kind of Object.keys(ESTATE_KINDS) as EstateKind[]) {
      for (const entity of context.estate.all(kind).values()) {
        if (entity.origin !== DEMONSTRATION) continue;
        tx.append({ scope: ESTATE, type: 'estate.remove', payload: { kind, id: entity.id } });
        removed++;
      }
    }
    tx.append({ scope: ESTATE, type: 'estate.profile', payload: { name: 'Estate', demonstration: false } });
    return { removed };
  });
});
