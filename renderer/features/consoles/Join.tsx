/** Joining with a code: it is read while it is typed, says whose it is, and asks only for what is missing. */
import { useDeferredValue, useState } from 'react';
import type { CodeView, Mine } from '../../../shared/contract/consoles.ts';
import { logWords } from '../../../shared/domain/joining/words.ts';
import { bridge } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Choice, TextArea, TextField } from '../../ui/Field.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Consoles.module.css';

type Source = { code: string } | { file: string };

export function Join({ onClose }: { onClose(): void }) {
  const [typed, setTyped] = useState('');
  const [file, setFile] = useState<string | null>(null);
  const settled = useDeferredValue(typed);
  const source: Source | null = file !== null ? { file } : settled.trim() === '' ? null : { code: settled };
  const read = useQuery('console.code', source, []);
  const choose = async (): Promise<void> => {
    const [chosen] = await bridge.choosePaths('join-file');
    if (chosen !== undefined) setFile(chosen);
  };
  return (
    <Dialog open title="Join an organisation" size="wide" onClose={onClose}>
      <div className={styles.form}>
        {file === null ? (
          <TextArea
            label="The code that you were sent"
            mono
            rows={5}
            autoFocus
            value={typed}
            onChange={setTyped}
            help="Large or small letters, with or without spaces. A wrong group is shown as soon as it is there."
          />
        ) : (
          <p>
            The code in <code>{file}</code>
          </p>
        )}
        <div className={styles.row}>
          <Button onClick={() => void choose()}>{file === null ? 'Open a file instead…' : 'Another file…'}</Button>
          {file !== null && (
            <Button variant="quiet" onClick={() => setFile(null)}>
              Type the code
            </Button>
          )}
        </div>
        {source !== null && <ErrorLine error={read.error} />}
        {source !== null && read.error === null && read.value !== undefined && (
          <Known source={source} code={read.value} onClose={onClose} />
        )}
      </div>
    </Dialog>
  );
}

function Known({ source, code, onClose }: { source: Source; code: CodeView; onClose(): void }) {
  const [name, setName] = useState('');
  const [user, setUser] = useState('');
  const [credential, setCredential] = useState('');
  const [ca, setCa] = useState<string | null>(null);
  const [mine, setMine] = useState<Mine | null>(
    code.log === 'demonstration' || code.log === 'organisation' ? 'aside' : null,
  );
  const [sure, setSure] = useState(false);
  const join = useCommand('console.join');
  const leaves = code.log === 'demonstration' || (code.log === 'organisation' && code.problem === null);
  const ready =
    name.trim() !== '' &&
    (code.log !== 'own' || mine !== null) &&
    (!leaves || sure) &&
    (code.certificate === null || code.certificateHere || ca !== null);
  const run = async (): Promise<void> => {
    if (!ready) return;
    const reply = await join.run({
      ...source,
      name: name.trim(),
      ...(mine === null ? {} : { mine }),
      ...(user.trim() === '' ? {} : { user: user.trim() }),
      ...(credential === '' ? {} : { credential }),
      ...(ca === null ? {} : { ca }),
    });
    if (reply.ok) onClose();
  };
  const certificate = async (): Promise<void> => {
    const [chosen] = await bridge.choosePaths('join-file');
    if (chosen !== undefined) setCa(chosen);
  };
  return (
    <form
      className={styles.form}
      aria-label="What is missing"
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <Facts
        facts={[
          { name: 'Organisation', value: <b>{code.organisation}</b> },
          {
            name: 'Invited by',
            value: (
              <>
                {code.inviter.name || code.inviter.id} <span className={styles.quiet}>({code.inviter.spoken})</span>
              </>
            ),
          },
          { name: 'Valid until', value: <TimeText at={code.expires} /> },
          { name: 'Hub', value: code.hub ?? 'none: the request travels as a bundle' },
          { name: 'Log here', value: logWords(code.log, code.ops) },
        ]}
      />
      {code.problem !== null ? (
        <ErrorLine error={code.problem} />
      ) : (
        <>
          <TextField
            label="Name of this console"
            value={name}
            onChange={setName}
            maxLength={100}
            placeholder="Store 112, back office"
            help="As the others will know it."
          />
          {code.hub !== null && !code.credential && (
            <>
              <TextField label="User at the hub, optional" value={user} onChange={setUser} mono maxLength={200} />
              <TextArea
                label="Credential for the hub, optional"
                mono
                rows={2}
                value={credential}
                onChange={setCredential}
                help="An NKEY seed, the content of a .creds file, or a password, if the hub asks for one. It stays on this machine."
              />
            </>
          )}
          {code.certificate !== null && !code.certificateHere && (
            <div className={styles.row}>
              <Button onClick={() => void certificate()}>Choose the hub&rsquo;s certificate…</Button>
              <span className={styles.quiet}>{ca ?? `Its SHA-256 begins with ${code.certificate.slice(0, 16)}.`}</span>
            </div>
          )}
          {code.log === 'own' && (
            <Choice<Mine | ''>
              label={`What is here: ${logWords(code.log, code.ops)}`}
              value={mine ?? ''}
              onChange={(next) => setMine(next === '' ? null : next)}
              options={[
                { value: 'bring', label: `Share it all with ${code.organisation}` },
                { value: 'aside', label: 'Keep it in a folder and begin with an empty log' },
              ]}
            />
          )}
          {leaves && (
            <label className={styles.sure}>
              <input type="checkbox" checked={sure} onChange={(event) => setSure(event.target.checked)} />
              {code.log === 'demonstration'
                ? 'Keep the demonstration in a folder of its own, so that nothing invented mixes with what is real, and begin with an empty log'
                : 'Leave the organisation of this console: keep its log in a folder, and begin with an empty one'}
            </label>
          )}
          <ErrorLine error={join.error} />
          <div className={styles.row}>
            <Button type="submit" variant="primary" keys="Enter" busy={join.busy} disabled={!ready}>
              Ask to join
            </Button>
          </div>
        </>
      )}
    </form>
  );
}
