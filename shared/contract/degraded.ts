/**
 * Degraded modes in the contract: what is given up on purpose so that the rest holds. Invariant: a proposal shows the
 * signals that it rests on with their age, and what is not known is said, never taken for well.
 */
import { z } from 'zod';
import { EntityId, Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

const reason = z.string().trim().min(1, 'a reason is needed').max(20_000);
/** Low, likely, high; an estimate. */
const Shares = z.tuple([z.number(), z.number(), z.number()]);

export const HoldView = z.object({
  /** "orders waiting of any erp-connector above 5,000 for 10 min". */
  text: z.string(),
  state: z.enum(['met', 'holding', 'not-met', 'unknown']),
  /** "Shop connector: 7,412 orders". */
  now: z.string(),
  /** Since when it holds. */
  since: Time.nullable(),
  observedAt: Time.nullable(),
  /** Nothing in the estate is measured so. */
  absent: z.boolean(),
});
export type HoldView = z.infer<typeof HoldView>;

const figures = {
  /** Share of an estimated loss that it avoids, and that it makes late instead; changes no figure that is measured. */
  avoids: Shares.nullable(),
  buffers: Shares.nullable(),
  /** "avoids 5–15 % of an estimated loss and makes 10–30 % of it late instead". */
  figures: z.string(),
  /** Whose figures; all when empty. */
  businessServices: z.array(Named),
};

/** A mode that was started. */
export const ActivationView = z.object({
  id: z.string(),
  mode: z.string(),
  title: z.string(),
  effect: z.string(),
  incident: z.object({ id: z.string(), label: z.string() }),
  owner: Named.nullable(),
  startedBy: Named,
  startedAt: Time,
  reason: z.string(),
  /** What must hold before it ends, as it was said at its start. */
  exitText: z.string(),
  ...figures,
  ended: z.object({ at: Time, by: Named, reason: z.string() }).nullable(),
  /** How far its exit criteria are; empty once it ended, or when the policy no longer knows the mode. */
  exit: z.array(HoldView),
  /** met: end it?; unknown: it cannot be told, so somebody has to look. */
  mayEnd: z.enum(['met', 'holding', 'not-met', 'unknown']),
});
export type ActivationView = z.infer<typeof ActivationView>;

/** A mode that is not on. */
export const ModeView = z.object({
  id: z.string(),
  title: z.string(),
  effect: z.string(),
  /** Name of the role that owns it, and who has that role in the incident. */
  role: z.string(),
  owner: Named.nullable(),
  /**
   * proposed: its signals call for it; dismissed: they do, and somebody said no or ended it; unknown: it cannot be told, because
   * something is not heard of; quiet: nothing calls for it.
   */
  state: z.enum(['proposed', 'dismissed', 'unknown', 'quiet']),
  /** One sentence. */
  message: z.string(),
  when: z.array(HoldView),
  exitText: z.string(),
  ...figures,
  /** Who said no, or ended it, at last. */
  dismissed: z.object({ by: Named, at: Time, reason: z.string() }).nullable(),
});
export type ModeView = z.infer<typeof ModeView>;

export const DegradedView = z.object({
  active: z.array(ActivationView),
  /** Proposed first. */
  modes: z.array(ModeView),
  /** The newest first, at most 50. */
  ended: z.array(ActivationView),
  asOf: Time,
});
export type DegradedView = z.infer<typeof DegradedView>;

export const ListDegraded = z.strictObject({
  /** Only what was started in it; what may be started is for all of them. */
  incident: IncidentKey.optional(),
});
export const StartDegraded = z.strictObject({
  incident: IncidentKey,
  /** Id or title of a mode. */
  mode: EntityId,
  /** Why; what called for it when it is proposed. */
  reason: reason.optional(),
  /** Who answers for it; whoever has the policy's role in the incident when nobody is named. */
  owner: EntityId.optional(),
});
export const AssignDegraded = z.strictObject({
  incident: IncidentKey,
  /** One that is on. */
  mode: EntityId,
  /** Who answers for it from now on. */
  owner: EntityId,
  reason: reason.optional(),
});
export const EndDegraded = z.strictObject({
  incident: IncidentKey,
  mode: EntityId,
  /** Needed while its exit criteria are not met. */
  reason: reason.optional(),
});
export const DismissDegraded = z.strictObject({ incident: IncidentKey, mode: EntityId, reason });
