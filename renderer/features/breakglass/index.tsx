/** Emergency access: what is in force, asked for and to be reviewed, with all that was done under it; sheets of sealed codes. */
import { useEffect, useState } from 'react';
import type { GrantView, SheetView } from '../../../shared/contract/breakglass.ts';
import { formatClock } from '../../../shared/domain/times.ts';
import { useCommands } from '../../app/commands.ts';
import { useReady } from '../../app/ready.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { openBreakGlass } from '../../state/dialogs.ts';
import { useKeys } from '../../state/keys.ts';
import { useNavigation } from '../../state/navigation.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { List } from '../../ui/List.tsx';
import { ReasonDialog, type Reasoned } from '../../ui/ReasonDialog.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { SplitPane } from '../../ui/SplitPane.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { ByPhone } from './ByPhone.tsx';
import styles from './Grants.module.css';
import { Prepare } from './Prepare.tsx';
import { capabilityWords, STATE_WORDS, WAY_WORDS } from './words.ts';

type Asking = Reasoned | 'prepare' | 'phone';

export default function Grants() {
  const { value, error, retry, readAt } = useQuery('breakglass.list', {}, [
    'grants',
    'incidents',
    'policies',
    'status',
  ]);
  const { params, replace, back } = useNavigation();
  const [asking, setAsking] = useState<Asking | null>(null);
  const wants = params['do'];
  useEffect(() => {
    if (wants === 'phone') setAsking('phone');
  }, [wants]);
  useReady('breakglass', value !== undefined);
  useKeys('Emergency access', [
    { keys: 'Escape', title: 'Back', run: back },
    { keys: 'b', title: 'Break glass', run: openBreakGlass },
    { keys: 'p', title: 'Approve by phone', run: () => setAsking('phone') },
    { keys: 'n', title: 'Prepare sealed codes', run: () => setAsking('prepare') },
  ]);
  useCommands([
    { id: 'breakglass.prepare', title: 'Prepare sealed codes', keys: 'n', run: () => setAsking('prepare') },
    { id: 'breakglass.phone', title: 'Approve emergency access by phone', keys: 'p', run: () => setAsking('phone') },
  ]);
  if (value === undefined)
    return error === null ? (
      <Skeleton rows={6} />
    ) : (
      <div className={styles.failed}>
        <ErrorLine error={error} onRetry={retry} />
      </div>
    );
  const shown = value.grants.find(({ id }) => id === params['grant']) ?? value.grants[0];
  return (
    <>
      <SplitPane
        id="breakglass"
        label="the emergency access"
        initial={640}
        min={420}
        max={1200}
        first={
          <div className={styles.lists}>
            <header className={styles.bar}>
              <Button variant="danger" keys="b" onClick={openBreakGlass}>
                Break glass
              </Button>
              <Button keys="p" onClick={() => setAsking('phone')}>
                Approve by phone
              </Button>
              <Button keys="n" onClick={() => setAsking('prepare')}>
                Prepare sealed codes
              </Button>
            </header>
            {value.lockedForMs > 0 && (
              <p className={styles.warning}>
                Codes were typed wrong too often: this console takes none for another {formatClock(value.lockedForMs)}.
              </p>
            )}
            <List
              label="Emergency access"
              main
              items={value.grants}
              keyOf={({ id }) => id}
              selected={shown?.id ?? null}
              glow
              onOpen={({ id }) => replace({ grant: id })}
              render={(grant) => <Row grant={grant} readAt={readAt} />}
              empty={
                <EmptyState
                  title="No emergency access was ever used."
                  text="Prepare sealed codes now: on the day when they are needed there is nobody to ask."
                />
              }
            />
            <h2 className={styles.heading}>Sealed codes</h2>
            <List
              label="Sealed codes"
              items={value.sheets}
              keyOf={({ id }) => id}
              onKey={(key, sheet) => {
                if (key !== 'x' || sheet.state === 'void') return false;
                setAsking(voiding(sheet));
                return true;
              }}
              render={(sheet, active) => (
                <Sheet sheet={sheet} active={active} onVoid={() => setAsking(voiding(sheet))} />
              )}
              empty={<p className={styles.none}>No sheet of codes was prepared.</p>}
            />
          </div>
        }
        second={shown === undefined ? undefined : <Detail key={shown.id} grant={shown} ask={setAsking} />}
      />
      {asking === 'prepare' && <Prepare limits={value.limits} onClose={() => setAsking(null)} />}
      {asking === 'phone' && <ByPhone onClose={() => setAsking(null)} />}
      {asking !== null && typeof asking === 'object' && <ReasonDialog {...asking} onClose={() => setAsking(null)} />}
    </>
  );
}

const voiding = ({ id, label }: SheetView): Reasoned => ({
  title: 'Make the codes void',
  quote: label,
  confirm: 'Make void',
  run: (reason) => call('breakglass.void', { sheet: id, reason }),
});

function Left({ grant, readAt }: { grant: GrantView; readAt: number | null }) {
  const now = useNow();
  if (grant.remainingMs === null) return null;
  const left = grant.remainingMs - Math.max(0, now - (readAt ?? now));
  return left > 0 ? <span role="timer">{formatClock(left)} left</span> : <span>over</span>;
}

function Row({ grant, readAt }: { grant: GrantView; readAt: number | null }) {
  const over = grant.state === 'ended' || grant.state === 'expired';
  return (
    <div className={styles.row} data-force={grant.state === 'in-force' || undefined}>
      <span className={styles.line}>
        <span className={styles.state}>{STATE_WORDS[grant.state]}</span>
        <strong className={styles.grow}>{grant.holder.name}</strong>
        <Left grant={grant} readAt={readAt} />
      </span>
      <span className={styles.quiet}>
        {grant.label} · {capabilityWords(grant.capabilities)}
        {grant.incidents.length > 0 && ` · ${grant.incidents.map(({ label }) => label).join(', ')}`} ·{' '}
        {grant.console.name}
      </span>
      {over && !grant.reviewed && <span className={styles.warning}>! to be reviewed by somebody else</span>}
      {grant.alarms.map((alarm) => (
        <span key={alarm} className={styles.warning}>
          ! {alarm}
        </span>
      ))}
    </div>
  );
}

function Sheet({ sheet, active, onVoid }: { sheet: SheetView; active: boolean; onVoid(): void }) {
  const words = { good: 'good', 'used-up': 'used up', expired: 'expired', void: 'void' };
  return (
    <div className={styles.row}>
      <span className={styles.line}>
        <strong className={styles.grow}>{sheet.label}</strong>
        <span>
          {words[sheet.state]}, {sheet.used} of {sheet.total} used
        </span>
      </span>
      <span className={styles.quiet}>
        {sheet.person === null ? capabilityWords(sheet.capabilities) : `proves ${sheet.person.name}`} · until{' '}
        <TimeText at={sheet.expiresAt} /> · by {sheet.by.name}
      </span>
      {active && sheet.state !== 'void' && (
        <Button variant="quiet" keys="x" onClick={onVoid}>
          Make void
        </Button>
      )}
    </div>
  );
}

function Detail({ grant, ask }: { grant: GrantView; ask(asked: Reasoned): void }) {
  const { value, error } = useQuery('breakglass.acts', { grant: grant.id }, ['grants', 'incidents']);
  const go = useNavigation((state) => state.go);
  const { id, label } = grant;
  const review = (verdict: 'proper' | 'finding'): void =>
    ask({
      title: verdict === 'proper' ? `Review ${label}: proper` : `Review ${label}: something has to follow`,
      quote: `${grant.holder.name}: ${grant.reason}`,
      label:
        verdict === 'proper' ? 'What you looked at, and why it was right' : 'What you found, and what has to follow',
      confirm: 'Write the review',
      run: (text) => call('breakglass.review', { grant: id, verdict, text }),
    });
  return (
    <article className={styles.detail} aria-label={`Emergency access ${label}`}>
      <h2 className={styles.title} data-force={grant.state === 'in-force' || undefined}>
        {label}: {STATE_WORDS[grant.state]}
      </h2>
      <p>{grant.reason}</p>
      {grant.alarms.map((alarm) => (
        <ErrorLine key={alarm} error={alarm} />
      ))}
      <Facts
        facts={[
          { name: 'Holder', value: grant.holder.name },
          { name: 'How', value: grant.way === null ? 'asked for' : WAY_WORDS[grant.way] },
          { name: grant.way === 'two-persons' ? 'Second person' : 'Approved by', value: grant.witness?.name ?? '–' },
          { name: 'May', value: capabilityWords(grant.capabilities) },
          {
            name: 'In',
            value:
              grant.incidents.length === 0
                ? 'no incident'
                : grant.incidents.map((one) => (
                    <button
                      key={one.id}
                      type="button"
                      className={styles.link}
                      onClick={() => go('incident', { incident: one.id })}
                    >
                      {one.label} {one.title}
                    </button>
                  )),
          },
          { name: 'Console', value: grant.console.name },
          { name: grant.way === null ? 'Asked' : 'Opened', value: <TimeText at={grant.at} seconds /> },
          { name: 'Expires', value: grant.expiresAt === null ? '–' : <TimeText at={grant.expiresAt} seconds /> },
          {
            name: 'Ended',
            value:
              grant.ended === null ? (
                '–'
              ) : (
                <>
                  <TimeText at={grant.ended.at} seconds /> {grant.ended.by.name}
                  {grant.ended.reason === null ? '' : `: ${grant.ended.reason}`}
                </>
              ),
          },
        ]}
      />
      <p className={styles.bar}>
        {grant.mayAnswer && (
          <>
            <Button
              variant="primary"
              onClick={() =>
                ask({
                  title: `Approve ${label}`,
                  quote: `${grant.holder.name}: ${capabilityWords(grant.capabilities)}. ${grant.reason}`,
                  label: 'Note (may stay empty)',
                  confirm: 'Approve',
                  optional: true,
                  run: (reason) => call('breakglass.approve', { grant: id, ...(reason === '' ? {} : { reason }) }),
                })
              }
            >
              Approve
            </Button>
            <Button
              onClick={() =>
                ask({
                  title: `Refuse ${label}`,
                  quote: `${grant.holder.name}: ${grant.reason}`,
                  confirm: 'Refuse',
                  run: (reason) => call('breakglass.refuse', { grant: id, reason }),
                })
              }
            >
              Refuse
            </Button>
          </>
        )}
        {grant.mayOpen && grant.state === 'approved' && (
          <Button variant="danger" onClick={() => void call('breakglass.open', { grant: id })}>
            Open it
          </Button>
        )}
        {grant.mayEnd && (
          <Button
            onClick={() =>
              ask({
                title: `End ${label}`,
                quote: grant.reason,
                label: 'Note (may stay empty)',
                confirm: 'End it now',
                optional: true,
                run: (reason) => call('breakglass.end', { grant: id, ...(reason === '' ? {} : { reason }) }),
              })
            }
          >
            End it now
          </Button>
        )}
        {grant.mayReview && (
          <>
            <Button variant="primary" onClick={() => review('proper')}>
              Reviewed: proper
            </Button>
            <Button onClick={() => review('finding')}>Reviewed: something has to follow</Button>
          </>
        )}
      </p>
      {grant.reviews.map(({ by, at, verdict, text }) => (
        <p key={`${by.id} ${at}`}>
          <strong>{verdict === 'proper' ? 'Proper' : 'Something has to follow'}</strong>, {by.name} <TimeText at={at} />
          : {text}
        </p>
      ))}
      {grant.way !== null && (
        <section aria-label="Done under it">
          <h3 className={styles.heading}>
            Done under it{value === undefined ? '' : `: ${value.acts.length}${value.more ? ' and more' : ''}`}
          </h3>
          <ErrorLine error={error} />
          <ol className={styles.acts}>
            {value?.acts.map(({ op, at, actor, incident, summary }) => (
              <li key={op}>
                <TimeText at={at} seconds className={styles.quiet} /> {actor.name}: {summary}
                {incident !== null && <span className={styles.quiet}> {incident.label}</span>}
              </li>
            ))}
          </ol>
          {value?.acts.length === 0 && <p className={styles.quiet}>Nothing was done under it.</p>}
        </section>
      )}
    </article>
  );
}
