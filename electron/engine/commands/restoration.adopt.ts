import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { adoptedPayload, restorationOf, type Pinned } from '../restoration/index.ts';

export default handle('restoration.adopt', (context, { incident, keep }) => {
  const row = findIncident(context, incident);
  const { adopted, next } = restorationOf(context, row);
  const kept = keep === undefined ? null : context.store.entity('restoration-plan', row.id, keep);
  if (keep !== undefined && !kept)
    throw new Refusal('not_found', `No plan "${keep.slice(0, 60)}" was adopted in this incident.`);
  if (!kept && next.length === 0)
    throw new Refusal('refused', 'Nothing in reach of this incident needs restoring, so there is no plan to adopt.');
  const plan = keep ?? newId('p', context.now());
  const payload = adoptedPayload(plan, kept ? (kept.doc['items'] as Pinned[]) : next);
  const contested = context.store.entity('restoration', row.id, 'current')?.doc.conflicts !== undefined;
  return context.commit((tx) => {
    if (!contested && adopted?.hash === payload.hash) return { plan: adopted.plan, items: adopted.items.length };
    tx.append({
      scope: row.id,
      type: 'restoration.adopt',
      payload,
      base: tx.headIds('restoration', row.id, 'current', 'plan'),
    });
    return { plan, items: payload.items.length };
  });
});
