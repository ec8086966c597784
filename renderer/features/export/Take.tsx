/**
 * Takes bundles, or incidents that somebody exported, one after the other, each after showing what is in it. Invariant:
 * looking changes nothing; what was kept out is said with the reason; what goes on is seen and can be stopped.
 */
import { useEffect, useRef, useState } from 'react';
import type { Output } from '../../../shared/contract/table.ts';
import { formatSize, ops } from '../../../shared/domain/export/work.ts';
import { bridge, call } from '../../bridge/client.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { closeDialog, takeNext, useDialogs } from '../../state/dialogs.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import styles from './Export.module.css';
import { contentWords } from './words.ts';
import { Work } from './Work.tsx';

type Inspection = Output<'bundle.inspect'>;

/** One file on its way, from looking to taken. */
type Step =
  | { at: 'none' }
  | { at: 'looking' }
  | { at: 'bundle'; looked: Inspection }
  | { at: 'incident'; looked: Output<'incident.inspect'> }
  | { at: 'taken'; looked: Inspection; taken: Output<'bundle.import'> }
  | { at: 'kept'; kept: Output<'incident.import'> };

const ACCESS: Record<Inspection['consoles'][number]['access'], string> = {
  own: 'this console',
  enrolled: 'enrolled here',
  'enrolled-by-it': 'enrolled by the bundle',
  revoked: 'revoked',
  stranger: 'not enrolled here',
};

const count = (n: number): string => n.toLocaleString('en');

const nameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

export default function Take() {
  const { files, refused } = useDialogs(({ open }) => (open.kind === 'take' ? open : NOTHING));
  const [file, ...rest] = files;
  const [step, setStep] = useState<Step>({ at: 'none' });
  const [problem, setProblem] = useState<string | null>(null);
  const bundle = useCommand('bundle.import');
  const single = useCommand('incident.import');
  const asked = useRef<string | null>(null);

  const look = async (path: string): Promise<void> => {
    asked.current = path;
    setStep({ at: 'looking' });
    setProblem(null);
    bundle.clear();
    single.clear();
    const next = await looked(path);
    if (asked.current !== path) return;
    setStep(next.step);
    setProblem(next.problem);
  };
  useEffect(() => {
    if (file !== undefined && asked.current !== file) void look(file);
  });
  const choose = async (): Promise<void> => {
    const [chosen] = await bridge.choosePaths('record-file');
    if (chosen === undefined) return;
    asked.current = null;
    takeNext([chosen]);
  };
  const forward = (): void => {
    asked.current = null;
    setStep({ at: 'none' });
    takeNext(rest);
  };
  const take = async (believe?: string): Promise<void> => {
    if (step.at === 'bundle' || step.at === 'taken') {
      const reply = await bundle.run({ file: step.looked.path, ...(believe === undefined ? {} : { believe }) });
      if (reply.ok) setStep({ at: 'taken', looked: step.looked, taken: reply.value });
    } else if (step.at === 'incident') {
      const reply = await single.run({ file: step.looked.path });
      if (reply.ok) setStep({ at: 'kept', kept: reply.value });
    }
  };
  const open = (id: string): void => {
    closeDialog();
    useNavigation.getState().go('incident', { incident: id });
  };
  const works = step.at === 'looking' || bundle.busy;
  const ready = step.at === 'bundle' || step.at === 'incident';
  const stopped = step.at === 'taken' && step.taken.stopped && !bundle.busy;
  const over = step.at === 'taken' || step.at === 'kept';
  /** While something goes on, leaving stops it: nothing goes on behind a closed question. */
  const leave = (): void => {
    if (works) void call('bundle.stop', {});
    if (!bundle.busy) closeDialog();
  };
  return (
    <Dialog
      open
      title="Import a bundle or an incident"
      size="wide"
      onClose={leave}
      footer={
        <>
          <Button onClick={leave}>{bundle.busy ? 'Stop' : over ? 'Close' : 'Cancel'}</Button>
          {rest.length > 0 && !works && (
            <Button variant={ready ? 'plain' : 'primary'} autoFocus={!ready} onClick={forward}>
              {over ? 'Next file' : 'Leave it out'}
            </Button>
          )}
          {!works && (
            <Button
              variant={ready || rest.length > 0 || stopped ? 'plain' : 'primary'}
              busy={single.busy}
              autoFocus={!ready && rest.length === 0}
              onClick={() => void choose()}
            >
              Choose a file
            </Button>
          )}
          {(ready || stopped) && (
            <Button variant="primary" busy={bundle.busy || single.busy} autoFocus onClick={() => void take()}>
              {stopped ? 'Go on' : 'Import it'}
            </Button>
          )}
        </>
      }
    >
      <div className={styles.form}>
        {refused.map((sentence) => (
          <ErrorLine key={sentence} error={sentence} />
        ))}
        {file === undefined ? (
          <p className={styles.quiet}>
            A bundle (.holdfast) of another console, or an incident exported as JSON: choose it, or drop it on the
            window. Every signature is checked; what is not signed by a console that is enrolled here is kept apart and
            changes nothing.
          </p>
        ) : (
          <p className={styles.path}>
            {nameOf(file)}
            {rest.length > 0 && (
              <span className={styles.quiet}> ({rest.length.toLocaleString('en')} more after it)</span>
            )}
          </p>
        )}
        <ErrorLine error={problem ?? bundle.error ?? single.error} />
        {works && <Work />}
        {(step.at === 'bundle' || step.at === 'taken') && <Contents looked={step.looked} />}
        {step.at === 'bundle' && isStranger(step.looked) && (
          <p className={styles.quiet}>
            Is its maker a console whose data folder is lost, and no other there to let this one in?{' '}
            <Button busy={bundle.busy} onClick={() => void take(step.looked.header.console)}>
              Import it and believe its maker
            </Button>
          </p>
        )}
        {step.at === 'incident' && <Exported looked={step.looked} />}
        {step.at === 'taken' && !bundle.busy && <Taken taken={step.taken} onOpen={open} />}
        {step.at === 'kept' && (
          <div className={styles.done} role="status">
            <p>
              {step.kept.label} {step.kept.title}: {ops(step.kept.fresh)} new of {ops(step.kept.ops)}.
            </p>
            <Messages messages={step.kept.messages} />
            <p>
              <Button onClick={() => open(step.kept.id)}>Open it</Button>
            </p>
          </div>
        )}
      </div>
    </Dialog>
  );
}

const NOTHING = { files: [], refused: [] } as const;

async function looked(file: string): Promise<{ step: Step; problem: string | null }> {
  if (/\.json$/i.test(file)) {
    const reply = await call('incident.inspect', { file });
    return reply.ok
      ? { step: { at: 'incident', looked: reply.value }, problem: null }
      : { step: { at: 'none' }, problem: reply.message };
  }
  const reply = await call('bundle.inspect', { file });
  return reply.ok
    ? { step: { at: 'bundle', looked: reply.value }, problem: null }
    : { step: { at: 'none' }, problem: reply.message };
}
/** Whether nobody here knows the console that made it. */
const isStranger = ({ header, consoles }: Inspection): boolean =>
  consoles.some(({ console, access }) => console === header.console && access === 'stranger');

function Contents({ looked }: { looked: Inspection }) {
  const { header, maker, bytes, period, consoles } = looked;
  const of = header.contents;
  const what =
    of.of === 'everything'
      ? 'Everything'
      : of.of === 'since'
        ? 'What came since an earlier bundle or op'
        : `${of.label} ${of.title}`;
  const different = looked.heads.filter(({ state }) => state === 'different');
  return (
    <div className={styles.done}>
      <p>{what}</p>
      <p className={styles.quiet}>
        {ops(looked.ops)}, {formatSize(bytes)}
        {looked.evidence !== undefined && `, ${contentWords(looked.evidence)}`}, made <TimeText at={header.made} /> by{' '}
        {maker.name === '' ? `console ${maker.console}` : maker.name} ({ACCESS[maker.access]})
        {header.organisation === '' ? '' : ` of ${header.organisation}`}. Its signature is good
        {looked.sealedFor === undefined ? '' : `; it is sealed for ${looked.sealedFor.length} consoles`}.
      </p>
      {period !== null && (
        <p className={styles.quiet}>
          It tells of <TimeText at={period.first} /> to <TimeText at={period.last} />.
        </p>
      )}
      {different.length > 0 && (
        <p className={styles.warn}>
          Its maker had other ops than we have of{' '}
          {different.map(({ console, seq }) => `console ${console} at number ${seq}`).join(', ')}: one of the two
          records was rewritten.
        </p>
      )}
      <div className={styles.scroll}>
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
                <td className={styles.number}>
                  {count(console.access === 'enrolled-by-it' ? console.ops : console.fresh)}
                </td>
                <td className={styles.number}>{count(console.known)}</td>
                <td className={styles.number}>{count(console.access === 'enrolled-by-it' ? 0 : console.refused)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Exported({ looked }: { looked: Output<'incident.inspect'> }) {
  const { label, title, organisation, maker, made, bytes, as, messages } = looked;
  return (
    <div className={styles.done}>
      <p>
        {label} {title}
      </p>
      <p className={styles.quiet}>
        {ops(looked.ops)}, {looked.fresh.toLocaleString('en')} of them new, {formatSize(bytes)}, exported{' '}
        <TimeText at={made} /> by {maker.name === '' ? `console ${maker.console}` : maker.name}
        {organisation === '' ? '' : ` of ${organisation}`}. Every signature is good.
      </p>
      <p className={styles.quiet}>
        {as === 'own'
          ? 'All of its consoles are enrolled here: it will be an incident like any other.'
          : 'Not all of its consoles are enrolled here: it will be kept apart as a foreign record.'}
      </p>
      <Messages messages={messages} />
    </div>
  );
}

function Taken({ taken, onOpen }: { taken: Output<'bundle.import'>; onOpen(id: string): void }) {
  return (
    <div className={styles.done} role="status">
      <p>
        {taken.applied === 0 && taken.quarantined + taken.left === 0 && !taken.stopped
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
