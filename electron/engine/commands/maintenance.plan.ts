import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { maintenanceView } from '../estate/health.ts';
import { newId } from '../incidents/ids.ts';
import { resolveAll } from '../names.ts';

export default handle(
  'maintenance.plan',
  (context, { title, services, startsInMinutes, minutes, reason, ...input }) => {
    const now = context.now();
    const resolved = resolveAll(context, 'service', services);
    const from = input.from ?? now + Math.round(startsInMinutes * 60_000);
    const to = from + Math.round(minutes * 60_000);
    if (to <= now) throw new Refusal('bad_input', 'minutes: this maintenance would be over already.');
    const window = newId('w', now);
    return context.commit((tx) => {
      tx.append({
        scope: ESTATE,
        type: 'maintenance.plan',
        payload: { window, title, services: resolved, from, to, ...(reason ? { reason } : {}) },
      });
      const by = context.session.actor;
      return maintenanceView(context, {
        ...{ id: window, title, services: resolved, from, to, endedAt: null, reason: reason || null, by },
      });
    });
  },
);
