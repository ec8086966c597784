import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolveAll } from '../names.ts';

export default handle('incident.unaffect', (context, input) => {
  const { id } = findIncident(context, input.incident);
  const unwanted = {
    services: resolveAll(context, 'service', input.services),
    businessServices: resolveAll(context, 'business-service', input.businessServices),
  };
  return context.commit((tx) => {
    for (const set of ['services', 'businessServices'] as const) {
      for (const element of unwanted[set]) {
        const base = tx.additionIds('incident', id, id, set, element);
        if (base.length > 0) tx.append({ scope: id, type: 'incident.unaffect', payload: { set, id: element }, base });
      }
    }
    return {};
  });
});
