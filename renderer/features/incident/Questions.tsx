/** The questions that the room asks before it acts. Each is answered with a key or two; an error stays beside its question. */
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { Reply } from '../../../shared/contract/spec.ts';
import { hasOwnWords } from '../../../shared/domain/timeline.ts';
import { formatWhen, parseWhen } from '../../../shared/domain/times.ts';
import { ROLES, SEVERITIES } from '../../../shared/domain/orders.ts';
import type { Audience, Role, Severity } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextArea, TextField } from '../../ui/Field.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { SeverityMark } from '../../ui/SeverityMark.tsx';
import { ROLE_WORDS, SEVERITY_WORDS, STATUS_WORDS } from '../../ui/words.ts';
import { ResponseDialog } from '../proposal/ResponseDialog.tsx';
import { BriefingQuestion, HandoverQuestion, ShiftQuestion } from '../people/Handover.tsx';
import { candidates } from './candidates.ts';
import { PersonPicker } from './PersonPicker.tsx';
import { RestorationPlan } from '../restoration/Restoration.tsx';
import { StepDialog } from '../runs/StepDialog.tsx';
import styles from './Questions.module.css';
import { useRoom, type Question } from './room.ts';
import { typedInto, useEarlyKeys } from './useEarlyKeys.ts';

/** The key that names a role. */
const ROLE_KEYS: Record<Role, string> = {
  commander: 'c',
  deputy: 'd',
  communications: 'm',
  operations: 'o',
  scribe: 's',
  'subject-expert': 'e',
  'executive-liaison': 'x',
  'business-owner': 'b',
  'store-liaison': 't',
  governance: 'g',
};

interface Answering {
  busy: boolean;
  error: string | null;
  /** Runs a command; the question closes when it was done. */
  answer(run: () => Promise<Reply>): void;
}

/** The open question; null shows nothing. Each question begins afresh. */
export function Questions({ question, close }: { question: Question | null; close(): void }) {
  return question === null ? null : <Asking key={JSON.stringify(question)} question={question} close={close} />;
}

function Asking({ question, close }: { question: Question; close(): void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const answering: Answering = {
    busy,
    error,
    answer: (run) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      void run().then((reply) => {
        setBusy(false);
        if (reply.ok) close();
        else setError(reply.message);
      });
    },
  };
  const shared = { close, ...answering };
  switch (question.ask) {
    case 'role':
      return <RoleQuestion initial={question.role} {...shared} />;
    case 'handover':
      return <HandoverQuestion role={question.role} to={question.to} {...shared} />;
    case 'briefing':
      return <BriefingQuestion handover={question.handover} close={close} />;
    case 'shift':
      return <ShiftQuestion {...shared} />;
    case 'severity':
      return <SeverityQuestion initial={question.severity} {...shared} />;
    case 'response':
      return <ResponseDialog close={close} />;
    case 'restoration':
      return <RestorationPlan close={close} />;
    case 'degraded-owner':
      return <DegradedOwnerQuestion question={question} {...shared} />;
    case 'state':
      return <StateQuestion question={question} {...shared} />;
    case 'owner':
      return <OwnerQuestion question={question} {...shared} />;
    case 'step':
      return <StepDialog question={question} {...shared} />;
    case 'cause':
      return <CauseQuestion question={question} {...shared} />;
    case 'correct':
      return <CorrectQuestion question={question} {...shared} />;
    case 'update':
      return <UpdateQuestion audience={question.audience} close={close} />;
    case 'calls':
      return <CallsQuestion close={close} />;
    case 'authority':
      return <AuthorityQuestion close={close} />;
    case 'evidence':
      return <EvidenceQuestion close={close} />;
    case 'attach':
      return <AttachQuestion question={question} close={close} />;
    case 'exception':
      return <ExceptionQuestion close={close} />;
  }
}

type Shared = Answering & { close(): void };
type Of<K extends Question['ask']> = Extract<Question, { ask: K }>;

/** Loaded when they are first opened: a room is often opened only to be looked at. */
const Updates = lazy(() => import('../updates/Updates.tsx'));
const Calls = lazy(() => import('../updates/Calls.tsx'));
const Authority = lazy(() => import('../governance/Authority.tsx'));
const EvidenceFiles = lazy(() => import('../evidence/EvidenceFiles.tsx'));
const AttachFiles = lazy(() => import('../evidence/AttachFiles.tsx'));
const AddException = lazy(() => import('../governance/AddException.tsx'));

function UpdateQuestion({ audience, close }: { audience: Audience | null; close(): void }) {
  const { incident, zone, facts } = useRoom();
  return (
    <Suspense>
      <Updates
        incident={incident.id}
        label={incident.label}
        audience={audience}
        zone={zone}
        people={facts.people}
        me={facts.me?.id ?? null}
        onClose={close}
      />
    </Suspense>
  );
}

function CallsQuestion({ close }: { close(): void }) {
  const { incident } = useRoom();
  return (
    <Suspense>
      <Calls incident={incident.id} label={incident.label} onClose={close} />
    </Suspense>
  );
}

function AuthorityQuestion({ close }: { close(): void }) {
  const { incident, open } = useRoom();
  return (
    <Suspense>
      <Authority incident={incident.id} onException={() => open({ ask: 'exception' })} onClose={close} />
    </Suspense>
  );
}

function EvidenceQuestion({ close }: { close(): void }) {
  const { incident } = useRoom();
  return (
    <Suspense>
      <EvidenceFiles incident={incident.id} label={incident.label} onClose={close} />
    </Suspense>
  );
}

function AttachQuestion({ question, close }: { question: Of<'attach'>; close(): void }) {
  const { incident } = useRoom();
  const { files, refused } = question;
  return (
    <Suspense>
      <AttachFiles incident={incident.id} label={incident.label} files={files} refused={refused} onClose={close} />
    </Suspense>
  );
}

function ExceptionQuestion({ close }: { close(): void }) {
  const { incident, facts } = useRoom();
  return (
    <Suspense>
      <AddException incident={incident.id} people={facts.people} me={facts.me?.id ?? null} onClose={close} />
    </Suspense>
  );
}

function RoleQuestion({ initial, close, busy, error, answer }: Shared & { initial: Role | null }) {
  const { incident, facts, open } = useRoom();
  const [role, setRole] = useState(initial);
  const list = useMemo(() => candidates(role, facts), [role, facts]);
  const held = (of: Role) => incident.roles.find((one) => one.role === of)?.person ?? null;
  const holders = (of: Role) => incident.roles.flatMap(({ role: one, person }) => (one === of && person ? person : []));
  return (
    <Dialog open title={role === null ? 'Assign a role' : `${ROLE_WORDS[role]}: who?`} onClose={close}>
      {role === null ? (
        <Choices<Role>
          options={ROLES.map((one) => ({
            value: one,
            key: ROLE_KEYS[one],
            quiet:
              holders(one)
                .map(({ name }) => name)
                .join(', ') || '–',
          }))}
          first={ROLES[0]!}
          onChoose={setRole}
          render={(one) => ROLE_WORDS[one]}
        />
      ) : (
        <>
          {role === 'subject-expert' ? (
            <Experts busy={busy} answer={answer} />
          ) : (
            held(role) !== null && <p className={styles.quiet}>Now: {held(role)!.name}</p>
          )}
          <PersonPicker
            label={`Who is ${ROLE_WORDS[role].toLowerCase()}`}
            candidates={
              role === 'subject-expert' ? list.filter(({ id }) => !holders(role).some((one) => one.id === id)) : list
            }
            current={role === 'subject-expert' ? null : (held(role)?.id ?? null)}
            onPick={(person) => {
              // Whoever has it is asked to hand it over, not overruled.
              if (person !== null && role !== 'subject-expert' && held(role) !== null)
                open({ ask: 'handover', role, to: person });
              else answer(() => call('incident.assign', { incident: incident.id, role, person }));
            }}
          />
        </>
      )}
      {busy && <p className={styles.quiet}>Writing it down…</p>}
      <ErrorLine error={error} />
    </Dialog>
  );
}

/** The subject experts, each with the way out. */
function Experts({ busy, answer }: Pick<Answering, 'busy' | 'answer'>) {
  const { incident } = useRoom();
  const experts = incident.roles.filter(({ role, person }) => role === 'subject-expert' && person !== null);
  return experts.map(({ person, subject }) => (
    <p key={person!.id} className={styles.buttons}>
      <span>
        {person!.name} <span className={styles.quiet}>{subject}</span>
      </span>
      <Button
        variant="quiet"
        disabled={busy}
        onClick={() =>
          answer(() => call('incident.release', { incident: incident.id, role: 'subject-expert', person: person!.id }))
        }
      >
        No longer
      </Button>
    </p>
  ));
}

function OwnerQuestion({ question, close, error, answer }: Shared & { question: Of<'owner'> }) {
  const { incident, facts } = useRoom();
  const list = useMemo(() => candidates(null, facts), [facts]);
  const { of } = question;
  return (
    <Dialog open title="Hand over to whom?" onClose={close}>
      <p className={styles.quoted}>{of.text}</p>
      <PersonPicker
        label="Who does it"
        candidates={list}
        current={of.owner?.id ?? null}
        // Whoever gets it has not acknowledged it yet.
        onPick={(owner) =>
          answer(() =>
            call('incident.ask.change', {
              incident: incident.id,
              ask: of.id,
              owner,
              ...(of.state === 'acknowledged' ? { state: 'open' } : {}),
            }),
          )
        }
      />
      <ErrorLine error={error} />
    </Dialog>
  );
}

function DegradedOwnerQuestion({ question, close, busy, error, answer }: Shared & { question: Of<'degraded-owner'> }) {
  const { incident, facts } = useRoom();
  const list = useMemo(() => candidates(null, facts), [facts]);
  const { mode, title, owner, start } = question;
  return (
    <Dialog open title={start ? 'Start it: who answers for it?' : 'Who answers for it?'} onClose={close}>
      <p className={styles.quoted}>{title}</p>
      <PersonPicker
        label="Who answers for it"
        candidates={list}
        current={owner}
        onPick={(person) => {
          if (person === null) return;
          const of = { incident: incident.id, mode, owner: person };
          answer(() => (start ? call('degraded.start', of) : call('degraded.assign', of)));
        }}
      />
      {busy && <p className={styles.quiet}>Writing it down…</p>}
      <ErrorLine error={error} />
    </Dialog>
  );
}

function SeverityQuestion({ initial, close, busy, error, answer }: Shared & { initial: Severity | null }) {
  const { incident } = useRoom();
  const [lowered, setLowered] = useState(initial);
  const [reason, setReason] = useState('');
  const choose = (severity: Severity): void => {
    if (severity === incident.severity) close();
    else if (severity > incident.severity) setLowered(severity);
    else answer(() => call('incident.severity', { incident: incident.id, severity }));
  };
  return (
    <Dialog
      open
      title={lowered === null ? 'How bad is it?' : `Lower ${incident.severity} to ${lowered}: why?`}
      onClose={close}
    >
      {lowered === null ? (
        <Choices<Severity>
          options={SEVERITIES.map((severity) => ({
            value: severity,
            key: severity.slice(3),
            quiet: `${SEVERITY_WORDS[severity]}${severity === incident.severity ? ' (as it is)' : ''}`,
          }))}
          first={incident.severity}
          onChoose={choose}
          render={(severity) => <SeverityMark severity={severity} />}
        />
      ) : (
        <ReasonForm
          value={reason}
          onChange={setReason}
          label="Reason"
          confirm={`Lower to ${lowered}`}
          busy={busy}
          onConfirm={() =>
            answer(() => call('incident.severity', { incident: incident.id, severity: lowered, reason }))
          }
        />
      )}
      <ErrorLine error={error} />
    </Dialog>
  );
}

function StateQuestion({ question, close, busy, error, answer }: Shared & { question: Of<'state'> }) {
  const { incident } = useRoom();
  const [reason, setReason] = useState('');
  const { status } = question;
  const resolving = status === 'resolved';
  const openSteps = incident.runs
    .flatMap(({ steps }) => steps)
    .filter(({ state }) => state === 'open' || state === 'doing').length;
  const left = [
    incident.openAsks > 0 && `${incident.openAsks} ${incident.openAsks === 1 ? 'ask is' : 'asks are'} open`,
    openSteps > 0 && `${openSteps} ${openSteps === 1 ? 'step is' : 'steps are'} not done`,
    incident.conflicts > 0 && 'a conflict is not settled',
  ].filter(Boolean);
  return (
    <Dialog
      open
      title={resolving ? 'Resolve with this still open?' : `Back to ${STATUS_WORDS[status]}: why?`}
      onClose={close}
    >
      {resolving && <p>{left.join(', ')}.</p>}
      <ReasonForm
        value={reason}
        onChange={setReason}
        label={resolving ? 'Reason (may stay empty)' : 'Reason'}
        optional={resolving}
        confirm={resolving ? 'Resolve' : `Back to ${STATUS_WORDS[status]}`}
        busy={busy}
        onConfirm={() =>
          answer(() =>
            call('incident.state', { incident: incident.id, status, ...(reason.trim() === '' ? {} : { reason }) }),
          )
        }
      />
      <ErrorLine error={error} />
    </Dialog>
  );
}

const CAUSE_TITLES = {
  confirmed: 'It is the cause: why?',
  'ruled-out': 'It is not the cause: why?',
  open: 'Take it back: why?',
} as const;
const CAUSE_BUTTONS = { confirmed: 'Confirm the cause', 'ruled-out': 'Rule it out', open: 'Take it back' } as const;

function CauseQuestion({ question, close, busy, error, answer }: Shared & { question: Of<'cause'> }) {
  const { incident } = useRoom();
  const [reason, setReason] = useState('');
  const { service, verdict } = question;
  return (
    <Dialog open title={CAUSE_TITLES[verdict]} onClose={close}>
      <p className={styles.quoted}>{service.name}</p>
      <ReasonForm
        value={reason}
        onChange={setReason}
        label="Reason"
        confirm={CAUSE_BUTTONS[verdict]}
        busy={busy}
        onConfirm={() =>
          answer(() => call('incident.cause', { incident: incident.id, service: service.id, verdict, reason }))
        }
      />
      <ErrorLine error={error} />
    </Dialog>
  );
}

/** A few answers, each with its key. */
function Choices<T extends string>({
  options,
  first,
  onChoose,
  render,
}: {
  options: readonly { value: T; key: string; quiet: string }[];
  /** The one that has the focus at first. */
  first: T;
  onChoose(value: T): void;
  render(value: T): ReactNode;
}) {
  const rows = useRef<HTMLUListElement>(null);
  const chosen = (key: string): T | undefined => options.find((one) => one.key === key.toLowerCase())?.value;
  useEarlyKeys((key) => {
    const value = key === 'Enter' ? first : chosen(key);
    if (value !== undefined) onChoose(value);
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...(rows.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(event.currentTarget as HTMLButtonElement);
    const value = chosen(event.key);
    if (value !== undefined) onChoose(value);
    else if (event.key === 'ArrowDown' || event.key === 'j') buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    else if (event.key === 'ArrowUp' || event.key === 'k') buttons[Math.max(at - 1, 0)]?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <ul ref={rows} className={styles.choices}>
      {options.map(({ value, key, quiet }) => (
        <li key={value}>
          <button
            type="button"
            autoFocus={value === first}
            className={styles.choice}
            onClick={() => onChoose(value)}
            onKeyDown={onKeyDown}
          >
            <Kbd keys={key} />
            <span>{render(value)}</span>
            <span className={styles.quiet}>{quiet}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function ReasonForm({
  value,
  onChange,
  label,
  confirm,
  busy,
  optional = false,
  onConfirm,
}: {
  value: string;
  onChange(value: string): void;
  label: string;
  confirm: string;
  busy: boolean;
  optional?: boolean;
  onConfirm(): void;
}) {
  const ready = optional || value.trim() !== '';
  useEarlyKeys((key) => {
    if (key !== 'Enter') onChange(typedInto(value, key));
    else if (ready) onConfirm();
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) onConfirm();
      }}
    >
      <TextField label={label} value={value} onChange={onChange} autoFocus maxLength={2000} />
      <p className={styles.buttons}>
        <Button type="submit" variant="primary" busy={busy} disabled={!ready} keys="Enter">
          {confirm}
        </Button>
      </p>
    </form>
  );
}

function CorrectQuestion({ question, close, busy, error, answer }: Shared & { question: Of<'correct'> }) {
  const { incident, zone } = useRoom();
  const now = useNow(1000);
  const { entry } = question;
  const own = hasOwnWords(entry.type);
  const [stood] = useState(() => formatWhen(entry.eventTime, zone, Date.now(), { seconds: true }));
  const [time, setTime] = useState(stood);
  const [text, setText] = useState(entry.text ?? '');
  const [reason, setReason] = useState('');
  const when = useMemo(() => (time.trim() === stood ? null : parseWhen(time, zone, now)), [time, stood, zone, now]);
  const moved = when?.ok === true && when.at !== entry.eventTime;
  const reworded = own && text.trim() !== '' && text !== (entry.text ?? '');
  const ready = (moved || reworded) && when?.ok !== false;
  const save = (): void => {
    if (!ready) return;
    answer(() =>
      call('incident.correct', {
        incident: incident.id,
        entry: entry.id,
        ...(moved ? { eventTime: when.at } : {}),
        ...(reworded ? { text } : {}),
        ...(reason.trim() === '' ? {} : { reason }),
      }),
    );
  };
  useEarlyKeys((key) => setTime((before) => typedInto(before === stood ? '' : before, key)));
  return (
    <Dialog
      open
      title="Correct this entry"
      onClose={close}
      footer={
        <>
          <span className={styles.quiet}>What it said before stays on the record.</span>
          <Button variant="primary" busy={busy} disabled={!ready} keys="mod+Enter" onClick={save}>
            Correct
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save();
        }}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {!own && <p className={styles.quoted}>{entry.summary}</p>}
        <TextField
          label="When it happened"
          value={time}
          onChange={setTime}
          autoFocus
          onFocus={(event) => event.target.select()}
          error={when?.ok === false ? when.message : null}
          help={
            moved
              ? `${formatWhen(when.at, zone, now, { seconds: true })}, instead of ${stood}`
              : `14:05, -10m, yesterday 23:50. Entered ${formatWhen(entry.enteredAt, zone, now)} by ${entry.actor.name}.`
          }
        />
        {own && <TextArea label="Words" value={text} onChange={setText} rows={4} maxLength={20_000} />}
        <TextField label="Why (may stay empty)" value={reason} onChange={setReason} maxLength={2000} />
        <button type="submit" hidden>
          Correct
        </button>
      </form>
      <ErrorLine error={error} />
    </Dialog>
  );
}
