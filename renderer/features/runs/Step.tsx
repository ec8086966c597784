/** One step of a run: how it stands, what it waits for, what was attached, and its text when it is at hand. */
import { Check, CircleDashed, CircleDot, Minus, SkipForward, X } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ActionView } from '../../../shared/contract/actions.ts';
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { formatClock, formatTime } from '../../../shared/domain/times.ts';
import { withoutBranches } from '../../../shared/domain/runbook/blocks.ts';
import { holdWords } from '../../../shared/domain/runbook/words.ts';
import type { StepState } from '../../../shared/domain/words.ts';
import { useNow } from '../../state/now.ts';
import { TimeText } from '../../ui/TimeText.tsx';
import { STEP_WORDS } from '../../ui/words.ts';
import { Prose } from '../incident/Prose.tsx';
import { useRoom } from '../incident/room.ts';
import { StepAction } from './Machine.tsx';
import { branchWords } from './outcome.ts';
import styles from './Runs.module.css';

const ICONS: Record<StepState, LucideIcon> = {
  open: CircleDashed,
  doing: CircleDot,
  done: Check,
  skipped: SkipForward,
  failed: X,
};

const settled = ({ state }: StepView): boolean => state === 'done' || state === 'skipped';

export function Step({
  run,
  step,
  action,
  whole,
}: {
  run: RunView;
  step: StepView;
  action: ActionView | undefined;
  whole: boolean;
}) {
  const { zone } = useRoom();
  const now = step.id === run.next;
  const Icon = step.needed ? ICONS[step.state] : Minus;
  const facts = [
    step.type !== 'manual' && step.type,
    step.audience && `for ${step.audience.replaceAll('-', ' ')}`,
    step.role?.replaceAll('-', ' '),
    step.minutes !== null && `${step.minutes} min`,
    step.risk && step.risk !== 'low' && `risk: ${step.risk.replaceAll('-', ' ')}`,
    step.reversible === false && 'cannot be undone',
  ].filter(Boolean);
  // What a decision wants is shown as its answers, and what stands against what as its conflict.
  const holds = step.holds.filter(({ why }) => why !== 'branch' && why !== 'contested');
  // Its branches stand as answers, or as the one that was chosen.
  const text = step.branches ? withoutBranches(step.body) : step.body;
  return (
    <div
      className={styles.step}
      data-state={step.state}
      data-now={now || undefined}
      data-needless={!step.needed || undefined}
    >
      <span className={styles.icon}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div>
        <p className={styles.stepTitle}>
          {run.steps.indexOf(step) + 1} {step.title}
        </p>
        <p className={styles.quiet}>
          <span className={styles.stepState}>{step.needed ? STEP_WORDS[step.state] : 'not needed'}</span>
          {step.by !== null && step.at !== null && (
            <>
              {' '}
              by {step.by.name} <TimeText at={step.at} zone={zone} />
            </>
          )}
          {facts.length > 0 && !settled(step) && step.needed && <> · {facts.join(' · ')}</>}
        </p>
        {action && <StepAction action={action} />}
        {step.branch !== null && <p className={styles.chosen}>→ {branchWords(step, step.branch)}</p>}
        {step.reason !== null && <p className={styles.reason}>{step.reason}</p>}
        {step.attached.map(({ what, value, by, at }) => (
          <p key={`${what} ${at} ${by.id}`} className={styles.attached}>
            <span className={styles.quiet}>{what}:</span> {value} <span className={styles.quiet}>({by.name})</span>
          </p>
        ))}
        {step.overruled.map(({ guard, figure, by, at, reason }) => (
          <p key={`${guard} ${at}`} className={styles.quiet}>
            {guard === 'reach' && figure !== undefined ? `${figure} services reached` : GUARDS[guard]}: overruled by{' '}
            {by.name}, {reason}
          </p>
        ))}
        {(now || whole) &&
          holds.map((hold) => (
            <p key={hold.why} className={styles.hold}>
              {hold.why === 'wait' ? (
                <Waiting until={hold.until} of={step.until ?? null} />
              ) : (
                holdWords(hold, {
                  title: (id) => run.steps.find((one) => one.id === id)?.title ?? id,
                  when: (at) => formatTime(at, zone),
                })
              )}
            </p>
          ))}
        {whole && step.type === 'wait' && step.until !== undefined && step.state !== 'done' && (
          <p className={styles.quiet}>until {step.until}</p>
        )}
        {whole && text.trim() !== '' && (
          <div className={styles.body}>
            <Prose text={text} titleOf={(place) => run.steps.find(({ id }) => id === place)?.title} />
          </div>
        )}
      </div>
    </div>
  );
}

const GUARDS = {
  reach: 'services reached',
  evidence: 'evidence missing',
  wait: 'waiting time',
  approval: 'no approval in the runbook',
} as const;

function Waiting({ until, of }: { until: number; of: string | null }) {
  const left = until - useNow(1000);
  return (
    <>
      {left > 0 ? (
        <>
          <span className={styles.clock}>{formatClock(left)}</span> to wait
        </>
      ) : (
        'the time is over'
      )}
      {of !== null && left <= 0 && <>: check that {of}</>}
    </>
  );
}
