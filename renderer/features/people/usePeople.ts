/** Who runs the incident and what falls due in it, read again with every change and, as time passes, every half minute. */
import { useEffect } from 'react';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNow } from '../../state/now.ts';

const KEYS = ['incidents', 'estate', 'settings'] as const;
/** Silence becomes worth a word by itself, without a change that tells of it, ms. */
const AGAIN = 30_000;

export function usePeople(incident: string) {
  return useQuery('incident.people', { incident }, KEYS).value;
}

export function useClock(incident: string) {
  const { value, retry } = useQuery('incident.clock', { incident }, ['incidents', 'estate', 'health', 'settings']);
  const now = useNow(AGAIN);
  useEffect(() => retry(), [now]); // eslint-disable-line react-hooks/exhaustive-deps
  return value;
}
