/** Everything that consoles said apart from each other and nobody has settled, the most pressing first. */
import { useEffect, useRef, useState } from 'react';
import { useReady } from '../../app/ready.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ConflictList } from './ConflictList.tsx';
import styles from './Conflicts.module.css';

/** As many as are drawn at once, and how many more each time somebody wants more. */
const PAGE = 50;
/** The most that is told of. */
const MOST = 1000;

export default function Conflicts() {
  const { params, back } = useNavigation();
  const [limit, setLimit] = useState(PAGE);
  // The one that was asked for stays where it is until another is.
  const asked = params['key'];
  const { value, error, retry } = useQuery('conflicts', { limit, ...(asked === undefined ? {} : { first: asked }) }, [
    'incidents',
    'estate',
  ]);
  const box = useRef<HTMLDivElement>(null);
  const there = value !== undefined && value.conflicts.length > 0;
  useReady('conflicts', value !== undefined);
  useKeys('Conflicts', [
    {
      keys: '1',
      title: 'Keep the first answer of the conflict with the focus; 2 the second, and so on',
      run: () => {},
    },
    { keys: 'Escape', title: 'Back', run: back },
  ]);
  // What was asked for has the focus, so that one key settles it.
  useEffect(() => {
    if (there) box.current?.querySelector<HTMLElement>('[role=row][tabindex="0"]')?.focus();
  }, [there]);
  if (value === undefined) return error === null ? <Skeleton rows={6} /> : <ErrorLine error={error} onRetry={retry} />;
  if (value.conflicts.length === 0)
    return (
      <EmptyState
        size="page"
        title="Nothing is contested."
        text="What consoles say apart from each other while they are cut off stands here side by side until one answer is kept."
      />
    );
  return (
    <div ref={box} className={styles.screen}>
      <ErrorLine error={error} />
      <ConflictList conflicts={value.conflicts} where selected={asked ?? null} main />
      {value.total > value.conflicts.length && (
        <p className={styles.more}>
          {value.conflicts.length.toLocaleString('en')} of {value.total.toLocaleString('en')}, the most pressing first;
          the next come up as these are settled.
          {limit < MOST && <Button onClick={() => setLimit(Math.min(MOST, limit + PAGE))}>Show more</Button>}
        </p>
      )}
    </div>
  );
}
