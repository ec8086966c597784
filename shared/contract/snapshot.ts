/** Snapshots: a whole log with its tables in one signed file, from which a new console begins. */
import { z } from 'zod';
import { FilePath, Time } from './common.ts';

export const MakeSnapshot = z.strictObject({ to: FilePath, replace: z.boolean().default(false) });
export const SnapshotFile = z.strictObject({ file: FilePath });

export const SnapshotView = z.object({
  path: z.string(),
  /** Of the file, and of the database in it. */
  bytes: z.int(),
  unpacked: z.int(),
  made: Time,
  /** Who made and signed it. */
  console: z.string(),
  /** As it is called here; empty when it is not known. */
  name: z.string(),
  organisation: z.string(),
  ops: z.int(),
  consoles: z.int(),
});
export type SnapshotView = z.infer<typeof SnapshotView>;
