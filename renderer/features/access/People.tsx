/** Who may use this console and what they may do: people with their roles and why, what they unlock with, roles with who holds them. */
import { useState } from 'react';
import type { AccessView, PersonAccess } from '../../../shared/contract/access.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { openUnlock } from '../../state/access.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { SecretDialog, type Purpose } from './SecretDialog.tsx';
import { SendDialog } from '../../ui/SendDialog.tsx';
import { SingleSignOn } from './SingleSignOn.tsx';
import styles from './Access.module.css';

type Asking =
  | { do: 'secret'; person: PersonAccess | null; purpose: Purpose }
  | { do: 'role'; person: string | null }
  | { do: 'withdraw'; to: string; name: string; role: string; title: string }
  | { do: 'forget'; person: PersonAccess }
  | { do: 'add' };

/** Rows that are drawn; the filter brings up the rest. */
const SHOWN = 20;

export function People() {
  const [all, setAll] = useState(false);
  const [filter, setFilter] = useState('');
  const [asking, setAsking] = useState<Asking | null>(null);
  const { value: session } = useQuery('access.session', {}, ['access', 'status']);
  const { value: view, error, retry } = useQuery('access.show', all ? { all } : {}, ['access']);
  if (view === undefined || session === undefined)
    return error === null ? <Skeleton rows={4} /> : <ErrorLine error={error} onRetry={retry} />;
  const close = (): void => setAsking(null);
  const wanted = filter.trim().toLowerCase();
  const found = view.people.filter(
    ({ name, title, roles }) =>
      wanted === '' ||
      [name, title, ...roles.map((role) => role.title)].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <>
      <State
        view={view}
        session={session}
        onFirst={() => setAsking({ do: 'secret', person: null, purpose: 'first' })}
        onOwn={(person) => setAsking({ do: 'secret', person, purpose: 'other' })}
      />
      {session.state !== 'open' && (
        <>
          <div className={styles.bar}>
            <TextField className={styles.wide} label="Find a person or a role" value={filter} onChange={setFilter} />
            <Button needs="grant-access" onClick={() => setAsking({ do: 'role', person: null })}>
              Give a role
            </Button>
            <Button needs="grant-access" onClick={() => setAsking({ do: 'secret', person: null, purpose: 'other' })}>
              Set a passphrase
            </Button>
            <Button needs="grant-access" onClick={() => setAsking({ do: 'add' })}>
              Add a person
            </Button>
          </div>
          {view.contested.map(({ holder, role }) => (
            <p key={`${holder} ${role}`} className={styles.contested}>
              ▲ Consoles disagree whether {holder} has the role {role}: it does not count until somebody says so again.
            </p>
          ))}
          <PeopleTable people={found.slice(0, SHOWN)} mine={session.person?.id ?? null} onAsk={setAsking} />
          {found.length === 0 && <p className={styles.quiet}>Nobody matches.</p>}
          {found.length > SHOWN && (
            <p className={styles.quiet}>{found.length - SHOWN} more; type a part of the name to find them.</p>
          )}
          {!all && view.others > 0 && (
            <p className={styles.quiet}>
              {view.others} more people have what everybody has.{' '}
              <Button variant="quiet" onClick={() => setAll(true)}>
                Show all
              </Button>
            </p>
          )}
          <Roles view={view} onAsk={setAsking} />
        </>
      )}
      <SingleSignOn />
      {asking?.do === 'secret' && (
        <SecretDialog person={asking.person} purpose={asking.purpose} session={session} onClose={close} />
      )}
      {asking?.do === 'role' && <RoleDialog view={view} person={asking.person} onClose={close} />}
      {asking?.do === 'add' && <AddDialog onClose={close} />}
      {asking?.do === 'withdraw' && (
        <ReasonDialog
          title={`Withdraw ${asking.title} from ${asking.name}`}
          confirm="Withdraw"
          optional
          run={(reason) => call('access.withdraw', { to: asking.to, role: asking.role, ...why(reason) })}
          onClose={close}
        />
      )}
      {asking?.do === 'forget' && (
        <ReasonDialog
          title={`Take access from ${asking.person.name}`}
          quote="They can unlock this console no more, their windows lock at once, and roles that were given to them by name are withdrawn."
          confirm="Take away"
          optional
          run={(reason) => call('access.forget', { person: asking.person.id, ...why(reason) })}
          onClose={close}
        />
      )}
    </>
  );
}

const why = (reason: string) => (reason === '' ? {} : { reason });

const NOTHING_HELD = { title: '', phone: null, roles: [], may: [], secret: null };

type Session = NonNullable<ReturnType<typeof useQuery<'access.session'>>['value']>;

function State({
  view,
  session,
  onFirst,
  onOwn,
}: {
  view: AccessView;
  session: Session;
  onFirst(): void;
  onOwn(person: PersonAccess): void;
}) {
  const { whileLocked, idleMinutes } = view.policy;
  if (session.state === 'open')
    return (
      <div className={styles.form}>
        <p>
          <b>Open.</b> Whoever sits here may do everything. It stays so until somebody who may grant access sets a
          passphrase; from then on this console is locked when it starts, and each person unlocks it as themselves.
        </p>
        <p>
          <Button variant="primary" onClick={onFirst}>
            Set the first passphrase
          </Button>
        </p>
      </div>
    );
  return (
    <p>
      {session.state === 'locked' ? (
        <>
          <b>Locked.</b> {whileLocked === 'read' ? 'Everything can be read, nothing changed. ' : ''}
          <Button onClick={() => openUnlock()} keys="mod+l">
            Unlock
          </Button>
        </>
      ) : (
        <>
          <b>{session.person?.name}</b> unlocked it
          {session.since !== null && (
            <>
              {' '}
              at <TimeText at={session.since} />
            </>
          )}
          {idleMinutes > 0 && `; it locks itself after ${idleMinutes} min without a hand on it`}.{' '}
          {session.person !== null &&
            session.how === 'sso' &&
            !session.who.some(({ id }) => id === session.person?.id) && (
              <>
                Set a passphrase while single sign-on answers, and you also get in when it does not.{' '}
                <Button onClick={() => onOwn({ ...session.person!, ...NOTHING_HELD })}>Set mine</Button>
              </>
            )}
        </>
      )}
    </p>
  );
}

function PeopleTable({
  people,
  mine,
  onAsk,
}: {
  people: readonly PersonAccess[];
  mine: string | null;
  onAsk(asking: Asking): void;
}) {
  return (
    <table className={styles.people}>
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Roles, and why</th>
          <th scope="col">Unlocks with</th>
          <th scope="col">
            <span className="visually-hidden">What can be done</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <td>
              {person.name}
              <br />
              <span className={styles.quiet}>{person.title}</span>
            </td>
            <td>
              {person.roles.map(({ id, title, because, given }) => (
                <span key={id} className={styles.role} title={person.may.join(', ')}>
                  {title} <span className={styles.quiet}>({because})</span>
                  {given && (
                    <Button
                      variant="quiet"
                      needs="grant-access"
                      aria-label={`Withdraw ${title} from ${person.name}`}
                      onClick={() => onAsk({ do: 'withdraw', to: person.id, name: person.name, role: id, title })}
                    >
                      Withdraw
                    </Button>
                  )}
                </span>
              ))}
            </td>
            <td>
              {person.secret === null ? (
                <span className={styles.quiet}>nothing here</span>
              ) : (
                <>
                  {person.secret.kind === 'pin' ? 'PIN' : 'passphrase'}{' '}
                  <span className={styles.quiet}>
                    since <TimeText at={person.secret.setAt} />
                  </span>
                  {person.secret.failures > 0 && ` · ${person.secret.failures} wrong`}
                </>
              )}
            </td>
            <td>
              <span className={styles.row}>
                <Button
                  {...(person.id === mine ? {} : { needs: 'grant-access' as const })}
                  aria-label={`${setWord(person, mine)} what ${person.name} unlocks with`}
                  onClick={() => onAsk({ do: 'secret', person, purpose: person.id === mine ? 'own' : 'other' })}
                >
                  {setWord(person, mine)}
                </Button>
                {(person.secret !== null || person.roles.some(({ given }) => given)) && (
                  <Button
                    variant="quiet"
                    needs="grant-access"
                    aria-label={`Remove access of ${person.name}`}
                    onClick={() => onAsk({ do: 'forget', person })}
                  >
                    Remove
                  </Button>
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function setWord({ id, secret }: PersonAccess, mine: string | null): string {
  if (secret === null) return 'Set';
  return id === mine ? 'Change' : 'Reset';
}

function Roles({ view, onAsk }: { view: AccessView; onAsk(asking: Asking): void }) {
  const go = useNavigation((state) => state.go);
  return (
    <>
      <table className={styles.people}>
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">May</th>
            <th scope="col">Held by groups</th>
          </tr>
        </thead>
        <tbody>
          {view.roles.map(({ id, title, may, everybody, groups }) => (
            <tr key={id}>
              <td>{title}</td>
              <td>{may.join(', ') || 'nothing'}</td>
              <td>
                {everybody && <span className={styles.role}>everybody</span>}
                {groups.map(({ to, id: group, name, given }) => (
                  <span key={`${to}:${group}`} className={styles.role}>
                    {to} {name}
                    {given && (
                      <Button
                        variant="quiet"
                        needs="grant-access"
                        aria-label={`Withdraw ${title} from ${to} ${name}`}
                        onClick={() =>
                          onAsk({ do: 'withdraw', to: `${to}:${group}`, name: `${to} ${name}`, role: id, title })
                        }
                      >
                        Withdraw
                      </Button>
                    )}
                  </span>
                ))}
                {!everybody && groups.length === 0 && '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.quiet}>
        What roles may, who has them by team or group, and when a console locks is in the policy “Who may do what”.{' '}
        <Button variant="quiet" onClick={() => go('policies', { policy: 'access' })}>
          Open the policy
        </Button>
      </p>
    </>
  );
}

/** Groups whose names the log takes as ids; others are named in the policy. */
const GROUP = /^[a-z0-9][A-Za-z0-9._:>-]{0,98}$/;

function RoleDialog({ view, person, onClose }: { view: AccessView; person: string | null; onClose(): void }) {
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const { value: teams } = useQuery('estate.teams', {}, ['estate']);
  const { value: sso } = useQuery('sso.show', {}, ['access']);
  const groups = [...new Set(sso?.verified.flatMap((one) => one.groups) ?? [])].filter((name) => GROUP.test(name));
  const [to, setTo] = useState<string | null>(person);
  const [role, setRole] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  return (
    <SendDialog
      title="Give a role"
      confirm="Give"
      ready={to !== null && role !== null}
      send={() => call('access.grant', { to: to!, role: role!, ...why(reason.trim()) })}
      onClose={onClose}
    >
      <Combobox
        label="To whom"
        value={to}
        onChange={setTo}
        options={[
          ...(people ?? []).map(({ id, name, title }) => ({ value: id, label: name, hint: title })),
          ...(teams ?? []).map(({ id, name }) => ({ value: `team:${id}`, label: name, hint: 'team' })),
          ...groups.map((name) => ({ value: `group:${name}`, label: name, hint: 'group of single sign-on' })),
        ]}
        placeholder="A person, a team or a group that was seen"
      />
      <Combobox
        label="Role"
        value={role}
        onChange={setRole}
        options={view.roles.map(({ id, title, may }) => ({ value: id, label: title, hint: may.join(', ') }))}
        placeholder="What they may do"
      />
      <TextField label="Reason (may be left empty)" value={reason} onChange={setReason} maxLength={2000} />
    </SendDialog>
  );
}

function AddDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState('');
  const [title, setTitle] = useState('');
  const [phone, setPhone] = useState('');
  return (
    <SendDialog
      title="Add a person"
      confirm="Add"
      ready={name.trim() !== ''}
      send={() => call('access.add', { name, title, phone })}
      onClose={onClose}
    >
      <p className={styles.quiet}>For somebody whom no catalog names; an import never takes them away.</p>
      <TextField label="Name" value={name} onChange={setName} autoFocus />
      <TextField label="What they do" value={title} onChange={setTitle} />
      <TextField label="Telephone" value={phone} onChange={setPhone} />
    </SendDialog>
  );
}
