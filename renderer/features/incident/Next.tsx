/** What is next and who has it: what nobody does yet, then every open ask with its owner and its running clock. */
import { Check } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { AskView } from '../../../shared/contract/incident.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { formatClock } from '../../../shared/domain/times.ts';
import type { Role } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { ROLE_WORDS } from '../../ui/words.ts';
import { Workspace } from '../workspace/Workspace.tsx';
import { ModelLine } from '../proposal/Proposed.tsx';
import { Checklist } from '../people/Checklist.tsx';
import { lensOf, nextLens } from '../people/lens.ts';
import { Pressing } from '../people/Pressing.tsx';
import { Proposals } from '../people/Proposals.tsx';
import { Teams } from '../people/Teams.tsx';
import { useClock, usePeople } from '../people/usePeople.ts';
import { UpdatesDue } from '../updates/UpdatesDue.tsx';
import { extended, nextAskState } from './act.ts';
import { Column } from './Column.tsx';
import styles from './Next.module.css';
import { useRoom } from './room.ts';

const NONE: never[] = [];

const isOpen = ({ state }: AskView): boolean => state === 'open' || state === 'acknowledged';

export interface NextProps {
  /** Whose eyes the room is seen with; null for the whole of it. */
  lens: Role | null;
  onLens(role: Role | null): void;
  checklist: boolean;
  onChecklist(open: boolean): void;
}

export function Next({ lens, onLens, checklist, onChecklist }: NextProps) {
  const { incident, zone, open, write } = useRoom();
  const now = useNow(1000);
  const people = usePeople(incident.id);
  const due = useClock(incident.id);
  const list = people?.checklists.find(({ role }) => role === (lens ?? 'commander'));
  const [error, setError] = useState<{ ask: string; message: string } | null>(null);
  const [closedShown, setClosedShown] = useState(false);
  const asks = incident.asks.filter(isOpen);
  const closed = incident.asks.filter((ask) => !isOpen(ask));
  const live = !isOver(incident.status);

  const change = async (ask: AskView, what: { state?: AskView['state']; minutes?: number }): Promise<void> => {
    setError(null);
    const reply = await call('incident.ask.change', { incident: incident.id, ask: ask.id, ...what });
    if (!reply.ok) setError({ ask: ask.id, message: reply.message });
  };
  const advance = (ask: AskView): void => {
    // When the time is up the question is whether it is done, also when nobody said that they have it.
    const late = ask.dueAt !== null && ask.dueAt < now;
    const state = late && isOpen(ask) ? 'done' : nextAskState(ask.state);
    if (state !== null) void change(ask, { state });
  };

  return (
    <Column
      title="Next"
      jump="1"
      note={asks.length > 0 ? `${asks.length} open` : undefined}
      actions={
        <Button variant="quiet" keys="a" onClick={() => write('/ask @')}>
          Ask
        </Button>
      }
      above={
        <Button
          variant="quiet"
          keys="l"
          className={styles.lens}
          title="See the room as another role does"
          onClick={() => onLens(nextLens(lens))}
        >
          {lens === null ? 'Seen whole' : `As ${ROLE_WORDS[lens].toLowerCase()}`}
        </Button>
      }
    >
      {live && incident.commander === null && (
        <div className={styles.missing}>
          <span>Nobody commands.</span>
          <Button onClick={() => open({ ask: 'role', role: 'commander' })}>Assign</Button>
        </div>
      )}
      {live && <ModelLine />}
      {lensOf(lens).parts.map((part) => (
        <Fragment key={part}>
          {part === 'pressing' && <Pressing due={due ?? NONE} people={people} />}
          {part === 'decisions' && <Proposals proposals={people?.proposals ?? NONE} />}
          {part === 'checklist' && list && <Checklist list={list} open={checklist} onOpen={onChecklist} />}
          {part === 'asks' && (
            <div data-first="">
              <List
                label="Open asks"
                items={asks}
                keyOf={(ask) => ask.id}
                glow
                className={styles.list}
                rowClassName={styles.row}
                onKey={(key, ask) => {
                  if (key === 'Enter') advance(ask);
                  else if (key === 'e') void change(ask, { minutes: extended(ask.dueAt, Date.now()) });
                  else if (key === 'o') open({ ask: 'owner', of: ask });
                  else if (key === 'x') void change(ask, { state: 'cancelled' });
                  else return false;
                  return true;
                }}
                empty={
                  <EmptyState
                    title={live ? 'Nobody is asked to do anything.' : 'Nothing is open.'}
                    text={live ? 'One task, one named person, one clock.' : undefined}
                    action={
                      live ? (
                        <Button keys="a" onClick={() => write('/ask @')}>
                          Ask somebody
                        </Button>
                      ) : undefined
                    }
                  />
                }
                render={(ask, active) => (
                  <>
                    <Ask ask={ask} zone={zone} whole={active} />
                    {active && (
                      <div className={styles.actions}>
                        <Button keys="Enter" onClick={() => advance(ask)}>
                          {ask.state === 'open' && !(ask.dueAt !== null && ask.dueAt < now) ? 'Has it' : 'Done'}
                        </Button>
                        <Button
                          variant="quiet"
                          keys="e"
                          onClick={() => void change(ask, { minutes: extended(ask.dueAt, Date.now()) })}
                        >
                          +10 min
                        </Button>
                        <Button variant="quiet" keys="o" onClick={() => open({ ask: 'owner', of: ask })}>
                          Hand over
                        </Button>
                        <Button variant="quiet" keys="x" onClick={() => void change(ask, { state: 'cancelled' })}>
                          Call off
                        </Button>
                      </div>
                    )}
                    {error?.ask === ask.id && <ErrorLine error={error.message} />}
                  </>
                )}
              />
              <Workspace incident={incident} />
              {closed.length > 0 && (
                <div className={styles.closed}>
                  <Button variant="quiet" aria-expanded={closedShown} onClick={() => setClosedShown(!closedShown)}>
                    {closed.length} finished
                  </Button>
                  {closedShown && (
                    <List
                      label="Finished asks"
                      items={closed}
                      keyOf={(ask) => ask.id}
                      rowClassName={styles.row}
                      onKey={(key, ask) => {
                        if (key !== 'o') return false;
                        void change(ask, { state: 'open' });
                        return true;
                      }}
                      render={(ask, active) => (
                        <>
                          <p className={styles.done} data-state={ask.state}>
                            {ask.state === 'done' && <Check size={14} aria-label="done" />}
                            {ask.state === 'cancelled' && <span>called off: </span>}
                            {ask.text}
                          </p>
                          <p className={styles.quiet}>
                            {ask.owner?.name ?? 'nobody'}
                            {ask.stateAt !== null && (
                              <>
                                , <TimeText at={ask.stateAt} zone={zone} />
                              </>
                            )}
                          </p>
                          {active && (
                            <div className={styles.actions}>
                              <Button variant="quiet" keys="o" onClick={() => void change(ask, { state: 'open' })}>
                                Open again
                              </Button>
                            </div>
                          )}
                          {error?.ask === ask.id && <ErrorLine error={error.message} />}
                        </>
                      )}
                    />
                  )}
                </div>
              )}
              <Teams teams={people?.teams ?? NONE} />
            </div>
          )}
        </Fragment>
      ))}
      <UpdatesDue incident={incident.id} onOpen={(audience) => open({ ask: 'update', audience })} />
    </Column>
  );
}

function Ask({ ask, zone, whole }: { ask: AskView; zone: string; whole: boolean }) {
  const now = useNow();
  const left = ask.dueAt === null ? null : ask.dueAt - now;
  const over = left !== null && left < 0;
  return (
    <div className={styles.ask} data-over={over || undefined}>
      <p className={styles.who}>
        <strong className={ask.owner === null ? styles.nobody : undefined}>
          {ask.owner?.name ?? 'nobody owns it'}
        </strong>
        <span className={styles.state} data-state={ask.state}>
          {ask.state === 'acknowledged' ? 'has it ✓' : 'not acknowledged'}
        </span>
      </p>
      <p className={styles.clock}>
        {left === null ? (
          <span className={styles.quiet}>no limit</span>
        ) : (
          <time dateTime={new Date(ask.dueAt!).toISOString()} title={over ? 'overdue' : 'time left'}>
            {formatClock(left)}
            {over && (
              <>
                <span aria-hidden="true"> !</span>
                <span className="visually-hidden"> overdue</span>
              </>
            )}
          </time>
        )}
      </p>
      <p className={styles.text} data-whole={whole || undefined}>
        {ask.text}
      </p>
      <p className={styles.quiet}>
        asked <TimeText at={ask.openedAt} zone={zone} /> by {ask.openedBy.name}
      </p>
    </div>
  );
}
