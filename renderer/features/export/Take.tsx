/**
 * Takes a bundle, or an incident that somebody exported, after showing what is in it. Invariant: looking changes nothing;
 * what was kept out is said with the reason.
 */
import { useState } from 'react';
import type { Output } from '../../../shared/contract/table.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Export.module.css';
import { formatSize, ops } from './words.ts';

type Inspection = Output<'bundle.inspect'>;

const ACCESS: Record<Inspection['consoles'][number]['access'], string> = {
  own: 'this console',
  enrolled: 'enrolled here',
  'enrolled-by-it': 'enrolled by the bundle',
  revoked: 'revoked',
  stranger: 'not enrolled here',
};

export default function Take() {
  const [looked, setLooked] = useState<Inspection | null>(null);
  const [looking, setLooking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [taken, setTaken] = useState<Output<'bundle.import'> | null>(null);
  const [incident, setIncident] = useState<Output<'incident.import'> | null>(null);
  const bundle = useCommand('bundle.import');
  const single = useCommand('incident.import');

  const choose = async (): Promise<void> => {
    const [file] = await bridge.choosePaths('record-file');
    if (file === undefined) return;
    setLooked(null);
    setTaken(null);
    setIncident(null);
    setProblem(null);
    bundle.clear();
    single.clear();
    if (/\.json$/i.test(file)) {
      const reply = await single.run({ file });
      if (reply.ok) setIncident(reply.value);
      return;
    }
    setLooking(true);
    const reply = await call('bundle.inspect', { file });
    setLooking(false);
    if (reply.ok) setLooked(reply.value);
    else setProblem(reply.message);
  };
  const take = async (): Promise<void> => {
    if (looked === null) return;
    const reply = await bundle.run({ file: looked.path });
    if (reply.ok) setTaken(reply.value);
  };
  const open = (id: string): void => {
    closeDialog();
    useNavigation.getState().go('incident', { incident: id });
  };
  const ready = looked !== null && taken === null;
  return (
    <Dialog
      open
      title="Import a bundle or an incident"
      size="wide"
      onClose={closeDialog}
      footer={
        <>
          <Button onClick={closeDialog}>{taken === null && incident === null ? 'Cancel' : 'Close'}</Button>
          <Button
            variant={ready ? 'plain' : 'primary'}
            busy={looking || single.busy}
            autoFocus
            onClick={() => void choose()}
          >
            Choose a file
          </Button>
          {ready && (
            <Button variant="primary" busy={bundle.busy} autoFocus onClick={() => void take()}>
              Import it
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        {looked === null && incident === null && (
          <p className={styles.quiet}>
            A bundle (.holdfast) of another console, or an incident exported as JSON. Every signature is checked; what
            is not signed by a console that is enrolled here is kept apart and changes nothing.
          </p>
        )}
        <ErrorLine error={problem ?? bundle.error ?? single.error} />
        {looked !== null && <Contents looked={looked} />}
        {taken !== null && <Taken taken={taken} onOpen={open} />}
        {incident !== null && (
          <div className={styles.done} role="status">
            <p>
              {incident.label} {incident.title}: {ops(incident.fresh)} new of {ops(incident.ops)}.
            </p>
            <Messages messages={incident.messages} />
            <p>
              <Button onClick={() => open(incident.id)}>Open it</Button>
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}

function Contents({ looked }: { looked: Inspection }) {
  const { header, bytes, consoles } = looked;
  const of = header.contents;
  const what =
    of.of === 'everything'
      ? 'Everything'
      : of.of === 'since'
        ? 'What came since an earlier bundle'
        : `${of.label} ${of.title}`;
  const different = looked.heads.filter(({ state }) => state === 'different');
  return (
    <div className={styles.done}>
      <p>{what}</p>
      <p className={styles.quiet}>
        {ops(looked.ops)}, {formatSize(bytes)}, made <TimeText at={header.made} /> by console {header.console}
        {header.organisation === '' ? '' : ` of ${header.organisation}`}. Its signature is good
        {looked.sealedFor === undefined ? '' : `; it is sealed for ${looked.sealedFor.length} consoles`}.
      </p>
      {different.length > 0 && (
        <p className={styles.warn}>
          Its maker had other ops than we have of{' '}
          {different.map(({ console, seq }) => `console ${console} at number ${seq}`).join(', ')}: one of the two
          records was rewritten.
        </p>
      )}
      <table className={styles.consoles}>
        <thead>
          <tr>
            <th scope="col">Console</th>
            <th scope="col">Standing</th>
            <th scope="col" className={styles.number}>
              New
            </th>
            <th scope="col" className={styles.number}>
              Here
            </th>
            <th scope="col" className={styles.number}>
              Kept out
            </th>
          </tr>
        </thead>
        <tbody>
          {consoles.map((console) => (
            <tr key={console.console}>
              <td>{console.name === '' ? console.console : console.name}</td>
              <td>{ACCESS[console.access]}</td>
              <td className={styles.number}>{console.access === 'enrolled-by-it' ? console.ops : console.fresh}</td>
              <td className={styles.number}>{console.known}</td>
              <td className={styles.number}>{console.access === 'enrolled-by-it' ? 0 : console.refused}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Taken({ taken, onOpen }: { taken: Output<'bundle.import'>; onOpen(id: string): void }) {
  return (
    <div className={styles.done} role="status">
      <p>
        {taken.applied === 0 && taken.quarantined + taken.left === 0
          ? 'All of it was here already.'
          : `${ops(taken.applied)} new.`}
        {taken.quarantined > 0 && ` ${ops(taken.quarantined)} kept out.`}
      </p>
      <Messages messages={taken.messages} />
      {taken.incidents.slice(0, 5).map(({ id, name }) => (
        <p key={id}>
          <Button onClick={() => onOpen(id)}>Open {name}</Button>
        </p>
      ))}
    </div>
  );
}

function Messages({ messages }: { messages: readonly string[] }) {
  if (messages.length === 0) return null;
  return (
    <ul className={styles.messages}>
      {messages.map((message) => (
        <li key={message}>{message}</li>
      ))}
    </ul>
  );
}
