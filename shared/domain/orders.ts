/**
 * The word list's orders as plain arrays, for code that must not carry the schemas (the window). Invariant: each equals
 * the options of its schema in `words.ts`; a unit test compares them.
 */
import type { AskState, Health, Role, Severity, Status, StepState } from './words.ts';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4'];
/** First to last. */
export const STATUSES: readonly Status[] = ['declared', 'mitigating', 'monitoring', 'resolved', 'closed'];
/** Whether what hurt is over; what it left behind may still be open. */
export const isOver = (status: Status): boolean => status === 'resolved' || status === 'closed';
export const ROLES: readonly Role[] = [
  'commander',
  'deputy',
  'communications',
  'operations',
  'scribe',
  'subject-expert',
  'executive-liaison',
  'business-owner',
  'store-liaison',
  'governance',
];
/** Best first. */
export const HEALTHS: readonly Health[] = ['healthy', 'early-warning', 'degraded', 'failing', 'unknown'];
/** Least progress first. */
export const STEP_STATES: readonly StepState[] = ['open', 'doing', 'failed', 'skipped', 'done'];
export const ASK_STATES: readonly AskState[] = ['open', 'acknowledged', 'done', 'cancelled'];
