/** The contract's part on what is proposed: severity, level and model, each with the rules that made it. A person decides. */
import { z } from 'zod';
import { ResponseLevel, ResponseModel, Substance, Suspicion } from '../domain/policy/substance.ts';
import { Severity } from '../domain/words.ts';
import { EntityId, Named, Time } from './common.ts';
import { ByIncident, ConflictView, IncidentKey } from './incident.ts';

const reason = z.string().trim().max(20_000).optional();

/** A rule that holds. */
export const RuleView = z.object({
  rule: z.string(),
  /** Where it stands in the policy, 1-based. */
  line: z.int(),
  gives: z.string(),
  /** What holds, with the figures. */
  because: z.string(),
  /** Why the rule is there. */
  why: z.string(),
  /** Whether it holds only because what is not certain counts as the worse. */
  inDoubt: z.boolean(),
});
export type RuleView = z.infer<typeof RuleView>;

/** That somebody kept what is in force against this proposal, while the same rules hold. */
const Kept = z.object({ by: Named, at: Time, reason: z.string().nullable() });

export const SeverityProposalView = z.object({
  proposed: Severity,
  /** Null before the declaration. */
  inForce: Severity.nullable(),
  /** The rules that hold, the one that decides first. */
  rules: z.array(RuleView),
  /** Sentences on what is not known and would make it more severe. */
  unknown: z.array(z.string()),
  policy: z.object({ hash: z.string(), version: z.int() }),
  kept: Kept.nullable(),
  /** Whether somebody should look at it: it differs from what is in force, and nobody kept that. */
  open: z.boolean(),
});
export type SeverityProposalView = z.infer<typeof SeverityProposalView>;

const LevelAndModel = z.object({ level: ResponseLevel, model: ResponseModel });

export const ResponseProposalView = z.object({
  proposed: LevelAndModel,
  /** Null when nobody chose one yet. */
  inForce: LevelAndModel.nullable(),
  levelRules: z.array(RuleView),
  modelRules: z.array(RuleView),
  unknown: z.array(z.string()),
  policy: z.object({ hash: z.string(), version: z.int() }),
  kept: Kept.nullable(),
  open: z.boolean(),
});
export type ResponseProposalView = z.infer<typeof ResponseProposalView>;

export const ProposalView = z.object({
  severity: SeverityProposalView,
  response: ResponseProposalView,
  /** What people said of data and security. */
  data: Suspicion,
  security: Suspicion,
  /** What was looked at, each with its figure. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  runbooks: z.array(z.object({ id: z.string(), title: z.string(), why: z.string() })),
  asOf: Time,
});
export type ProposalView = z.infer<typeof ProposalView>;

/** Of an incident, or of what is about to be declared. */
export const ProposalInput = z.strictObject({
  incident: IncidentKey.optional(),
  title: z.string().max(500).default(''),
  services: z.array(EntityId).max(1000).default([]),
  businessServices: z.array(EntityId).max(200).default([]),
  /** Of data: `data` would be the data folder on a command line. */
  integrity: Suspicion.optional(),
  security: Suspicion.optional(),
  /** The severity that somebody has chosen, from which the response follows; the proposed one when absent. */
  severity: Severity.optional(),
});

const Lines = z.array(z.object({ title: z.string(), lines: z.array(z.string()) }));

const DiffView = z.object({
  kept: z.int(),
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.string()),
});

export const ResponseView = z.object({
  proposal: ResponseProposalView,
  inForce: LevelAndModel.extend({ by: Named, at: Time, reason: z.string().nullable() }).nullable(),
  /** What is in force, or what is proposed while nobody has chosen: `chosen` tells which. */
  chosen: z.boolean(),
  level: ResponseLevel,
  model: ResponseModel,
  substance: Substance,
  lines: Lines,
  conflict: ConflictView.nullable(),
  /** What each level and model means, one sentence. */
  levels: z.array(z.object({ level: ResponseLevel, means: z.string() })),
  models: z.array(z.object({ model: ResponseModel, means: z.string() })),
  /** What would change with the level and the model that were asked about. */
  preview: LevelAndModel.extend({ substance: Substance, lines: Lines, diff: DiffView }).nullable(),
});
export type ResponseView = z.infer<typeof ResponseView>;

export const ResponseInput = ByIncident.extend({
  /** What is looked at before it is chosen. */
  level: ResponseLevel.optional(),
  model: ResponseModel.optional(),
});

export const SetResponse = ByIncident.extend({
  model: ResponseModel.optional(),
  level: ResponseLevel.optional(),
  reason,
});
export const ResponseSet = LevelAndModel.extend({ diff: DiffView, changed: z.boolean() });

export const KeepInForce = ByIncident.extend({ what: z.enum(['severity', 'response']), reason });
export const Concern = ByIncident.extend({ integrity: Suspicion.optional(), security: Suspicion.optional(), reason });
