import { setImmediate } from 'node:timers/promises';
import { handle } from '../context.ts';
import { checkContent, evidenceOf, findEvidence } from '../evidence/view.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('evidence.check', async (context, { incident, file }) => {
  const { id } = findIncident(context, incident);
  const files = file === undefined ? evidenceOf(context, id) : [findEvidence(context, id, file)];
  const checked = [];
  for (const found of files) {
    const { name, sha256 } = found;
    checked.push({ name, sha256, verdict: checkContent(context, id, found) });
    // Hundreds of files of 25 MiB are not to keep others waiting.
    await setImmediate();
  }
  return checked;
});
