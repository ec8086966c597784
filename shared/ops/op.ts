/**
 * Invariant: an op is immutable, names its author and console, and its id is the hash of everything else in it,
 * so that an op that was edited is a different op and the chain of `prev` shows where.
 */
import { z } from 'zod';
import { HLC_PATTERN } from './hlc.ts';
import type { Json } from './canonical.ts';

/** Largest payload, in characters of canonical JSON, that the log takes. */
export const MAX_PAYLOAD = 256 * 1024;

/** The scope of facts about the estate; every other scope is an incident id. */
export const ESTATE = 'estate';

export const OpId = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'an op id is 43 characters of base64url');
export const ConsoleId = z.string().regex(/^[a-z0-9]{8,32}$/, 'a console id is 8 to 32 lower-case letters and digits');
/** Ids inside ops and projections: they become keys of objects, hence no leading underscore. */
export const Id = z
  .string()
  .regex(/^[a-z0-9][A-Za-z0-9._:>-]{0,199}$/, 'an id starts with a letter or digit and holds letters, digits and . _ : > -');
export const Instant = z.int().min(-8_640_000_000_000_000).max(8_640_000_000_000_000);

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.null(), z.boolean(), z.number(), z.string(), z.array(json), z.record(z.string(), json)]),
);

export const Op = z.strictObject({
  id: OpId,
  console: ConsoleId,
  /** 1 for a console's first op, then without gaps. */
  seq: z.int().min(1),
  hlc: z.string().regex(HLC_PATTERN),
  /** Person id, or `system` for what the console did by itself. */
  actor: Id,
  /** When it happened, ms since 1970 UTC; when it was entered is in `hlc`. */
  eventTime: Instant,
  /** IANA zone of the author, kept so that "02:30" can be read as they meant it. */
  zone: z.string().min(1).max(64),
  scope: Id,
  type: z.string().regex(/^[a-z][a-z0-9.-]{0,63}$/),
  payload: z.record(z.string(), json),
  /** The ops whose contested value this one replaces, or whose additions this one removes. */
  base: z.array(OpId).max(1000).optional(),
  /** The console's previous op; absent in its first. */
  prev: OpId.optional(),
});
export type Op = z.infer<typeof Op>;

/** What a command says; the engine adds the rest. */
export interface OpDraft {
  scope: string;
  type: string;
  payload: Record<string, unknown>;
  base?: string[];
  /** Defaults to now. */
  eventTime?: number;
}

/** The part of an op that its id is the hash of. */
export function hashed(op: Op): Omit<Op, 'id'> {
  const { id: _id, ...rest } = op;
  return rest;
}
