/** "Do you take it?": asks one person for a role, with the briefing that they will hear. */
import { lazy, Suspense, useMemo, useState } from 'react';
import type { Reply } from '../../../shared/contract/spec.ts';
import type { Role, SoleRole } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { ROLE_WORDS } from '../../ui/words.ts';
import { candidates } from '../incident/candidates.ts';
import { PersonPicker } from '../incident/PersonPicker.tsx';
import { useRoom } from '../incident/room.ts';
import { useEarlyKeys } from '../incident/useEarlyKeys.ts';
import styles from './Handover.module.css';

const Markdown = lazy(() => import('../../ui/Markdown.tsx'));

interface Asking {
  close(): void;
  busy: boolean;
  error: string | null;
  answer(run: () => Promise<Reply>): void;
}

export function Briefing({ text }: { text: string }) {
  return (
    <div className={styles.briefing} tabIndex={0} role="region" aria-label="Briefing">
      <Suspense>
        <Markdown text={text} />
      </Suspense>
    </div>
  );
}

/** Asks; for whoever cannot be asked there is the way to replace them, with a reason. */
export function HandoverQuestion({
  role,
  to: given,
  close,
  busy,
  error,
  answer,
}: Asking & { role: SoleRole; to: string | null }) {
  const { incident, facts, personName } = useRoom();
  const [to, setTo] = useState(given);
  const [reason, setReason] = useState<string | null>(null);
  const list = useMemo(() => candidates(role, facts), [role, facts]);
  const held = incident.roles.find((one) => one.role === role)?.person ?? null;
  const briefing = useQuery('handover.briefing', { incident: incident.id }, ['incidents']).value?.text;
  const offer = (): void => {
    if (to !== null) answer(() => call('handover.offer', { incident: incident.id, to, roles: [role] }));
  };
  const replace = (): void => {
    if (to !== null && reason?.trim())
      answer(() => call('incident.assign', { incident: incident.id, role, person: to, reason }));
  };
  if (to === null)
    return (
      <Dialog open title={`Hand over ${nameOf(role)}: to whom?`} onClose={close}>
        <PersonPicker
          label="Who takes over"
          candidates={list.filter(({ id }) => id !== held?.id)}
          current={null}
          onPick={setTo}
        />
      </Dialog>
    );
  return (
    <Dialog
      open
      title={
        reason === null ? `Ask ${personName(to)} to take ${nameOf(role)}?` : `Replace ${held?.name ?? 'nobody'}: why?`
      }
      onClose={close}
    >
      {reason === null ? (
        <>
          <p className={styles.quiet}>
            {held === null ? 'Nobody has it.' : `${held.name} keeps it until ${personName(to)} accepts.`}
          </p>
          {briefing !== undefined && <Briefing text={briefing} />}
          <Confirm busy={busy} onConfirm={offer} title="Ask" />
          {held !== null && (
            <Button variant="quiet" onClick={() => setReason('')}>
              Replace without asking
            </Button>
          )}
        </>
      ) : (
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            replace();
          }}
        >
          <TextField label="Reason" value={reason} onChange={setReason} autoFocus maxLength={2000} />
          <p className={styles.buttons}>
            <Button type="submit" variant="primary" keys="Enter" busy={busy} disabled={reason.trim() === ''}>
              Replace
            </Button>
          </p>
        </form>
      )}
      <ErrorLine error={error} />
    </Dialog>
  );
}

const nameOf = (role: Role): string => (role === 'commander' ? 'command' : ROLE_WORDS[role].toLowerCase());

/** The button that Enter presses at once, also before the dialog has the focus. */
function Confirm({ busy, title, onConfirm }: { busy: boolean; title: string; onConfirm(): void }) {
  useEarlyKeys((key) => {
    if (key === 'Enter') onConfirm();
  });
  return (
    <p className={styles.buttons}>
      <Button variant="primary" autoFocus keys="Enter" busy={busy} onClick={onConfirm}>
        {title}
      </Button>
    </p>
  );
}

export function BriefingQuestion({ handover, close }: { handover: string; close(): void }) {
  const { incident } = useRoom();
  const people = useQuery('incident.people', { incident: incident.id }, ['incidents', 'estate', 'settings']).value;
  const text = people?.handovers.find(({ id }) => id === handover)?.briefing;
  return (
    <Dialog open title="Briefing" onClose={close}>
      {text === undefined ? <p className={styles.quiet}>This offer is over.</p> : <Briefing text={text} />}
    </Dialog>
  );
}

/** All that somebody who leaves has, in every incident, with who would get it; one confirmation offers all of it. */
export function ShiftQuestion({ close, busy, error, answer }: Asking) {
  const { facts } = useRoom();
  const [person, setPerson] = useState<string | null>(null);
  const list = useMemo(() => candidates(null, facts), [facts]);
  const plan = useQuery('handover.plan', person === null ? null : { person }, ['incidents', 'estate']).value;
  if (person === null)
    return (
      <Dialog open title="Whose shift ends?" onClose={close}>
        <PersonPicker label="Whose shift ends" candidates={list} current={null} onPick={setPerson} />
      </Dialog>
    );
  const some = plan?.lines.some(({ to }) => to !== null) ?? false;
  return (
    <Dialog open title="Hand over at the end of the shift" onClose={close}>
      {plan?.lines.length === 0 && <p>Nothing to hand over: no role and no ask in an open incident.</p>}
      <ul className={styles.plan}>
        {plan?.lines.map(({ incident, to, why, roles, asks }) => (
          <li key={incident.id}>
            <strong>
              {incident.label} {incident.title}
            </strong>
            <span>
              {[...roles.map(nameOf), ...asks.map(({ text }) => text)].join(', ')} → {to?.name ?? 'nobody'}
            </span>
            <span className={styles.quiet}>{why}</span>
          </li>
        ))}
      </ul>
      {some && (
        <Confirm
          busy={busy}
          title="Ask all of them"
          onConfirm={() => answer(() => call('handover.shift', { person }))}
        />
      )}
      <ErrorLine error={error} />
    </Dialog>
  );
}
