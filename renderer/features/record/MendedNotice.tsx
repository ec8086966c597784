/** Says on every screen that the data folder was restored, until somebody has read what came of it. */
import { useEffect, useState } from 'react';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useDismissed } from './dismissed.ts';
import { count, lostOps } from '../../../shared/domain/record/lost.ts';

/** Asked after the first screen stands, ms: it changes only when the engine starts. */
const AFTER = 1500;

export function MendedNotice({ className }: { className: string | undefined }) {
  const [asked, setAsked] = useState(false);
  const screen = useNavigation((state) => state.screen);
  const go = useNavigation((state) => state.go);
  const dismissed = useDismissed((state) => state.at);
  useEffect(() => {
    const id = setTimeout(() => setAsked(true), AFTER);
    return () => clearTimeout(id);
  }, []);
  const { value } = useQuery('record.show', asked ? {} : null, ['record']);
  const restored = value?.restored ?? null;
  if (restored === null || restored.at <= dismissed || screen === 'record') return null;
  const lost = lostOps(restored);
  return (
    <p className={className}>
      The record was restored at <TimeText at={restored.at} />:{' '}
      {lost === 0 ? 'nothing that is known of is missing.' : `${count(lost, 'op')} are missing.`}{' '}
      <Button onClick={() => go('record')}>Show the report</Button>
    </p>
  );
}
