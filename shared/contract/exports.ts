/** What leaves and enters as files: incidents as documents, bundles of ops, records of other organisations. */
import { z } from 'zod';
import { FilePath, Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

export const ExportFormat = z.enum(['md', 'html', 'json', 'csv', 'pdf']);
export type ExportFormat = z.infer<typeof ExportFormat>;

export const ExportIncident = z.strictObject({
  incident: IncidentKey,
  /** Follows from the name of the file when it is not given. */
  format: ExportFormat.optional(),
  /** IANA zone of all times; headquarters' when it is not given. */
  zone: z.string().min(1).max(64).optional(),
  /** A file, or a folder in which the file gets a name of its own. */
  to: FilePath,
  /** Write over a file that is there. */
  replace: z.boolean().default(false),
});

export const Exported = z.object({
  path: z.string(),
  bytes: z.int(),
  format: ExportFormat,
  zone: z.string(),
  entries: z.int(),
  /** Whether the whole record verified at that moment; the document says the same. */
  verified: z.boolean(),
});
export type Exported = z.infer<typeof Exported>;

export const BundleContents = z.discriminatedUnion('of', [
  z.object({ of: z.literal('everything') }),
  z.object({ of: z.literal('incident'), incident: z.string(), label: z.string(), title: z.string() }),
  z.object({ of: z.literal('since'), since: z.record(z.string(), z.int()) }),
]);

export const ExportBundle = z.strictObject({
  to: FilePath,
  /** Only this incident; everything when neither this nor `since` nor `heads` is given. */
  incident: IncidentKey.optional(),
  /** Only what came after this earlier bundle. */
  since: FilePath.optional(),
  /** Only what came after these numbers, by console. */
  heads: z.record(z.string().regex(/^[a-z0-9]{8,32}$/, 'a console id'), z.int().min(0)).optional(),
  replace: z.boolean().default(false),
});

export const ExportedBundle = z.object({ path: z.string(), bytes: z.int(), ops: z.int(), consoles: z.int(), contents: BundleContents });
export type ExportedBundle = z.infer<typeof ExportedBundle>;

export const BundleFile = z.strictObject({ file: FilePath });

export const BundleConsoleView = z.object({
  console: z.string(),
  /** As it is called here; empty when it is not known. */
  name: z.string(),
  /** `enrolled-by-it`: an op in the bundle enrols it. */
  access: z.enum(['own', 'enrolled', 'enrolled-by-it', 'revoked', 'stranger']),
  /** Numbers of the first and last op that it speaks of. */
  first: z.int(),
  last: z.int(),
  /** Ops that are whole, and of which only the link is there. */
  ops: z.int(),
  withheld: z.int(),
  /** Of the whole ones: those that this console does not have yet, has, and would keep out. */
  fresh: z.int(),
  known: z.int(),
  refused: z.int(),
  /** Why, a few of the reasons. */
  reasons: z.array(z.string()),
});
export type BundleConsoleView = z.infer<typeof BundleConsoleView>;

export const BundleInspection = z.object({
  path: z.string(),
  bytes: z.int(),
  header: z.object({ console: z.string(), made: Time, organisation: z.string(), program: z.string(), contents: BundleContents }),
  ops: z.int(),
  consoles: z.array(BundleConsoleView),
  /**
   * What its maker had of each console, against this log: the same op is here, its maker had more (`ahead`), nothing of that
   * console is here (`unknown`), only parts are here (`not-here`), or another op has that number (`different`).
   */
  heads: z.array(z.object({ console: z.string(), seq: z.int(), head: z.string(), state: z.enum(['here', 'ahead', 'unknown', 'not-here', 'different']) })),
});
export type BundleInspection = z.infer<typeof BundleInspection>;

export const ImportedBundle = z.object({
  /** Ops that are new here, were here already, and were kept out. */
  applied: z.int(),
  known: z.int(),
  quarantined: z.int(),
  /** Ops that were not even kept aside, because they are too many. */
  left: z.int(),
  /** What has to be said about it, a sentence each. */
  messages: z.array(z.string()),
  incidents: z.array(Named),
});
export type ImportedBundle = z.infer<typeof ImportedBundle>;

export const ImportIncident = z.strictObject({ file: FilePath });

export const ImportedIncident = z.object({
  id: z.string(),
  label: z.string(),
  title: z.string(),
  /** `own`: all its consoles are enrolled, its ops are in the log. `foreign`: kept as the record of somebody else. */
  as: z.enum(['own', 'foreign']),
  ops: z.int(),
  /** Ops that were not here before. */
  fresh: z.int(),
  messages: z.array(z.string()),
});
export type ImportedIncident = z.infer<typeof ImportedIncident>;
