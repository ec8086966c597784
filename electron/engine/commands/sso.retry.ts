import { Refusal } from '../../../shared/contract/spec.ts';
import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';

export default handle('sso.retry', async (context) => {
  const { sso } = context.access;
  if (sso.provider === null) throw new Refusal('refused', 'No single sign-on is set.');
  await sso.again();
  return ssoView(context);
});
