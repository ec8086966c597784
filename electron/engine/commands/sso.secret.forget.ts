import { Refusal } from '../../../shared/contract/spec.ts';
import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';

export default handle('sso.secret.forget', async (context) => {
  const { sso } = context.access;
  if (!sso.hasSecret()) throw new Refusal('refused', "No client's secret is kept on this console.");
  await sso.setSecret(null);
  context.changed(['access']);
  return ssoView(context);
});
