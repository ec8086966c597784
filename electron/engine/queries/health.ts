import { worstFirst } from '../../../shared/domain/health.ts';
import { handle } from '../context.ts';

export default handle('health', (context, { only }) => {
  const { board } = context.sources;
  const name = (kind: 'service' | 'business-service', id: string) => context.estate.name(kind, id);
  const services = [...context.estate.all('service').keys()]
    .map((id) => {
      const { last: _last, ...view } = board.serviceHealth(id);
      return { id, name: name('service', id), ...view };
    })
    .filter(({ health }) => only === undefined || health === only);
  const businessServices = [...context.estate.all('business-service').keys()]
    .map((id) => {
      const { health, reason, byHand } = board.businessHealth(id).health;
      return { id, name: name('business-service', id), health, reason, ...(byHand ? { byHand } : {}) };
    })
    .filter(({ health }) => only === undefined || health === only);
  return { services: services.sort(byHealth), businessServices: businessServices.sort(byHealth), asOf: context.now() };
});

function byHealth<T extends { id: string; health: Parameters<typeof worstFirst>[0] }>(a: T, b: T): number {
  return worstFirst(a.health, b.health) || (a.id < b.id ? -1 : 1);
}
