import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findGrant, grantView, mayNotReview } from '../grants/view.ts';

export default handle('breakglass.review', (context, { grant: key, verdict, text }) => {
  const grant = findGrant(context, key);
  const why = mayNotReview(context, grant);
  if (why !== null) throw new Refusal('refused', why);
  context.commit((tx) => {
    tx.append({ scope: grant.scope, type: 'breakglass.review', payload: { grant: grant.id, verdict, text } });
    return {};
  });
  return grantView(context, findGrant(context, grant.id));
});
