/** What a step waits for beyond the person at it: its request to a machine, or somebody's approval. */
import type { ActionView } from '../../../shared/contract/actions.ts';
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { useQuery } from '../../bridge/useQuery.ts';
import { ofEarlierRound } from '../../../shared/domain/actions/state.ts';
import { Button } from '../../ui/Button.tsx';
import { STATE_WORDS } from '../actions/words.ts';
import { useRoom } from '../incident/room.ts';
import styles from './Runs.module.css';

/** The newest action of each step of a run that was not taken back, by step. */
export function useStepActions(run: RunView): ReadonlyMap<string, ActionView> {
  const { incident } = useRoom();
  const wanted = run.ended === null && run.steps.some(({ type }) => type === 'action') && !incident.foreign;
  const { value } = useQuery('action.list', wanted ? { incident: incident.id } : null, [
    `incident:${incident.id}`,
    'incidents',
    'endpoints',
    'settings',
    'estate',
  ]);
  const found = new Map<string, ActionView>();
  for (const action of value ?? []) {
    const { step, state } = action;
    if (step?.run !== run.id || found.has(step.step) || state === 'withdrawn' || state === 'refused') continue;
    const of = run.steps.find(({ id }) => id === step.step);
    if (of && state === 'done' && ofEarlierRound(of, doneAt(action))) continue;
    found.set(step.step, action);
  }
  return found;
}

/** An attempt's time is when it went out: what was opened again since then is of a later round. */
const doneAt = ({ attempts, settled }: ActionView): number | null =>
  attempts.find(({ state }) => state === 'done')?.at ?? settled?.at ?? null;

/** How the request of a step stands, and for whom it waits. */
export function StepAction({ action }: { action: ActionView }) {
  const { state, guard, mayApprove, message } = action;
  const waits = state === 'proposed' && guard.approvals > 0;
  return (
    <p className={waits || state === 'unknown' || state === 'waiting' ? styles.hold : styles.quiet}>
      action {STATE_WORDS[state]}: {waits ? `waits for the approval of ${whom(guard.who, mayApprove)}` : message}
    </p>
  );
}

type Approver = ActionView['mayApprove'][number];

/** "commander: Ana K. (+49 30 1234)"; names alone when nothing says how to reach them. */
function whom(who: string, mayApprove: readonly Approver[]): string {
  if (mayApprove.length === 0) return `${who}; nobody here is`;
  return mayApprove
    .slice(0, 3)
    .map(({ name, as, phone, email }) => `${name} (${[as, phone ?? email].filter(Boolean).join(', ')})`)
    .join(' or ');
}

/** Who may approve a step, and the key that asks the first of them. */
export function StepApproval({
  run,
  step,
  ask,
  propose,
}: {
  run: RunView;
  step: StepView;
  ask(text: string): void;
  propose(step: string): void;
}) {
  const { incident } = useRoom();
  const { value } = useQuery('incident.run.approvers', { incident: incident.id, run: run.id, step: step.id }, [
    `incident:${incident.id}`,
    'estate',
    'policies',
  ]);
  if (value === undefined) return null;
  const first = value.mayApprove[0];
  const wanted = value.propose;
  return (
    <div className={styles.approval}>
      <p className={styles.quiet}>May approve: {whom(value.who, value.mayApprove)}</p>
      {wanted !== null && (
        <Button variant="quiet" keys="p" data-key="p" onClick={() => propose(wanted)}>
          Propose its action
        </Button>
      )}
      {first && (
        <Button
          variant="quiet"
          keys="a"
          data-key="a"
          onClick={() => ask(`/ask @${first.id} 5m approve: ${step.title}`)}
        >
          Ask {first.name}
        </Button>
      )}
    </div>
  );
}
