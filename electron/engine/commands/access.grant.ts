import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { holderOf, roleOf } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('access.grant', (context, { to: text, role: wanted, reason }) => {
  const { to, id, name } = holderOf(context, text);
  const role = roleOf(context, wanted);
  const key = `${to}:${id}:${role.id}`;
  return context.commit((tx) => {
    const row = tx.entity('access-role', ESTATE, key);
    if (row?.doc['held'] === 'granted' && !row.doc.conflicts)
      throw new Refusal('refused', `${name} has the role ${role.title} already.`);
    tx.append({
      scope: ESTATE,
      type: 'access.grant',
      payload: { to, id, role: role.id, ...(reason ? { reason } : {}) },
      base: tx.headIds('access-role', ESTATE, key, 'held'),
    });
    return { id, name };
  });
});
