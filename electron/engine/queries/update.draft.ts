import { PLACEHOLDERS, type Placeholder } from '../../../shared/domain/updates/template.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { liveDraft } from '../updates/view.ts';
import { audienceNamed } from '../updates/write.ts';

export default handle('update.draft', (context, { incident, audience: word }) => {
  const audience = audienceNamed(word);
  const { text, template, values, asOf } = liveDraft(context, findIncident(context, incident), audience);
  const facts = (Object.keys(PLACEHOLDERS) as Placeholder[]).flatMap((name) =>
    values[name] === '' ? [] : [{ name, says: PLACEHOLDERS[name].says, value: values[name] }],
  );
  return { audience, text, template, facts, asOf };
});
