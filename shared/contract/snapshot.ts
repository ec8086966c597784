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

/** A snapshot that lies at the hub. */
export const SharedSnapshot = z.object({
  name: z.string(),
  bytes: z.int(),
  /** As its maker says; null when nobody says it. */
  made: Time.nullable(),
  ops: z.int().nullable(),
  maker: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Why it is not taken, or only when it proves more; one sentence, null when nothing is wrong. */
  problem: z.string().nullable(),
});
export type SharedSnapshot = z.infer<typeof SharedSnapshot>;

export const SharedSnapshots = z.object({
  /** Where the hub is; null when there is none. */
  hub: z.string().nullable(),
  /** What is taken first comes first; null while the hub cannot be asked. */
  list: z.array(SharedSnapshot).nullable(),
});
export type SharedSnapshots = z.infer<typeof SharedSnapshots>;

/** That this console went on from a snapshot. */
export const BegunView = z.object({
  at: Time,
  /** When the snapshot was made, and by which console. */
  made: Time,
  maker: z.object({ id: z.string(), name: z.string() }),
  ops: z.int(),
  /** Every op that is newer was verified since; null when that has not begun. */
  verifiedBackTo: Time.nullable(),
  /** Whether all of it was found good. */
  whole: z.boolean(),
});
export type BegunView = z.infer<typeof BegunView>;
