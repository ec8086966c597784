import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { notInTheFuture } from '../incidents/times.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.correct', (context, { incident, entry, eventTime, text, reason }) => {
  const { id } = findIncident(context, incident);
  const found = context.store.entryByPrefix(id, entry);
  if (found.length === 0) throw new Refusal('not_found', `There is no entry "${entry}" in this timeline.`);
  if (found.length > 1) throw new Refusal('bad_input', `More than one entry begins with "${entry}".`);
  const [op] = found;
  if (eventTime === undefined && text === undefined)
    throw new Refusal('bad_input', 'Say what to correct: eventTime or text.');
  if (text !== undefined && op!.type !== 'entry.note' && op!.type !== 'entry.decision') {
    throw new Refusal(
      'refused',
      'Only the words of a note or a decision can be corrected; for the rest, correct the time.',
    );
  }
  const corrected = notInTheFuture(context, eventTime);
  return context.commit((tx) => {
    tx.append({
      scope: id,
      type: 'entry.correct',
      payload: { entry: op!.id, ...corrected, ...(text === undefined ? {} : { text }), ...(reason ? { reason } : {}) },
    });
    return {};
  });
});
