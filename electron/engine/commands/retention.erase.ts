import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { mustBeDue } from '../retention/due.ts';

export default handle('retention.erase', (context, { incident, reason }) => {
  const { store } = context;
  const row = findIncident(context, incident);
  const { label, restricted } = mustBeDue(context, row);
  if (!restricted)
    throw new Refusal(
      'refused',
      `${label} was written in the clear, and the record is never rewritten: it can be kept on for a reason, not erased.`,
    );
  const sealed = store.sealedCount(row.id);
  const proof = store.keyring.prove(row.id, 'shred');
  return context.commit((tx) => {
    tx.append({ scope: row.id, type: 'incident.shred', payload: { ...proof, reason } });
    return { sealed };
  });
});
