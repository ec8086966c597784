/** The contract's part on policies: texts that people agree on, in force from the log, checked before they count. */
import { z } from 'zod';
import { FilePath, Named, Problem, Time } from './common.ts';

const PolicyKey = z.string().trim().min(1).max(100);
const text = z.string().max(200_000);
const reason = z.string().trim().min(1).max(20_000);

export const PolicyLite = z.object({
  id: z.string(),
  title: z.string(),
  /** What it decides, one sentence. */
  summary: z.string(),
  file: z.string(),
  /** `shipped` came with the program; `record` is what somebody put in force. */
  from: z.enum(['shipped', 'record']),
  /** 0 for what ships. */
  version: z.int(),
  /** SHA-256 of the text, hex. */
  hash: z.string(),
  by: Named.nullable(),
  at: Time.nullable(),
  reason: z.string().nullable(),
  /** Whether the text differs from what ships. */
  differs: z.boolean(),
  /** Why the newest text is not the one in force, one sentence. */
  warning: z.string().nullable(),
});
export type PolicyLite = z.infer<typeof PolicyLite>;

export const PolicyTableView = z.object({
  title: z.string(),
  note: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.object({ line: z.int(), cells: z.array(z.string()) })),
});
export type PolicyTableView = z.infer<typeof PolicyTableView>;

/** One text that was put in force, or a reset when `text` is null. */
export const PolicyVersion = z.object({
  op: z.string(),
  version: z.int(),
  hash: z.string().nullable(),
  text: z.string().nullable(),
  by: Named,
  at: Time,
  reason: z.string(),
  inForce: z.boolean(),
});
export type PolicyVersion = z.infer<typeof PolicyVersion>;

export const PolicyView = PolicyLite.extend({
  tables: z.array(PolicyTableView),
  problems: z.array(Problem),
  text: z.string(),
  shipped: z.string(),
  /** The newest first. */
  history: z.array(PolicyVersion),
});
export type PolicyView = z.infer<typeof PolicyView>;

export const PolicyLint = z.object({
  policy: z.string(),
  /** Whether it could be put in force: warnings do not stand in the way. */
  ok: z.boolean(),
  problems: z.array(Problem),
  tables: z.array(PolicyTableView),
});
export type PolicyLint = z.infer<typeof PolicyLint>;

/** What is in force after a change; `changed` is false when it was so already. */
export const PolicyPut = z.object({ policy: z.string(), title: z.string(), version: z.int(), changed: z.boolean() });
export type PolicyPut = z.infer<typeof PolicyPut>;

export const ByPolicy = z.strictObject({ policy: PolicyKey });
export const LintPolicy = z.strictObject({
  /** The file, or the text itself. */
  file: FilePath.optional(),
  text: text.optional(),
  /** Follows from the file's name when absent. */
  policy: PolicyKey.optional(),
});
export const SetPolicy = LintPolicy.extend({ reason });
export const ResetPolicy = ByPolicy.extend({ reason });
