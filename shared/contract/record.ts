/** The record's part of the contract: verification, backups, restoration, what was kept out. */
import { z } from 'zod';
import { Time } from './common.ts';
import { BegunView } from './snapshot.ts';

export const FindingView = z.object({
  console: z.string(),
  seq: z.int(),
  op: z.string().nullable(),
  message: z.string(),
});

export const VerifyView = z.object({
  ok: z.boolean(),
  startedAt: Time,
  ms: z.number(),
  ops: z.int(),
  consoles: z.array(
    z.object({
      id: z.string(),
      ops: z.int(),
      head: z.object({ seq: z.int(), id: z.string() }).nullable(),
      /** Ops that a good signature covers. */
      signed: z.int(),
      findings: z.int(),
    }),
  ),
  projections: z.object({ same: z.boolean(), hash: z.string() }),
  /** Heads that backups remember, and how many of them are not in the log. */
  witnesses: z.object({ checked: z.int(), missing: z.int() }),
  findings: z.array(FindingView),
  findingCount: z.int(),
});
export type VerifyView = z.infer<typeof VerifyView>;

export const BackupView = z.object({
  file: z.string(),
  path: z.string(),
  at: Time,
  reason: z.string(),
  ops: z.int(),
  bytes: z.int(),
  /** Why it can't be trusted, or null. */
  problem: z.string().nullable(),
});
export type BackupView = z.infer<typeof BackupView>;

export const RestoreView = z.object({
  at: Time,
  /** Why it was done: a person asked, or the damage that was found. */
  cause: z.string(),
  backup: z.object({ file: z.string(), at: Time, ops: z.int() }).nullable(),
  ops: z.int(),
  /** Ops that only the damaged folder had. */
  salvaged: z.int(),
  damaged: z.array(z.object({ console: z.string(), seq: z.int() })),
  failure: z.string().nullable(),
  missing: z.array(z.object({ console: z.string(), first: z.int(), last: z.int() })),
  retiredConsole: z.string().nullable(),
  replaced: z.string().nullable(),
});
export type RestoreView = z.infer<typeof RestoreView>;

export const QuarantineView = z.object({
  n: z.int(),
  arrived: Time,
  origin: z.string(),
  console: z.string(),
  seq: z.int(),
  op: z.string(),
  type: z.string(),
  reason: z.string(),
});
export type QuarantineView = z.infer<typeof QuarantineView>;

export const RecordView = z.object({
  console: z.string(),
  ops: z.int(),
  unknownOps: z.int(),
  /** How the private key is kept, with a warning when the platform has no keychain. */
  key: z.object({ kept: z.enum(['keychain', 'folder', 'file']), warning: z.string().nullable() }),
  consoles: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      access: z.enum(['own', 'enrolled', 'revoked', 'stranger']),
      ops: z.int(),
      /** Milliseconds by which its clock was ahead when its newest ops arrived. */
      ahead: z.int(),
    }),
  ),
  verified: VerifyView.nullable(),
  verifying: z.object({ done: z.int(), total: z.int() }).nullable(),
  quarantine: z.object({ total: z.int(), newest: z.array(QuarantineView) }),
  backups: z.object({
    directory: z.string(),
    /** 0: no schedule. */
    everyMinutes: z.int(),
    list: z.array(BackupView),
    lastSuccessAt: Time.nullable(),
    lastFailure: z.object({ at: Time, message: z.string() }).nullable(),
    nextAt: Time.nullable(),
  }),
  restored: RestoreView.nullable(),
  /** The snapshot that this console went on from; null when there was none. */
  begun: BegunView.nullable(),
});
export type RecordView = z.infer<typeof RecordView>;
