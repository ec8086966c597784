import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { audienceNamed, draftOf } from '../updates/write.ts';

export default handle('update.save', (context, { incident, audience: word, text }) => {
  const audience = audienceNamed(word);
  const row = findIncident(context, incident);
  const { id } = draftOf(context, row, audience);
  return context.commit((tx) => {
    tx.append({ scope: row.id, type: 'update.draft', payload: { update: id, audience, text } });
    return { update: id };
  });
});
