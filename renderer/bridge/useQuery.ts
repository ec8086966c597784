/** Reads a query of the table and keeps it read. The rules of re-reading are `QueryCache`'s. */
import { useCallback, useMemo, useRef, useSyncExternalStore } from 'react';
import type { ChangeKey } from '../../shared/contract/spec.ts';
import type { Input, Output, QueryName } from '../../shared/contract/table.ts';
import { ask, bridge } from './client.ts';
import { QueryCache } from './query-cache.ts';
import type { Answer } from './query-cache.ts';

const cache = new QueryCache((name, input) => ask(name as QueryName, input as Input<QueryName>));

bridge.onChanged(({ keys }) => {
  // Who unlocked decides what may be read at all.
  if (keys.includes('access') && keys.includes('session')) cache.handOver();
  else cache.changed(keys);
});

/** Whether an engine was there before: what was asked of the first one is answered by it and need not be asked again. */
let again = false;
bridge.onEngine(({ state }) => {
  if (state === 'ready' && again) cache.refresh();
  again ||= state !== 'starting';
});

/** How long an answer that was asked for in advance is kept fresh for a screen that does not come, ms. */
const AHEAD = 10_000;

/** Asks before the screen that shows it has been built, so that the two do not wait for each other. */
export function askAhead<K extends QueryName>(name: K, input: Input<K>, keys: readonly ChangeKey[]): void {
  setTimeout(
    cache.watch(name, input, keys, () => undefined),
    AHEAD,
  );
}

export interface Query<T> extends Answer<T> {
  retry(): void;
}

/**
 * The answer to a query, read again whenever one of `keys` changes. `value` stays while it is read again; `input` null
 * asks nothing. `readAt` says when the value was read, ms since 1970 UTC; `retry` asks again at once.
 */
export function useQuery<K extends QueryName>(
  name: K,
  input: Input<K> | null,
  keys: readonly ChangeKey[],
): Query<Output<K>> {
  const key = input === null ? null : QueryCache.key(name, input);
  const keyList = keys.join(' ');
  const latest = useRef(input);
  latest.current = input;
  const watch = useCallback(
    (listener: () => void) =>
      key === null
        ? () => undefined
        : cache.watch(name, latest.current, keyList === '' ? [] : (keyList.split(' ') as ChangeKey[]), listener),
    [name, key, keyList],
  );
  const answer = useSyncExternalStore(watch, () => cache.peek(key)) as Answer<Output<K>>;
  return useMemo(() => ({ ...answer, retry: () => (key === null ? undefined : cache.retry(key)) }), [answer, key]);
}
