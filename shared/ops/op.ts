/**
 * Invariant: an op is immutable, names its author and console, and its id commits to everything else in it, so that an
 * op that was edited is a different op and the chain of `prev` shows where. The id is the hash of the op's link, and the
 * link holds its content as a digest: a chain can be proved to who may not read every op in it.
 */
import { z } from 'zod';
import { HLC_PATTERN } from './hlc.ts';
import { canonical, canonicalText, type Json } from './canonical.ts';

/** Largest payload, in characters of canonical JSON, that the log takes. */
export const MAX_PAYLOAD = 256 * 1024;

/** The scope of facts about the estate; every other scope is an incident id. */
export const ESTATE = 'estate';

const OP_ID = /^[A-Za-z0-9_-]{43}$/;
const CONSOLE_ID = /^[a-z0-9]{8,32}$/;
const ID = /^[a-z0-9][A-Za-z0-9._:>-]{0,199}$/;
const TYPE = /^[a-z][a-z0-9.-]{0,63}$/;
const MAX_INSTANT = 8_640_000_000_000_000;
const MAX_ZONE = 64;
const MAX_BASE = 1000;

export const OpId = z.string().regex(OP_ID, 'an op id is 43 characters of base64url');
export const ConsoleId = z.string().regex(CONSOLE_ID, 'a console id is 8 to 32 lower-case letters and digits');
/** Ids inside ops and projections: they become keys of objects, hence no leading underscore. */
export const Id = z.string().regex(ID, 'an id starts with a letter or digit and holds letters, digits and . _ : > -');
export const Instant = z.int().min(-MAX_INSTANT).max(MAX_INSTANT);

/**
 * Only that it is an object: what arrives was parsed from JSON, what is written was checked by its type's schema, and
 * `canonical` refuses what has no JSON form.
 */
const Payload = z.custom<Record<string, Json>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'the payload is an object',
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
  zone: z.string().min(1).max(MAX_ZONE),
  scope: Id,
  type: z.string().regex(TYPE),
  payload: Payload,
  /** The ops whose contested value this one replaces, or whose additions this one removes. */
  base: z.array(OpId).max(MAX_BASE).optional(),
  /** The console's previous op; absent in its first. */
  prev: OpId.optional(),
});
export type Op = z.infer<typeof Op>;

/** Members that every op has. */
const REQUIRED = 10;

/**
 * Whether `value` is an op as it stands, looked at without the schema: every op that is written, read or taken in goes
 * through here. True only for what `Op` takes unchanged; of what it refuses, the schema says why.
 */
export function isOp(value: unknown): value is Op {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return false;
  const { id, console, seq, hlc, actor, eventTime, zone, scope, type, payload, base, prev } = value as Record<
    string,
    unknown
  >;
  const members = REQUIRED + (base === undefined ? 0 : 1) + (prev === undefined ? 0 : 1);
  return (
    Object.keys(value).length === members &&
    fits(id, OP_ID) &&
    fits(console, CONSOLE_ID) &&
    isWithin(seq, 1, Number.MAX_SAFE_INTEGER) &&
    fits(hlc, HLC_PATTERN) &&
    fits(actor, ID) &&
    isWithin(eventTime, -MAX_INSTANT, MAX_INSTANT) &&
    typeof zone === 'string' &&
    zone.length > 0 &&
    zone.length <= MAX_ZONE &&
    fits(scope, ID) &&
    fits(type, TYPE) &&
    typeof payload === 'object' &&
    payload !== null &&
    !Array.isArray(payload) &&
    (base === undefined || (Array.isArray(base) && base.length <= MAX_BASE && base.every((one) => fits(one, OP_ID)))) &&
    (prev === undefined || fits(prev, OP_ID))
  );
}

function fits(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** What a command says; the engine adds the rest. */
export interface OpDraft {
  scope: string;
  type: string;
  payload: Record<string, unknown>;
  base?: string[];
  /** Defaults to now. */
  eventTime?: number;
}

/** What the chain shows of an op to who does not have its content: its place, what it is about, and a digest of the rest. */
export const Link = z.strictObject({
  console: ConsoleId,
  seq: z.int().min(1),
  prev: OpId.optional(),
  scope: Id,
  /** SHA-256, base64url, over the canonical JSON of the op's other members. */
  content: OpId,
});
export type Link = z.infer<typeof Link>;

/**
 * The text that the digest in an op's link is taken of: the canonical JSON of what the link itself does not hold.
 * @param payload the canonical JSON of the op's payload, for who has it already
 */
export function contentText(op: Omit<Op, 'id'>, payload: string = canonical(op.payload)): string {
  const base = op.base === undefined ? '' : `"base":${canonical(op.base)},`;
  return (
    `{"actor":${canonicalText(op.actor)},${base}"eventTime":${canonical(op.eventTime)},"hlc":${canonicalText(op.hlc)},` +
    `"payload":${payload},"type":${canonicalText(op.type)},"zone":${canonicalText(op.zone)}}`
  );
}

/** The text whose SHA-256 is the id of the op with this link. */
export function linkText({ console, seq, prev, scope, content }: Link): string {
  return canonical(['holdfast op 1', console, seq, prev ?? null, scope, content]);
}
