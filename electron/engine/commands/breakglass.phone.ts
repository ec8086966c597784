import { Refusal } from '../../../shared/contract/spec.ts';
import { encodeCode } from '../../../shared/domain/access/codes.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { hear } from '../grants/by-phone.ts';
import { responseTo } from '../grants/phone.ts';
import { phoneId } from '../grants/view.ts';

export default handle('breakglass.phone', (context, { challenge, reason }) => {
  const { phone } = context.policies.get('breakglass').value.ways;
  if (!phone) throw new Refusal('refused', 'The policy opens nothing by phone.');
  const { person: approver } = context.session;
  if (approver === null) throw new Refusal('refused', 'Say first who you are: an approval is given by a person.');
  const heard = hear(context, challenge);
  if (heard.person === approver) throw new Refusal('refused', 'Nobody approves what they asked for themselves.');
  const { longestMinutes, never } = context.policies.get('breakglass').value;
  const kept = heard.capabilities.filter((one) => never.includes(one));
  if (kept.length > 0) throw new Refusal('refused', `The policy never gives ${kept.join(', ')} in an emergency.`);
  if (heard.minutes > longestMinutes)
    throw new Refusal(
      'refused',
      `The policy allows ${longestMinutes} minutes at most; ${heard.minutes} are asked for.`,
    );
  const response = encodeCode(responseTo(context.identity, heard.peer.key, heard.symbols, approver));
  // Past the memory of requests: what is read out is kept nowhere, and approving twice says the same.
  context.store.commit({ actor: approver, zone: context.zone }, (tx) =>
    tx.append({
      scope: ESTATE,
      type: 'breakglass.answer',
      payload: {
        ...{ grant: phoneId(heard.symbols), answer: 'approved', ...(reason ? { reason } : {}) },
        phone: {
          ...{ console: heard.peer.id, holder: heard.person, capabilities: heard.capabilities },
          ...{ incident: heard.incident, minutes: heard.minutes },
        },
      },
    }),
  );
  return { response, minutes: heard.minutes };
});
