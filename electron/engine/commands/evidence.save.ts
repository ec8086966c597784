import { writeFile } from 'node:fs/promises';
import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { safeName } from '../evidence/name.ts';
import { checkContent, contentOf, findEvidence } from '../evidence/view.ts';
import { targetOf, writeWhole } from '../exports/files.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('evidence.save', async (context, { incident, file, to, replace }) => {
  const { id } = findIncident(context, incident);
  const found = findEvidence(context, id, file);
  const bytes = contentOf(context, found);
  if (bytes === null) {
    const damaged = checkContent(context, id, found) === 'damaged';
    throw new Refusal(
      'refused',
      damaged
        ? `${found.name} on this machine is no longer what was attached: its hash is wrong. Fetch it again from ${found.console.name}.`
        : `${found.name} is not on this machine; fetch it from ${found.console.name} first.`,
    );
  }
  const path = await targetOf(to, safeName(found.name));
  await writeWhole(path, replace, (draft) => writeFile(draft, bytes));
  return { path, bytes: bytes.length };
});
