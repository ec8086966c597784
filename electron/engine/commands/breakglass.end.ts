import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findGrant, grantView, mayNotEnd, stateNow } from '../grants/view.ts';

export default handle('breakglass.end', (context, { grant: key, reason }) => {
  const grant = findGrant(context, key);
  const state = stateNow(context, grant);
  if (!['in-force', 'asked', 'approved'].includes(state))
    throw new Refusal('refused', `It is over already: it is ${state.replace('-', ' ')}.`);
  const why = mayNotEnd(context, grant);
  if (why !== null) throw new Refusal('forbidden', why);
  context.commit((tx) => {
    const payload = { grant: grant.id, ...(reason ? { reason } : {}) };
    tx.append({ scope: grant.scope, type: 'breakglass.end', payload });
    return {};
  });
  return grantView(context, findGrant(context, grant.id));
});
