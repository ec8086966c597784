import { isReviewed } from '../../../shared/domain/access/grants.ts';
import { handle } from '../context.ts';
import { breachOf } from '../governance/breach.ts';
import { exceptionsOf } from '../governance/exceptions.ts';
import { holdsOf } from '../governance/holds.ts';
import { grantLabel } from '../grants/force.ts';
import { knownGrants, stateNow } from '../grants/view.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('incident.governance', (context, { incident }) => {
  const row = findIncident(context, incident);
  return {
    holds: holdsOf(context, row.id),
    exceptions: exceptionsOf(context, row.id),
    breach: breachOf(context, row),
    grants: knownGrants(context)
      .filter(
        (grant) => (grant.opened ?? grant.request)!.incidents.includes(row.id) || row.doc['declaredUnder'] === grant.id,
      )
      .map((grant) => ({
        ...{ id: grant.id, label: grantLabel(grant.id), state: stateNow(context, grant) },
        reviewed: isReviewed(grant),
      })),
  };
});
