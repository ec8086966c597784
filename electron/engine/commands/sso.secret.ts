import { Refusal } from '../../../shared/contract/spec.ts';
import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';

export default handle('sso.secret', async (context, { secret }) => {
  const { sso } = context.access;
  if (sso.provider === null)
    throw new Refusal('refused', 'Set the provider first: the secret is kept for its address and sent nowhere else.');
  await sso.setSecret(secret);
  context.changed(['access']);
  return ssoView(context);
});
