import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findGrant, grantView, mayNotAnswer, stateNow } from '../grants/view.ts';

export default handle('breakglass.approve', (context, { grant: key, reason }) => {
  const grant = findGrant(context, key);
  const state = stateNow(context, grant);
  if (state !== 'asked') throw new Refusal('refused', `Nobody waits for it: it is ${state.replace('-', ' ')}.`);
  const why = mayNotAnswer(context, grant);
  if (why !== null) throw new Refusal('forbidden', why);
  const { ways, longestMinutes, never } = context.policies.get('breakglass').value;
  if (!ways.remote) throw new Refusal('refused', 'The policy opens nothing by an approval from another console.');
  const { capabilities, minutes } = grant.request!;
  const kept = capabilities.filter((one) => never.includes(one));
  if (kept.length > 0 || minutes > longestMinutes)
    throw new Refusal('refused', `It asks for more than the policy gives: ${[...kept, `${minutes} min`].join(', ')}.`);
  context.commit((tx) => {
    const answer = { grant: grant.id, answer: 'approved', ...(reason ? { reason } : {}) };
    tx.append({ scope: grant.scope, type: 'breakglass.answer', payload: answer });
    return {};
  });
  return grantView(context, findGrant(context, grant.id));
});
