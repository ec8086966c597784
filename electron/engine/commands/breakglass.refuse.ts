import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findGrant, grantView, mayNotAnswer, stateNow } from '../grants/view.ts';

export default handle('breakglass.refuse', (context, { grant: key, reason }) => {
  const grant = findGrant(context, key);
  const state = stateNow(context, grant);
  if (state !== 'asked' && state !== 'approved')
    throw new Refusal('refused', `Nobody waits for it: it is ${state.replace('-', ' ')}.`);
  const why = mayNotAnswer(context, grant);
  if (why !== null) throw new Refusal('forbidden', why);
  context.commit((tx) => {
    tx.append({
      scope: grant.scope,
      type: 'breakglass.answer',
      payload: { grant: grant.id, answer: 'refused', reason },
    });
    return {};
  });
  return grantView(context, findGrant(context, grant.id));
});
