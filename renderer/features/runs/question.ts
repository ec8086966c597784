/** A step of a run that something has to be said of. */
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import type { StepState } from '../../../shared/domain/words.ts';

export interface StepQuestion {
  run: RunView;
  step: StepView;
  state: StepState;
  branch?: string;
  /** What the run does once it is written down. */
  answered?(): void;
  /** Where the focus stands then. */
  landing?(): HTMLElement | null;
}
