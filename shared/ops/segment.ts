/**
 * A segment is a run of one console's ops under one signature. Invariant: because every op names the hash of the one
 * before, the signature over the last op's id vouches for every op up to it, also for those of which only the link
 * travels: what such a slice leaves out is counted, placed and named by its scope, and cannot be left out unseen.
 */
import { z } from 'zod';
import { canonical } from './canonical.ts';
import { ConsoleId, Id, Op, OpId } from './op.ts';

/** Most ops in one segment: what one signature check covers and what is sent again when a transfer breaks. */
export const SEGMENT_OPS = 1000;

export const Seal = z.strictObject({
  console: ConsoleId,
  /** Sequence numbers of the first and last op. */
  first: z.int().min(1),
  last: z.int().min(1),
  /** Id of the last op. */
  head: OpId,
  /** Ed25519 over `sealedText`, base64url. */
  signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/, 'a signature is 86 characters of base64url'),
});
export type Seal = z.infer<typeof Seal>;

/** What travels: a seal, the public key that its console's id is derived from (raw, base64url), and the ops. */
export const Segment = Seal.extend({
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a public key is 43 characters of base64url'),
  ops: z.array(Op).min(1).max(SEGMENT_OPS),
});
export type Segment = z.infer<typeof Segment>;

/** An op of which only the link travels; its console, number and `prev` follow from where it stands. */
export const Withheld = z.strictObject({ scope: Id, content: OpId });
export type Withheld = z.infer<typeof Withheld>;

/**
 * The end of a segment from op number `from` on: some ops whole, of the others the link. With all of them whole from
 * `first` on it is the segment itself.
 */
export const Slice = Segment.extend({
  from: z.int().min(1),
  /** Id of the op before `from`; absent when that is the console's first. */
  before: OpId.optional(),
  ops: z
    .array(z.union([Op, Withheld]))
    .min(1)
    .max(SEGMENT_OPS),
});
export type Slice = z.infer<typeof Slice>;

/** The text that a console signs. The first words keep a signature from being used for anything else. */
export function sealedText({ console, first, last, head }: Omit<Seal, 'signature'>): string {
  return canonical(['holdfast segment 1', console, first, last, head]);
}
