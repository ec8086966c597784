/** The provider at which people sign in: which it is, whether it answers, who is verified by it here, and whose logins are whose. */
import { useState } from 'react';
import type { SsoView } from '../../../shared/contract/sso.ts';
import type { Reply } from '../../../shared/contract/spec.ts';
import type { Input, Output } from '../../../shared/contract/table.ts';
import { call } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { HealthShape } from '../../ui/HealthMark.tsx';
import { ReasonDialog } from '../../ui/ReasonDialog.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { SendDialog } from '../../ui/SendDialog.tsx';
import styles from './Access.module.css';

type Asking = 'set' | 'secret' | 'login' | 'forget';
type By = NonNullable<SsoView['provider']>['by'];

const BY: Record<By, string> = {
  'email-or-name': 'Address or user name',
  email: 'Address',
  name: 'User name',
  list: 'The list alone',
};

export function SingleSignOn() {
  const { value: view, error, retry } = useQuery('sso.show', {}, ['access', 'session', 'policies']);
  const [asking, setAsking] = useState<Asking | null>(null);
  const again = useCommand('sso.retry');
  if (view === undefined) return error === null ? <Skeleton rows={3} /> : <ErrorLine error={error} onRetry={retry} />;
  const { provider, verified, logins } = view;
  const close = (): void => setAsking(null);
  return (
    <section className={styles.block} aria-label="Single sign-on">
      <h3 className={styles.part}>Single sign-on</h3>
      {provider === null ? (
        <>
          <p className={styles.quiet}>
            People sign in with the company’s provider (OpenID Connect), their groups give them roles, and passphrases
            stay for when it is down.
          </p>
          <p>
            <Button needs="grant-access" onClick={() => setAsking('set')}>
              Set single sign-on
            </Button>
          </p>
        </>
      ) : (
        <>
          <Facts
            facts={[
              {
                name: provider.name,
                value: (
                  <>
                    <code>{provider.issuer}</code> as <code>{provider.client}</code>
                    {view.secret && ', with a secret of this console'}
                  </>
                ),
              },
              { name: 'Groups from', value: <code>{provider.groups}</code> },
              { name: 'People by', value: BY[provider.by] },
              { name: 'Stands', value: <Standing view={view} /> },
              {
                name: 'Kept of it',
                value:
                  view.tokens === 'keychain'
                    ? 'in the system’s keychain'
                    : '▲ in memory only, because there is no system keychain: after a start people sign in again',
              },
              {
                name: 'In an outage',
                value: `whoever was verified counts for ${view.hours} h (policy “Who may do what”)`,
              },
            ]}
          />
          <ErrorLine error={again.error} />
          <p className={styles.bar}>
            <Button needs="grant-access" onClick={() => setAsking('set')}>
              Change
            </Button>
            <Button busy={again.busy} onClick={() => void again.run({})}>
              Ask again now
            </Button>
            <Button needs="grant-access" onClick={() => setAsking('secret')}>
              Client’s secret
            </Button>
            <Button needs="grant-access" onClick={() => setAsking('login')}>
              Give a login
            </Button>
            <Button needs="grant-access" variant="quiet" onClick={() => setAsking('forget')}>
              Take out
            </Button>
          </p>
          {verified.length > 0 && <Verified verified={verified} reachable={view.reachable} />}
          {logins.length > 0 && (
            <p className={styles.quiet}>
              Logins given by hand:{' '}
              {logins.map(({ person, logins: theirs }) => `${person.name} (${theirs.join(', ')})`).join(' · ')}
            </p>
          )}
        </>
      )}
      {asking === 'set' && <SetDialog view={view} onClose={close} />}
      {asking === 'secret' && <SecretOfClient kept={view.secret} onClose={close} />}
      {asking === 'login' && <LoginDialog view={view} onClose={close} />}
      {asking === 'forget' && (
        <ReasonDialog
          title="Take single sign-on out"
          quote="At every console whoever signed in with it is locked out at once; passphrases stay."
          confirm="Take out"
          optional
          run={(reason) => call('sso.forget', reason === '' ? {} : { reason })}
          onClose={close}
        />
      )}
    </section>
  );
}

function Standing({ view: { reachable, since, problem, nextTry } }: { view: SsoView }) {
  const when = since !== null && (
    <>
      {' '}
      since <TimeText at={since} />
    </>
  );
  if (reachable === null) return <span className={styles.quiet}>not asked since this console was opened</span>;
  if (reachable) return <>answers{when}</>;
  return (
    <span className={styles.contested}>
      ▲ unreachable{when}: {problem}
      {nextTry !== null && (
        <>
          {' '}
          Asked again at <TimeText at={nextTry} seconds />.
        </>
      )}
    </span>
  );
}

function Verified({ verified, reachable }: { verified: SsoView['verified']; reachable: boolean | null }) {
  return (
    <table className={styles.people}>
      <thead>
        <tr>
          <th scope="col">Verified here</th>
          <th scope="col">Groups</th>
          <th scope="col">Last verified</th>
        </tr>
      </thead>
      <tbody>
        {verified.map(({ person, login, groups, at, until, asked }) => (
          <tr key={person.id}>
            <td>
              {person.name}
              <br />
              <span className={styles.quiet}>{login}</span>
            </td>
            <td>{groups.join(', ') || <span className={styles.quiet}>none</span>}</td>
            <td>
              <Age at={at} />
              <br />
              <span className={styles.quiet}>
                {reachable === false
                  ? 'counts until '
                  : asked
                    ? 'asked again by itself'
                    : 'cannot be asked again: signs in anew'}
                {reachable === false && <TimeText at={until} />}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function SetDialog({ view: { provider }, onClose }: { view: SsoView; onClose(): void }) {
  const [issuer, setIssuer] = useState(provider?.issuer ?? '');
  const [client, setClient] = useState(provider?.client ?? '');
  const [name, setName] = useState(provider?.name ?? '');
  const [groups, setGroups] = useState(provider?.groups ?? 'groups');
  const [scopes, setScopes] = useState(provider?.scopes.join(' ') ?? '');
  const [port, setPort] = useState(provider?.port?.toString() ?? '');
  const [by, setBy] = useState<By>(provider?.by ?? 'email-or-name');
  const [report, setReport] = useState<Output<'sso.test'> | null>(null);
  const test = useCommand('sso.test');
  const input = (): Input<'sso.set'> => ({
    ...{ issuer: issuer.trim(), client: client.trim(), by },
    ...(name.trim() === '' ? {} : { name: name.trim() }),
    ...(groups.trim() === '' ? {} : { groups: groups.trim() }),
    scopes: scopes.split(/[\s,]+/).filter((scope) => scope !== ''),
    port: port.trim() === '' ? null : Number(port),
  });
  const ready = issuer.trim() !== '' && client.trim() !== '';
  const tryOut = async (): Promise<void> => {
    setReport(null);
    const reply = await test.run({ issuer: issuer.trim(), client: client.trim() });
    if (reply.ok) setReport(reply.value);
  };
  return (
    <SendDialog
      title={provider === null ? 'Set single sign-on' : 'Change single sign-on'}
      confirm="Set"
      ready={ready}
      send={() => call('sso.set', input())}
      onClose={onClose}
      aside={
        <Button busy={test.busy} disabled={!ready} onClick={() => void tryOut()}>
          Test
        </Button>
      }
    >
      <p className={styles.quiet}>
        Register Holdfast at the provider as a native (public) client that comes back to http://127.0.0.1/callback, any
        port.
      </p>
      <TextField
        label="Issuer"
        mono
        value={issuer}
        onChange={setIssuer}
        placeholder="https://login.example/tenant"
        autoFocus
      />
      <div className={styles.pair}>
        <TextField label="Client id" mono value={client} onChange={setClient} />
        <TextField label="What people call it" value={name} onChange={setName} placeholder="The issuer’s name" />
      </div>
      <Choice
        label="Who it is of the estate, besides the list of logins"
        value={by}
        onChange={setBy}
        options={(Object.keys(BY) as By[]).map((value) => ({ value, label: BY[value] }))}
      />
      <div className={styles.pair}>
        <TextField
          label="Claim with groups"
          mono
          value={groups}
          onChange={setGroups}
          help="Dots lead deeper: realm_access.roles"
        />
        <TextField label="Further scopes, optional" mono value={scopes} onChange={setScopes} />
        <TextField
          label="Port, optional"
          mono
          inputMode="numeric"
          value={port}
          onChange={setPort}
          help="If the provider knows one only"
        />
      </div>
      {report !== null && (
        <p className={styles.report} role="status">
          <HealthShape health={report.ok ? 'healthy' : 'failing'} /> {report.message}
        </p>
      )}
      <ErrorLine error={test.error} />
    </SendDialog>
  );
}

function SecretOfClient({ kept, onClose }: { kept: boolean; onClose(): void }) {
  const [secret, setSecret] = useState('');
  const forget = useCommand('sso.secret.forget');
  return (
    <SendDialog
      title="Client’s secret"
      confirm="Keep"
      ready={secret !== ''}
      send={async () => {
        const reply = await call('sso.secret', { secret });
        setSecret('');
        return reply;
      }}
      onClose={onClose}
      aside={
        kept && (
          <Button
            variant="danger"
            busy={forget.busy}
            onClick={() => void forget.run({}).then((reply: Reply) => reply.ok && onClose())}
          >
            Forget it
          </Button>
        )
      }
    >
      <p className={styles.quiet}>
        Only for a provider that wants one. It stays on this machine and is sent to the provider alone; each console has
        its own.
      </p>
      <TextField label="Secret" type="password" value={secret} onChange={setSecret} autoFocus />
      <ErrorLine error={forget.error} />
    </SendDialog>
  );
}

function LoginDialog({ view: { logins: all }, onClose }: { view: SsoView; onClose(): void }) {
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const [person, setPerson] = useState<string | null>(null);
  const [logins, setLogins] = useState('');
  return (
    <SendDialog
      title="Give a login to a person"
      confirm="Give"
      ready={person !== null}
      send={() =>
        call('sso.match', { person: person!, logins: logins.split(/[\s,]+/).filter((login) => login !== '') })
      }
      onClose={onClose}
    >
      <p className={styles.quiet}>
        Where neither the address nor the user name tells who it is. Left empty, they are taken back.
      </p>
      <Combobox
        label="Whose"
        value={person}
        onChange={(id) => {
          setPerson(id);
          setLogins(all.find((one) => one.person.id === id)?.logins.join(' ') ?? '');
        }}
        options={(people ?? []).map(({ id, name, title }) => ({ value: id, label: name, hint: title }))}
        placeholder="Type a name"
      />
      <TextField label="Logins" mono value={logins} onChange={setLogins} placeholder="raj@firm.example" />
    </SendDialog>
  );
}
