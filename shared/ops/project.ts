/**
 * Invariant: the document that queries read is a pure function of an entity's merged state. Where a contested field
 * has several heads the safer value is in force and all of them are listed under `conflicts`.
 */
import { ResponseLevel, ResponseModel } from '../domain/policy/substance.ts';
import { CleanupState, RestorationState, Severity, Status, StepState } from '../domain/words.ts';
import type { Json } from './canonical.ts';
import { readOutcome } from './outcome.ts';
import { elements, heads, type EntityState, type Head } from './registers.ts';

export interface Conflict {
  field: string;
  heads: (Head & { op: string })[];
}

/** Members besides these are the entity's fields, contested fields in force, and sets as sorted arrays. */
export interface Document {
  [field: string]: unknown;
  conflicts?: Conflict[];
}

/** The document of an entity; contested fields appear with the value that is in force. */
export function project(state: EntityState): Document {
  const doc: Document = {};
  for (const [field, cell] of Object.entries(state.fields)) doc[field] = cell.value;
  for (const set of Object.keys(state.sets)) doc[set] = elements(state, set);
  const conflicts: Conflict[] = [];
  for (const field of Object.keys(state.contested)) {
    const present = heads(state, field);
    if (present.length === 0) continue;
    doc[field] = inForce(field, present);
    if (present.length > 1 && new Set(present.map((head) => JSON.stringify(head.value))).size > 1) {
      conflicts.push({ field, heads: present });
    }
  }
  if (conflicts.length > 0) doc.conflicts = conflicts;
  return doc;
}

/**
 * The safer of several concurrent values: the higher severity, the lesser progress, the lesser access, nobody who answers
 * for what is left; for a role or a plan, the one that was there first. It need not be one of them: of two branches of a
 * decision, two verdicts or two names none is in force, so that nobody goes on before it is settled.
 */
export function inForce(field: string, present: Head[]): Json {
  const undecided = undecidedOf(field);
  if (undecided !== undefined) {
    const [first, ...others] = present.map((head) => head.value);
    return others.every((value) => value === first) ? first! : undecided;
  }
  const order = orderOf(field);
  if (!order) return present[0]!.value;
  if (field.startsWith('step:')) return stepInForce(present);
  return present
    .map((head) => head.value)
    .reduce((safest, value) => (rank(order, value) < rank(order, safest) ? value : safest));
}

/** What counts of a field while its answers differ, when that is none of them; undefined for all other fields. */
function undecidedOf(field: string): Json | undefined {
  if (field === 'accepted') return null;
  // What became of a suggestion: its kind, its key and the facts that it rests on.
  return field.startsWith('cause:') || field.includes(' ') ? 'open' : undefined;
}

/** The lesser progress; of two branches of a decision none. */
function stepInForce(present: Head[]): Json {
  const values = [...new Set(present.map((head) => String(head.value)))];
  const least = Math.min(...values.map((value) => rank(StepState.options, readOutcome(value).state)));
  const safest = values.filter((value) => rank(StepState.options, readOutcome(value).state) === least);
  return safest.length === 1 ? safest[0]! : 'open';
}

/** Responses from the one that calls most people to the one that calls fewest. */
const RESPONSES = ResponseLevel.options
  .toReversed()
  .flatMap((level) => ResponseModel.options.toReversed().map((model) => `${level}/${model}`));

function orderOf(field: string): readonly string[] | null {
  if (field === 'severity') return Severity.options;
  if (field === 'status') return Status.options;
  if (field === 'response') return RESPONSES;
  if (field === 'answer') return ['declined', 'cancelled', 'accepted', 'offered'];
  if (field === 'access') return ['revoked', 'enrolled'];
  if (field === 'held') return ['withdrawn', 'granted'];
  if (field.startsWith('member:')) return ['out', 'in'];
  if (field.startsWith('step:')) return StepState.options;
  if (field.startsWith('item:')) return RestorationState.options;
  if (field === 'reconciliation') return CleanupState.options;
  return null;
}

function rank(order: readonly string[], value: Json): number {
  const at = order.indexOf(String(value));
  return at < 0 ? order.length : at;
}
