import { Refusal } from '../../../shared/contract/spec.ts';
import { isWorse } from '../../../shared/domain/policy/severity.ts';
import { Severity } from '../../../shared/domain/words.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { proposalFor, severityPayload } from '../proposals/index.ts';

export default handle('incident.severity', (context, { incident, severity, reason }) => {
  const row = findIncident(context, incident);
  const { id, doc } = row;
  // Of a contested severity the higher one is in force: to keep the other lowers it.
  const present = Severity.catch('SEV1').parse(doc['severity']);
  if (isWorse(present, severity) && !reason)
    throw new Refusal('refused', `Lowering ${present} to ${severity} needs a reason.`);
  const contested = doc.conflicts?.some(({ field }) => field === 'severity') ?? false;
  const changes = present !== severity || contested;
  const proposal = changes ? severityPayload(proposalFor(context, row).severity) : undefined;
  return context.commit((tx) => {
    if (changes) {
      tx.append({
        scope: id,
        type: 'incident.severity',
        payload: { severity, ...(reason ? { reason } : {}), ...(proposal ? { proposal } : {}) },
        base: tx.headIds('incident', id, id, 'severity'),
      });
    }
    return {};
  });
});
