/** Items of a restoration plan as rows: what it is, why it stands there, what its gate measures, and what can be done now. */
import { Check, CircleDashed, CircleDot, SkipForward } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { RestorationItemView } from '../../../shared/contract/restoration.ts';
import type { RestorationState } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { ReasonDialog, type Reasoned } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Restoration.module.css';

const ICONS: Record<RestorationState, LucideIcon> = {
  waiting: CircleDashed,
  working: CircleDot,
  skipped: SkipForward,
  verified: Check,
};

export const isFinished = ({ verified, state }: RestorationItemView): boolean =>
  verified !== null || state === 'skipped';

const listed = (items: readonly { name: string }[]): string => {
  const names = items.slice(0, 3).map(({ name }) => name);
  return items.length > 3 ? `${names.join(', ')} and ${items.length - 3} more` : names.join(', ');
};

export function Items({
  incident,
  items,
  adopted,
  label,
}: {
  incident: string;
  items: readonly RestorationItemView[];
  adopted: boolean;
  label: string;
}) {
  const [question, setQuestion] = useState<Reasoned | null>(null);
  const [error, setError] = useState<{ item: string; message: string } | null>(null);
  const set = (item: RestorationItemView, state: RestorationState, reason?: string) =>
    call('restoration.step', { incident, item: item.id, state, ...(reason ? { reason } : {}) });
  const now = async (item: RestorationItemView, state: RestorationState): Promise<void> => {
    setError(null);
    const reply = await set(item, state);
    if (!reply.ok) setError({ item: item.id, message: reply.message });
  };
  const ask = (
    item: RestorationItemView,
    state: RestorationState,
    words: Pick<Reasoned, 'title' | 'confirm'> & Partial<Reasoned>,
  ): void => setQuestion({ quote: item.name, ...words, run: (reason) => set(item, state, reason) });
  const begin = (item: RestorationItemView): void => {
    const before = item.blockedBy.filter(({ verified }) => !verified);
    if (before.length === 0) void now(item, 'working');
    else
      ask(item, 'working', {
        title: 'Begin before its turn: why?',
        quote: `${item.name} waits for ${listed(before)}`,
        confirm: 'Begin all the same',
      });
  };
  const verify = (item: RestorationItemView): void => {
    if (item.gate.state === 'passed') void now(item, 'verified');
    else
      ask(item, 'verified', {
        title: 'Verified by hand: how?',
        quote: `${item.name}. ${item.gate.text}`,
        label: 'What was seen',
        confirm: 'Verified by hand',
      });
  };
  const skip = (item: RestorationItemView): void => ask(item, 'skipped', { title: 'Skip it: why?', confirm: 'Skip' });
  const back = (item: RestorationItemView): void =>
    item.state === 'verified'
      ? ask(item, 'waiting', { title: 'Not verified after all: why?', confirm: 'Back to waiting' })
      : void now(item, 'waiting');

  const act = (key: string, item: RestorationItemView): boolean => {
    if (!adopted) return false;
    if (key === 'Enter') {
      if (item.state === 'waiting' && item.verified === null) begin(item);
      else if (item.state === 'working' || (item.state === 'waiting' && item.verified !== null)) verify(item);
      else return false;
    } else if (key === 'h' && item.state !== 'verified') verify(item);
    else if (key === 's' && item.state !== 'skipped' && item.state !== 'verified') skip(item);
    else if (key === 'o' && item.state !== 'waiting') back(item);
    else return false;
    return true;
  };

  return (
    <>
      <List
        label={label}
        items={items}
        keyOf={({ id }) => id}
        className={styles.items}
        rowClassName={styles.row}
        onKey={act}
        render={(item, active) => {
          return (
            <>
              <Item item={item} whole={active} />
              {active && adopted && (
                <div className={styles.actions}>
                  {item.state === 'waiting' && item.verified === null && (
                    <Button tabIndex={-1} keys="Enter" onClick={() => begin(item)}>
                      Begin
                    </Button>
                  )}
                  {(item.state === 'working' || (item.state === 'waiting' && item.verified !== null)) && (
                    <Button tabIndex={-1} keys="Enter" onClick={() => verify(item)}>
                      Verified
                    </Button>
                  )}
                  {item.state === 'waiting' && item.verified === null && (
                    <Button tabIndex={-1} variant="quiet" keys="h" onClick={() => verify(item)}>
                      By hand
                    </Button>
                  )}
                  {(item.state === 'waiting' || item.state === 'working') && (
                    <Button tabIndex={-1} variant="quiet" keys="s" onClick={() => skip(item)}>
                      Skip
                    </Button>
                  )}
                  {item.state !== 'waiting' && (
                    <Button tabIndex={-1} variant="quiet" keys="o" onClick={() => back(item)}>
                      Back to waiting
                    </Button>
                  )}
                </div>
              )}
              {error?.item === item.id && <ErrorLine error={error.message} />}
            </>
          );
        }}
      />
      {question !== null && <ReasonDialog {...question} onClose={() => setQuestion(null)} />}
    </>
  );
}

function stateWords({ state, verified, ready, gate }: RestorationItemView): string {
  if (state === 'skipped') return 'skipped';
  if (state === 'verified') return verified === 'by-hand' ? 'verified by hand' : 'verified';
  if (verified === 'measured') return 'measured healthy';
  if (state === 'working') return gate.state === 'holding' ? 'working, its gate holds' : 'working';
  return ready ? 'can begin' : 'waits';
}

function Item({ item, whole }: { item: RestorationItemView; whole: boolean }) {
  const { zone } = useRoom();
  const Icon = ICONS[isFinished(item) && item.state !== 'skipped' ? 'verified' : item.state];
  const before = item.blockedBy.filter(({ verified }) => !verified);
  const [first] = item.services;
  return (
    <div className={styles.item} data-state={item.state} data-finished={isFinished(item) || undefined}>
      <span className={styles.icon}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div>
        <p className={styles.name}>
          <strong>{item.name}</strong>
          {item.services.length === 1 && first && <HealthMark health={first.health} word={false} />}
          <span className={styles.state}>{stateWords(item)}</span>
        </p>
        <p className={styles.why}>{(whole ? item.why : item.why.slice(0, 2)).join(' · ')}</p>
        {whole && (
          <>
            {item.services.length > 1 && (
              <ul className={styles.together}>
                {item.services.slice(0, 12).map(({ id, name, health }) => (
                  <li key={id}>
                    <HealthMark health={health} word={false} /> {name}
                  </li>
                ))}
              </ul>
            )}
            {before.length > 0 && <p className={styles.quiet}>waits for {listed(before)}</p>}
            {!isFinished(item) && (
              <p className={styles.quiet}>
                Gate: {item.gate.holdMinutes} min healthy by {item.gate.signals}. {item.gate.text}
              </p>
            )}
            {item.by !== null && item.at !== null && (
              <p className={styles.quiet}>
                {item.state} by {item.by.name} <TimeText at={item.at} zone={zone} />
                {item.reason !== null && <>: {item.reason}</>}
              </p>
            )}
          </>
        )}
        {item.conflict !== null && (
          <p className={styles.conflict}>
            Two answers: {item.conflict.heads.map(({ value, by }) => `${value ?? ''} (${by})`).join(', ')}. The one of
            less progress counts until one is kept above.
          </p>
        )}
      </div>
    </div>
  );
}
