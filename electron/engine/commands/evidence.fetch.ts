import { handle } from '../context.ts';
import { evidenceOf, findEvidence } from '../evidence/view.ts';
import { findIncident } from '../incidents/view.ts';

/** Longer than this nobody waits for the answer; the file comes all the same. */
const PATIENCE_MS = 8000;

export default handle('evidence.fetch', async (context, { incident, file }) => {
  const { id } = findIncident(context, incident);
  const found = findEvidence(context, id, file);
  const trying = context.evidence.want(found.file, { scope: id, name: found.name });
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([trying, new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)))]);
  clearTimeout(timer);
  return evidenceOf(context, id).find(({ entry }) => entry === found.entry) ?? found;
});
