/** Which ops tell an incident: everything about it, also what this version does not understand, and what happened to its services. */
import type { Story } from '../incidents/timeline.ts';
import type { Sqlite } from '../store/database.ts';

/** By console the numbers of the ops that belong to an incident's record, ascending. */
export function storyOps(db: Sqlite, incident: string, { subjects, since, until }: Story): Map<string, number[]> {
  const rows = db
    .prepare<[string, string, number, number, string], { console: string; seq: number }>(
      `WITH story (n) AS (
         SELECT n FROM entry WHERE scope = ?
         UNION SELECT entry.n FROM json_each(?) AS subject JOIN entry ON entry.subject = subject.value AND entry.at BETWEEN ? AND ?
         UNION SELECT parked.n FROM parked JOIN op USING (n) WHERE op.scope = ?
       )
       SELECT console.id AS console, op.seq AS seq FROM story JOIN op USING (n) JOIN console ON console.n = op.console
       ORDER BY console.id, op.seq`,
    )
    .all(incident, JSON.stringify(subjects), since, Math.min(until, Number.MAX_SAFE_INTEGER), incident);
  const story = new Map<string, number[]>();
  for (const { console, seq } of rows) {
    const seqs = story.get(console);
    if (seqs) seqs.push(seq);
    else story.set(console, [seq]);
  }
  return story;
}
