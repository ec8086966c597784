import { Refusal } from '../../../shared/contract/spec.ts';
import { sessionView } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('sso.wait', async (context, { attempt }) => {
  const { access, caller } = context;
  if (caller === null) throw new Refusal('not_found', 'There is no such sign-in.');
  await access.sso.wait(attempt, caller);
  return sessionView(context);
});
