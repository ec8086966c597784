/**
 * Taking ops of other consoles into the log. Invariant: an op is applied only when its console is enrolled, a signature
 * covers it, its id is its hash and it joins what is known of its console's chain: it follows the op before it, or it is
 * part of a slice that says from where on it has the chain. Everything else is quarantined with the reason, never applied
 * and never dropped; a genuine op that is kept out stays in the chain as a link, so that those after it count. Taking the
 * same segment again changes nothing.
 */
import { keyFromRaw, consoleIdOf, isSigned } from '../access/identity.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { parseHlc, type HlcParts } from '../../../shared/ops/hlc.ts';
import { isOp, MAX_PAYLOAD, Op } from '../../../shared/ops/op.ts';
import { reduce, type Reduced } from '../../../shared/ops/reduce.ts';
import { sealedText, Withheld, type Segment, type Slice } from '../../../shared/ops/segment.ts';
import type { KnownLink } from './links.ts';
import { isGenuine, linkId, linkOf } from './log.ts';

/** An op from a clock further ahead than this is kept out: by last-writer-wins it would win for ever. */
const MAX_AHEAD_MS = 24 * 3600_000;

/**
 * A segment, or with `from` a slice, as it arrived: its seal has the right shape, its ops are whatever was sent. A slice
 * may begin where nothing before it is known.
 */
export type Incoming = Omit<Segment, 'ops'> & Partial<Pick<Slice, 'from' | 'before'>> & { ops: readonly unknown[] };

/** What the store knows of a console that ops come from. */
export interface Standing {
  /** Raw public key, when it is known. */
  key: Buffer | null;
  access: 'enrolled' | 'revoked' | 'stranger';
  /** With `revoked`: the last sequence number that still counts. */
  through: number;
  /** Its last op in this log. */
  head: { seq: number; id: string } | null;
  /** Whether it is this console itself, of whose chain there are no parts: what is missing of it is lost. */
  own: boolean;
}

export interface Refused {
  op: unknown;
  console: string;
  seq: number;
  id: string;
  reason: string;
  /** Whether it may become good by itself: earlier ops arrive, its console is enrolled, its time comes. */
  waits: boolean;
}

/** An op that may be applied, with what judging it found out: the canonical JSON of its payload, and what it does. */
export interface Admitted {
  op: Op;
  payload: string;
  reduced: Reduced;
}

export interface Examined {
  /** Ops that may be applied, in order. */
  good: Admitted[];
  /** Ops that the log holds already. */
  known: number;
  refused: Refused[];
  /**
   * Links to keep once `vouched`: those that were sent, those of genuine ops that are kept out all the same, and the edge
   * before a slice that begins where nothing is known.
   */
  links: KnownLink[];
  /** Genuine requests to be enrolled, of a console whose ops do not count. */
  asked: Op[];
  /** Whether the seal reaches everything that was sent, so that it can be kept. */
  vouched: boolean;
  /** Milliseconds by which the console's clock is ahead of ours. */
  ahead: number;
}

/** What the log holds at (console, seq): the op, or only its id; null when it knows nothing. */
export type Known = (console: string, seq: number) => { id: string; whole: boolean } | null;

/** Judges a segment or slice against what the log holds. Pure but for the signature check; `now` in ms. */
export function examine(segment: Incoming, standing: Standing, known: Known, now: number): Examined {
  const result: Examined = { good: [], known: 0, refused: [], links: [], asked: [], vouched: false, ahead: 0 };
  const refuse = (op: unknown, reason: string, waits = false) =>
    result.refused.push({ ...nameOf(op, segment), op, reason, waits });
  const admitted = (seq: number) =>
    standing.access === 'enrolled' || (standing.access === 'revoked' && seq <= standing.through);

  const items = follow(segment);
  const unsealed = sealProblem(segment, items, standing);
  const covered = coveredFrom(items);
  const start = startOf(segment, standing, known);
  if (start.edge) result.links.push(start.edge);
  let broken = start.forked;
  let previous = start.after;
  for (const [index, item] of items.entries()) {
    const { seq, op } = item;
    const have = known(segment.console, seq);
    if (item.link) {
      if (have && have.id !== item.id) broken ??= twoOps(segment.console, seq);
      else if (!have?.whole) result.links.push(item.link);
      previous = item.id;
      continue;
    }
    if (!op) {
      refuse(item.raw, item.problem);
      broken ??= 'An op before it in its segment is damaged.';
      continue;
    }
    if (have?.whole && have.id === op.id && op.console === segment.console) {
      result.known++;
      previous = op.id;
      continue;
    }
    const uncovered = index < covered ? 'An op after it in its segment was changed, so no signature covers it.' : null;
    const forged = forgery(item, segment, have?.id ?? null) ?? unsealed ?? uncovered ?? broken;
    if (forged) {
      refuse(op, forged);
      broken ??= 'An op before it in its segment was kept out.';
      continue;
    }
    if (!admitted(seq)) {
      const revoked = standing.access === 'revoked';
      if (op.type === 'console.request' && reduce(op).outcome === 'effects') result.asked.push(op);
      refuse(
        op,
        revoked ? `Console ${op.console} was revoked.` : `Console ${op.console} is not enrolled here.`,
        !revoked,
      );
      continue;
    }
    if (start.missing) {
      refuse(op, start.missing, true);
      continue;
    }
    if (op.prev !== previous) {
      refuse(op, `It does not follow op ${seq - 1} of console ${op.console}: the chain is broken here.`);
      broken ??= 'The chain is broken before it.';
      continue;
    }
    previous = op.id;
    const reduced = reduce(op);
    const clock = parseHlc(op.hlc);
    const unfit = misfit(item, clock, reduced, now);
    if (unfit) {
      refuse(op, unfit, unfit.startsWith(CLOCK));
      result.links.push({ seq, id: op.id, scope: op.scope, content: linkOf(op, item.payload).content });
      continue;
    }
    result.good.push({ op, payload: item.payload, reduced });
    result.ahead = Math.max(result.ahead, clock.ms - now);
  }
  result.vouched = unsealed === null && broken === null && covered === 0 && !start.missing && admitted(segment.last);
  return result;
}

/**
 * The ops of a segment or slice that its own seal reaches, whoever its console is; `problem` is why it reaches not all of
 * them, or null.
 */
export function coveredOps(segment: Incoming): { ops: Op[]; problem: string | null } {
  const items = follow(segment);
  const unsealed = sealProblem(segment, items, { key: null });
  if (unsealed) return { ops: [], problem: unsealed };
  const covered = coveredFrom(items);
  const ops = items.flatMap((item, index) =>
    index >= covered && item.op && item.genuine && item.op.seq === item.seq && item.op.console === segment.console
      ? [item.op]
      : [],
  );
  const lost = items.find((item, index) => item.link === null && (index < covered || !item.op || !item.genuine));
  return {
    ops,
    problem: lost
      ? `Op ${lost.seq} of console ${segment.console}, or one after it, was changed after it was signed.`
      : null,
  };
}

/** One place of a segment: an op, a link, or neither. */
type Item =
  | { seq: number; op: Op; payload: string; genuine: boolean; link: null; id: string }
  | { seq: number; op: null; link: KnownLink; id: string }
  | { seq: number; op: null; link: null; id: null; raw: unknown; problem: string };

function follow(segment: Incoming): Item[] {
  let prev = segment.before;
  return segment.ops.map((raw, index): Item => {
    const seq = (segment.from ?? segment.first) + index;
    const item = read(raw, seq, prev, segment);
    prev = item.id ?? undefined;
    return item;
  });
}

function read(raw: unknown, seq: number, prev: string | undefined, segment: Incoming): Item {
  if (isOp(raw)) return asItem(raw, seq);
  const withheld = segment.from !== undefined && typeof raw === 'object' && raw !== null && !('id' in raw);
  const parsed = withheld ? Withheld.safeParse(raw) : Op.safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return {
      seq,
      op: null,
      link: null,
      id: null,
      raw,
      problem: `It is no op: ${issue.path.join('.') || 'it'}: ${issue.message}.`,
    };
  }
  const { data } = parsed;
  if ('id' in data) return asItem(data, seq);
  const id = linkId({ console: segment.console, seq, ...(prev === undefined ? {} : { prev }), ...data });
  return { seq, op: null, link: { seq, id, ...data }, id };
}

function asItem(op: Op, seq: number): Item {
  try {
    const payload = canonical(op.payload);
    return { seq, op, payload, genuine: isGenuine(op, payload), link: null, id: op.id };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { seq, op: null, link: null, id: null, raw: op, problem: `It is no op: ${error.message}.` };
  }
}

/**
 * The index of the first item that the seal reaches: from the last one, whose id is signed, back over `prev` as far as
 * every op is what its id says. What stands before a changed op may be anybody's.
 */
function coveredFrom(items: readonly Item[]): number {
  for (let index = items.length - 1; index > 0; index--) {
    const item = items[index]!;
    const sound = item.op
      ? item.genuine && item.op.seq === item.seq && item.op.prev === items[index - 1]!.id
      : item.link !== null;
    if (!sound) return index;
  }
  return 0;
}

interface Start {
  /** Id after which the first op has to come; undefined when it is the console's first. */
  after: string | undefined;
  /** The edge to keep when nothing before the slice is known. */
  edge: KnownLink | null;
  /** Why it does not join. */
  missing: string | null;
  forked: string | null;
}

/** Where a segment joins what is known of its console's chain. */
function startOf({ console, before, first, from = first }: Incoming, standing: Standing, known: Known): Start {
  const start: Start = { after: undefined, edge: null, missing: null, forked: null };
  if (from === 1) return start;
  const have = known(console, from - 1);
  if (have)
    return {
      ...start,
      after: have.id,
      forked: before !== undefined && before !== have.id ? twoOps(console, from - 1) : null,
    };
  if (before !== undefined && !standing.own)
    return { ...start, after: before, edge: { seq: from - 1, id: before, scope: null, content: null } };
  const head = standing.head && standing.head.seq < from ? standing.head.seq : 0;
  return { ...start, missing: `Ops ${head + 1} to ${from - 1} of console ${console} are missing before it.` };
}

function twoOps(console: string, seq: number): string {
  return `Console ${console} wrote two different ops with number ${seq}: one of them is forged.`;
}

/** How the reason begins by which an op is kept out until its time comes. */
export const CLOCK = 'Its clock is';

/** What is wrong with a segment's key or signature, or null. */
function sealProblem(segment: Incoming, items: readonly Item[], standing: Pick<Standing, 'key'>): string | null {
  const raw = Buffer.from(segment.key, 'base64url');
  if (consoleIdOf(raw) !== segment.console || (standing.key && !standing.key.equals(raw))) {
    return `The key does not belong to console ${segment.console}.`;
  }
  if (!isSigned(keyFromRaw(raw), sealedText(segment), Buffer.from(segment.signature, 'base64url'))) {
    return `The signature over ops ${segment.first} to ${segment.last} of console ${segment.console} is wrong.`;
  }
  const { first, last, head, from = first, before } = segment;
  const end = items.at(-1);
  const placed =
    from >= first &&
    last - from + 1 === items.length &&
    (before === undefined ? segment.from === undefined || from === 1 : from > 1);
  if (!placed || end?.id !== head || (end.op && end.op.seq !== last)) {
    return 'Its segment is not complete: ops were cut off, added or reordered.';
  }
  return null;
}

/** Why an op can't be what its console wrote at that place, or null. */
function forgery({ op, genuine, seq }: Item & { op: Op }, segment: Incoming, have: string | null): string | null {
  if (op.console !== segment.console) return `It is signed by ${segment.console} and claims to be from ${op.console}.`;
  if (!genuine) return 'Its content was changed: its id is not the hash of it.';
  if (op.seq !== seq) return 'Its segment is not complete: ops were cut off, added or reordered.';
  if (have !== null && have !== op.id) return twoOps(op.console, seq);
  return null;
}

/** Why a genuine op is kept out all the same, or null. */
function misfit(
  { op, payload }: Item & { op: Op },
  { ms, console }: HlcParts,
  reduced: Reduced,
  now: number,
): string | null {
  if (console !== op.console) return 'Its timestamp belongs to another console.';
  const ahead = ms - now;
  if (ahead > MAX_AHEAD_MS) return `${CLOCK} ${inWords(ahead)} ahead.`;
  if (payload.length > MAX_PAYLOAD) return `It is larger than ${MAX_PAYLOAD / 1024} KiB.`;
  return reduced.outcome === 'malformed' ? `Its content does not fit its type: ${reduced.why}.` : null;
}

function nameOf(op: unknown, segment: Incoming): { console: string; seq: number; id: string } {
  const record = typeof op === 'object' && op !== null ? (op as Record<string, unknown>) : {};
  return {
    console: segment.console,
    seq: typeof record['seq'] === 'number' && Number.isSafeInteger(record['seq']) ? record['seq'] : 0,
    id: typeof record['id'] === 'string' ? record['id'].slice(0, 64) : '',
  };
}

/** A length of time with one unit: "3 min", "26 h", "40 years". */
export function inWords(ms: number): string {
  const units: [string, number][] = [
    ['years', 365.25 * 86_400_000],
    ['days', 86_400_000],
    ['h', 3600_000],
    ['min', 60_000],
    ['s', 1000],
  ];
  const [unit, size] = units.find(([, each]) => ms >= 2 * each) ?? units.at(-1)!;
  return `${Math.round(ms / size)} ${unit}`;
}
