import { Refusal } from '../../../shared/contract/spec.ts';
import { encodeCode } from '../../../shared/domain/access/codes.ts';
import { handle } from '../context.ts';
import { rememberAsking } from '../grants/asked.ts';
import { keepSeen, seenNow } from '../grants/clock.ts';
import { grantLabel } from '../grants/force.ts';
import { scopeOf, wantedOf } from '../grants/open.ts';
import { challengeFor, findGrant } from '../grants/view.ts';
import { newId } from '../incidents/ids.ts';

export default handle('breakglass.request', (context, input) => {
  const { ways } = context.policies.get('breakglass').value;
  if (!ways.remote && !ways.phone)
    throw new Refusal('refused', 'The policy opens nothing by an approval from another console.');
  const wanted = wantedOf(context, input);
  const grant = newId('b', context.now());
  const seen = seenNow(context);
  context.commit((tx) => {
    tx.append({
      scope: scopeOf(wanted),
      type: 'breakglass.request',
      payload: { grant, ...wanted },
      // By the clock by which it runs out, when the machine's was set back.
      ...(seen - context.now() > 60_000 ? { eventTime: seen } : {}),
    });
    return { grant, label: grantLabel(grant), challenge: null };
  }, wanted.holder);
  keepSeen(context);
  rememberAsking(context, grant);
  // One incident fits into what is read out on the phone.
  const challenge =
    ways.phone && wanted.incidents.length <= 1 ? challengeFor(context, findGrant(context, grant)) : null;
  return { grant, label: grantLabel(grant), challenge: challenge && encodeCode(challenge) };
});
