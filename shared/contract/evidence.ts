/** The part of the contract about files that are attached to a timeline: what was found, as it was found. */
import { z } from 'zod';
import { FilePath, Named, Time } from './common.ts';

/** `here` on this machine; `elsewhere` at the hub or another console, on request; `waiting` for the link or its author. */
export const EvidenceState = z.enum(['here', 'elsewhere', 'waiting', 'fetching']);
export type EvidenceState = z.infer<typeof EvidenceState>;

export const EvidenceView = z.object({
  /** SHA-256 of its content, and of it as it is kept and travels, encrypted; hexadecimal. */
  sha256: z.string(),
  file: z.string(),
  name: z.string(),
  size: z.int(),
  /** The line of the timeline that it belongs to. */
  entry: z.string(),
  text: z.string().nullable(),
  at: Time,
  by: Named,
  /** The console that has it for sure. */
  console: Named,
  state: EvidenceState,
  /** One sentence on why it is not here although it was asked for; null when nothing is wrong. */
  problem: z.string().nullable(),
});
export type EvidenceView = z.infer<typeof EvidenceView>;

/** What a check of the content on this machine found: `damaged` when it is not what its author signed. */
export const EvidenceVerdict = z.enum(['good', 'damaged', 'missing']);
export type EvidenceVerdict = z.infer<typeof EvidenceVerdict>;

export const EvidenceChecked = z.object({ name: z.string(), sha256: z.string(), verdict: EvidenceVerdict });
export type EvidenceChecked = z.infer<typeof EvidenceChecked>;

const incident = z.string().trim().min(1).max(200);
/** Its name, or how its hash begins. */
const file = z.string().trim().min(1).max(300);

export const ListEvidence = z.strictObject({ incident });
export const AddEvidence = z.strictObject({
  incident,
  path: FilePath,
  text: z.string().trim().min(1).max(20_000).optional(),
});
export const CheckEvidence = z.strictObject({ incident, file: file.optional() });
export const FetchEvidence = z.strictObject({ incident, file });
export const SaveEvidence = z.strictObject({
  incident,
  file,
  /** A file, or a folder in which it gets its name. */
  to: FilePath,
  /** Whether a file that is there already may be replaced. */
  replace: z.boolean().default(false),
});
export const SavedEvidence = z.object({ path: z.string(), bytes: z.int() });
