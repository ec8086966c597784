/** Health that people declare, and work that they announce. */
import { z } from 'zod';
import { Health } from '../domain/words.ts';
import { EntityId, Named, Time } from './common.ts';

const WEEK_MINUTES = 7 * 24 * 60;

export const DeclareHealth = z.strictObject({
  /** A service or a business service, by id, name or reference; a service when both are called so. */
  subject: EntityId,
  health: Health,
  reason: z.string().trim().min(1).max(2000),
  /** How long it stands; then the sources speak again. */
  minutes: z.number().positive().max(WEEK_MINUTES).default(60),
  /** When it was seen to be so, such as the time of the call; now when absent. */
  eventTime: Time.optional(),
});

export const WithdrawHealth = z.strictObject({
  subject: EntityId,
  reason: z.string().trim().max(2000).optional(),
});

const Subject = Named.extend({ kind: z.enum(['service', 'business-service']) });

/** A word by hand that stands now. */
export const HealthWord = Subject.extend({
  health: Health,
  /** What the sources say instead. */
  sources: Health,
  reason: z.string(),
  by: Named,
  at: Time,
  until: Time,
});
export type HealthWord = z.infer<typeof HealthWord>;

export const Declared = Subject.extend({ until: Time });

export const PlanMaintenance = z.strictObject({
  title: z.string().trim().min(1).max(500),
  services: z.array(EntityId).min(1).max(1000),
  /** When it begins; `startsInMinutes` from now when absent. */
  from: Time.optional(),
  startsInMinutes: z.number().min(0).max(100_000).default(0),
  /** How long it takes. */
  minutes: z
    .number()
    .positive()
    .max(30 * 24 * 60),
  reason: z.string().trim().max(2000).optional(),
});

export const MoveMaintenance = z.strictObject({
  /** By id or title. */
  window: EntityId,
  /** When it begins; what was planned when absent. */
  from: Time.optional(),
  /** When it is to end. */
  to: Time.optional(),
  /** The same as minutes from now. */
  endsInMinutes: z
    .number()
    .positive()
    .max(30 * 24 * 60)
    .optional(),
});

export const MaintenanceView = z.object({
  id: z.string(),
  title: z.string(),
  services: z.array(Named.extend({ health: Health, hides: z.boolean() })),
  state: z.enum(['planned', 'open', 'over']),
  from: Time,
  /** When it ends, or ended. */
  to: Time,
  /** Whether somebody ended it before it was planned to end. */
  endedEarly: z.boolean(),
  reason: z.string().nullable(),
  by: Named,
});
export type MaintenanceView = z.infer<typeof MaintenanceView>;
