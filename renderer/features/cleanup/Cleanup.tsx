/**
 * What the incident left to be put right, counted and owned, and what the facts propose. Invariant: what stays open is
 * either counted down to nothing or answered for by name, and the incident can be closed only then.
 */
import { CheckCheck, CircleDashed, CircleDot } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { CleanupItemView, CleanupProposal } from '../../../shared/contract/cleanup.ts';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { CLEANUP_WORDS } from '../../../shared/domain/cleanup.ts';
import { money } from '../../../shared/domain/impact/money.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { CleanupState } from '../../../shared/domain/words.ts';
import { useCommands } from '../../app/commands.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Part } from '../../ui/Part.tsx';
import { ReasonDialog, type Reasoned } from '../../ui/ReasonDialog.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRoom } from '../incident/room.ts';
import { Accept } from './Accept.tsx';
import styles from './Cleanup.module.css';
import { Counts } from './Counts.tsx';
import { ItemForm } from './ItemForm.tsx';

const ICONS: Record<CleanupState, LucideIcon> = { open: CircleDashed, doing: CircleDot, reconciled: CheckCheck };

type Asked =
  | { ask: 'add' }
  | { ask: 'edit'; item: CleanupItemView }
  | { ask: 'counts'; item: CleanupItemView }
  | { ask: 'accept'; item: CleanupItemView }
  | ({ ask: 'why' } & Reasoned);

export function Cleanup({ incident }: { incident: IncidentView }) {
  const { value, error } = useQuery('incident.cleanup', { incident: incident.id }, ['incidents', 'stores']);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [shown, setShown] = useState(false);
  const [failed, setFailed] = useState<{ at: string; message: string } | null>(null);
  const close = (): void => setAsked(null);
  const add = (): void => setAsked({ ask: 'add' });
  useCommands(
    useMemo(
      () => [{ id: 'room.cleanup', title: 'Add something to clean up', hint: incident.label, run: add }],
      [incident.label],
    ),
  );
  if (value === undefined) return error === null ? null : <ErrorLine error={error} />;
  const over = isOver(incident.status);
  const closed = incident.status === 'closed';
  const late = over || incident.status === 'monitoring';
  const { items, proposals } = value;
  const run = async (at: string, work: () => Promise<Reply>): Promise<void> => {
    setFailed(null);
    const reply = await work();
    if (!reply.ok) setFailed({ at, message: reply.message });
  };
  const by = (item: CleanupItemView) => ({ incident: incident.id, item: item.id });
  const reopen = (item: CleanupItemView): void =>
    setAsked({
      ask: 'why',
      title: 'Open it again: why?',
      quote: item.title,
      confirm: 'Open again',
      run: (reason) => call('cleanup.state', { ...by(item), state: 'open', reason }),
    });
  const act = (key: string, item: CleanupItemView): boolean => {
    if (key === 'Enter' && item.state === 'open')
      void run(item.id, () => call('cleanup.state', { ...by(item), state: 'doing' }));
    else if ((key === 'Enter' || key === 'd') && item.state !== 'reconciled') setAsked({ ask: 'counts', item });
    else if (key === 'y' && item.state !== 'reconciled') setAsked({ ask: 'accept', item });
    else if (key === 'e' && !closed) setAsked({ ask: 'edit', item });
    else if (key === 'o' && item.state === 'reconciled') reopen(item);
    else return false;
    return true;
  };

  return (
    <Part
      label="Cleanup"
      aside={
        !closed && (
          <Button variant="quiet" onClick={add}>
            Add
          </Button>
        )
      }
    >
      {(items.length > 0 || over) && (
        <p className={styles.line}>{value.line === '' ? 'Nothing is left to put right.' : value.line}</p>
      )}
      <List
        label="Cleanup"
        items={items}
        keyOf={({ id }) => id}
        glow
        className={styles.items}
        rowClassName={styles.row}
        onKey={act}
        render={(item, active) => (
          <>
            <Item item={item} whole={active} />
            {active && (
              <div className={styles.actions}>
                {item.state === 'open' && (
                  <Button tabIndex={-1} keys="Enter" onClick={() => act('Enter', item)}>
                    Begin
                  </Button>
                )}
                {item.state !== 'reconciled' && (
                  <>
                    <Button
                      tabIndex={-1}
                      variant={item.state === 'open' ? 'quiet' : 'plain'}
                      keys="d"
                      onClick={() => act('d', item)}
                    >
                      Reconcile
                    </Button>
                    <Button tabIndex={-1} variant="quiet" keys="y" onClick={() => act('y', item)}>
                      Accept
                    </Button>
                  </>
                )}
                {item.state === 'reconciled' && !closed && (
                  <Button tabIndex={-1} variant="quiet" keys="o" onClick={() => reopen(item)}>
                    Open again
                  </Button>
                )}
                {!closed && (
                  <Button tabIndex={-1} variant="quiet" keys="e" onClick={() => act('e', item)}>
                    Change
                  </Button>
                )}
              </div>
            )}
            {failed?.at === item.id && <ErrorLine error={failed.message} />}
          </>
        )}
      />
      {proposals.length > 0 && !late && !shown ? (
        <p className={styles.hint}>
          <Button variant="quiet" onClick={() => setShown(true)}>
            {proposals.length} {proposals.length === 1 ? 'thing' : 'things'} may be left to put right
          </Button>
        </p>
      ) : (
        <Proposals
          incident={incident.id}
          list={proposals}
          failed={failed}
          onRun={(at, work) => void run(at, work)}
          onDismiss={(one) =>
            setAsked({
              ask: 'why',
              title: 'Nothing to put right here: why?',
              quote: one.title,
              label: 'Reason (may stay empty)',
              optional: true,
              confirm: 'Dismiss',
              run: (reason) =>
                call('suggestion.settle', {
                  incident: incident.id,
                  kind: 'cleanup',
                  ...{ key: one.key, facts: one.facts, verdict: 'dismissed', title: one.title },
                  ...(reason === '' ? {} : { reason }),
                }),
            })
          }
        />
      )}
      {incident.status === 'resolved' && (
        <div className={styles.close}>
          <Button
            busy={false}
            onClick={() => void run('close', () => call('incident.close', { incident: incident.id }))}
          >
            Close the incident
          </Button>
          {value.unaccepted > 0 && (
            <span className={styles.quiet}>
              {value.unaccepted} {value.unaccepted === 1 ? 'item is' : 'items are'} open that nobody answers for
            </span>
          )}
          {failed?.at === 'close' && <ErrorLine error={failed.message} />}
        </div>
      )}
      {asked?.ask === 'add' && <ItemForm incident={incident.id} onClose={close} />}
      {asked?.ask === 'edit' && <ItemForm incident={incident.id} item={asked.item} onClose={close} />}
      {asked?.ask === 'counts' && <Counts incident={incident.id} item={asked.item} onClose={close} />}
      {asked?.ask === 'accept' && <Accept incident={incident.id} item={asked.item} onClose={close} />}
      {asked?.ask === 'why' && <ReasonDialog {...asked} onClose={close} />}
    </Part>
  );
}

function Item({ item, whole }: { item: CleanupItemView; whole: boolean }) {
  const { zone } = useRoom();
  const Icon = ICONS[item.state];
  const facts = [
    CLEANUP_WORDS[item.kind],
    item.moneyMinor !== null && item.currency !== null && money(item.moneyMinor, item.currency),
    item.owner?.name ?? 'nobody owns it',
  ].filter(Boolean);
  return (
    <div className={styles.item} data-state={item.state}>
      <span className={styles.icon}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div>
        <p className={styles.name}>
          <strong>{item.title}</strong>
          <span className={styles.count}>
            {item.state === 'reconciled'
              ? `${item.reconciled || item.count} ${item.unit} reconciled`
              : item.remaining === item.count
                ? `${item.count.toLocaleString('en')} ${item.unit}`
                : `${item.remaining.toLocaleString('en')} of ${item.count.toLocaleString('en')} ${item.unit} left`}
          </span>
        </p>
        <p className={styles.quiet}>
          {facts.join(' · ')}
          {item.dueAt !== null && item.state !== 'reconciled' && (
            <span className={item.overdue ? styles.over : undefined}>
              {' '}
              · due <TimeText at={item.dueAt} zone={zone} />
              {item.overdue && ', overdue'}
            </span>
          )}
          {item.writtenOff > 0 && <> · {item.writtenOff.toLocaleString('en')} written off</>}
        </p>
        {item.accepted !== null && item.state !== 'reconciled' && (
          <p className={item.accepted.holds ? styles.quiet : styles.over}>
            {item.accepted.person.name} answers for {item.accepted.remaining.toLocaleString('en')}
            {item.accepted.holds ? '' : ', less than is open now'}
            {item.accepted.reason !== null && <>: {item.accepted.reason}</>}
          </p>
        )}
        {whole && item.evidence !== null && <p className={styles.quiet}>{item.evidence}</p>}
        {whole && item.reason !== null && <p className={styles.quiet}>{item.reason}</p>}
        {item.conflicts.map(({ field, heads }) => (
          <p key={field} className={styles.over}>
            Two answers: {heads.map(({ value, by }) => `${value ?? 'nobody'} (${by})`).join(', ')}. Keep one above.
          </p>
        ))}
      </div>
    </div>
  );
}

function Proposals({
  incident,
  list,
  failed,
  onRun,
  onDismiss,
}: {
  incident: string;
  list: readonly CleanupProposal[];
  failed: { at: string; message: string } | null;
  onRun(at: string, work: () => Promise<Reply>): void;
  onDismiss(one: CleanupProposal): void;
}) {
  if (list.length === 0) return null;
  const take = (one: CleanupProposal): void =>
    onRun(one.key, () => call('cleanup.add', { incident, proposal: one.key }));
  return (
    <>
      <p className={styles.proposed}>Proposed</p>
      <List
        label="Proposed cleanup"
        items={list}
        keyOf={({ key }) => key}
        className={styles.items}
        rowClassName={styles.row}
        onKey={(key, one) => {
          if (key === 'Enter') take(one);
          else if (key === 'x') onDismiss(one);
          else return false;
          return true;
        }}
        render={(one, active) => (
          <>
            <p className={styles.name}>
              <span className={styles.grow}>{one.title}</span>
              <span className={styles.count}>
                {one.count.toLocaleString('en')} {one.unit}
              </span>
            </p>
            <p className={styles.quiet}>{one.why}</p>
            {active && (
              <div className={styles.actions}>
                <Button tabIndex={-1} keys="Enter" onClick={() => take(one)}>
                  Take
                </Button>
                <Button tabIndex={-1} variant="quiet" keys="x" onClick={() => onDismiss(one)}>
                  Dismiss
                </Button>
              </div>
            )}
            {failed?.at === one.key && <ErrorLine error={failed.message} />}
          </>
        )}
      />
    </>
  );
}
