import { Refusal } from '../../../shared/contract/spec.ts';
import { recordUnlock } from '../access/record.ts';
import { waitWords } from '../access/secrets.ts';
import { sessionView } from '../access/view.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('access.unlock', async (context, { person, secret }) => {
  const { access, caller } = context;
  if (caller === null || caller.kind === 'board')
    throw new Refusal('refused', 'Only a window of the console or a command line can be unlocked.');
  if (!access.secrets.any())
    throw new Refusal('refused', 'This console is open: nobody has set anything to unlock it with yet.');
  const id = resolve(context, 'person', person);
  const answer = await access.secrets.check(id, Buffer.from(secret.normalize('NFKC')));
  const name = context.estate.actorName(id);
  if (!answer.ok) {
    const { failures, waitMs } = answer;
    if (waitMs > 0) recordUnlock(context, { person: id, how: 'wrong', tries: failures });
    throw new Refusal(
      'refused',
      `That is not what ${name} unlocks with.${waitMs > 0 ? ` ${waitWords(failures, waitMs)}` : ''}`,
    );
  }
  access.sessions.begin(caller, { person: id, how: answer.kind });
  recordUnlock(context, { person: id, how: answer.kind });
  return sessionView(context);
});
