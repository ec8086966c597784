import { Refusal } from '../../../shared/contract/spec.ts';
import { diffSubstance } from '../../../shared/domain/policy/substance.ts';
import { responseName } from '../../../shared/domain/policy/words.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { proposalFor, responsePayload, substanceFor } from '../proposals/index.ts';

export default handle('incident.model', (context, { incident, reason, ...wanted }) => {
  const row = findIncident(context, incident);
  const { id, doc } = row;
  const { response } = proposalFor(context, row);
  const present = response.inForce ?? response.proposed;
  // Without a word on either, the proposal is taken.
  const taken = wanted.level === undefined && wanted.model === undefined ? response.proposed : present;
  const level = wanted.level ?? taken.level;
  const model = wanted.model ?? taken.model;
  const overruled = level !== response.proposed.level || model !== response.proposed.model;
  const contested = doc.conflicts?.some(({ field }) => field === 'response') ?? false;
  const same = response.inForce?.level === level && response.inForce.model === model && !contested;
  if (overruled && !same && !reason)
    throw new Refusal(
      'refused',
      `Proposed is ${responseName(response.proposed.level)} with ${responseName(response.proposed.model)}; another response needs a reason.`,
    );
  const payload = responsePayload(context, { level, model }, response);
  const diff = diffSubstance(substanceFor(context, row), payload.substance);
  return context.commit((tx) => {
    if (!same)
      tx.append({
        scope: id,
        type: 'incident.response',
        payload: {
          ...payload,
          ...(reason ? { reason } : {}),
          ...(response.inForce === null ? {} : { changes: { ...diff } }),
        },
        base: tx.headIds('incident', id, id, 'response'),
      });
    return { level, model, diff, changed: !same };
  });
});
