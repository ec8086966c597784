/**
 * Requests to machines that somebody proposed here, and what became of them. Invariant: nothing is sent by a single key:
 * the request is shown whole, with its effect and its reach, before it is approved or goes out.
 */
import { useMemo, useState } from 'react';
import type { ActionView } from '../../../shared/contract/actions.ts';
import type { IncidentView } from '../../../shared/contract/incident.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { useCommands } from '../../app/commands.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { Part } from '../../ui/Part.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Actions.module.css';
import { Confirm, type Asked } from './Confirm.tsx';
import { Propose } from './Propose.tsx';
import { RISK_WORDS, STATE_WORDS } from './words.ts';

/** What keys do on an action now, in the order of its buttons. */
function choices(action: ActionView): { key: string; title: string; ask: Asked }[] {
  const { state, you, dryRun } = action;
  const list: { key: string; title: string; ask: Asked }[] = [];
  const tries = ['unknown', 'waiting', 'failed'].includes(state);
  if (you.approve === null) list.push({ key: 'y', title: 'Approve', ask: 'approve' });
  if (you.run === null) list.push({ key: 'Enter', title: tries ? 'Run after all' : 'Run', ask: 'run' });
  if (state === 'unknown') {
    list.push(
      { key: 'h', title: 'It happened', ask: 'happened' },
      { key: 'f', title: 'It did not', ask: 'not-happened' },
    );
  }
  if (dryRun !== null && (state === 'proposed' || state === 'approved'))
    list.push({ key: 't', title: 'Dry run', ask: 'try' });
  if (state === 'proposed' || state === 'approved') list.push({ key: 'n', title: 'Refuse', ask: 'refuse' });
  if (['proposed', 'approved', 'waiting', 'failed'].includes(state))
    list.push({ key: 'w', title: 'Withdraw', ask: 'withdraw' });
  return list;
}

export function Actions({ incident }: { incident: IncidentView }) {
  const { zone, write } = useRoom();
  const { value, error } = useQuery('action.list', { incident: incident.id }, [
    `incident:${incident.id}`,
    'incidents',
    'endpoints',
    'settings',
    'estate',
  ]);
  const [proposing, setProposing] = useState(false);
  const [asked, setAsked] = useState<{ ask: Asked; id: string } | null>(null);
  const [failed, setFailed] = useState<{ id: string; message: string } | null>(null);
  const live = !isOver(incident.status);
  useCommands(
    useMemo(
      () =>
        live
          ? [{ id: 'room.action', title: 'Propose an action', hint: incident.label, run: () => setProposing(true) }]
          : [],
      [live, incident.label],
    ),
  );
  const tell = (id: string, reply: Reply): void => {
    if (!reply.ok) setFailed({ id, message: reply.message });
  };
  const take = (ask: Asked, action: ActionView): void => {
    setFailed(null);
    if (ask === 'try') void call('action.try', { action: action.id }).then((reply) => tell(action.id, reply));
    else if (ask === 'withdraw')
      void call('action.withdraw', { action: action.id }).then((reply) => tell(action.id, reply));
    else setAsked({ ask, id: action.id });
  };
  const list = value ?? [];
  const open = asked === null ? undefined : list.find(({ id }) => id === asked.id);
  if (list.length === 0 && !live && error === null) return null;
  return (
    <Part
      label="Actions"
      aside={
        live && (
          <Button variant="quiet" onClick={() => setProposing(true)}>
            Propose an action
          </Button>
        )
      }
      className={styles.part}
    >
      <ErrorLine error={error} />
      {value !== undefined && list.length === 0 && (
        <p className={styles.quiet}>No request to a machine was proposed: roll back, pause, scale, reroute, replay.</p>
      )}
      <List
        label="Actions"
        items={list}
        keyOf={({ id }) => id}
        glow
        rowClassName={styles.row}
        onKey={(key, action) => {
          const choice = choices(action).find((one) => one.key === key);
          if (choice) take(choice.ask, action);
          else if (key === 'a' && action.state === 'proposed' && action.mayApprove[0])
            write(`/ask @${action.mayApprove[0].id} 5m approve: ${action.title}`);
          else return false;
          return true;
        }}
        render={(action, active) => (
          <>
            <p className={styles.line}>
              <span
                className={styles.state}
                data-loud={action.state === 'unknown' || action.state === 'failed' || undefined}
                data-wait={action.state === 'waiting' || action.state === 'proposed' || undefined}
              >
                {STATE_WORDS[action.state]}
              </span>
              <strong className={styles.grow}>{action.title}</strong>
            </p>
            <p className={styles.quiet}>{action.message}</p>
            {active && <Detail action={action} zone={zone} />}
            {active && (
              <div className={styles.buttons}>
                {choices(action).map(({ key, title, ask }) => (
                  <Button key={ask} keys={key} onClick={() => take(ask, action)}>
                    {title}
                  </Button>
                ))}
                {action.state === 'proposed' && action.mayApprove[0] && (
                  <Button
                    variant="quiet"
                    keys="a"
                    onClick={() => write(`/ask @${action.mayApprove[0]!.id} 5m approve: ${action.title}`)}
                  >
                    Ask {action.mayApprove[0].name}
                  </Button>
                )}
              </div>
            )}
            {failed?.id === action.id && <ErrorLine error={failed.message} />}
          </>
        )}
      />
      {proposing && <Propose incident={incident} onClose={() => setProposing(false)} />}
      {asked !== null && open !== undefined && (
        <Confirm ask={asked.ask} action={open} zone={zone} onClose={() => setAsked(null)} />
      )}
    </Part>
  );
}

function Detail({ action, zone }: { action: ActionView; zone: string }) {
  const { proposedBy, proposedAt, approvals, attempts, tries, guard, reach, waiting, mayApprove } = action;
  const last = attempts.at(-1);
  const dry = tries.at(-1);
  return (
    <ul className={styles.facts}>
      <li>
        {action.request.method} {action.request.url}
      </li>
      <li>{action.effect}</li>
      <li className={styles.quiet}>
        {RISK_WORDS[action.risk]}, {action.reversible === true ? 'can be undone' : 'cannot be undone'}. {reach.text}
      </li>
      <li className={styles.quiet}>
        proposed by {proposedBy.name} <TimeText at={proposedAt} zone={zone} />
      </li>
      {approvals.map((one) => (
        <li key={`${one.by.id} ${one.at}`} className={one.void === null ? undefined : styles.quiet}>
          approved by {one.by.name}, {one.as}, <TimeText at={one.at} zone={zone} />
          {one.void === null ? (
            <>
              , until <TimeText at={one.expiresAt} zone={zone} />
            </>
          ) : (
            ` – does not count: ${one.void}`
          )}
        </li>
      ))}
      {action.state === 'proposed' && guard.approvals > 0 && (
        <li>
          May approve: {mayApprove.length === 0 ? `${guard.who}; nobody here is` : null}
          {mayApprove
            .slice(0, 4)
            .map(({ name, as, phone, email }) => `${name} (${as}${(phone ?? email) ? `, ${phone ?? email}` : ''})`)
            .join('; ')}
        </li>
      )}
      {dry && (
        <li>
          Dry run: {dry.message} {dry.body.slice(0, 300)}
        </li>
      )}
      {last && last.body !== '' && (
        <li>
          Answer{last.bytes === null ? '' : `, ${last.bytes.toLocaleString('en')} bytes`}: {last.body.slice(0, 300)}
        </li>
      )}
      {waiting && (
        <li>
          {waiting.changed.join(' ')} {waiting.reachable === true && 'Its endpoint takes connections again.'}
        </li>
      )}
    </ul>
  );
}
