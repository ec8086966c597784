/** The incident's part of the contract. */
import { z } from 'zod';
import { PinnedStep } from '../ops/steps.ts';
import { AskState, Health, Role, Severity, Status, StepState } from '../domain/words.ts';
import { ResponseLevel, ResponseModel, Suspicion } from '../domain/policy/substance.ts';
import { EntityId, HealthView, Named, Problem, Time } from './common.ts';

/** An incident by id, by label (`INC-0042`) or by number. */
export const IncidentKey = z.string().min(1).max(100);

export const ConflictView = z.object({
  field: z.string(),
  heads: z.array(
    z.object({ op: z.string(), value: z.string().nullable(), by: z.string(), at: Time, reason: z.string().nullable() }),
  ),
});
export type ConflictView = z.infer<typeof ConflictView>;

/** Who has a role; of subject experts one of these each. */
export const RoleView = z.object({
  role: Role,
  person: Named.nullable(),
  since: Time.nullable(),
  /** What a subject expert is asked about. */
  subject: z.string().optional(),
});
export type RoleView = z.infer<typeof RoleView>;

export const IncidentLite = z.object({
  id: z.string(),
  /** INC-0042. */
  label: z.string(),
  title: z.string(),
  severity: Severity,
  status: Status,
  commander: Named.nullable(),
  declaredAt: Time,
  startedAt: Time,
  resolvedAt: Time.nullable(),
  /** When it was closed: what it left behind is reconciled, or accepted by name. */
  closedAt: Time.nullable().optional(),
  services: z.array(Named),
  businessServices: z.array(Named),
  openAsks: z.int(),
  overdueAsks: z.int(),
  conflicts: z.int(),
  /** Cleanup items that are not reconciled. */
  openCleanup: z.int().optional(),
  /** Set for the record of another organisation, which can be read and exported, not changed. */
  foreign: z.object({ organisation: z.string(), console: z.string(), made: Time }).nullable().optional(),
});
export type IncidentLite = z.infer<typeof IncidentLite>;

export const AskView = z.object({
  id: z.string(),
  text: z.string(),
  owner: Named.nullable(),
  state: AskState,
  openedAt: Time,
  openedBy: Named,
  dueAt: Time.nullable(),
  stateAt: Time.nullable(),
  overdue: z.boolean(),
  /** Of the incident's own. */
  team: Named.optional(),
});
export type AskView = z.infer<typeof AskView>;

export const StepView = PinnedStep.extend({
  state: StepState,
  /** Of a decision that is done: the step, or `end`, that was chosen. */
  branch: z.string().nullable(),
  reason: z.string().nullable(),
  by: Named.nullable(),
  at: Time.nullable(),
  conflict: ConflictView.nullable(),
});
export type StepView = z.infer<typeof StepView>;

export const RunView = z.object({
  id: z.string(),
  runbook: z.string(),
  title: z.string(),
  version: z.string(),
  hash: z.string(),
  startedAt: Time,
  startedBy: Named,
  steps: z.array(StepView),
  /** Whether the file on disk has changed since the run began, or is gone. */
  newer: z.enum(['same', 'changed', 'gone']),
});
export type RunView = z.infer<typeof RunView>;

export const IncidentView = IncidentLite.extend({
  declaredBy: Named,
  zone: z.string(),
  roles: z.array(RoleView),
  asks: z.array(AskView),
  runs: z.array(RunView),
  health: z.array(z.object({ id: z.string(), name: z.string(), health: HealthView })),
  suggestedRunbooks: z.array(z.object({ id: z.string(), title: z.string(), why: z.string() })),
  conflictList: z.array(ConflictView),
  entries: z.int(),
});
export type IncidentView = z.infer<typeof IncidentView>;

export const EntryView = z.object({
  /** Op id. */
  id: z.string(),
  type: z.string(),
  /** When it happened (as corrected), when that was entered, and when it reached this console. */
  eventTime: Time,
  enteredAt: Time,
  arrivedAt: Time,
  zone: z.string(),
  actor: Named,
  /** One line that tells it: "severity SEV2 → SEV1". */
  summary: z.string(),
  /** What a person wrote, Markdown. */
  text: z.string().nullable(),
  /** Present when something was corrected: what it said before. */
  correction: z
    .object({
      by: Named,
      at: Time,
      eventTimeWas: Time.nullable(),
      textWas: z.string().nullable(),
      reason: z.string().nullable(),
    })
    .nullable(),
  health: Health.nullable(),
  /** Present when it was taken back in its first minute. */
  takenBack: z.object({ by: Named, at: Time }).optional(),
});
export type EntryView = z.infer<typeof EntryView>;

export const Timeline = z.object({
  entries: z.array(EntryView),
  /** Pass as `before` to go on to older entries; null at the beginning. */
  next: z.string().nullable(),
  total: z.int(),
});
export type Timeline = z.infer<typeof Timeline>;

export const RunbookLite = z.object({
  id: z.string(),
  title: z.string(),
  summary: z.string(),
  version: z.string(),
  owner: z.string().nullable(),
  minutes: z.number().nullable(),
  steps: z.int(),
  file: z.string(),
  hash: z.string(),
  problems: z.array(Problem),
});
export type RunbookLite = z.infer<typeof RunbookLite>;

export const RunbookView = RunbookLite.extend({
  body: z.string(),
  stepList: z.array(PinnedStep),
});
export type RunbookView = z.infer<typeof RunbookView>;

export const ByIncident = z.strictObject({ incident: IncidentKey });

export const Declare = z.strictObject({
  title: z.string().trim().min(1).max(500),
  severity: Severity.default('SEV2'),
  services: z.array(EntityId).max(1000).default([]),
  businessServices: z.array(EntityId).max(200).default([]),
  commander: EntityId.optional(),
  startedAt: Time.optional(),
  /** The response that is taken; none is in force when neither is given. */
  level: ResponseLevel.optional(),
  model: ResponseModel.optional(),
  data: Suspicion.optional(),
  security: Suspicion.optional(),
  /** Why it is declared otherwise than proposed. */
  reason: z.string().trim().max(20_000).optional(),
});
export { AskState, Role, Severity, Status, StepState };
