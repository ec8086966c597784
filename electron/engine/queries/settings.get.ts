import { handle } from '../context.ts';

export default handle('settings.get', (context) => ({
  ...context.settings,
  // Once the console is locked, only who unlocked it is anybody.
  actingAs: context.session.state === 'open' ? context.settings.actingAs : context.session.person,
}));
