/**
 * Who did what, when, with whose approval, under which grant. Invariant: what is listed is what the log holds, whoever asks;
 * reading is not listed, and neither is what the program says by itself unless it is asked for.
 */
import { z } from 'zod';
import { ENTRY_KINDS } from '../domain/timeline.ts';
import { EntityId, FilePath, Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

export const AuditFilter = z.strictObject({
  /** Who did it. */
  person: EntityId.optional(),
  incident: IncidentKey.optional(),
  /** Emergency access by its name (BG-1A2B) or id; `any` for whatever was done under one. */
  grant: EntityId.optional(),
  kinds: z.array(z.enum(ENTRY_KINDS)).max(ENTRY_KINDS.length).optional(),
  /** When it happened. */
  since: Time.optional(),
  until: Time.optional(),
  /** Only what needed somebody's approval, and approvals themselves. */
  approvals: z.boolean().default(false),
  /** Also what the program wrote by itself: measurements, statements of losses. */
  everything: z.boolean().default(false),
});

export const ListAudit = AuditFilter.extend({
  limit: z.int().min(1).max(1000).default(100),
  /** `next` of the page before. */
  before: z.int().min(1).optional(),
});

export const AuditLine = z.object({
  /** Op id. */
  id: z.string(),
  type: z.string(),
  kind: z.enum(ENTRY_KINDS),
  /** When it happened, and when it was entered. */
  at: Time,
  enteredAt: Time,
  who: Named,
  console: Named,
  incident: z.object({ id: z.string(), label: z.string() }).nullable(),
  summary: z.string(),
  text: z.string().nullable(),
  /** Of what ran by approval: who gave it. */
  approvedBy: z.array(Named),
  /** The emergency access that it was done under. */
  grant: z.object({ id: z.string(), label: z.string() }).nullable(),
});
export type AuditLine = z.infer<typeof AuditLine>;

/** Newest first, in the order in which it reached this console. */
export const AuditView = z.object({ lines: z.array(AuditLine), next: z.int().nullable(), asOf: Time });
export type AuditView = z.infer<typeof AuditView>;

export const ExportAudit = AuditFilter.extend({ to: FilePath, replace: z.boolean().default(false) });
export const ExportedAudit = z.object({ path: z.string(), bytes: z.int(), lines: z.int() });
export const CheckAudit = z.strictObject({ file: FilePath });
export const CheckedAudit = z.object({
  lines: z.int(),
  /** Whose signature it bears. */
  console: Named,
  made: Time,
});
