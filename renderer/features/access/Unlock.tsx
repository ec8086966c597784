/**
 * Who is there? Three keys and the secret: the likeliest person is chosen, typing finds another, Enter goes on. Invariant: what was
 * typed as a secret is in no state but this field's, and is gone when it was sent.
 */
import { useEffect, useRef, useState } from 'react';
import { formatDuration } from '../../../shared/domain/times.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { closeUnlock, useHeld, type UnlockQuestion } from '../../state/access.ts';
import { openBreakGlass } from '../../state/dialogs.ts';
import { useNow } from '../../state/now.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { lastPerson, rememberPerson } from './last.ts';
import { SignIn } from './SignIn.tsx';
import styles from './Access.module.css';

export default function Unlock({ asked }: { asked: UnlockQuestion }) {
  return (
    <Dialog open title={useTitle()} onClose={() => closeUnlock(false)}>
      <UnlockForm asked={asked} onDone={() => closeUnlock(true)} />
    </Dialog>
  );
}

function useTitle(): string {
  return useHeld(({ state }) => (state === 'unlocked' ? 'Change who is here' : 'Unlock'));
}

export function UnlockForm({ asked, onDone }: { asked: UnlockQuestion; onDone(): void }) {
  const { value: session } = useQuery('access.session', {}, ['access', 'status']);
  const [chosen, setChosen] = useState<string | null>(asked.person);
  const [secret, setSecret] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const people = useRef<HTMLInputElement>(null);
  const who = session?.who ?? [];
  const now = useNow();
  const likely =
    who.find(({ id }) => id === lastPerson() && id !== session?.person?.id) ??
    who.find(({ id }) => id !== session?.person?.id);
  const id = chosen ?? likely?.id ?? null;
  const person = who.find((one) => one.id === id);
  const waits = person?.waitUntil != null && person.waitUntil > now;
  useEffect(() => {
    if (session === undefined || (session.who.length === 0 && session.sso !== null)) return;
    if (asked.person === null && session.who.length > 1) people.current?.focus();
    else field.current?.focus();
    // Once, when it is known who can.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [session === undefined]);
  if (session === undefined) return null;
  if (session.state === 'open')
    return (
      <p>
        This console is open: nobody has set anything to unlock it with. Settings, People &amp; access, is where that
        begins.
      </p>
    );
  const send = async (): Promise<void> => {
    if (id === null || secret === '' || busy) return;
    setBusy(true);
    setError(null);
    const reply = await call('access.unlock', { person: id, secret });
    setSecret('');
    setBusy(false);
    if (!reply.ok) {
      setError(reply.message);
      field.current?.focus();
      return;
    }
    rememberPerson(id);
    onDone();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {asked.why !== null && <p className={styles.why}>{asked.why}</p>}
      {session.ended !== null && <p className={styles.contested}>▲ {session.ended}</p>}
      {session.sso !== null && (
        <>
          <SignIn
            offer={session.sso}
            focused={who.length === 0}
            onDone={(unlocked) => {
              if (unlocked !== null) rememberPerson(unlocked);
              onDone();
            }}
          />
          <p className={styles.or}>or with what is set on this console</p>
        </>
      )}
      <Combobox
        label="Who is here?"
        inputRef={people}
        options={who.map(({ id: value, name, title }) => ({ value, label: name, hint: title }))}
        value={id}
        onChange={(value) => {
          setChosen(value);
          setError(null);
          if (value !== null) setTimeout(() => field.current?.focus());
        }}
        placeholder="Type a name"
      />
      <TextField
        ref={field}
        label={person?.kind === 'pin' ? 'PIN' : 'Passphrase'}
        type="password"
        inputMode={person?.kind === 'pin' ? 'numeric' : undefined}
        value={secret}
        onChange={setSecret}
        help={waits ? `Wrong tries: wait ${formatDuration(person.waitUntil! - now)} before the next.` : undefined}
      />
      <ErrorLine error={error} />
      <p className={styles.buttons}>
        {session.state === 'locked' && (
          <Button
            onClick={() => {
              closeUnlock(false);
              openBreakGlass();
            }}
          >
            Break glass
          </Button>
        )}
        {session.state === 'unlocked' && (
          <Button
            onClick={() => {
              void call('access.lock', {});
              closeUnlock(false);
            }}
            keys="mod+shift+l"
          >
            Lock now
          </Button>
        )}
        <Button
          type="submit"
          variant="primary"
          busy={busy}
          disabled={id === null || secret === '' || waits}
          keys="Enter"
        >
          {session.state === 'unlocked' ? 'Take over' : 'Unlock'}
        </Button>
      </p>
    </form>
  );
}
