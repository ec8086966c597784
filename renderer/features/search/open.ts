/** Where what was found is shown. */
import type { Hit } from '../../../shared/contract/search.ts';
import type { Place } from '../../state/navigation.ts';

export function placeOf({ kind, id, title, incident, service }: Hit): Place {
  switch (kind) {
    case 'incident':
      return { screen: 'incident', params: { incident: id } };
    case 'service':
      return { screen: 'map', params: { service: id } };
    case 'business-service':
      return { screen: 'estate', params: { tab: 'business', id } };
    case 'store':
      return { screen: 'estate', params: { tab: 'stores', id } };
    case 'team':
      return { screen: 'estate', params: { tab: 'teams', id } };
    case 'person':
      return { screen: 'estate', params: { tab: 'people', find: title } };
    case 'runbook':
      return { screen: 'runbooks', params: { runbook: id } };
    case 'entry':
      if (incident !== null) return { screen: 'incident', params: { incident: incident.id, entry: id } };
      return service === null ? { screen: 'record', params: {} } : { screen: 'map', params: { service } };
  }
}
