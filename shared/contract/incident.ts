/** The incident's part of the contract. */
import { z } from 'zod';
import { Evidence, Overruled, PinnedStep } from '../ops/steps.ts';
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

/** Answers that stand against what counts: somebody said so apart from the others, and nobody has settled it. */
export const Disputed = z.object({
  severity: z.array(Severity).optional(),
  status: z.array(Status).optional(),
  /** Null for "nobody". */
  commander: z.array(Named.nullable()).optional(),
});
export type Disputed = z.infer<typeof Disputed>;

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
  /** What of the members above is contested; what they say counts until it is settled. */
  disputed: Disputed.optional(),
  /** Cleanup items that are not reconciled. */
  openCleanup: z.int().optional(),
  /** Who may not read it sees what was written in the clear; `sealed` is how much was not. */
  restricted: z.object({ inside: z.boolean(), sealed: z.int(), contact: Named.nullable() }).optional(),
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

/** Why a step cannot begin, or cannot be done yet. */
const StepHold = z.discriminatedUnion('why', [
  /** Its approval step is not done; null when the runbook has none for it. */
  z.object({ why: z.literal('approval'), step: z.string().nullable() }),
  /** More services are reached than it allows; the figure is null when it is not known. */
  z.object({ why: z.literal('reach'), figure: z.int().nullable(), limit: z.int() }),
  /** Its time is not over. */
  z.object({ why: z.literal('wait'), until: Time }),
  z.object({ why: z.literal('evidence'), missing: z.array(z.string()) }),
  /** A decision whose branch nobody chose. */
  z.object({ why: z.literal('branch') }),
  /** Two answers stand against each other. */
  z.object({ why: z.literal('contested') }),
  /** It leads back to a step that is done. */
  z.object({ why: z.literal('loop'), to: z.string() }),
]);

export const StepView = PinnedStep.extend({
  state: StepState,
  /** Of a decision that is done: the step, or `end`, that was chosen. */
  branch: z.string().nullable(),
  reason: z.string().nullable(),
  by: Named.nullable(),
  at: Time.nullable(),
  conflict: ConflictView.nullable(),
  /** Whether it lies on a way that can still be taken, or was done; otherwise a branch went past it. */
  needed: z.boolean(),
  holds: z.array(StepHold),
  attached: z.array(Evidence.extend({ by: Named, at: Time })),
  overruled: z.array(Overruled.extend({ by: Named, at: Time, reason: z.string() })),
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
  /** The version that is on disk now; null when the file is gone. */
  onDisk: z.string().nullable(),
  /** The run that this one goes on from, with a newer text. */
  continues: z.string().nullable(),
  /** Set when nobody goes on with it; `continuedBy` is the run that took it over. */
  ended: z.object({ at: Time, by: Named, reason: z.string(), continuedBy: z.string().nullable() }).nullable(),
  /** The step that is at hand; null when nothing is left to do. */
  next: z.string().nullable(),
  /** Steps of the way that was taken and of the longest that may follow, and how many of them are done or skipped. */
  done: z.int(),
  total: z.int(),
  /** Expected minutes that are left, by the shortest and by the longest branch. */
  minutes: z.object({ least: z.number(), most: z.number() }),
  /** `stuck`: what is left has failed, or leads back to where everything is done. */
  state: z.enum(['running', 'stuck', 'finished', 'ended']),
});
export type RunView = z.infer<typeof RunView>;

export const IncidentView = IncidentLite.extend({
  declaredBy: Named,
  zone: z.string(),
  roles: z.array(RoleView),
  /** Roles that somebody has to have, by the response that was chosen, else by severity. */
  required: z.array(Role),
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

/** Every way through a runbook, from the first step to the end. */
export const Ways = z.object({
  ways: z.array(
    z.object({
      /** With the branch that was taken there, when the step is a decision. */
      steps: z.array(z.object({ id: z.string(), title: z.string(), branch: z.string().nullable() })),
      /** Expected, of the steps that say how long they take. */
      minutes: z.number(),
    }),
  ),
  /** Where a step leads back to one that is on the way to it. */
  loops: z.array(z.object({ from: z.string(), to: z.string() })),
  unreached: z.array(z.string()),
  /** Whether there are more ways than are listed. */
  more: z.boolean(),
});
export type Ways = z.infer<typeof Ways>;

/** What a newer text of a runbook would change for a run. */
export const RunDiff = z.object({
  /** Versions of the run and of the file; null when the file is gone. */
  from: z.string(),
  to: z.string().nullable(),
  steps: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      change: z.enum(['same', 'added', 'removed', 'changed']),
      lines: z.array(z.object({ sign: z.enum([' ', '+', '-']), text: z.string() })),
      /** How it stands in the run; a step that stays the same keeps it. */
      state: StepState.nullable(),
    }),
  ),
});
export type RunDiff = z.infer<typeof RunDiff>;

export const LintReport = z.object({
  files: z.array(
    z.object({ file: z.string(), id: z.string(), title: z.string(), steps: z.int(), problems: z.array(Problem) }),
  ),
  errors: z.int(),
  warnings: z.int(),
  /** Whether there are no errors. */
  ok: z.boolean(),
});
export type LintReport = z.infer<typeof LintReport>;

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
  /** Where it comes from: `program`, `own` (the data folder's), or the folder. */
  from: z.string(),
  /** The file, with its folder, that it stands instead of. */
  overrides: z.string().nullable(),
  problems: z.array(Problem),
});
export type RunbookLite = z.infer<typeof RunbookLite>;

export const RunbookView = RunbookLite.extend({
  body: z.string(),
  stepList: z.array(PinnedStep),
  ways: Ways,
  /** Incidents in which it was run, the latest first. */
  usedIn: z.array(
    z.object({
      incident: z.string(),
      label: z.string(),
      title: z.string(),
      version: z.string(),
      startedAt: Time,
      state: RunView.shape.state,
    }),
  ),
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
  integrity: Suspicion.optional(),
  security: Suspicion.optional(),
  /** Why it is declared otherwise than proposed. */
  reason: z.string().trim().max(20_000).optional(),
  /** Who reads it: `ana`, `team:security`, `role:governance`, `console:store-12`; everybody when absent. */
  restrictedTo: z.array(z.string().trim().min(1).max(200)).min(1).max(100).optional(),
  /** With `restrictedTo`: whom everybody else may ask. */
  contact: EntityId.optional(),
});
export { AskState, Role, Severity, Status, StepState };
