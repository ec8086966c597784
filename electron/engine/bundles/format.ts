/**
 * The bundle file, format 1 and, where it carries the content of attached files, 2: gzip (one or more members) over lines of JSON in UTF-8, each ended by a line feed. Invariants:
 * the last line signs every byte before it; every slice carries its author's own signature, so that who carried a bundle
 * need not be trusted; an attached file is named by its hash; nothing in it is longer than an op can be.
 */
import { z } from 'zod';
import { MAX_EVIDENCE } from '../../../shared/domain/evidence.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { ConsoleId, Id, OpId } from '../../../shared/ops/op.ts';
import { Seal, SEGMENT_OPS, Slice } from '../../../shared/ops/segment.ts';
import { SEALED_BYTES } from '../evidence/shelf.ts';

/** The newest that is read. */
export const BUNDLE_FORMAT = 2;
/** The oldest that can hold what is written. */
export const formatFor = (evidence: boolean): number => (evidence ? 2 : 1);
/** What a bundle's file name ends with. */
export const BUNDLE_EXTENSION = '.holdfast';
/** Longest line, bytes: the largest op with every character escaped, or the heads of 30,000 consoles. */
export const MAX_LINE = 4 * 1024 * 1024;

const PublicKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'a public key is 43 characters of base64url');

export const HeadOf = z.object({ console: ConsoleId, seq: z.int().min(1), head: OpId });
export type HeadOf = z.infer<typeof HeadOf>;

/** What a bundle was made of. */
export const Contents = z.discriminatedUnion('of', [
  z.object({ of: z.literal('everything') }),
  z.object({ of: z.literal('incident'), incident: Id, label: z.string().max(60), title: z.string().max(500) }),
  /** What came after these numbers, by console; of a console that is not named everything. */
  z.object({ of: z.literal('since'), since: z.record(ConsoleId, z.int().min(0)) }),
]);
export type Contents = z.infer<typeof Contents>;

/** The first line. Members that a later version adds are ignored by an earlier one. */
export const BundleHeader = z.object({
  holdfast: z.literal('bundle'),
  format: z.int(),
  /** ms since 1970 UTC. */
  made: z.int(),
  /** Who made it, with the raw public key that the id is derived from. */
  console: ConsoleId,
  key: PublicKey,
  /** What its maker calls the organisation. */
  organisation: z.string().max(500),
  /** Its id, once it was founded. */
  organisationId: z.string().max(63).optional(),
  program: z.string().max(60),
  contents: Contents,
  /** The last op that the maker had of every console: a witness of more than the bundle carries. */
  heads: z.array(HeadOf),
});
export type BundleHeader = z.infer<typeof BundleHeader>;

/** Stands before the `count` ops of a slice, one to a line, each whole or withheld. */
export const SliceLine = z.object({
  slice: Seal.extend({
    key: PublicKey,
    from: z.int().min(1),
    before: OpId.optional(),
    count: z.int().min(1).max(SEGMENT_OPS),
  }),
});
export type SliceLine = z.infer<typeof SliceLine>;

/** Bytes of an attached file that one line holds, so that it stays well below `MAX_LINE` in base64. */
export const EVIDENCE_PIECE = 2 * 1024 * 1024;

/** Stands, behind all slices, before the `pieces` lines of an attached file as it is kept and travels: encrypted. */
export const EvidenceLine = z.object({
  evidence: z.object({
    /** Its SHA-256, hex. */
    file: z.string().regex(/^[0-9a-f]{64}$/),
    pieces: z
      .int()
      .min(1)
      .max(Math.ceil((MAX_EVIDENCE + SEALED_BYTES) / EVIDENCE_PIECE)),
  }),
});
export const PieceLine = z.object({ piece: z.base64() });

/** The last line. */
export const EndLine = z.object({
  end: z.object({
    slices: z.int().min(0),
    /** Ops that are whole. */
    ops: z.int().min(0),
    /** SHA-256, hex, over every byte before this line. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    /** Ed25519 over `endText`, base64url. */
    signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  }),
});
export type EndLine = z.infer<typeof EndLine>;

/** The text that the maker signs. The first words keep a signature from being used for anything else. */
export function endText(console: string, { slices, ops, sha256 }: Omit<EndLine['end'], 'signature'>): string {
  return canonical(['holdfast bundle 1', console, slices, ops, sha256]);
}

/** A slice as lines. */
export function sliceLines({ ops, ...seal }: Slice): string {
  const line: SliceLine = { slice: { ...seal, count: ops.length } };
  return `${[line, ...ops].map((each) => JSON.stringify(each)).join('\n')}\n`;
}
