/** What is being done by the book, what could be started, and how the things that are hurt are doing. */
import { Check, CircleDashed, CircleDot, SkipForward, X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { LucideIcon } from 'lucide-react';
import type { IncidentView, RunView, StepView } from '../../../shared/contract/incident.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { StepState } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { useNavigation } from '../../state/navigation.ts';
import { Age } from '../../ui/Age.tsx';
import { Button } from '../../ui/Button.tsx';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { HealthMark } from '../../ui/HealthMark.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { HEALTH_ORDER, HEALTH_WORDS, STEP_WORDS } from '../../ui/words.ts';
import { IncidentImpactPart } from '../impact/IncidentMoney.tsx';
import { Causes } from '../cause/Causes.tsx';
import { Cleanup } from '../cleanup/Cleanup.tsx';
import { Restoration } from '../restoration/Restoration.tsx';
import { nextStepState } from './act.ts';
import { Column } from './Column.tsx';
import { Conflict } from './Conflicts.tsx';
import styles from './Plan.module.css';
import { Prose } from './Prose.tsx';
import { useRoom } from './room.ts';

const ICONS: Record<StepState, LucideIcon> = {
  open: CircleDashed,
  doing: CircleDot,
  done: Check,
  skipped: SkipForward,
  failed: X,
};

/** Age after which a confirmed health is drawn as stale, ms; the engine itself turns it to unknown at its own limit. */
const STALE = 5 * 60_000;

export function Plan() {
  const { incident, write } = useRoom();
  const { runs, suggestedRunbooks, status } = incident;
  const live = !isOver(status);
  return (
    <Column
      title="Plan"
      jump="3"
      actions={
        live ? (
          <Button variant="quiet" onClick={() => write('/run ')}>
            Start a runbook
          </Button>
        ) : undefined
      }
    >
      {incident.health.length > 0 && <Hurt incident={incident} />}
      <IncidentImpactPart incident={incident.id} />
      {runs.map((run) => (
        <Run key={run.id} run={run} />
      ))}
      {incident.foreign ? null : <Restoration incident={incident} />}
      {incident.foreign ? null : <Cleanup incident={incident} />}
      {incident.foreign ? null : <ProbableCause incident={incident} />}
      {live && suggestedRunbooks.length > 0 && <Suggested list={suggestedRunbooks} />}
      {runs.length === 0 && suggestedRunbooks.length === 0 && (
        <EmptyState
          title="No runbook is running."
          text={live ? 'None of the library’s matches what is hurt here. Any of them can be started.' : undefined}
          action={live ? <Button onClick={() => write('/run ')}>Start a runbook</Button> : undefined}
        />
      )}
      <Affected incident={incident} />
    </Column>
  );
}

function ProbableCause({ incident }: { incident: IncidentView }) {
  const { zone, open } = useRoom();
  return (
    <section className={styles.part} aria-label="Probable cause">
      <h4 className={styles.heading}>Probable cause</h4>
      <Causes
        incident={incident.id}
        zone={zone}
        onJudge={({ service }, verdict) => open({ ask: 'cause', service, verdict })}
      />
    </section>
  );
}

function Suggested({ list }: { list: IncidentView['suggestedRunbooks'] }) {
  const { incident } = useRoom();
  const go = useNavigation((state) => state.go);
  const [busy, setBusy] = useState<string | null>(null);
  const [error, setError] = useState<{ id: string; message: string } | null>(null);
  const start = async (runbook: string): Promise<void> => {
    setBusy(runbook);
    setError(null);
    const reply = await call('incident.run', { incident: incident.id, runbook });
    setBusy(null);
    if (!reply.ok) setError({ id: runbook, message: reply.message });
  };
  return (
    <section className={styles.part} aria-label="Suggested runbooks">
      <h4 className={styles.heading}>Suggested</h4>
      <ul>
        {list.map(({ id, title, why }) => (
          <li key={id} className={styles.suggestion}>
            <div className={styles.grow}>
              <button type="button" className={styles.link} onClick={() => go('runbooks', { runbook: id })}>
                {title}
              </button>
              <p className={styles.quiet}>because it {why}</p>
            </div>
            <Button busy={busy === id} onClick={() => void start(id)}>
              Start
            </Button>
            {error?.id === id && <ErrorLine error={error.message} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

const settled = ({ state }: StepView): boolean => state === 'done' || state === 'skipped';

function Run({ run }: { run: RunView }) {
  const { incident, zone, open } = useRoom();
  const box = useRef<HTMLElement>(null);
  const [error, setError] = useState<{ step: string; message: string } | null>(null);
  const done = run.steps.filter(settled).length;
  const current =
    (['doing', 'open', 'failed'] as const).map((state) => run.steps.find((step) => step.state === state)).find(Boolean)
      ?.id ?? null;

  const set = async (step: StepView, state: StepState): Promise<void> => {
    setError(null);
    const reply = await call('incident.step', { incident: incident.id, run: run.id, step: step.id, state });
    if (!reply.ok) setError({ step: step.id, message: reply.message });
    // The next thing to do is the next step.
    else if (state === 'done') {
      const next = box.current?.querySelectorAll<HTMLElement>('[role=row]')[run.steps.indexOf(step) + 1];
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
      if (next && next.offsetHeight > next.closest('[data-scrolls]')!.clientHeight)
        next.scrollIntoView({ block: 'start' });
    }
  };
  const advance = (step: StepView): void => {
    const next = nextStepState(step.state);
    if (next !== null) void set(step, next);
  };

  return (
    <section ref={box} className={styles.part} aria-label={`Runbook ${run.title}`}>
      <h4 className={styles.runTitle}>
        <span className={styles.grow}>{run.title}</span>
        <span className={styles.progress}>
          {done}/{run.steps.length}
        </span>
      </h4>
      <p className={styles.quiet}>
        version {run.version}, started <TimeText at={run.startedAt} zone={zone} /> by {run.startedBy.name}
      </p>
      {run.newer !== 'same' && (
        <p className={styles.pinned}>
          {run.newer === 'changed'
            ? 'The runbook’s file has changed since. This run keeps the steps that it began with.'
            : 'The runbook’s file is gone. This run keeps its steps.'}
        </p>
      )}
      <List
        label={`Steps of ${run.title}`}
        items={run.steps}
        initial={current}
        keyOf={(step) => step.id}
        className={styles.steps}
        rowClassName={styles.stepRow}
        onKey={(key, step) => {
          if (key === 'Enter') advance(step);
          else if (key === 's') open({ ask: 'step', run, step, state: 'skipped' });
          else if (key === 'f') open({ ask: 'step', run, step, state: 'failed' });
          else if (key === 'o' && step.state !== 'open') void set(step, 'open');
          else return false;
          return true;
        }}
        render={(step, active) => (
          <>
            <Step
              step={step}
              number={run.steps.indexOf(step) + 1}
              now={step.id === current}
              whole={active || step.state === 'doing'}
            />
            {step.conflict !== null && (
              <Conflict conflict={step.conflict} say={(value) => value ?? 'open'} inForce={step.state} run={run.id} />
            )}
            {active && (
              <div className={styles.actions}>
                {nextStepState(step.state) !== null && (
                  <Button keys="Enter" onClick={() => advance(step)}>
                    {step.state === 'open' ? 'Start' : 'Done'}
                  </Button>
                )}
                {(step.state === 'open' || step.state === 'doing') && (
                  <>
                    <Button variant="quiet" keys="s" onClick={() => open({ ask: 'step', run, step, state: 'skipped' })}>
                      Skip
                    </Button>
                    <Button variant="quiet" keys="f" onClick={() => open({ ask: 'step', run, step, state: 'failed' })}>
                      Failed
                    </Button>
                  </>
                )}
                {step.state !== 'open' && (
                  <Button variant="quiet" keys="o" onClick={() => void set(step, 'open')}>
                    Open again
                  </Button>
                )}
              </div>
            )}
            {error?.step === step.id && <ErrorLine error={error.message} />}
          </>
        )}
      />
    </section>
  );
}

function Step({ step, number, now, whole }: { step: StepView; number: number; now: boolean; whole: boolean }) {
  const { zone } = useRoom();
  const Icon = ICONS[step.state];
  const facts = [
    step.type !== 'manual' && step.type,
    step.role,
    step.minutes !== null && `${step.minutes} min`,
    step.reversible === false && 'cannot be undone',
  ].filter(Boolean);
  return (
    <div className={styles.step} data-state={step.state} data-now={now || undefined}>
      <span className={styles.icon}>
        <Icon size={16} aria-hidden="true" />
      </span>
      <div className={styles.stepText}>
        <p className={styles.stepTitle}>
          {number} {step.title}
        </p>
        <p className={styles.quiet}>
          <span className={styles.stepState}>{STEP_WORDS[step.state]}</span>
          {step.by !== null && step.at !== null && (
            <>
              {' '}
              by {step.by.name} <TimeText at={step.at} zone={zone} />
            </>
          )}
          {facts.length > 0 && !settled(step) && <> · {facts.join(' · ')}</>}
        </p>
        {step.reason !== null && <p className={styles.reason}>{step.reason}</p>}
        {whole && step.body.trim() !== '' && (
          <div className={styles.body}>
            <Prose text={step.body} />
          </div>
        )}
      </div>
    </div>
  );
}

/** How many of what is affected are how well, above the fold; leads to the list. */
function Hurt({ incident }: { incident: IncidentView }) {
  const counts = HEALTH_ORDER.map((health) => ({
    health,
    count: incident.health.filter((one) => one.health.health === health).length,
  })).filter(({ count }) => count > 0);
  return (
    <button
      type="button"
      className={styles.hurt}
      title="Show what is affected"
      onClick={() => document.getElementById(AFFECTED)?.scrollIntoView()}
    >
      <span className={styles.quiet}>Affected</span>
      {counts.map(({ health, count }) => (
        <span key={health} className={styles.hurtCount}>
          {count} <HealthMark health={health} />
        </span>
      ))}
    </button>
  );
}

const AFFECTED = 'affected';

function Affected({ incident }: { incident: IncidentView }) {
  const { zone, write } = useRoom();
  const go = useNavigation((state) => state.go);
  const services = incident.health.toSorted(
    (a, b) => HEALTH_ORDER.indexOf(a.health.health) - HEALTH_ORDER.indexOf(b.health.health),
  );
  return (
    <section id={AFFECTED} className={styles.part} aria-label="Affected">
      <h4 className={styles.heading}>
        <span className={styles.grow}>Affected</span>
        <Button variant="quiet" onClick={() => write('/affect ')}>
          Add
        </Button>
      </h4>
      {incident.businessServices.length > 0 && (
        <p className={styles.business}>{incident.businessServices.map(({ name }) => name).join(', ')}</p>
      )}
      <List
        label="Affected services"
        items={services}
        keyOf={({ id }) => id}
        rowClassName={styles.service}
        onOpen={({ id }) => go('map', { service: id })}
        empty={<p className={styles.none}>No service is named yet.</p>}
        render={({ name, health }) => (
          <>
            <p className={styles.serviceLine}>
              <HealthMark health={health.health} />
              <strong className={styles.grow}>{name}</strong>
              <Age at={health.observedAt} limit={STALE} />
            </p>
            <p className={styles.quiet}>
              {health.health === 'unknown' && health.since !== null && (
                <>
                  unknown since <TimeText at={health.since} zone={zone} />
                  {health.last !== null && <>, last {HEALTH_WORDS[health.last]}</>}.{' '}
                </>
              )}
              {health.reason}
              {health.source !== null && <> ({health.source})</>}
            </p>
          </>
        )}
      />
    </section>
  );
}
