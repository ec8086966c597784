import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolveAll } from '../names.ts';

export default handle('incident.affect', (context, input) => {
  const { id, doc } = findIncident(context, input.incident);
  const wanted = {
    services: resolveAll(context, 'service', input.services),
    businessServices: resolveAll(context, 'business-service', input.businessServices),
  };
  return context.commit((tx) => {
    for (const set of ['services', 'businessServices'] as const) {
      const present = new Set((doc[set] as string[] | undefined) ?? []);
      for (const element of wanted[set]) {
        if (!present.has(element)) tx.append({ scope: id, type: 'incident.affect', payload: { set, id: element } });
      }
    }
    return {};
  });
});
