import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.concern', (context, { incident, integrity: data, security, reason }) => {
  const { id, doc } = findIncident(context, incident);
  if (data === undefined && security === undefined)
    throw new Refusal('bad_input', 'integrity: say what is suspected or confirmed, of data or of security.');
  const said = {
    ...(data === undefined || data === (doc['data'] ?? 'none') ? {} : { data }),
    ...(security === undefined || security === (doc['security'] ?? 'none') ? {} : { security }),
  };
  return context.commit((tx) => {
    if (Object.keys(said).length > 0)
      tx.append({ scope: id, type: 'incident.concern', payload: { ...said, ...(reason ? { reason } : {}) } });
    return {};
  });
});
