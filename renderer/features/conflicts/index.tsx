/** Everything that consoles said apart from each other and nobody has settled, the most pressing first. */
import { useEffect, useRef } from 'react';
import { useReady } from '../../app/ready.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { ConflictList } from './ConflictList.tsx';
import styles from './Conflicts.module.css';

export default function Conflicts() {
  const { params, back } = useNavigation();
  const { value, error, retry } = useQuery('conflicts', {}, ['incidents', 'estate']);
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
      <ConflictList conflicts={value.conflicts} where selected={params['key'] ?? null} main />
    </div>
  );
}
