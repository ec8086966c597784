/**
 * The snapshot file, format 1: one line of JSON, then a database compressed with zstandard. Invariants: the line is signed by
 * its maker and names the hash of what follows; the database holds the log, its proofs and its tables and nothing that is
 * local to its maker.
 */
import { z } from 'zod';
import { canonical } from '../../../shared/ops/canonical.ts';
import { ConsoleId } from '../../../shared/ops/op.ts';
import { HeadOf } from '../bundles/format.ts';

export const SNAPSHOT_FORMAT = 1;
/** What a snapshot's file name ends with. */
export const SNAPSHOT_EXTENSION = '.holdfast-snapshot';
/** Longest first line, bytes. */
export const MAX_LABEL = 4 * 1024 * 1024;
/** Largest database, bytes. */
export const MAX_UNPACKED = 16 * 1024 ** 3;

export const Label = z.object({
  holdfast: z.literal('snapshot'),
  format: z.int(),
  /** ms since 1970 UTC. */
  made: z.int(),
  console: ConsoleId,
  /** Its raw public key, base64url. */
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a public key is 43 characters of base64url'),
  organisation: z.string().max(500),
  organisationId: z.string().max(100).optional(),
  program: z.string().max(60),
  /** Version of its tables. */
  schema: z.int(),
  ops: z.int().min(0),
  /** Of the database. */
  bytes: z.int().min(1).max(MAX_UNPACKED),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  heads: z.array(HeadOf),
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'a signature is 86 characters of base64url'),
});
export type Label = z.infer<typeof Label>;

/** The text that a snapshot's maker signs. */
export function labelText({ signature: _signature, ...label }: Label): string {
  return `holdfast snapshot 1 ${canonical(label)}`;
}

/** Tables that travel. Every other one is local to its console and is emptied, also one that a later version adds. */
export const TRAVELS: readonly string[] = [
  ...['console', 'op', 'entity', 'entry', 'parked', 'segment'],
  ...['place', 'place_console', 'meta'],
];
