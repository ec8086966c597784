/**
 * Breaking the glass: one calm question after the other, by keys alone, also on a locked console. Invariant: what is asked for
 * is all on one page before it is opened, and what is wrong stands beside it.
 */
import { useId, useRef, useState } from 'react';
import type { Capability, Reply } from '../../../shared/contract/spec.ts';
import { useNavigation } from '../../state/navigation.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { Select } from '../../ui/Select.tsx';
import { closeDialog } from '../../state/dialogs.ts';
import styles from './BreakGlass.module.css';
import { Capabilities } from './Capabilities.tsx';
import { Waiting } from './Waiting.tsx';

type How = 'code' | 'two' | 'ask';
type Proof = 'passphrase' | 'code';

const NO_INCIDENT = '';

export default function BreakGlass() {
  const { value: limits, error } = useQuery('breakglass.limits', {}, ['policies', 'grants']);
  const [asked, setAsked] = useState<{ grant: string; challenge: string | null } | null>(null);
  return asked !== null ? (
    <Dialog open size="wide" title="Break glass" onClose={closeDialog}>
      <Waiting grant={asked.grant} challenge={asked.challenge} />
    </Dialog>
  ) : limits === undefined ? (
    error !== null && (
      <Dialog open title="Break glass" onClose={closeDialog}>
        <ErrorLine error={error} />
      </Dialog>
    )
  ) : (
    <Ask limits={limits.limits} onAsked={setAsked} />
  );
}

interface Limits {
  longestMinutes: number;
  usualMinutes: number;
  capabilities: readonly Capability[];
  ways: { code: boolean; twoPersons: boolean; remote: boolean; phone: boolean };
}

function Ask({
  limits,
  onAsked,
}: {
  limits: Limits;
  onAsked(asked: { grant: string; challenge: string | null }): void;
}) {
  const { ways, usualMinutes, longestMinutes } = limits;
  const ask = ways.remote || ways.phone;
  const { screen, params } = useNavigation();
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const { value: incidents } = useQuery('incident.list', { all: false }, ['incidents']);
  const { value: status } = useQuery('status', {}, ['status', 'settings']);
  const form = useId();
  const first = useRef<HTMLInputElement>(null);
  const [how, setHow] = useState<How>(ways.code ? 'code' : ways.twoPersons ? 'two' : 'ask');
  const [holder, setHolder] = useState<string | null>(null);
  const [incident, setIncident] = useState<string | null>(null);
  const [capabilities, setCapabilities] = useState<Capability[]>(
    limits.capabilities.includes('approve-critical') ? ['approve-critical'] : [],
  );
  const [minutes, setMinutes] = useState(String(usualMinutes));
  const [reason, setReason] = useState('');
  const [code, setCode] = useState('');
  const [second, setSecond] = useState<string | null>(null);
  const [proofs, setProofs] = useState<[Proof, Proof]>(['passphrase', 'passphrase']);
  const [secrets, setSecrets] = useState<[string, string]>(['', '']);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);

  const options = (people ?? []).map(({ id, name, title }) => ({
    value: id,
    label: name,
    ...(title ? { hint: title } : {}),
  }));
  const me = status === undefined || !options.some(({ value }) => value === status.actor.id) ? null : status.actor.id;
  const who = holder ?? me;
  const open = incidents ?? [];
  const here = screen === 'incident' ? params['incident'] : undefined;
  const reach = incident ?? open.find(({ id }) => id === here)?.id ?? open[0]?.id ?? NO_INCIDENT;

  const submit = async (): Promise<void> => {
    if (busy) return;
    if (who === null) return setError('Say who is to hold it.');
    if (capabilities.length === 0) return setError('Say what is needed.');
    if (reason.trim() === '') return setError('A reason is needed: everybody will read it.');
    const wanted = {
      ...{ holder: who, reason: reason.trim(), capabilities, minutes: Number(minutes) },
      incidents: reach === NO_INCIDENT ? [] : [reach],
    };
    setBusy(true);
    setError(null);
    let reply: Reply;
    if (how === 'ask') {
      const requested = await call('breakglass.request', wanted);
      setBusy(false);
      if (requested.ok) return onAsked(requested.value);
      return setError(requested.message);
    } else if (how === 'code') reply = await call('breakglass.use', { ...wanted, code });
    else {
      const [own, other] = secrets;
      const mine = own === '' ? {} : proofs[0] === 'code' ? { code: own } : { passphrase: own };
      const theirs = other === '' ? {} : proofs[1] === 'code' ? { secondCode: other } : { secondPassphrase: other };
      reply = await call('breakglass.use', { ...wanted, ...(second === null ? {} : { second }), ...mine, ...theirs });
      if (!reply.ok) setSecrets(['', '']);
    }
    setBusy(false);
    if (reply.ok) closeDialog();
    else setError(reply.message);
  };

  const prove = (index: 0 | 1, label: string) => (
    <div className={styles.pair}>
      <Select<Proof>
        label={`${label} proves it by`}
        value={proofs[index]}
        onChange={(next) => setProofs(index === 0 ? [next, proofs[1]] : [proofs[0], next])}
        options={[
          { value: 'passphrase', label: 'Passphrase or PIN' },
          { value: 'code', label: 'Sealed code made for them' },
        ]}
      />
      <TextField
        label={`${label}: ${proofs[index] === 'code' ? 'sealed code' : 'passphrase or PIN'}`}
        type={proofs[index] === 'code' ? 'text' : 'password'}
        mono={proofs[index] === 'code'}
        value={secrets[index]}
        onChange={(next) => setSecrets(index === 0 ? [next, secrets[1]] : [secrets[0], next])}
        help={index === 0 ? 'May stay empty for whoever has unlocked this console.' : undefined}
      />
    </div>
  );

  return (
    <Dialog
      open
      size="wide"
      title="Break glass"
      onClose={closeDialog}
      initialFocus={first}
      footer={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button type="submit" form={form} variant={how === 'ask' ? 'primary' : 'danger'} keys="Enter" busy={busy}>
            {how === 'ask' ? 'Ask for it' : 'Open emergency access'}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className={styles.lead}>
          More than you hold, for a short time. Everybody is told, all that is done is listed, and somebody else reviews
          it before the incident is closed. It works with no network.
        </p>
        <Choice<How>
          label="How"
          value={how}
          onChange={setHow}
          options={[
            ...(ways.code ? [{ value: 'code' as const, label: 'A sealed code' }] : []),
            ...(ways.twoPersons ? [{ value: 'two' as const, label: 'Two people here' }] : []),
            ...(ask ? [{ value: 'ask' as const, label: 'Ask another console, or by phone' }] : []),
          ]}
        />
        <div className={styles.pair}>
          <Combobox
            inputRef={first}
            label="Who holds it"
            options={options}
            value={who}
            onChange={setHolder}
            placeholder="Type a name"
          />
          <Select
            label="Incident"
            value={reach}
            onChange={setIncident}
            options={[
              ...open.map(({ id, label, title }) => ({ value: id, label: `${label} ${title}` })),
              { value: NO_INCIDENT, label: 'None: to declare one, or to edit the estate' },
            ]}
          />
        </div>
        <Capabilities
          label="What is needed"
          options={limits.capabilities}
          value={capabilities}
          onChange={setCapabilities}
        />
        <div className={styles.pair}>
          <TextField
            label="Reason"
            value={reason}
            onChange={setReason}
            maxLength={2000}
            placeholder="Payments must be failed over, sign-on is down"
          />
          <TextField
            label="For how many minutes"
            inputMode="numeric"
            value={minutes}
            onChange={setMinutes}
            help={`At most ${longestMinutes}.`}
          />
        </div>
        {how === 'code' && (
          <TextField
            className={styles.code}
            label="Sealed code"
            mono
            value={code}
            onChange={setCode}
            placeholder="XXXX-XXXX-XXXX-XXXX"
            maxLength={40}
          />
        )}
        {how === 'two' && (
          <>
            {prove(0, 'The holder')}
            <Combobox
              label="The second person"
              options={options.filter(({ value }) => value !== who)}
              value={second}
              onChange={setSecond}
              placeholder="Type a name"
            />
            {prove(1, 'The second person')}
          </>
        )}
        <ErrorLine error={error} />
      </form>
    </Dialog>
  );
}
