/**
 * Guarded actions in the contract: requests to machines that a person lets go, with a second person's approval where the
 * risk wants one. Invariant: what is shown is what would go out, whole, without the endpoint's credential.
 */
import { z } from 'zod';
import { ACTION_STATES } from '../domain/actions/state.ts';
import { METHODS } from '../domain/actions/template.ts';
import { Risk } from '../domain/words.ts';
import { EntityId, Named, Problem, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

const EndpointId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'an endpoint is named by lower-case letters, digits, . _ -');
const reason = z.string().trim().max(20_000).optional();
const wantedReason = z.string().trim().min(1, 'a reason is needed').max(20_000);

export const EndpointView = z.object({
  /** As requests name it: `{{endpoint.deployer}}`. */
  id: z.string(),
  title: z.string(),
  url: z.string(),
  /** Whether requests go over plain HTTP to another machine, where they can be read on the way. */
  unencrypted: z.boolean(),
  credential: z.boolean(),
  /** Whether it took a connection when that was last tried; null when it was not tried since the start. */
  reachable: z.boolean().nullable(),
  triedAt: Time.nullable(),
  message: z.string(),
});
export type EndpointView = z.infer<typeof EndpointView>;

export const AddEndpoint = z.strictObject({
  endpoint: EndpointId,
  url: z.string().min(1).max(2000),
  title: z.string().trim().max(200).default(''),
  /** Kept on this machine only, bound to the address; a token, user:password, or "Bearer …". */
  credential: z.string().max(10_000).optional(),
  /** Allows http:// to another machine. */
  unencrypted: z.boolean().default(false),
});
export const ChangeEndpoint = z.strictObject({
  endpoint: EndpointId,
  url: z.string().min(1).max(2000).optional(),
  title: z.string().trim().max(200).optional(),
  /** Null forgets it. */
  credential: z.string().max(10_000).nullable().optional(),
  unencrypted: z.boolean().optional(),
});
export const ByEndpoint = z.strictObject({ endpoint: EndpointId });

export const ActionTemplateView = z.object({
  id: z.string(),
  title: z.string(),
  effect: z.string(),
  risk: Risk,
  reversible: z.boolean().nullable(),
  endpoint: z.string(),
  /** Whether this console has that endpoint. */
  configured: z.boolean(),
  method: z.enum(METHODS),
  path: z.string(),
  inputs: z.array(z.object({ name: z.string(), title: z.string(), example: z.string() })),
  wantsService: z.boolean(),
  file: z.string(),
});
export type ActionTemplateView = z.infer<typeof ActionTemplateView>;

export const ActionTemplates = z.object({ templates: z.array(ActionTemplateView), problems: z.array(Problem) });

const inputs = z
  .record(z.string().max(60), z.union([z.string().max(4000), z.number(), z.boolean()]).transform(String))
  .default({});

/** Which action is meant: a template, or a step of a run. */
export const ActionSource = z.strictObject({
  incident: IncidentKey,
  template: z.string().max(100).optional(),
  run: EntityId.optional(),
  step: EntityId.optional(),
  /** The service that it acts on; the incident's only one when it is not said. */
  service: EntityId.optional(),
  /** Values that the request asks for, by name. */
  inputs,
});
export const ProposeAction = ActionSource.extend({ reason });

const Request = z.object({
  method: z.enum(METHODS),
  url: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string(),
});

/** Somebody who may approve, and how to reach them. */
const MayApprove = Named.extend({
  /** "commander", "team payments". */
  as: z.string(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
});

/** Whom the policy lets approve what a step of a run is about. */
export const StepApprovers = z.object({
  /** "commander or deputy", by the policy. */
  who: z.string(),
  mayApprove: z.array(MayApprove),
  /** The action step that has to be proposed before it can be approved; null when nothing has to. */
  propose: z.string().nullable(),
});

const Guard = z.object({
  approval: z.enum(['none', 'reversible', 'critical']),
  why: z.array(z.string()),
  /** Different people who have to approve; 0 when one confirmation is enough. */
  approvals: z.int(),
  /** "commander or deputy", by the policy. */
  who: z.string(),
});

const Reach = z.object({
  /** What it acts on. */
  services: z.array(Named),
  /** How many services that reaches; null when it acts on none that is known. */
  reaches: z.int().nullable(),
  limit: z.int().nullable(),
  text: z.string(),
});

export const ActionPreview = z.object({
  title: z.string(),
  endpoint: z.string(),
  /** Null when it can't be made yet; then `missing` says why. */
  request: Request.nullable(),
  dryRun: z.object({ method: z.enum(METHODS), url: z.string() }).nullable(),
  missing: z.string().nullable(),
  inputs: z.array(z.object({ name: z.string(), title: z.string(), example: z.string() })),
  wantsService: z.boolean(),
  effect: z.string(),
  risk: Risk,
  reversible: z.boolean().nullable(),
  guard: Guard,
  reach: Reach,
  mayApprove: z.array(MayApprove),
});
export type ActionPreview = z.infer<typeof ActionPreview>;

const Answer = z.object({
  status: z.int().nullable(),
  ms: z.int().nullable(),
  /** Size of the whole answer. */
  bytes: z.int().nullable(),
  /** Its first part, without what looks like a secret. */
  body: z.string(),
  message: z.string(),
});

export const ActionView = z.object({
  id: z.string(),
  incident: z.object({ id: z.string(), label: z.string() }),
  title: z.string(),
  state: z.enum(ACTION_STATES),
  /** One sentence: what is so, and what is next. */
  message: z.string(),
  step: z.object({ run: z.string(), step: z.string(), title: z.string() }).nullable(),
  endpoint: z.string(),
  request: Request,
  dryRun: z.object({ method: z.enum(METHODS), url: z.string() }).nullable(),
  effect: z.string(),
  expect: z.array(z.int()),
  timeoutMs: z.int(),
  risk: Risk,
  reversible: z.boolean().nullable(),
  guard: Guard,
  reach: Reach,
  hash: z.string(),
  key: z.string(),
  reason: z.string().nullable(),
  proposedBy: Named,
  proposedAt: Time,
  approvals: z.array(
    z.object({
      by: Named,
      at: Time,
      as: z.string(),
      expiresAt: Time,
      /** Why it does not count; null when it does. */
      void: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
  refusal: z.object({ by: Named, at: Time, reason: z.string() }).nullable(),
  mayApprove: z.array(MayApprove),
  /** What the acting person may do, or why not. */
  you: z.object({ approve: z.string().nullable(), run: z.string().nullable() }),
  tries: z.array(Answer.extend({ at: Time, by: Named, ok: z.boolean() })),
  attempts: z.array(
    Answer.extend({
      id: z.string(),
      by: Named,
      at: Time,
      state: z.enum(['running', 'done', 'failed', 'unknown', 'waiting']),
    }),
  ),
  settled: z.object({ by: Named, at: Time, state: z.enum(['done', 'failed']), reason: z.string() }).nullable(),
  waiting: z
    .object({
      since: Time,
      /** Whether its endpoint takes connections again; null when it was not tried. */
      reachable: z.boolean().nullable(),
      /** What is another than when it began to wait. */
      changed: z.array(z.string()),
    })
    .nullable(),
});
export type ActionView = z.infer<typeof ActionView>;

export const ListActions = z.strictObject({
  incident: IncidentKey.optional(),
  /** Those that are over, too; of one incident they always are listed. */
  all: z.boolean().default(false),
});

/** An action by id, or by how its id ends. */
const ActionKey = z.string().min(4).max(200);
export const ByAction = z.strictObject({ action: ActionKey });
export const ApproveAction = ByAction.extend({
  /** Of the request that the person saw; refused when it is another. */
  hash: z.string().max(64).optional(),
  reason,
});
export const RefuseAction = ByAction.extend({ reason: wantedReason });
export const WithdrawAction = ByAction.extend({ reason });
export const RunAction = ByAction.extend({
  hash: z.string().max(64).optional(),
  /** After a failure, a lost answer or a wait: that it shall go out all the same. */
  again: z.boolean().default(false),
  reason,
});
export const SettleAction = ByAction.extend({ happened: z.boolean(), reason: wantedReason });

export const ActionDone = z.object({
  action: z.string(),
  state: z.enum(ACTION_STATES),
  message: z.string(),
});
