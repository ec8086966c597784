/**
 * Invariant: merging is commutative, associative and idempotent: the same set of effects gives the same state in
 * whatever order and however often they arrive. Nothing contested is dropped: concurrent values stay side by side
 * as heads until an op names them in its `base`.
 *
 * Plain fields: last writer by HLC. Sets: add wins (a removal names the additions that it saw). Contested fields:
 * multi-value registers. Deletion: a tombstone that is itself last-writer-wins, so that a re-import can revive.
 */
import type { Json } from './canonical.ts';
import type { Hlc } from './hlc.ts';

export interface Cell {
  value: Json;
  hlc: Hlc;
}

export interface Head {
  value: Json;
  hlc: Hlc;
  actor: string;
  eventTime: number;
  reason?: string;
}

export interface Contested {
  /** Values that no known op replaces, by op id. */
  heads: Record<string, Head>;
  /** Every op id that a known op replaces, sorted; kept because the replaced op may arrive later. */
  replaced: string[];
}

/** Additions of one element that no known removal saw, and the additions that were removed; both sorted. */
export interface Membership {
  added: string[];
  removed: string[];
}

export interface EntityState {
  fields: Record<string, Cell>;
  contested: Record<string, Contested>;
  sets: Record<string, Record<string, Membership>>;
  gone?: Cell;
}

export interface EntityRef {
  kind: string;
  id: string;
  scope: string;
}

export type Effect =
  | { do: 'set'; entity: EntityRef; field: string; value: Json }
  | { do: 'contest'; entity: EntityRef; field: string; value: Json; reason?: string }
  | { do: 'add'; entity: EntityRef; set: string; element: string }
  | { do: 'remove'; entity: EntityRef; set: string; element: string }
  | { do: 'gone'; entity: EntityRef; gone: boolean };

/** What a register needs to know of the op that an effect comes from. */
export interface Stamp {
  id: string;
  hlc: Hlc;
  actor: string;
  eventTime: number;
  base?: string[];
}

export function emptyState(): EntityState {
  return { fields: {}, contested: {}, sets: {} };
}

/** Merges one effect into `state`, which is changed in place; true when anything changed. */
export function merge(state: EntityState, effect: Effect, stamp: Stamp): boolean {
  switch (effect.do) {
    case 'set':
      return write(state.fields, effect.field, { value: effect.value, hlc: stamp.hlc });
    case 'gone': {
      const cell = { value: effect.gone, hlc: stamp.hlc };
      if (state.gone && state.gone.hlc >= cell.hlc) return false;
      state.gone = cell;
      return true;
    }
    case 'contest':
      return contest(
        own(state.contested, effect.field, () => ({ heads: {}, replaced: [] })),
        effect,
        stamp,
      );
    case 'add':
      return change(state, effect.set, effect.element, [stamp.id], []);
    case 'remove':
      return change(state, effect.set, effect.element, [], stamp.base ?? []);
  }
}

function write(cells: Record<string, Cell>, field: string, cell: Cell): boolean {
  const old = Object.hasOwn(cells, field) ? cells[field] : undefined;
  if (old && old.hlc >= cell.hlc) return false;
  cells[field] = cell;
  return true;
}

/** A member of `record`, made when missing; names such as `constructor` are members like any other. */
function own<T>(record: Record<string, T>, key: string, make: () => T): T {
  if (!Object.hasOwn(record, key)) record[key] = make();
  return record[key]!;
}

function contest(register: Contested, effect: Effect & { do: 'contest' }, stamp: Stamp): boolean {
  let changed = false;
  for (const id of stamp.base ?? []) {
    if (insert(register.replaced, id)) changed = true;
    if (register.heads[id]) {
      delete register.heads[id];
      changed = true;
    }
  }
  if (!has(register.replaced, stamp.id) && !register.heads[stamp.id]) {
    const { hlc, actor, eventTime } = stamp;
    register.heads[stamp.id] = {
      value: effect.value,
      hlc,
      actor,
      eventTime,
      ...(effect.reason === undefined ? {} : { reason: effect.reason }),
    };
    changed = true;
  }
  return changed;
}

function change(state: EntityState, set: string, element: string, adds: string[], removes: string[]): boolean {
  if (adds.length === 0 && removes.length === 0) return false;
  const members = own(state.sets, set, (): Record<string, Membership> => ({}));
  const member = own(members, element, () => ({ added: [], removed: [] }));
  let changed = false;
  for (const id of removes) {
    if (insert(member.removed, id)) changed = true;
    const at = member.added.indexOf(id);
    if (at >= 0) member.added.splice(at, 1);
  }
  for (const id of adds) if (!has(member.removed, id) && insert(member.added, id)) changed = true;
  return changed;
}

function has(sorted: string[], id: string): boolean {
  return sorted[position(sorted, id)] === id;
}

function insert(sorted: string[], id: string): boolean {
  const at = position(sorted, id);
  if (sorted[at] === id) return false;
  sorted.splice(at, 0, id);
  return true;
}

function position(sorted: string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The heads of a contested field, oldest first. More than one is a conflict. */
export function heads(state: EntityState, field: string): (Head & { op: string })[] {
  return Object.entries(state.contested[field]?.heads ?? {})
    .map(([op, head]) => ({ op, ...head }))
    .sort((a, b) => (a.hlc < b.hlc ? -1 : 1));
}

/** The elements of a set, sorted. */
export function elements(state: EntityState, set: string): string[] {
  return Object.entries(state.sets[set] ?? {})
    .filter(([, member]) => member.added.length > 0)
    .map(([element]) => element)
    .sort();
}

/** The additions of `element` that a removal written now has to name in its `base`. */
export function additions(state: EntityState, set: string, element: string): string[] {
  const members = state.sets[set];
  return members && Object.hasOwn(members, element) ? members[element]!.added : [];
}
