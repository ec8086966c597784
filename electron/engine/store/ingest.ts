/**
 * Taking ops of other consoles into the log. Invariant: an op is applied only when its console is enrolled, a signature
 * covers it, its id is its hash and it follows that console's last op; everything else is quarantined with the reason,
 * never applied and never dropped. Taking the same segment again changes nothing.
 */
import { keyFromRaw, consoleIdOf, isSigned } from '../access/identity.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import { MAX_PAYLOAD, Op } from '../../../shared/ops/op.ts';
import { reduce } from '../../../shared/ops/reduce.ts';
import { sealedText, type Segment } from '../../../shared/ops/segment.ts';
import { isGenuine } from './log.ts';

/** An op from a clock further ahead than this is kept out: by last-writer-wins it would win for ever. */
export const MAX_AHEAD_MS = 24 * 3600_000;

/** A segment as it arrived: its seal has the right shape, its ops are whatever was sent. */
export type Incoming = Omit<Segment, 'ops'> & { ops: readonly unknown[] };

/** What the store knows of a console that ops come from. */
export interface Standing {
  /** Raw public key, when it is known. */
  key: Buffer | null;
  access: 'enrolled' | 'revoked' | 'stranger';
  /** With `revoked`: the last sequence number that still counts. */
  through: number;
  /** Its last op in this log. */
  head: { seq: number; id: string } | null;
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

export interface Examined {
  /** Ops that follow the console's head and may be applied, in order. */
  good: Op[];
  /** Ops that the log holds already. */
  known: number;
  refused: Refused[];
  /** Milliseconds by which the console's clock is ahead of ours. */
  ahead: number;
}

/** Looks up what the log holds for (console, seq): the op's id, or null. */
export type Known = (console: string, seq: number) => string | null;

/** Judges a segment against what the log holds. Pure but for the signature check; `now` in ms. */
export function examine(segment: Incoming, standing: Standing, known: Known, now: number): Examined {
  const result: Examined = { good: [], known: 0, refused: [], ahead: 0 };
  const refuse = (op: unknown, reason: string, waits = false) => result.refused.push({ ...nameOf(op, segment), op, reason, waits });

  const unsealed = sealProblem(segment, standing);
  let head = standing.head;
  let broken: string | null = null;
  for (const each of segment.ops) {
    const parsed = Op.safeParse(each);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      refuse(each, `It is no op: ${issue.path.join('.') || 'it'}: ${issue.message}.`);
      broken ??= 'An op before it in its segment is damaged.';
      continue;
    }
    const op = parsed.data;
    const have = op.console === segment.console ? known(op.console, op.seq) : null;
    if (have === op.id) {
      result.known++;
      continue;
    }
    const problem = opProblem(op, segment, have, now) ?? unsealed?.reason ?? broken;
    if (problem) {
      refuse(op, problem, unsealed?.waits === true || problem.startsWith(CLOCK));
      broken ??= 'An op before it in its segment was kept out.';
      continue;
    }
    if (standing.access !== 'enrolled' && !(standing.access === 'revoked' && op.seq <= standing.through)) {
      const revoked = standing.access === 'revoked';
      refuse(op, revoked ? `Console ${op.console} was revoked.` : `Console ${op.console} is not enrolled here.`, !revoked);
      continue;
    }
    if (op.seq > (head?.seq ?? 0) + 1) {
      refuse(op, `Ops ${(head?.seq ?? 0) + 1} to ${op.seq - 1} of console ${op.console} are missing before it.`, true);
      continue;
    }
    if (op.prev !== head?.id) {
      refuse(op, `It does not follow op ${op.seq - 1} of console ${op.console}: the chain is broken here.`);
      broken ??= 'The chain is broken before it.';
      continue;
    }
    result.good.push(op);
    result.ahead = Math.max(result.ahead, parseHlc(op.hlc).ms - now);
    head = { seq: op.seq, id: op.id };
  }
  return result;
}

const CLOCK = 'Its clock is';

/** What is wrong with a segment's key or signature, or null. */
function sealProblem(segment: Incoming, standing: Standing): { reason: string; waits: boolean } | null {
  const raw = Buffer.from(segment.key, 'base64url');
  if (consoleIdOf(raw) !== segment.console || (standing.key && !standing.key.equals(raw))) {
    return { reason: `The key does not belong to console ${segment.console}.`, waits: false };
  }
  if (!isSigned(keyFromRaw(raw), sealedText(segment), Buffer.from(segment.signature, 'base64url'))) {
    return { reason: `The signature over ops ${segment.first} to ${segment.last} of console ${segment.console} is wrong.`, waits: false };
  }
  const last = segment.ops.at(-1) as Partial<Op> | undefined;
  if (segment.last - segment.first + 1 !== segment.ops.length || last?.id !== segment.head || last.seq !== segment.last) {
    return { reason: 'Its segment is not complete: ops were cut off, added or reordered.', waits: false };
  }
  return null;
}

/** What is wrong with an op by itself, or null. */
function opProblem(op: Op, segment: Incoming, have: string | null, now: number): string | null {
  if (op.console !== segment.console) return `It is signed by ${segment.console} and claims to be from ${op.console}.`;
  if (!isGenuine(op)) return 'Its content was changed: its id is not the hash of it.';
  if (have !== null) return `Console ${op.console} wrote two different ops with number ${op.seq}: one of them is forged.`;
  if (parseHlc(op.hlc).console !== op.console) return 'Its timestamp belongs to another console.';
  const ahead = parseHlc(op.hlc).ms - now;
  if (ahead > MAX_AHEAD_MS) return `${CLOCK} ${inWords(ahead)} ahead.`;
  if (canonical(op.payload).length > MAX_PAYLOAD) return `It is larger than ${MAX_PAYLOAD / 1024} KiB.`;
  const reduced = reduce(op);
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
