/** Sets what somebody unlocks with: the first of a console, one's own, or another's. What was typed goes to the engine and nowhere else. */
import { useState } from 'react';
import type { PersonAccess, SessionView } from '../../../shared/contract/access.ts';
import { call } from '../../bridge/client.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Combobox } from '../../ui/Combobox.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { rememberPerson } from './last.ts';
import styles from './Access.module.css';

export type Purpose = 'first' | 'own' | 'other';

const TITLES: Record<Purpose, string> = {
  first: 'Set the first passphrase',
  own: 'Change what you unlock with',
  other: 'Set what somebody unlocks with',
};

export function SecretDialog({
  person,
  purpose,
  session,
  onClose,
}: {
  person: PersonAccess | null;
  purpose: Purpose;
  session: SessionView;
  onClose(): void;
}) {
  const { value: people } = useQuery('estate.people', {}, ['estate']);
  const [id, setId] = useState<string | null>(person?.id ?? null);
  const [kind, setKind] = useState<'passphrase' | 'pin'>('passphrase');
  const [secret, setSecret] = useState('');
  const [again, setAgain] = useState('');
  const [current, setCurrent] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const own = purpose === 'own';
  const differs = again !== '' && again !== secret;
  const ready = id !== null && secret !== '' && again === secret && (!own || current !== '');
  const send = async (): Promise<void> => {
    if (!ready || busy) return;
    setBusy(true);
    setError(null);
    const set = () => call('access.secret', { person: id, secret, kind, ...(own ? { current } : {}) });
    let reply = purpose === 'first' ? await first(id, set) : await set();
    if (!reply.ok && reply.message.startsWith('secret: '))
      reply = { ...reply, message: reply.message.slice('secret: '.length) };
    setBusy(false);
    setSecret('');
    setAgain('');
    setCurrent('');
    if (!reply.ok) {
      setError(reply.message);
      return;
    }
    if (purpose === 'first') rememberPerson(id);
    onClose();
  };
  return (
    <Dialog open title={TITLES[purpose]} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {purpose === 'first' && (
          <p className={styles.quiet}>
            Whoever this is becomes keeper of the console: they may give roles and set passphrases for the others. From
            then on it is locked when it starts.
          </p>
        )}
        {person === null ? (
          <Combobox
            label="Who"
            value={id}
            onChange={setId}
            options={(people ?? []).map(({ id: value, name, title }) => ({ value, label: name, hint: title }))}
            placeholder={people?.length === 0 ? 'No people are known yet: they come with the catalog' : 'Type a name'}
          />
        ) : (
          <p>
            {person.name}
            {person.title !== '' && <span className={styles.quiet}>, {person.title}</span>}
          </p>
        )}
        {own && <TextField label="What it is now" type="password" value={current} onChange={setCurrent} autoFocus />}
        {session.pin > 0 && (
          <Choice
            label="What with"
            value={kind}
            onChange={setKind}
            options={[
              { value: 'passphrase', label: `Passphrase, ${session.passphrase} characters or more` },
              { value: 'pin', label: `PIN, ${session.pin} digits or more` },
            ]}
          />
        )}
        <TextField
          label={kind === 'pin' ? 'New PIN' : 'New passphrase'}
          type="password"
          value={secret}
          onChange={setSecret}
          help={
            kind === 'pin'
              ? 'No row, no repetition.'
              : 'A few words that do not belong together, and that nobody connects with you.'
          }
        />
        <TextField
          label="The same again"
          type="password"
          value={again}
          onChange={setAgain}
          error={differs ? 'The two are not the same.' : null}
        />
        <ErrorLine error={error} />
        <p className={styles.buttons}>
          <Button type="submit" variant="primary" busy={busy} disabled={!ready} keys="Enter">
            {purpose === 'first' ? 'Lock this console' : 'Set'}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

/** Makes the first person keeper when they may not grant access yet, and then sets what they unlock with. */
async function first(
  id: string,
  set: () => ReturnType<typeof call<'access.secret'>>,
): ReturnType<typeof call<'access.secret'>> {
  const check = await call('access.check', { person: id, capability: 'grant-access' });
  if (!check.ok) return check;
  if (check.value.ok === false) {
    const roles = await call('access.roles', {});
    if (!roles.ok) return roles;
    const role =
      roles.value.roles.find(({ may }) => may.includes('grant-access') && may.includes('manage-console')) ??
      roles.value.roles.find(({ may }) => may.includes('grant-access'));
    if (role !== undefined) {
      const given = await call('access.grant', { to: id, role: role.id, reason: 'first of this console' });
      if (!given.ok) return given;
    }
  }
  return set();
}
