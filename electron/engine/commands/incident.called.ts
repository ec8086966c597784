import { Refusal } from '../../../shared/contract/spec.ts';
import { callId } from '../../../shared/domain/clock/escalation.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { escalationOf } from '../people/required.ts';

export default handle('incident.called', (context, { incident, call }) => {
  const row = findIncident(context, incident);
  const path = escalationOf(row);
  const line = path.find((one) => callId(one) === call);
  if (!line) {
    const calls = path.map(callId).join(', ');
    throw new Refusal(
      'not_found',
      `The response of this incident has no call "${call.slice(0, 60)}"; ${calls === '' ? 'it has none' : `it has ${calls}`}.`,
    );
  }
  return context.commit((tx) => {
    tx.append({ scope: row.id, type: 'escalation.call', payload: line });
    return {};
  });
});
