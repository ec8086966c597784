import { handle } from '../context.ts';
import { namedActor } from '../names.ts';

export default handle('backup.restore', async (context, { backup }) => {
  await context.record.order(backup, namedActor(context, context.session.actor).name);
  context.restart();
  return { restarting: true };
});
