/** A newer text of a runbook that is running: offered with its difference, never taken by itself. */
import { useState } from 'react';
import type { RunDiff, RunView } from '../../../shared/contract/incident.ts';
import { useCommand } from '../../bridge/useCommand.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { useRoom } from '../incident/room.ts';
import styles from './Runs.module.css';

export function Newer({ run }: { run: RunView }) {
  const [looking, setLooking] = useState(false);
  if (run.newer === 'gone')
    return <p className={styles.pinned}>The runbook’s file is gone. This run keeps the steps that it began with.</p>;
  const version = run.onDisk === null || run.onDisk === '' ? 'text' : `version ${run.onDisk}`;
  return (
    <p className={styles.pinned}>
      {run.onDisk === run.version
        ? 'The text on disk is another, under the same version.'
        : `Another ${version} is on disk.`}{' '}
      This run keeps the steps that it began with.{' '}
      <Button variant="quiet" onClick={() => setLooking(true)}>
        See what changes
      </Button>
      {looking && <Difference run={run} onClose={() => setLooking(false)} />}
    </p>
  );
}

const WORDS: Record<RunDiff['steps'][number]['change'], string> = {
  same: 'same',
  added: 'added',
  removed: 'taken out',
  changed: 'changed',
};

function Difference({ run, onClose }: { run: RunView; onClose(): void }) {
  const { incident } = useRoom();
  const { value: diff, error } = useQuery('incident.run.diff', { incident: incident.id, run: run.id }, [
    'runbooks',
    `incident:${incident.id}`,
  ]);
  const renew = useCommand('incident.run.renew');
  const go = async (): Promise<void> => {
    const reply = await renew.run({ incident: incident.id, run: run.id });
    if (reply.ok) onClose();
  };
  const same = diff?.steps.filter(({ change }) => change === 'same') ?? [];
  const kept = same.filter(({ state }) => state !== null && state !== 'open').length;
  return (
    <Dialog
      open
      size="wide"
      title={`${run.title}: ${diff?.to ? `version ${diff.to} instead of ${run.version}` : 'what changes'}`}
      onClose={onClose}
      footer={
        <Button variant="primary" busy={renew.busy} onClick={() => void go()}>
          Go on with the newer text
        </Button>
      }
    >
      <ErrorLine error={error ?? renew.error} />
      {diff === undefined ? (
        <Skeleton rows={6} />
      ) : (
        <div className={styles.difference}>
          <p className={styles.quiet}>
            {same.length} of its steps are the same{kept > 0 ? `; ${kept} of them keep how they ended` : ''}. What
            changed is done again. This run is ended, and both are linked.
          </p>
          {diff.steps
            .filter(({ change }) => change !== 'same')
            .map(({ id, title, change, lines, state }) => (
              <section key={id} aria-label={`${title}, ${WORDS[change]}`}>
                <h3>
                  <span className={styles.change} data-change={change}>
                    {WORDS[change]}
                  </span>{' '}
                  {title}
                  {state !== null && state !== 'open' && <span className={styles.quiet}> ({state} in this run)</span>}
                </h3>
                {lines.length > 0 && (
                  <pre tabIndex={0} className={styles.lines}>
                    {lines.map(({ sign, text }, n) => (
                      // A line is its place: the same words may stand there twice.
                      // oxlint-disable-next-line react/no-array-index-key
                      <span key={n} data-sign={sign}>{`${sign} ${text}\n`}</span>
                    ))}
                  </pre>
                )}
              </section>
            ))}
        </div>
      )}
    </Dialog>
  );
}
