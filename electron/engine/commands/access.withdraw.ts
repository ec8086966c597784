import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { givenRoles } from '../access/rights.ts';
import { holderOf } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('access.withdraw', (context, { to: text, role: wanted, reason }) => {
  const { to, id, name } = holderOf(context, text);
  const role = wanted.trim().toLowerCase();
  if (!givenRoles(context).some((one) => one.to === to && one.subject === id && one.role === role))
    throw new Refusal(
      'refused',
      `The role ${role} was not given to ${name} by name; what the policy gives is changed in the policy.`,
    );
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'access.withdraw',
      payload: { to, id, role, ...(reason ? { reason } : {}) },
      base: tx.headIds('access-role', ESTATE, `${to}:${id}:${role}`, 'held'),
    });
    return { id, name };
  });
});
