import { dependencyId } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { asDependency, driftBetween } from '../estate/drift.ts';
import { named, resolve } from '../names.ts';

export default handle('estate.drift.accept', (context, { strength, mode, ...input }) => {
  const from = resolve(context, 'service', input.from);
  const to = resolve(context, 'service', input.to);
  const found = driftBetween(context, from, to);
  const id = dependencyId(from, to);
  return context.commit((tx) => {
    if (found.kind === 'unseen') {
      tx.append({ scope: ESTATE, type: 'estate.remove', payload: { kind: 'dependency', id } });
    } else {
      const seen = asDependency(found.connections);
      const fields = { from, to, strength: strength ?? seen.strength, mode: mode ?? seen.mode };
      tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind: 'dependency', id, fields } });
    }
    return { from: named(context, 'service', from), to: named(context, 'service', to), kind: found.kind };
  });
});
