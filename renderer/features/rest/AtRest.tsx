/** Whether the data folder is encrypted, and by what it opens: turned on, turned off, and given another passphrase. */
import { useState, type ReactNode } from 'react';
import type { FolderState } from '../../../shared/contract/rest.ts';
import { openedBy, turnedWords } from '../../../shared/domain/record/at-rest.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Choice, TextField } from '../../ui/Field.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Rest.module.css';

type By = 'passphrase' | 'keychain' | 'both';
type Doing = 'encrypt' | 'decrypt' | 'passphrase';

/** A refusal without the name of the field that it stands under. */
const said = (error: { message: string } | null): string | null =>
  error === null ? null : error.message.replace(/^(?:secret|current|with): /, '');

export function AtRest() {
  const { value: state, error, retry } = useQuery('data.status', {}, ['settings', 'status']);
  const [doing, setDoing] = useState<Doing | null>(null);
  if (state === undefined) return error === null ? null : <ErrorLine error={error} onRetry={retry} />;
  const close = (): void => setDoing(null);
  return (
    <div className={styles.setting}>
      <Standing state={state} />
      {state.turning === null && doing === null && (
        <div className={styles.buttons}>
          {state.encrypted ? (
            <>
              <Button needs="manage-console" onClick={() => setDoing('passphrase')}>
                {state.passphrase ? 'Change the passphrase' : 'Set a passphrase'}
              </Button>
              <Button needs="manage-console" onClick={() => setDoing('decrypt')}>
                Take the encryption off
              </Button>
            </>
          ) : (
            <Button needs="manage-console" onClick={() => setDoing('encrypt')}>
              Encrypt the data folder
            </Button>
          )}
        </div>
      )}
      {doing === 'encrypt' && <Encrypt keychainHere={state.keychainHere} onDone={close} />}
      {doing === 'decrypt' && <Decrypt passphrase={state.passphrase} onDone={close} />}
      {doing === 'passphrase' && <Passphrase passphrase={state.passphrase} onDone={close} />}
    </div>
  );
}

function Standing({ state }: { state: FolderState }) {
  const { encrypted, since, turning, last, rescue } = state;
  return (
    <>
      <p>
        {encrypted ? (
          <>
            <b>The data folder is encrypted</b>
            {since !== null && (
              <>
                {' '}
                since <TimeText at={since} />
              </>
            )}
            ; {openedBy(state)}.
          </>
        ) : (
          <>
            <b>The data folder is not encrypted.</b> Whoever can read its files can read what is in them.
          </>
        )}
      </p>
      {turning !== null && <p role="status">The console closes its files now and starts again.</p>}
      {last !== null && turnedWords(last).map((words) => <ErrorLine key={words} error={words} />)}
      {rescue !== null && <p className={styles.quiet}>Is the key ever lost? {rescue}</p>}
    </>
  );
}

function Encrypt({ keychainHere, onDone }: { keychainHere: boolean; onDone(): void }) {
  const { run, busy, error } = useCommand('data.encrypt');
  const [by, setBy] = useState<By>(keychainHere ? 'both' : 'passphrase');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const asks = by !== 'keychain';
  const ready = !asks || (passphrase !== '' && passphrase === again);
  const send = async (): Promise<void> => {
    const reply = await run({ with: by, ...(asks ? { secret: passphrase } : {}) });
    setPassphrase('');
    setAgain('');
    if (reply.ok) onDone();
  };
  return (
    <Ask label="Encrypt the data folder" busy={busy} ready={ready} word="Encrypt" onSend={send} onDone={onDone}>
      {keychainHere && (
        <Choice<By>
          label="What opens it"
          value={by}
          onChange={setBy}
          options={[
            { value: 'both', label: 'Keychain, or a passphrase' },
            { value: 'keychain', label: 'Keychain alone' },
            { value: 'passphrase', label: 'Passphrase alone' },
          ]}
        />
      )}
      {asks && <NewPassphrase passphrase={passphrase} again={again} onPassphrase={setPassphrase} onAgain={setAgain} />}
      <p className={styles.quiet}>
        Database, backups, keys and credentials are encrypted; a backup is made first. The console then starts again.
        {asks ? ' Without the passphrase nobody reads them again: keep it where it can be found.' : ''} Exports, and the
        files in the folders runbooks and templates, stay readable.
      </p>
      <ErrorLine error={said(error)} />
    </Ask>
  );
}

function Decrypt({ passphrase: asks, onDone }: { passphrase: boolean; onDone(): void }) {
  const { run, busy, error } = useCommand('data.decrypt');
  const [passphrase, setPassphrase] = useState('');
  const send = async (): Promise<void> => {
    const reply = await run(asks ? { secret: passphrase } : {});
    setPassphrase('');
    if (reply.ok) onDone();
  };
  return (
    <Ask
      label="Take the encryption off"
      busy={busy}
      ready={!asks || passphrase !== ''}
      word="Take the encryption off"
      onSend={send}
      onDone={onDone}
    >
      {asks && <TextField label="Passphrase" type="password" autoFocus value={passphrase} onChange={setPassphrase} />}
      <p className={styles.quiet}>
        Whoever can read the files can then read what is in them. A backup is made first, and the console starts again.
      </p>
      <ErrorLine error={said(error)} />
    </Ask>
  );
}

function Passphrase({ passphrase: asks, onDone }: { passphrase: boolean; onDone(): void }) {
  const { run, busy, error } = useCommand('data.passphrase');
  const [current, setCurrent] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const send = async (): Promise<void> => {
    const reply = await run({ secret: passphrase, ...(asks ? { current } : {}) });
    setCurrent('');
    setPassphrase('');
    setAgain('');
    if (reply.ok) onDone();
  };
  return (
    <Ask
      label="Passphrase of the data folder"
      busy={busy}
      ready={passphrase !== '' && passphrase === again && (!asks || current !== '')}
      word="Set it"
      onSend={send}
      onDone={onDone}
    >
      {asks && <TextField label="Passphrase now" type="password" autoFocus value={current} onChange={setCurrent} />}
      <NewPassphrase
        focus={!asks}
        passphrase={passphrase}
        again={again}
        onPassphrase={setPassphrase}
        onAgain={setAgain}
      />
      <ErrorLine error={said(error)} />
    </Ask>
  );
}

function NewPassphrase({
  focus = true,
  passphrase,
  again,
  onPassphrase,
  onAgain,
}: {
  focus?: boolean;
  passphrase: string;
  again: string;
  onPassphrase(value: string): void;
  onAgain(value: string): void;
}) {
  return (
    <>
      <TextField label="New passphrase" type="password" autoFocus={focus} value={passphrase} onChange={onPassphrase} />
      <TextField
        label="The same again"
        type="password"
        value={again}
        onChange={onAgain}
        error={again !== '' && !passphrase.startsWith(again) ? 'It is not the same.' : undefined}
      />
    </>
  );
}

function Ask({
  label,
  busy,
  ready,
  word,
  onSend,
  onDone,
  children,
}: {
  label: string;
  busy: boolean;
  ready: boolean;
  word: string;
  onSend(): Promise<void>;
  onDone(): void;
  children: ReactNode;
}) {
  return (
    <form
      className={styles.fields}
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready && !busy) void onSend();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || busy) return;
        event.preventDefault();
        event.stopPropagation();
        onDone();
      }}
    >
      {children}
      <div className={styles.buttons}>
        <Button onClick={onDone} disabled={busy}>
          Cancel
        </Button>
        <Button type="submit" variant="primary" busy={busy} disabled={!ready}>
          {word}
        </Button>
      </div>
    </form>
  );
}
