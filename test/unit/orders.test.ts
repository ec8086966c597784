import { expect, it } from 'vitest';
import { ASK_STATES, HEALTHS, ROLES, SEVERITIES, STATUSES, STEP_STATES } from '../../shared/domain/orders.ts';
import { AskState, Health, Role, Severity, Status, StepState } from '../../shared/domain/words.ts';

it.each([
  ['severities', SEVERITIES, Severity.options],
  ['states of an incident', STATUSES, Status.options],
  ['roles', ROLES, Role.options],
  ['healths', HEALTHS, Health.options],
  ['states of a step', STEP_STATES, StepState.options],
  ['states of an ask', ASK_STATES, AskState.options],
])('the plain order of %s is the schema’s', (_name, plain, options) => {
  expect(plain).toEqual(options);
});
