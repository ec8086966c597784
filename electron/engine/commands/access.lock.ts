import { sessionView } from '../access/view.ts';
import { handle } from '../context.ts';

export default handle('access.lock', (context, { all = false }) => {
  const { access, caller } = context;
  // Locking everything is for whoever is in; a locked window can only lock itself.
  if (all && context.session.state !== 'locked') access.sessions.endAll();
  else if (caller) access.sessions.end(caller);
  return sessionView(context);
});
