import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';

export default handle('sso.forget', async (context, { reason }) => {
  const { sso } = context.access;
  if (sso.provider === null) throw new Refusal('refused', 'No single sign-on is set.');
  context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'sso.set', payload: { provider: null, ...(reason ? { reason } : {}) } });
    return {};
  });
  await sso.again();
  return ssoView(context);
});
