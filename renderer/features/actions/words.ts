import type { ActionState } from '../../../shared/domain/actions/state.ts';
import type { Risk } from '../../../shared/domain/words.ts';

export const STATE_WORDS: Record<ActionState, string> = {
  proposed: 'proposed',
  approved: 'approved',
  refused: 'refused',
  withdrawn: 'withdrawn',
  waiting: 'waits',
  running: 'running',
  unknown: 'answer lost',
  failed: 'failed',
  done: 'done',
};

export const RISK_WORDS: Record<Risk, string> = {
  low: 'low risk',
  'data-integrity': 'data integrity',
  'payment-flow': 'payment flow',
  'cross-region': 'across regions',
};
