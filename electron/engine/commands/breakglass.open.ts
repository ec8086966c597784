import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { askedHere } from '../grants/asked.ts';
import { openGrant, wantedOf } from '../grants/open.ts';
import { openByPhone } from '../grants/by-phone.ts';
import { findGrant, stateNow } from '../grants/view.ts';

export default handle('breakglass.open', async (context, { grant: key, response, approver }) => {
  const grant = findGrant(context, key);
  const state = stateNow(context, grant);
  const { request } = grant;
  if (!request || (state !== 'asked' && state !== 'approved'))
    throw new Refusal('refused', `Nothing can be opened by it: it is ${state.replace('-', ' ')}.`);
  if (request.console !== context.store.console)
    throw new Refusal('refused', 'It was asked for at another console, and is opened there.');
  if (!askedHere(context, grant.id))
    throw new Refusal('refused', 'It was asked for in another window, and is opened there; ask again here.');
  const wanted = wantedOf(context, { ...request, capabilities: request.capabilities, incidents: request.incidents });
  if (response !== undefined) {
    const { witness, console } = await openByPhone(context, grant, response, approver);
    return openGrant(context, grant.id, grant.scope, wanted, { way: 'phone', codes: [], witness, approvedAt: console });
  }
  const [approval] = grant.answers;
  if (state !== 'approved' || !approval)
    throw new Refusal('refused', 'Nobody has approved it yet; by phone it is opened with --response and --approver.');
  const { by: witness, console } = approval;
  if (witness === wanted.holder || witness === request.by)
    throw new Refusal('refused', 'Nobody approves what they asked for themselves.');
  return openGrant(context, grant.id, grant.scope, wanted, { way: 'remote', codes: [], witness, approvedAt: console });
});
