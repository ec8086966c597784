import { policyKind } from '../../../shared/domain/policy/kinds.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { findPolicy, mayChange } from '../policy/view.ts';

export default handle('policy.reset', (context, { policy, reason }) => {
  const id = findPolicy(policy);
  mayChange(context, id);
  const { title } = policyKind(id);
  const [newest] = context.policies.history(id);
  return context.commit((tx) => {
    if (newest === undefined || newest.payload['text'] === null)
      return { policy: id, title, version: 0, changed: false };
    const version = 1 + Number(newest.payload['version']);
    tx.append({ scope: ESTATE, type: 'policy.put', payload: { policy: id, text: null, hash: null, version, reason } });
    return { policy: id, title, version: 0, changed: true };
  });
});
