import { serviceLite } from '../estate/views.ts';
import { handle } from '../context.ts';

export default handle('estate.map', (context) => {
  const services = context.estate.all('service');
  return {
    services: [...services.values()].map((service) => serviceLite(context, service)),
    dependencies: [...context.estate.all('dependency').values()]
      .filter(({ from, to }) => services.has(from) && services.has(to))
      .map(({ from, to, strength, mode }) => ({ from, to, strength, mode })),
    asOf: context.now(),
  };
});
