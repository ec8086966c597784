import { handle } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { briefOf, labelsOf } from '../incidents/rows.ts';
import { resolve, resolveAll } from '../names.ts';

export default handle('incident.declare', (context, input) => {
  const services = resolveAll(context, 'service', input.services);
  const businessServices = resolveAll(context, 'business-service', input.businessServices);
  const commander = input.commander === undefined ? undefined : resolve(context, 'person', input.commander);
  const id = newId('i', context.now());
  return context.commit((tx) => {
    const known = context.incidents.briefs();
    const number = 1 + known.reduce((most, brief) => Math.max(most, brief.number), 0);
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
    return { id, label: labelsOf([...known, briefOf(tx.entity('incident', id, id)!)]).get(id)! };
  });
});
