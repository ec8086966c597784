/** Holds a search open: asks as it is typed, and again when something was written or the engine came back. */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { ChangeKey } from '../../../shared/contract/spec.ts';
import { bridge, call } from '../../bridge/client.ts';
import { SearchResults, type Found, type Question } from './results.ts';

/** Least time between two questions that pushes cause, ms. */
const SPACING = 500;
const KEYS: readonly ChangeKey[] = ['incidents', 'estate', 'runbooks'];

export function useSearch(question: Question | null): { results: SearchResults; found: Found } {
  const results = useMemo(() => new SearchResults((input) => call('search', input)), []);
  const key = JSON.stringify(question);
  useEffect(() => results.ask(JSON.parse(key) as Question | null), [results, key]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const again = (): void => {
      timer ??= setTimeout(() => {
        timer = null;
        results.again();
      }, SPACING);
    };
    const endChanges = bridge.onChanged(({ keys }) => {
      if (keys.some((one) => KEYS.includes(one))) again();
    });
    const endEngine = bridge.onEngine(({ state }) => {
      if (state === 'ready') again();
    });
    return () => {
      endChanges();
      endEngine();
      if (timer !== null) clearTimeout(timer);
    };
  }, [results]);
  return { results, found: useSyncExternalStore(results.subscribe, results.snapshot) };
}
