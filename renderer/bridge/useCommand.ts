/** Runs a command and keeps its refusal, so that the error stands beside what caused it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { call } from './client.ts';
import type { QueryError } from './query-cache.ts';

export interface CommandHandle<K extends Name> {
  /** Resolves with the reply; a refusal is kept in `error` as well. */
  run(input: Input<K>): Promise<Reply<Output<K>>>;
  busy: boolean;
  error: QueryError | null;
  clear(): void;
}

export function useCommand<K extends Name>(name: K): CommandHandle<K> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<QueryError | null>(null);
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  const run = useCallback(
    async (input: Input<K>) => {
      setBusy(true);
      setError(null);
      const reply = await call(name, input);
      if (mounted.current) {
        setBusy(false);
        if (!reply.ok) setError({ code: reply.code, message: reply.message });
      }
      return reply;
    },
    [name],
  );
  const clear = useCallback(() => setError(null), []);
  return { run, busy, error, clear };
}
