/** What falls due besides the asks: silence, absence, offers, decisions. Each line has the one key that does something about it. */
import { useState } from 'react';
import type { DueView, HandoverView, RoomPeople } from '../../../shared/contract/room.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import { audienceOf } from '../../../shared/domain/updates/audiences.ts';
import { formatClock, formatDuration } from '../../../shared/domain/times.ts';
import type { SoleRole } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { openUnlock, useHeld } from '../../state/access.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Pressing.module.css';

/** Lines that are shown before somebody asks for the rest. */
const SHOWN = 3;
/** What the list of asks shows with its own clock, or a part of its own. */
const ELSEWHERE: ReadonlySet<DueView['kind']> = new Set([
  'ask-overdue',
  'ask-check-back',
  'ask-unacknowledged',
  'unowned',
  'no-commander',
  'objections',
]);
/** What says by itself how long it lasts, or has no beginning. */
const TIMELESS: ReadonlySet<DueView['kind']> = new Set(['commander-silent', 'no-decision', 'span']);
/** What is to come is only shown when it has a clock of its own; updates have their list below. */
const COMING: ReadonlySet<DueView['kind']> = new Set(['handover', 'statutory']);

interface Action {
  title: string;
  key: string;
  run(): Promise<Reply> | void;
}

export function Pressing({ due, people }: { due: readonly DueView[]; people: RoomPeople | undefined }) {
  const now = useNow();
  const { zone } = useRoom();
  const [all, setAll] = useState(false);
  const [error, setError] = useState<{ id: string; message: string } | null>(null);
  const actionsOf = useActions(people);
  const lines = due.filter(({ kind, at }) => kind !== 'rto' && !ELSEWHERE.has(kind) && (at <= now || COMING.has(kind)));
  // A time to recover runs down by itself: nothing can be done about it here, so no key goes there.
  const objectives = due.filter(({ kind }) => kind === 'rto');
  const shown = all ? lines : lines.slice(0, SHOWN);
  const staying = (people?.handovers ?? []).filter(
    ({ state, staysUntil }) => state === 'accepted' && (staysUntil ?? 0) > now,
  );
  const run = async (line: DueView, action: Action | undefined): Promise<void> => {
    setError(null);
    const reply = await action?.run();
    if (reply !== undefined && !reply.ok) setError({ id: line.id, message: reply.message });
  };
  if (lines.length + staying.length + objectives.length === 0) return null;
  return (
    <div className={styles.pressing}>
      <List
        label="Due"
        items={shown}
        keyOf={({ id }) => id}
        glow
        rowClassName={styles.row}
        onKey={(key, line) => {
          const action = actionsOf(line).find((one) => one.key === key);
          if (action === undefined) return false;
          void run(line, action);
          return true;
        }}
        render={(line, active) => {
          const actions = actionsOf(line);
          return (
            <>
              <p className={styles.line} data-late={line.at <= now || undefined}>
                <span>{line.text}</span>
                {!TIMELESS.has(line.kind) && (
                  <span className={styles.clock}>
                    {line.at <= now ? formatDuration(now - line.at) : formatClock(line.at - now)}
                  </span>
                )}
              </p>
              {(active || line.kind === 'handover' || line.kind === 'commander-silent') && actions.length > 0 && (
                <div className={styles.actions}>
                  {actions.map((action, index) => (
                    <Button
                      key={action.key}
                      variant={index === 0 ? undefined : 'quiet'}
                      keys={active ? action.key : undefined}
                      onClick={() => void run(line, action)}
                    >
                      {action.title}
                    </Button>
                  ))}
                </div>
              )}
              {error?.id === line.id && <ErrorLine error={error.message} />}
            </>
          );
        }}
      />
      {lines.length > SHOWN && (
        <Button variant="quiet" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? 'Show less' : `${lines.length - SHOWN} more`}
        </Button>
      )}
      {objectives.map(({ id, text, at }) => (
        <p key={id} className={styles.objective} data-late={at <= now || undefined}>
          <span>{text}</span>
          <span className={styles.clock}>{at <= now ? `${formatDuration(now - at)} over` : formatClock(at - now)}</span>
        </p>
      ))}
      {staying.map(({ id, to, roles, staysUntil }) => (
        <p key={id} className={styles.quiet}>
          {to.name} took over; {[...new Set(roles.flatMap(({ from }) => from?.name ?? []))].join(', ') || 'nobody'} can
          be asked until <TimeText at={staysUntil!} zone={zone} />
        </p>
      ))}
    </div>
  );
}

/** What can be done about a line, the likeliest first. */
function useActions(people: RoomPeople | undefined): (line: DueView) => Action[] {
  const { incident, facts, open, write } = useRoom();
  const me = facts.me?.id ?? null;
  const known = facts.people.some(({ id }) => id === me);
  const key = { incident: incident.id };
  const handover = (line: DueView): HandoverView | undefined => people?.handovers.find(({ id }) => id === line.about);
  const command = incident.commander;
  const take: Action = {
    title: 'I take command',
    key: 't',
    run: () =>
      call('incident.assign', {
        ...key,
        role: 'commander',
        person: me,
        ...(command === null ? {} : { reason: `nothing was heard of ${command.name}` }),
      }),
  };
  const ask = (line: DueView, role: SoleRole): Action => ({
    title: `Ask ${line.instead!.name}`,
    key: 'Enter',
    run: () => call('handover.offer', { ...key, to: line.instead!.id, roles: [role] }),
  });
  return (line) => {
    switch (line.kind) {
      case 'escalation':
        return [
          {
            title: `${line.person!.name} commands`,
            key: 'Enter',
            run: () => call('incident.assign', { ...key, role: 'commander', person: line.person!.id }),
          },
        ];
      case 'call':
        return [{ title: 'Called', key: 'Enter', run: () => call('incident.called', { ...key, call: line.id }) }];
      case 'commander-silent':
        if (line.person?.id === me)
          return [{ title: 'I am here', key: 'Enter', run: () => call('incident.present', key) }];
        return [
          ...(line.instead === null ? [] : [ask(line, 'commander')]),
          ...(known ? [{ ...take, key: line.instead === null ? 'Enter' : 't' }] : []),
        ];
      case 'owner-away': {
        if (line.about !== null) {
          const of = incident.asks.find(({ id }) => id === line.about);
          const pick: Action[] =
            of === undefined ? [] : [{ title: 'Somebody else', key: 'o', run: () => open({ ask: 'owner', of }) }];
          return line.instead === null
            ? pick
            : [
                {
                  title: `Hand to ${line.instead.name}`,
                  key: 'Enter',
                  run: () =>
                    call('incident.ask.change', { ...key, ask: line.about!, owner: line.instead!.id, state: 'open' }),
                },
                ...pick,
              ];
        }
        const role = line.role;
        if (role === null) return [];
        return role === 'subject-expert' || line.instead === null
          ? [{ title: 'Assign', key: 'Enter', run: () => open({ ask: 'role', role }) }]
          : [ask(line, role)];
      }
      case 'update': {
        const audience = audienceOf(line.id.replace(/^.*update:/, ''));
        return [{ title: 'Write it', key: 'Enter', run: () => open({ ask: 'update', audience }) }];
      }
      case 'no-decision':
        return [{ title: 'Decide', key: 'Enter', run: () => write('/decide ') }];
      case 'handover': {
        const offer = handover(line);
        if (offer === undefined) return [];
        const about = { ...key, handover: offer.id };
        const read: Action = { title: 'Briefing', key: 'b', run: () => open({ ask: 'briefing', handover: offer.id }) };
        if (offer.state === 'expired')
          return [
            {
              title: 'Ask again',
              key: 'Enter',
              run: () =>
                call('handover.offer', { ...key, to: offer.to.id, roles: offer.roles.map(({ role }) => role) }),
            },
          ];
        if (offer.mine)
          return [
            { title: 'I take it', key: 'Enter', run: () => call('handover.accept', about) },
            read,
            { title: 'Decline', key: 'x', run: () => call('handover.decline', about) },
          ];
        return [
          {
            title: `${offer.to.name} is at this console`,
            key: 'i',
            run: () => isHere(offer.to.id),
          },
          read,
          { title: 'Take back', key: 'x', run: () => call('handover.cancel', about) },
        ];
      }
      case 'role-empty':
        return [{ title: 'Assign', key: 'Enter', run: () => open({ ask: 'role', role: line.role }) }];
      case 'span':
        return [{ title: 'Make a team', key: 'Enter', run: () => write('/team ') }];
      default:
        return [];
    }
  };
}

/** Lets somebody else act at this console: by unlocking it where it has to be unlocked. */
async function isHere(person: string): Promise<Reply> {
  if (useHeld.getState().state === 'open') return call('settings.set', { actingAs: person });
  openUnlock(person);
  return { ok: true, value: {} };
}
