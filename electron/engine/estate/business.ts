/** Business services with their health, and what hurts them. */
import type { BusinessServiceView } from '../../../shared/contract/estate.ts';
import type { Context } from '../context.ts';
import { named } from '../names.ts';
import { displayName, ownerOf } from './views.ts';

export function businessServices(context: Context): BusinessServiceView[] {
  return [...context.estate.all('business-service').values()].map((service) => {
    const { id, description, criticality, domains, rtoMinutes, rpoMinutes, currency, unit, throughput, baseline } =
      service;
    const rolledUp = context.sources.board.businessHealth(id);
    return {
      ...{ id, name: displayName(service), description, criticality, domains, rtoMinutes, rpoMinutes, currency, unit },
      owner: ownerOf(context, service.owner),
      services: service.services.map((each) => named(context, 'service', each)),
      health: rolledUp.health,
      hurtBy: rolledUp.hurtBy.map((each) => ({
        ...named(context, 'service', each),
        health: context.sources.board.serviceHealth(each),
      })),
      throughput,
      baseline,
    };
  });
}
