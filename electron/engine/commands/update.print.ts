import { AUDIENCE_NAMES } from '../../../shared/domain/updates/audiences.ts';
import { handle } from '../context.ts';
import { writeSheet } from '../exports/sheet.ts';
import { findIncident } from '../incidents/view.ts';
import { audienceNamed, draftOf } from '../updates/write.ts';

/** Writes the draft as a sheet; that it went out is said by `update.send`. */
export default handle('update.print', (context, { incident, audience: word, ...where }) => {
  const audience = audienceNamed(word);
  const row = findIncident(context, incident);
  const { text } = draftOf(context, row, audience);
  const blocks = text.split(/\n+/).map((line) => ({ is: 'text' as const, text: line }));
  return writeSheet(
    context,
    row,
    { kind: 'Update', sections: [{ title: `For ${AUDIENCE_NAMES[audience].toLowerCase()}`, blocks }] },
    where,
  );
});
