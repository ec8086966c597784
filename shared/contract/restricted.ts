/** Restricted incidents and how long incidents are kept, in the contract. */
import { z } from 'zod';
import { Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

const reason = z.string().trim().min(1, 'a reason is needed').max(20_000);
/** `ana`, `team:security`, `role:governance`, `console:store-12`. */
const MemberText = z.string().trim().min(1).max(200);

export const RestrictionMember = z.object({
  to: z.enum(['person', 'team', 'role', 'console']),
  id: z.string(),
  name: z.string(),
});
export type RestrictionMember = z.infer<typeof RestrictionMember>;

export const RestrictionView = z.object({
  /** lifted: everybody reads it again. erased: its keys were thrown away. */
  state: z.enum(['none', 'restricted', 'lifted', 'erased']),
  since: Time.nullable(),
  /** Whether who asks reads it. */
  inside: z.boolean(),
  /** Entries that are sealed, and those that were written in the clear before. */
  sealed: z.int(),
  clear: z.int(),
  /** Whom everybody else may ask. */
  contact: Named.nullable(),
  members: z.array(RestrictionMember),
  /** Consoles that it can be read on. */
  consoles: z.array(Named.extend({ own: z.boolean() })),
  /** Who looked at it last, the newest first. */
  looks: z.array(z.object({ who: Named, at: Time })),
  lifted: z.object({ at: Time, by: Named, reason: z.string() }).nullable(),
  erased: z.object({ at: Time, by: Named, reason: z.string() }).nullable(),
  /** What weakens it on this console, one sentence each. */
  warnings: z.array(z.string()),
});
export type RestrictionView = z.infer<typeof RestrictionView>;

/** What those learn who may not read them: by policy that there are some, never what they are about. */
export const RestrictedOutside = z.object({
  running: z.int(),
  sealed: z.int(),
  /** Whom to ask. */
  contacts: z.array(Named),
});
export type RestrictedOutside = z.infer<typeof RestrictedOutside>;

export const RestrictIncident = z.strictObject({
  incident: IncidentKey,
  to: z.array(MemberText).min(1).max(100),
  contact: z.string().trim().min(1).max(200).optional(),
  reason,
});
export const ChangeMembers = z.strictObject({
  incident: IncidentKey,
  add: z.array(MemberText).max(100).default([]),
  remove: z.array(MemberText).max(100).default([]),
  reason,
});
export const LiftRestriction = z.strictObject({ incident: IncidentKey, reason });

export const RetentionLine = z.object({
  id: z.string(),
  label: z.string(),
  title: z.string(),
  closedAt: Time,
  /** When it need not be kept any longer. */
  dueAt: Time,
  /** held: a legal hold stands on it. kept: somebody decided so. erased: what was sealed is. */
  state: z.enum(['due', 'held', 'kept', 'running-out', 'erased']),
  /** The rule of the policy. */
  rule: z.string(),
  restricted: z.boolean(),
  holds: z.int(),
  kept: z.object({ until: Time, by: Named, reason: z.string() }).nullable(),
});
export type RetentionLine = z.infer<typeof RetentionLine>;

export const ListRetention = z.strictObject({ all: z.boolean().default(false) });
export const RetentionView = z.object({ lines: z.array(RetentionLine), asOf: Time });
export type RetentionView = z.infer<typeof RetentionView>;
export const KeepIncident = z.strictObject({
  incident: IncidentKey,
  days: z.number().min(1).max(36_500).default(365),
  reason,
});
export const EraseIncident = z.strictObject({ incident: IncidentKey, reason });
