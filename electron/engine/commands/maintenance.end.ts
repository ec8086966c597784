import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { announcedWork } from '../estate/health.ts';

export default handle('maintenance.end', (context, { window, reason }) => {
  const found = announcedWork(context, window);
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'maintenance.end',
      payload: { window: found.id, ...(reason ? { reason } : {}) },
    });
    return { id: found.id, name: found.title };
  });
});
