/** What it costs, read again whenever health, the incidents or the estate changed. */
import { useQuery } from '../../bridge/useQuery.ts';

const KEYS = ['health', 'incidents', 'estate', 'stores'] as const;

/** Everything, or one incident with the business services that it hurts. */
export function useImpact(incident?: string) {
  return useQuery('impact', incident === undefined ? {} : { incident }, KEYS);
}

/** Everything, resolved incidents too. */
export function useAllImpact() {
  return useQuery('impact', { all: true }, KEYS);
}
