import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { declared, labels } from '../incidents/view.ts';
import { resolve, resolveAll } from '../names.ts';

export default handle('incident.declare', (context, input) => {
  const services = resolveAll(context, 'service', input.services);
  const businessServices = resolveAll(context, 'business-service', input.businessServices);
  const commander = input.commander === undefined ? undefined : resolve(context, 'person', input.commander);
  const id = newId('i', context.now());
  return context.commit((tx) => {
    const known = declared(context);
    const number = 1 + Math.max(0, ...known.map((row) => Number(row.doc['number'])));
    tx.append({
      scope: id,
      type: 'incident.declare',
      payload: {
        number,
        title: input.title,
        severity: input.severity,
        services,
        businessServices,
        ...(commander === undefined ? {} : { commander }),
        ...(input.startedAt === undefined ? {} : { startedAt: input.startedAt }),
      },
    });
    return { id, label: labels([...known, tx.entity('incident', id, id)!]).get(id)! };
  });
});
