/**
 * What rules ask of an incident: emergency access that reaches it, legal holds, exceptions that run, and the assessment of a
 * breach, which opens by itself. Nothing is drawn while there is nothing.
 */
import { useState } from 'react';
import type { BreachView, ExceptionView, GovernanceView, HoldView } from '../../../shared/contract/governance.ts';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { useCommands } from '../../app/commands.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Part } from '../../ui/Part.tsx';
import { ReasonDialog, type Reasoned } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Governance.module.css';

export function Governance({ incident }: { incident: IncidentView }) {
  const { id, label } = incident;
  const { value } = useQuery('incident.governance', { incident: id }, ['grants', 'policies', `incident:${id}`]);
  const [asked, setAsked] = useState<Reasoned | null>(null);
  const holds = (value?.holds ?? []).filter(({ released }) => released === null);
  const setHold = (): void =>
    setAsked({
      title: 'Set a legal hold',
      quote: 'Nothing that concerns this incident is deleted until the hold is released.',
      label: 'Who asks for it, and why',
      confirm: 'Set the hold',
      run: (reason) => call('hold.set', { incident: id, reason }),
    });
  const release = (hold: HoldView): void =>
    setAsked({
      title: 'Release the legal hold',
      quote: hold.reason,
      confirm: 'Release it',
      run: (reason) => call('hold.release', { incident: id, hold: hold.id, reason }),
    });
  const end = (exception: ExceptionView): void =>
    setAsked({
      title: exception.state === 'expired' ? 'What came of the exception?' : 'End the exception',
      quote: exception.rule,
      label: 'What came of it',
      confirm: exception.state === 'expired' ? 'Write it down' : 'End it',
      run: (reason) => call('exception.end', { exception: exception.id, reason }),
    });
  useCommands([
    { id: 'room.hold', title: 'Set a legal hold', hint: label, run: setHold },
    ...holds.map((hold) => ({
      id: `room.release.${hold.id}`,
      title: 'Release the legal hold',
      hint: label,
      run: () => release(hold),
    })),
  ]);
  const exceptions = (value?.exceptions ?? []).filter(({ state }) => state !== 'ended');
  return (
    <>
      {value !== undefined && value.grants.length > 0 && <Grants grants={value.grants} />}
      {holds.length > 0 && (
        <Part label="Legal hold" className={styles.part}>
          <List
            label="Legal holds"
            items={holds}
            keyOf={(hold) => hold.id}
            rowClassName={styles.row}
            onKey={(key, hold) => key === 'x' && (release(hold), true)}
            render={(hold, active) => (
              <>
                <p>
                  <strong>Nothing is deleted.</strong> {hold.reason}
                </p>
                <p className={styles.quiet}>
                  {hold.by.name} <TimeText at={hold.at} />
                </p>
                {active && (
                  <Button variant="quiet" keys="x" onClick={() => release(hold)}>
                    Release
                  </Button>
                )}
              </>
            )}
          />
        </Part>
      )}
      {exceptions.length > 0 && <Exceptions list={exceptions} end={end} />}
      {value !== undefined && value.breach.items.length > 0 && (
        <Breach incident={id} breach={value.breach} ask={setAsked} />
      )}
      {asked !== null && <ReasonDialog {...asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function Grants({ grants }: { grants: GovernanceView['grants'] }) {
  const go = useNavigation((state) => state.go);
  return (
    <Part label="Emergency access" className={styles.part}>
      <List
        label="Emergency access"
        items={grants}
        keyOf={({ id }) => id}
        rowClassName={styles.row}
        onOpen={({ id }) => go('breakglass', { grant: id })}
        render={({ label, state, reviewed }) => (
          <p>
            <strong className={state === 'in-force' ? styles.loud : undefined}>{label}</strong>{' '}
            {state.replace('-', ' ')}
            {(state === 'ended' || state === 'expired') && (
              <span className={reviewed ? styles.quiet : styles.warning}>
                {reviewed ? ', reviewed' : ', ! to be reviewed before closing'}
              </span>
            )}
          </p>
        )}
      />
    </Part>
  );
}

function Exceptions({ list, end }: { list: readonly ExceptionView[]; end(exception: ExceptionView): void }) {
  const now = useNow();
  return (
    <Part label="Exceptions" title="Exceptions from policies" className={styles.part}>
      <List
        label="Exceptions"
        items={list}
        keyOf={({ id }) => id}
        rowClassName={styles.row}
        onKey={(key, one) => key === 'x' && (end(one), true)}
        render={(one, active) => (
          <>
            <p>
              <strong>{one.rule}</strong>
              {one.policy !== null && <span className={styles.quiet}> ({one.policy})</span>}{' '}
              {one.until > now && one.state === 'in-force' ? (
                <span>in force, {formatDuration(one.until - now)} left</span>
              ) : (
                <span className={styles.warning}>! over, say what came of it</span>
              )}
            </p>
            <p className={styles.quiet}>
              {one.owner.name} answers for it. {one.reason}
            </p>
            {active && (
              <Button variant="quiet" keys="x" onClick={() => end(one)}>
                {one.state === 'expired' ? 'Say what came of it' : 'End it'}
              </Button>
            )}
          </>
        )}
      />
    </Part>
  );
}

function Breach({ incident, breach, ask }: { incident: string; breach: BreachView; ask(asked: Reasoned): void }) {
  const now = useNow(60_000);
  const [error, setError] = useState<string | null>(null);
  const { items, clocks, suspicion } = breach;
  const open = items.filter(({ state }) => state === 'open').length;
  const tick = async (item: BreachView['items'][number]): Promise<void> => {
    const reply = await call('breach.answer', {
      incident,
      item: item.id,
      state: item.state === 'open' ? 'done' : 'open',
    });
    setError(reply.ok ? null : reply.message);
  };
  const notNeeded = (item: BreachView['items'][number]): void =>
    ask({
      title: 'Not needed: why?',
      quote: item.text,
      label: 'Somebody will ask later: why not?',
      confirm: 'Write it down',
      run: (note) => call('breach.answer', { incident, item: item.id, state: 'not-needed', note }),
    });
  return (
    <Part
      label="Assessment of a breach"
      title={
        <>
          Breach {suspicion === 'none' ? 'no longer suspected' : suspicion}: {items.length - open} of {items.length}{' '}
          answered
        </>
      }
      className={styles.part}
    >
      {clocks.map(({ id, title, dueAt, over }) => (
        <p key={id} className={over ? styles.quiet : dueAt < now ? styles.loud : undefined}>
          {title}:{' '}
          {over
            ? 'answered'
            : dueAt < now
              ? `! ${formatDuration(now - dueAt)} overdue`
              : `${formatDuration(dueAt - now)} left`}
          , until <TimeText at={dueAt} />
        </p>
      ))}
      <List
        label="Assessment of a breach"
        items={items}
        keyOf={({ id }) => id}
        rowClassName={styles.row}
        onKey={(key, item) => {
          if (key === 'n') notNeeded(item);
          else if (key === 'Enter' || key === ' ') void tick(item);
          else return false;
          return true;
        }}
        render={(item, active) => (
          <>
            <label className={styles.item} data-done={item.state !== 'open' || undefined}>
              <input type="checkbox" tabIndex={-1} checked={item.state !== 'open'} onChange={() => void tick(item)} />
              <span>
                {item.text}
                {item.state !== 'open' && item.by !== null && (
                  <span className={styles.quiet}>
                    {' '}
                    {item.state === 'not-needed' ? 'not needed, ' : ''}
                    {item.by.name}
                    {item.note === null ? '' : `: ${item.note}`}
                  </span>
                )}
              </span>
            </label>
            {active && item.state === 'open' && (
              <Button variant="quiet" keys="n" onClick={() => notNeeded(item)}>
                Not needed
              </Button>
            )}
          </>
        )}
      />
      <ErrorLine error={error} />
    </Part>
  );
}
