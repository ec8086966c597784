import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { announcedWork, maintenanceView } from '../estate/health.ts';

export default handle('maintenance.move', (context, { window: named, from, to, endsInMinutes }) => {
  const now = context.now();
  const window = announcedWork(context, named);
  const begins = from ?? window.from;
  const ends = to ?? (endsInMinutes === undefined ? window.to : now + Math.round(endsInMinutes * 60_000));
  if (from !== undefined && window.from <= now && from > now)
    throw new Refusal('refused', `from: "${window.title}" has begun; end it, or plan another.`);
  if (ends <= begins) throw new Refusal('bad_input', 'to: it would end before it begins.');
  if (ends <= now) throw new Refusal('bad_input', 'to: that is over; to end it now, end it.');
  const { id, title, services, reason } = window;
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'maintenance.plan',
      payload: { window: id, title, services: [...services], from: begins, to: ends, ...(reason ? { reason } : {}) },
    });
    return maintenanceView(context, { ...window, from: begins, to: ends, by: context.session.actor });
  });
});
