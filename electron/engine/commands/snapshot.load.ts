import { handle } from '../context.ts';
import { namedActor } from '../names.ts';
import { loadSnapshot } from '../snapshots/snapshots.ts';

export default handle('snapshot.load', (context, { file }) =>
  loadSnapshot(context, file, namedActor(context, context.session.actor).name),
);
