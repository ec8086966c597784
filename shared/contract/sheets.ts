/** Sheets of paper: a handover, a call tree, an update, for people who have no screen. Invariant: nothing on them needs a network. */
import { z } from 'zod';
import { FilePath, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

export const SheetFormat = z.enum(['html', 'pdf']);
export const PrintSheet = z.strictObject({
  incident: IncidentKey,
  /** A file, or a folder in which the file gets a name of its own. */
  to: FilePath,
  /** Follows from the name of the file when it is not given; else pdf where a window can print it, html where none can. */
  format: SheetFormat.optional(),
  /** Write over a file that is there. */
  replace: z.boolean().default(false),
});
export const Printed = z.object({ path: z.string(), bytes: z.int(), format: SheetFormat });

export const CallLine = z.object({
  name: z.string(),
  /** Why this one: a role, a duty, a service. */
  as: z.string(),
  /** As it is dialled, or with what was written beside it; null when nobody knows one. */
  phone: z.string().nullable(),
  /** "03:12 WET", where they are. */
  localTime: z.string().nullable(),
  note: z.string(),
});
export type CallLine = z.infer<typeof CallLine>;

export const CallTree = z.object({
  incident: z.object({ id: z.string(), label: z.string(), title: z.string() }),
  asOf: Time,
  groups: z.array(z.object({ title: z.string(), lines: z.array(CallLine), more: z.int() })),
  /** How many lines have no number. */
  silent: z.int(),
});
export type CallTree = z.infer<typeof CallTree>;
