import { handle } from '../context.ts';

export default handle('sso.cancel', ({ access, caller }, { attempt }) => {
  if (caller !== null) access.sso.cancel(attempt, caller);
  return {};
});
