/** Finds what was ever written, decided, asked or named. It answers at every letter; Enter opens the first answer. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Hit } from '../../../shared/contract/search.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { useZone } from '../../state/zone.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Filters } from './Filters.tsx';
import { isNarrowed, questionOf, type Params } from './filters.ts';
import { hitKey, Hits, type HitsHandle } from './Hits.tsx';
import { placeOf } from './open.ts';
import type { Found, SearchResults } from './results.ts';
import styles from './Search.module.css';
import { useSearch } from './useSearch.ts';

const NO_FILTERS = { kind: '', who: '', within: '', when: '', from: '', to: '' };

export default function Search() {
  const params = useNavigation((state) => state.params);
  const replace = useNavigation((state) => state.replace);
  const go = useNavigation((state) => state.go);
  const back = useNavigation((state) => state.back);
  const zone = useZone();
  const today = useNow(60_000);
  const question = useMemo(() => questionOf(params, zone, today), [params, zone, today]);
  const { results, found } = useSearch(question);
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HitsHandle>(null);
  const [initial] = useState(params['at'] ?? null);
  const text = params['text'] ?? '';
  const answered = question === null || found.question !== null;
  useReady('search', answered);

  const set = (change: Record<string, string>): void => {
    const { at: _, ...rest } = { ...params, ...change };
    replace(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== '')));
  };
  const open = (hit: Hit): void => {
    replace({ ...params, at: hitKey(hit) });
    const { screen, params: place } = placeOf(hit);
    go(screen, place);
  };
  const toField = useCallback((): void => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const more = useCallback(() => results.more(), [results]);
  useEffect(() => {
    if (initial === null) toField();
  }, [initial, toField]);
  useKeys('Search', [
    { keys: '/', title: 'Search for something else', run: toField },
    { keys: 'Escape', title: 'Back', run: back },
  ]);
  useCommands([
    { id: 'search.everything', title: 'Search without filters', hint: 'this screen', run: () => set(NO_FILTERS) },
  ]);

  return (
    <div className={styles.search}>
      <header className={styles.head}>
        <TextField
          ref={field}
          label="Search the record"
          hideLabel
          className={styles.field}
          type="search"
          maxLength={500}
          placeholder="Words, or how they begin: what was written, services, people, stores, runbooks"
          value={text}
          onChange={(next) => set({ text: next })}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            const [first] = found.hits;
            if (event.key === 'ArrowDown') list.current?.enter();
            else if (event.key === 'Enter' && first !== undefined) open(first);
            else if (event.key === 'Escape' && text !== '') set({ text: '' });
            else if (event.key === 'Escape') back();
            else return;
            event.preventDefault();
          }}
        />
        <Filters params={params} set={set} />
        <p className={styles.line} role="status">
          {question !== null && found.question !== null && <Line found={found} />}
          {found.indexing !== null && <Behind indexing={found.indexing} results={results} />}
        </p>
      </header>
      {found.error !== null && (
        <div className={styles.failed}>
          <ErrorLine error={found.error} onRetry={() => results.again()} />
        </div>
      )}
      <Answers params={params} found={found} asked={question !== null} onEverything={() => set(NO_FILTERS)}>
        <Hits
          hits={found.hits}
          text={found.question?.text ?? ''}
          initial={initial}
          handle={list}
          onOpen={open}
          onLeave={toField}
          onEnd={more}
        />
      </Answers>
    </div>
  );
}

function Line({ found: { hits, more, ms } }: { found: Found }) {
  const shown = hits.length.toLocaleString('en');
  return (
    <span>
      {more ? `${shown} shown, more below` : hits.length === 1 ? '1 found' : `${shown} found`} ·{' '}
      {ms < 1 ? 'under 1' : Math.round(ms)} ms
    </span>
  );
}

/** How far the index is, and the same question again while it goes on. */
function Behind({
  indexing: { done, total },
  results,
}: {
  indexing: NonNullable<Found['indexing']>;
  results: SearchResults;
}) {
  const now = useNow();
  useEffect(() => results.again(), [now, results]);
  return (
    <span className={styles.behind}>
      Still reading the log: {done.toLocaleString('en')} of {total.toLocaleString('en')} ops. The newest come last.
    </span>
  );
}

function Answers({
  params,
  found,
  asked,
  onEverything,
  children,
}: {
  params: Params;
  found: Found;
  asked: boolean;
  onEverything(): void;
  children: React.ReactNode;
}) {
  if (!asked) {
    return (
      <EmptyState
        size="page"
        title="Everything that was written, decided, asked or named is found here."
        text="Type words or how they begin, in any order; case and accents do not count. Names come first, then what was written, the newest first."
      />
    );
  }
  if (found.question === null) return <Skeleton rows={8} />;
  if (found.hits.length > 0) return children;
  if (found.error !== null) return null;
  const text = params['text']?.trim() ?? '';
  return (
    <EmptyState
      size="page"
      title={
        text === ''
          ? 'Nothing was written there.'
          : `Nothing has ${text.includes(' ') ? 'all of these words' : `“${text}”`} in it.`
      }
      text={found.indexing === null ? undefined : 'The newest entries are not read yet; they come in as they are.'}
      action={isNarrowed(params) ? <Button onClick={onEverything}>Search everything</Button> : undefined}
    />
  );
}
