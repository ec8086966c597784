/**
 * A runbook that is being gone through: what is at hand stands out, what a branch went past is quiet, and what holds a step
 * says so before anybody tries.
 */
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ActionView } from '../../../shared/contract/actions.ts';
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { minutesWords } from '../../../shared/domain/runbook/words.ts';
import type { StepState } from '../../../shared/domain/words.ts';
import { call } from '../../bridge/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorLine } from '../../ui/ErrorLine.tsx';
import { Kbd } from '../../ui/Kbd.tsx';
import { List } from '../../ui/List.tsx';
import { TimeText } from '../../ui/TimeText.tsx';
import { nextStepState } from '../incident/act.ts';
import { useRoom } from '../incident/room.ts';
import { Propose } from '../actions/Propose.tsx';
import { Branches } from './Branches.tsx';
import { EndRun } from './EndRun.tsx';
import { StepApproval, useStepActions } from './Machine.tsx';
import { Newer } from './Newer.tsx';
import { outcomeWords, stops } from './outcome.ts';
import styles from './Runs.module.css';
import { Step } from './Step.tsx';
import { Words } from './Words.tsx';

const STATES: Record<RunView['state'], string | null> = {
  running: null,
  stuck: 'stuck: what is left has failed or leads back',
  finished: 'finished',
  ended: 'ended',
};

export function Run({ run }: { run: RunView }) {
  const { incident, zone, open, write } = useRoom();
  const box = useRef<HTMLElement>(null);
  const moving = useRef<string | null>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  /** What somebody chose, while the run stands as it did then. */
  const [chosen, setChosen] = useState<{ state: RunView['state']; shown: boolean } | null>(null);
  const shown = chosen?.state === run.state ? chosen.shown : run.state !== 'ended';
  const [error, setError] = useState<{ step: string; message: string } | null>(null);
  const [proposing, setProposing] = useState<string | null>(null);
  const actions = useStepActions(run);
  const live = run.ended === null;
  const latest = useRef(run);
  useLayoutEffect(() => {
    latest.current = run;
  });

  const rowOf = (id: string | null): HTMLElement | null =>
    box.current?.querySelectorAll<HTMLElement>('[role=row]')[latest.current.steps.findIndex((one) => one.id === id)] ??
    null;

  /** After a step is done the focus stands on the one that is next, wherever its branch leads. */
  useEffect(() => {
    if (moving.current === null || moving.current === run.next || run.next === null) return;
    moving.current = null;
    const row = rowOf(run.next);
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
    if (row && row.offsetHeight > (row.closest('[data-scrolls]')?.clientHeight ?? Infinity))
      row.scrollIntoView({ block: 'start' });
  });

  /** A question leads on like a key: to the next step once that is known, and until then to the one it was about. */
  const ask = (step: StepView, state: StepState, branch?: string): void =>
    open({
      ...{ ask: 'step', run, step, state },
      ...(branch === undefined ? {} : { branch }),
      answered: () => {
        if (state !== 'doing') moving.current = step.id;
      },
      landing: () => {
        const { next } = latest.current;
        return rowOf(moving.current === null ? step.id : (next ?? step.id));
      },
    });
  const set = async (step: StepView, state: StepState, branch?: string): Promise<void> => {
    setError(null);
    if (stops(step, state)) {
      ask(step, state, branch);
      return;
    }
    if (state === 'done') moving.current = step.id;
    const reply = await call('incident.step', {
      ...{ incident: incident.id, run: run.id, step: step.id, state },
      ...(branch === undefined ? {} : { branch }),
    });
    if (reply.ok) return;
    moving.current = null;
    setError({ step: step.id, message: reply.message });
  };
  const finish = (step: StepView): void => {
    if (!step.branches || step.branches.length === 0) void set(step, 'done');
    else box.current?.querySelector<HTMLElement>(`[data-branches="${step.id}"] button`)?.focus();
  };
  const advance = (step: StepView): void => {
    const next = nextStepState(step.state);
    if (next === 'done' || (step.branches && next !== null)) finish(step);
    else if (next !== null) void set(step, next);
  };

  // It folds when it ends: whoever ended it stands at the one button that is left.
  const was = useRef(live);
  useEffect(() => {
    if (was.current && !live && document.activeElement === document.body) toggle.current?.focus();
    was.current = live;
  }, [live]);

  const left = minutesWords(run.minutes);
  return (
    <section ref={box} className={styles.part} aria-label={`Runbook ${run.title}`}>
      <h4 className={styles.runTitle}>
        <span className={styles.grow}>{run.title}</span>
        <span className={styles.progress}>
          {run.done}/{run.total}
        </span>
      </h4>
      <p className={styles.quiet}>
        {[STATES[run.state], run.state === 'running' && left !== '' ? `about ${left} left` : null]
          .filter(Boolean)
          .map((part) => `${part} · `)
          .join('')}
        version {run.version}, started <TimeText at={run.startedAt} zone={zone} /> by {run.startedBy.name}
        {run.continues !== null && ', goes on from an earlier version'}
      </p>
      {run.ended !== null && (
        <p className={styles.quiet}>
          Ended by {run.ended.by.name} <TimeText at={run.ended.at} zone={zone} />: {run.ended.reason} · {tally(run)}
        </p>
      )}
      {live && run.newer !== 'same' && <Newer run={run} />}
      {(live || run.steps.length > 0) && (
        <p className={styles.tools}>
          {run.state !== 'running' && (
            <Button
              ref={toggle}
              variant="quiet"
              aria-expanded={shown}
              onClick={() => setChosen({ state: run.state, shown: !shown })}
            >
              {shown ? 'Hide its steps' : 'Show its steps'}
            </Button>
          )}
          {live && run.state !== 'finished' && <EndRun run={run} landing={() => toggle.current} />}
        </p>
      )}
      {shown && (
        <List
          label={`Steps of ${run.title}`}
          items={run.steps}
          initial={run.next}
          keyOf={(step) => step.id}
          className={styles.steps}
          rowClassName={styles.stepRow}
          onKey={(key, step, event) => {
            if (!live) return false;
            if (key === 'Enter') advance(step);
            else if (key === 'd' && step.state !== 'done') finish(step);
            else if (key === 's') ask(step, 'skipped');
            else if (key === 'f') ask(step, 'failed');
            else if (key === 'p' && mayPropose(step, actions)) setProposing(step.id);
            else if (key === 'p' || key === 'a') return pressIn(event.currentTarget, key);
            else if (key === 'o' && step.state !== 'open') void set(step, 'open');
            else return false;
            return true;
          }}
          render={(step, active) => (
            <>
              <Step run={run} step={step} action={actions.get(step.id)} whole={active || step.state === 'doing'} />
              {step.conflict !== null && (
                <p className={styles.contested}>
                  Contested:{' '}
                  {step.conflict.heads.map(({ value, by }) => `${outcomeWords(step, value)} (${by})`).join(', ')}. What
                  is less far counts until one is kept above, with <Kbd keys="c" />.
                </p>
              )}
              {active && live && (
                <div className={styles.actions}>
                  {step.branches && step.state !== 'done' ? (
                    <Branches run={run} step={step} onChoose={(branch) => void set(step, 'done', branch)} />
                  ) : (
                    nextStepState(step.state) !== null && (
                      <Button keys="Enter" onClick={() => advance(step)}>
                        {step.state === 'open' ? 'Start' : 'Done'}
                      </Button>
                    )
                  )}
                  {step.state === 'open' && !step.branches && (
                    <Button variant="quiet" keys="d" onClick={() => finish(step)}>
                      Done at once
                    </Button>
                  )}
                  {(step.state === 'open' || step.state === 'doing') && (
                    <>
                      <Button variant="quiet" keys="s" onClick={() => ask(step, 'skipped')}>
                        Skip
                      </Button>
                      <Button variant="quiet" keys="f" onClick={() => ask(step, 'failed')}>
                        Failed
                      </Button>
                    </>
                  )}
                  {mayPropose(step, actions) && (
                    <Button variant="quiet" keys="p" onClick={() => setProposing(step.id)}>
                      Propose its action
                    </Button>
                  )}
                  {step.type === 'approval' && !over(step) && (
                    <StepApproval run={run} step={step} ask={write} propose={setProposing} />
                  )}
                  {step.type === 'message' && <Words step={step} />}
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
      )}
      {proposing !== null && (
        <Propose incident={incident} from={{ run: run.id, step: proposing }} onClose={() => setProposing(null)} />
      )}
    </section>
  );
}

/** "5 done, 1 skipped, 2 not begun": how far it came. */
function tally({ steps }: RunView): string {
  const of = (state: StepState): number => steps.filter((step) => step.needed && step.state === state).length;
  const words = { done: 'done', skipped: 'skipped', failed: 'failed', doing: 'begun', open: 'not begun' } as const;
  return (Object.keys(words) as StepState[])
    .flatMap((state) => (of(state) === 0 ? [] : `${of(state)} ${words[state]}`))
    .join(', ');
}

const over = ({ state }: StepView): boolean => state === 'done' || state === 'skipped';

/** Whether the request of a step can be proposed: it has one, and none of it is under way. */
function mayPropose(step: StepView, actions: ReadonlyMap<string, ActionView>): boolean {
  return step.type === 'action' && step.needed && !over(step) && !actions.has(step.id);
}

/** Presses the button that shows a key, in the row that has the focus. */
function pressIn(list: EventTarget & Element, key: string): boolean {
  const row = document.activeElement?.closest('[role=row]');
  const button = row && list.contains(row) ? row.querySelector<HTMLElement>(`[data-key="${key}"]`) : null;
  button?.click();
  return button !== null;
}
