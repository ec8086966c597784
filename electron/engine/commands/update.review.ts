import { handle } from '../context.ts';
import { answererOf } from '../access/answerer.ts';
import { findIncident } from '../incidents/view.ts';
import { hashOf } from '../updates/view.ts';
import { audienceNamed, checkPublic, draftOf, mustBeReadByAnother } from '../updates/write.ts';

export default handle('update.review', (context, { incident, audience: word, person, text: read }) => {
  const audience = audienceNamed(word);
  const row = findIncident(context, incident);
  const reader = answererOf(context, person, 'read it');
  const draft = draftOf(context, row, audience);
  const text = read ?? draft.text;
  mustBeReadByAnother(context, row, audience, draft, text);
  checkPublic(context, row, audience, text);
  return context.commit((tx) => {
    const update = draft.id;
    if (!draft.saved || text !== draft.text)
      tx.append({ scope: row.id, type: 'update.draft', payload: { update, audience, text } });
    tx.append({ scope: row.id, type: 'update.review', payload: { update, person: reader, hash: hashOf(text) } });
    return { update };
  });
});
