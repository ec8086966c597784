/** What has to be said with a step: why it is skipped or failed, what is attached, why a guard is gone past. */
import { useState } from 'react';
import type { Reply } from '../../../shared/contract/spec.ts';
import { holdWords } from '../../../shared/domain/runbook/words.ts';
import { holdsAgainst } from '../../../shared/domain/runbook/run.ts';
import { formatTime } from '../../../shared/domain/times.ts';
import type { StepState } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { TextField } from '../../ui/Field.tsx';
import { useRoom } from '../incident/room.ts';
import { typedInto, useEarlyKeys } from '../incident/useEarlyKeys.ts';
import type { StepQuestion } from './question.ts';
import styles from './Runs.module.css';

const TITLES: Record<StepState, string> = {
  open: 'Open this step again',
  doing: 'Start this step',
  done: 'This step is done',
  skipped: 'Skip this step: why?',
  failed: 'This step failed: how?',
};
const CONFIRM: Record<StepState, string> = {
  open: 'Open again',
  doing: 'Start',
  done: 'Done',
  skipped: 'Skip',
  failed: 'Mark as failed',
};

export function StepDialog({
  question: { run, step, state, branch, answered, landing },
  close,
  busy,
  error,
  answer,
}: {
  question: StepQuestion;
  close(): void;
  busy: boolean;
  error: string | null;
  answer(run: () => Promise<Reply>): void;
}) {
  const { incident, zone } = useRoom();
  const holds = holdsAgainst(step.holds, state).filter(({ why }) => why !== 'branch');
  const missing = holds.flatMap((hold) => (hold.why === 'evidence' ? hold.missing : []));
  const guards = holds.filter(({ why }) => why !== 'evidence');
  const [found, setFound] = useState<Record<string, string>>({});
  const [reason, setReason] = useState('');
  const given = missing.filter((what) => (found[what] ?? '').trim() !== '');
  const explains = state === 'skipped' || state === 'failed' || guards.length > 0;
  // Evidence may be left out with a reason, like any other guard.
  const wantsReason = explains || (missing.length > 0 && given.length < missing.length);
  const ready = !wantsReason || reason.trim() !== '';
  const first = missing[0];
  const submit = (): void =>
    answer(async () => {
      const reply = await call('incident.step', {
        ...{ incident: incident.id, run: run.id, step: step.id, state },
        ...(branch === undefined ? {} : { branch }),
        ...(given.length === 0 ? {} : { evidence: given.map((what) => `${what}: ${found[what]!.trim()}`) }),
        ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
        ...(wantsReason && (state === 'doing' || state === 'done') ? { overrule: true } : {}),
      });
      if (reply.ok) answered?.();
      return reply;
    });
  useEarlyKeys((key) => {
    if (key === 'Enter') {
      if (ready) submit();
    } else if (first === undefined) setReason(typedInto(reason, key));
    else setFound({ ...found, [first]: typedInto(found[first] ?? '', key) });
  });
  return (
    <Dialog open title={TITLES[state]} onClose={close} {...(landing ? { landing } : {})}>
      <p className={styles.quoted}>{step.title}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) submit();
        }}
      >
        {guards.map((hold) => (
          <p key={hold.why} className={styles.hold}>
            {holdWords(hold, {
              title: (id) => run.steps.find((one) => one.id === id)?.title ?? id,
              when: (at) => formatTime(at, zone),
            })}
          </p>
        ))}
        {missing.map((what, n) => (
          <TextField
            key={what}
            label={what}
            value={found[what] ?? ''}
            onChange={(text) => setFound({ ...found, [what]: text })}
            autoFocus={n === 0}
            maxLength={10_000}
          />
        ))}
        {(explains || missing.length > 0) && (
          <TextField
            label={
              state === 'failed'
                ? 'What happened'
                : guards.length > 0
                  ? 'Reason to go on all the same'
                  : missing.length > 0
                    ? 'Reason, when something is missing'
                    : 'Reason'
            }
            value={reason}
            onChange={setReason}
            autoFocus={missing.length === 0}
            maxLength={2000}
          />
        )}
        <p className={styles.buttons}>
          <Button type="submit" variant="primary" busy={busy} disabled={!ready} keys="Enter">
            {CONFIRM[state]}
          </Button>
        </p>
      </form>
      <ErrorLine error={error} />
    </Dialog>
  );
}
