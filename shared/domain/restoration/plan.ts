/**
 * The order in which what is unhealthy comes back. Invariant: every service that needs restoring stands in exactly one item;
 * no item stands before one that it needs, and services that need each other are one item; the same facts give the same
 * plan, in whatever order they are told.
 *
 * What one item waits for: a hard dependency, and a data store however it is needed, because writers that come first lose
 * or double what they write. A service that is well in between carries on and makes nobody wait; one that nobody hears of may be the
 * one that is broken, so the wait goes through it. A soft dependency on anything else only weakens and orders nothing.
 *
 * Among those that nothing holds back, the order is: highest tier behind it; earliest recovery objective behind it (in
 * quarters of an hour, so that a minute turns nothing round); data stores; how many wait for it; money at risk behind it; id.
 * "Behind it" is the item itself and whatever waits for it. O(services + dependencies + items² / 32).
 */
import { components } from '../graph/graph.ts';
import type { DependencyStrength, Health, ServiceKind } from '../words.ts';

export interface RestorationService {
  id: string;
  kind: ServiceKind;
  tier: number | null;
  health: Health;
  /** Since when it is so, ms. */
  since: number | null;
  /** Whether anything was ever heard of it. */
  heard: boolean;
  /** Whether people named it as affected. */
  named: boolean;
  rtoMinutes: number | null;
  rpoMinutes: number | null;
}

export interface RestorationBusiness {
  id: string;
  /** The services that people meet. */
  services: readonly string[];
  /** Since when it is hurt, ms; null when it is not. */
  since: number | null;
  rtoMinutes: number | null;
  /** What it loses a minute, minor units of the plan's one currency. */
  lossPerMinute: number;
}

export interface RestorationInput {
  services: readonly RestorationService[];
  dependencies: Iterable<{ from: string; to: string; strength: DependencyStrength }>;
  businessServices: readonly RestorationBusiness[];
}

/** What must be measured before the next begins. */
export interface Gate {
  /** How long it must have been healthy without a break, minutes. */
  holdMinutes: number;
}

export interface Objective {
  /** Service or business service that has to be back. */
  kind: 'service' | 'business-service';
  id: string;
  rtoMinutes: number;
  /** ms */
  dueAt: number;
}

export interface RestorationItem {
  /** The service, or for several that need each other a name made of theirs. */
  id: string;
  /** Sorted; more than one are restored together. */
  services: string[];
  /** From 1: what can be worked on at the same time has the same. */
  stage: number;
  /** From 1: strands that share nothing. */
  lane: number;
  /** Items that must be verified before, in the plan's order. */
  blockedBy: string[];
  /** Unhealthy services that wait for it, directly or not. */
  waiting: number;
  tier: number | null;
  /** The earliest objective of it and of what waits for it. */
  objective: Objective | null;
  dataStore: boolean;
  rpoMinutes: number | null;
  /** Minor units per minute at risk behind it. */
  money: number;
  gate: Gate;
}

const DATA_STORES: ReadonlySet<ServiceKind> = new Set(['database', 'queue', 'cache', 'data-platform']);
const QUARTER_MS = 15 * 60_000;
/** How long a gate wants to see it healthy, minutes: a data store has to take its writers back, a first-tier service its customers. */
const HOLD = { dataStore: 5, firstTier: 5, other: 3 } as const;

/** What has to come back: what is degraded or failing, and what fell silent, or is unknown although people named it. */
export function needsRestoring({
  health,
  heard,
  named,
}: Pick<RestorationService, 'health' | 'heard' | 'named'>): boolean {
  return health === 'degraded' || health === 'failing' || (health === 'unknown' && (heard || named));
}

/** The plan, first item first. Empty when nothing needs restoring. */
export function planRestoration({ services, dependencies, businessServices }: RestorationInput): RestorationItem[] {
  const all = services.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const index = new Map(all.map(({ id }, i) => [id, i]));
  const wanted = all.map(needsRestoring);
  if (!wanted.includes(true)) return [];
  const silent = all.map(({ health }, i) => health === 'unknown' && !wanted[i]);
  const edges = waitsFor(all, index, wanted, silent, dependencies);
  const { of: component } = components(edges.start, edges.target);

  // Groups of wanted services, numbered by their smallest service; silent ones only pass the wait on.
  const groupOf = new Int32Array(all.length).fill(-1);
  const groups: number[][] = [];
  const byComponent = new Map<number, number>();
  wanted.forEach((is, i) => {
    if (!is) return;
    let group = byComponent.get(component[i]!);
    if (group === undefined) byComponent.set(component[i]!, (group = groups.push([]) - 1));
    groups[group]!.push(i);
    groupOf[i] = group;
  });
  const needs = groupNeeds(groups, groupOf, silent, edges);
  const neededBy = needs.map((): number[] => []);
  needs.forEach((list, group) => list.forEach((needed) => neededBy[needed]!.push(group)));
  const upwards = topological(needs, neededBy);

  const sizes = groups.map((members) => members.length);
  const waiting = waitingOf(upwards, neededBy, sizes);
  const behind = behindOf(all, groups, groupOf, upwards, needs, neededBy, index, businessServices);
  const stage = new Int32Array(groups.length).fill(1);
  for (const group of upwards)
    for (const needed of needs[group]!) stage[group] = Math.max(stage[group]!, stage[needed]! + 1);

  const facts = groups.map((members, group) => {
    const own = members.map((i) => all[i]!);
    const rpos = own.flatMap(({ rpoMinutes }) => rpoMinutes ?? []);
    return {
      group,
      id: itemId(own.map(({ id }) => id)),
      ...behind[group]!,
      waiting: waiting[group]!,
      dataStore: own.some(({ kind }) => DATA_STORES.has(kind)),
      rpoMinutes: rpos.length === 0 ? null : Math.min(...rpos),
      ownTier: Math.min(...own.map(({ tier }) => tier ?? 9)),
    };
  });
  const order = inOrder(facts, needs, neededBy);
  const lanes = lanesOf(order, needs, neededBy);
  const place = new Map(order.map((group, at) => [group, at]));
  return order.map((group): RestorationItem => {
    const fact = facts[group]!;
    const { id, waiting: wait, tier, objective, dataStore, rpoMinutes, money } = fact;
    return {
      id,
      services: groups[group]!.map((i) => all[i]!.id),
      stage: stage[group]!,
      lane: lanes[group]!,
      blockedBy: needs[group]!.toSorted((a, b) => place.get(a)! - place.get(b)!).map((needed) => facts[needed]!.id),
      waiting: wait,
      tier: tier === 9 ? null : tier,
      ...{ objective, dataStore, rpoMinutes, money },
      gate: { holdMinutes: dataStore ? HOLD.dataStore : fact.ownTier === 1 ? HOLD.firstTier : HOLD.other },
    };
  });
}

/** A service's own id; for several that need each other one made of all of theirs, so that it is theirs only. */
function itemId(services: readonly string[]): string {
  if (services.length === 1) return services[0]!;
  const sorted = services.toSorted();
  // FNV-1a, twice, with different beginnings: enough to keep groups apart.
  const hash = (seed: number): string => {
    let value = seed >>> 0;
    for (const letter of sorted.join('\n')) value = Math.imul(value ^ letter.codePointAt(0)!, 0x01000193) >>> 0;
    return value.toString(16).padStart(8, '0');
  };
  return `together:${hash(0x811c9dc5)}${hash(0x3c6ef372)}`;
}

interface Rows {
  start: Uint32Array;
  target: Uint32Array;
}

/** From each service to those that it waits for, among the ones that count; each once, in ascending order. */
function waitsFor(
  all: readonly RestorationService[],
  index: ReadonlyMap<string, number>,
  wanted: readonly boolean[],
  silent: readonly boolean[],
  dependencies: RestorationInput['dependencies'],
): Rows {
  const found: Set<number>[] = all.map(() => new Set());
  let count = 0;
  for (const { from, to, strength } of dependencies) {
    const a = index.get(from);
    const b = index.get(to);
    if (a === undefined || b === undefined || a === b) continue;
    if (!(wanted[a] || silent[a]) || !(wanted[b] || silent[b])) continue;
    if (strength !== 'hard' && !DATA_STORES.has(all[b]!.kind)) continue;
    if (found[a]!.has(b)) continue;
    found[a]!.add(b);
    count++;
  }
  const start = new Uint32Array(all.length + 1);
  const target = new Uint32Array(count);
  let at = 0;
  found.forEach((set, i) => {
    for (const b of [...set].sort((x, y) => x - y)) target[at++] = b;
    start[i + 1] = at;
  });
  return { start, target };
}

/** The groups that each group waits for, directly or by way of silent services. */
function groupNeeds(
  groups: readonly number[][],
  groupOf: Int32Array,
  silent: readonly boolean[],
  { start, target }: Rows,
): number[][] {
  const seen = new Int32Array(groupOf.length).fill(-1);
  return groups.map((members, group) => {
    const found = new Set<number>();
    const walk = [...members];
    for (let v = walk.pop(); v !== undefined; v = walk.pop()) {
      for (let e = start[v]!; e < start[v + 1]!; e++) {
        const w = target[e]!;
        if (groupOf[w] !== -1) {
          if (groupOf[w] !== group) found.add(groupOf[w]!);
        } else if (silent[w] && seen[w] !== group) {
          seen[w] = group;
          walk.push(w);
        }
      }
    }
    return [...found].sort((a, b) => a - b);
  });
}

/** Groups so that each comes after all that it needs. */
function topological(needs: readonly number[][], neededBy: readonly number[][]): number[] {
  const open = needs.map((list) => list.length);
  const order = [...open.keys()].filter((group) => open[group] === 0);
  for (const group of order) for (const next of neededBy[group]!) if (--open[next]! === 0) order.push(next);
  return order;
}

/** How many services wait for each group: a set of groups is one bit for each. */
function waitingOf(upwards: readonly number[], neededBy: readonly number[][], sizes: readonly number[]): number[] {
  const words = Math.ceil(sizes.length / 32);
  const bits = new Uint32Array(sizes.length * words);
  const waiting = sizes.map(() => 0);
  for (const group of upwards.toReversed()) {
    const row = group * words;
    for (const next of neededBy[group]!) {
      const other = next * words;
      for (let w = 0; w < words; w++) bits[row + w]! |= bits[other + w]!;
      bits[row + (next >>> 5)]! |= 1 << (next & 31);
    }
    let sum = sizes[group]! - 1;
    for (let w = 0; w < words; w++)
      for (let word = bits[row + w]!; word !== 0; word &= word - 1)
        sum += sizes[w * 32 + (31 - Math.clz32(word & -word))]!;
    waiting[group] = sum;
  }
  return waiting;
}

interface Behind {
  tier: number;
  objective: Objective | null;
  money: number;
}

/** The best tier, the earliest objective and the money of each group and of what waits for it. */
function behindOf(
  all: readonly RestorationService[],
  groups: readonly number[][],
  groupOf: Int32Array,
  upwards: readonly number[],
  needs: readonly number[][],
  neededBy: readonly number[][],
  index: ReadonlyMap<string, number>,
  businessServices: readonly RestorationBusiness[],
): Behind[] {
  const behind = groups.map((members): Behind => {
    const own = members.map((i) => all[i]!);
    return {
      tier: Math.min(...own.map(({ tier }) => tier ?? 9)),
      objective: own.reduce<Objective | null>(
        (first, { id, since, rtoMinutes }) => earlier(first, objectiveOf('service', id, since, rtoMinutes)),
        null,
      ),
      money: 0,
    };
  });
  for (const { id, services, since, rtoMinutes, lossPerMinute } of businessServices.toSorted((a, b) =>
    a.id < b.id ? -1 : 1,
  )) {
    const entries = new Set(
      services.flatMap((service) => groupOf[index.get(service) ?? -1] ?? -1).filter((g) => g >= 0),
    );
    const objective = objectiveOf('business-service', id, since, rtoMinutes);
    for (const group of entries) behind[group]!.objective = earlier(behind[group]!.objective, objective);
    if (lossPerMinute <= 0) continue;
    const reached = new Set(entries);
    for (const group of reached) for (const needed of needs[group]!) reached.add(needed);
    for (const group of reached) behind[group]!.money += lossPerMinute;
  }
  for (const group of upwards.toReversed()) {
    const mine = behind[group]!;
    for (const next of neededBy[group]!) {
      mine.tier = Math.min(mine.tier, behind[next]!.tier);
      mine.objective = earlier(mine.objective, behind[next]!.objective);
    }
  }
  return behind;
}

function objectiveOf(
  kind: Objective['kind'],
  id: string,
  since: number | null,
  rtoMinutes: number | null,
): Objective | null {
  return since === null || rtoMinutes === null ? null : { kind, id, rtoMinutes, dueAt: since + rtoMinutes * 60_000 };
}

function earlier(a: Objective | null, b: Objective | null): Objective | null {
  if (a === null || b === null) return a ?? b;
  if (a.dueAt !== b.dueAt) return a.dueAt < b.dueAt ? a : b;
  const key = ({ kind, id }: Objective): string => `${kind} ${id}`;
  return key(a) <= key(b) ? a : b;
}

interface Fact extends Behind {
  group: number;
  id: string;
  waiting: number;
  dataStore: boolean;
}

const due = ({ objective }: Fact): number => (objective === null ? Infinity : Math.floor(objective.dueAt / QUARTER_MS));

function before(a: Fact, b: Fact): boolean {
  if (a.tier !== b.tier) return a.tier < b.tier;
  if (due(a) !== due(b)) return due(a) < due(b);
  if (a.dataStore !== b.dataStore) return a.dataStore;
  if (a.waiting !== b.waiting) return a.waiting > b.waiting;
  if (a.money !== b.money) return a.money > b.money;
  return a.id < b.id;
}

/** Of those that nothing holds back, the most pressing, again and again. */
function inOrder(facts: readonly Fact[], needs: readonly number[][], neededBy: readonly number[][]): number[] {
  const open = needs.map((list) => list.length);
  const heap: Fact[] = [];
  const put = (fact: Fact): void => {
    let at = heap.push(fact) - 1;
    for (let up = (at - 1) >> 1; at > 0 && before(heap[at]!, heap[up]!); at = up, up = (at - 1) >> 1)
      [heap[at], heap[up]] = [heap[up]!, heap[at]!];
  };
  const take = (): Fact => {
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let at = 0; ;) {
        let least = at;
        for (const down of [2 * at + 1, 2 * at + 2])
          if (down < heap.length && before(heap[down]!, heap[least]!)) least = down;
        if (least === at) break;
        [heap[at], heap[least]] = [heap[least]!, heap[at]!];
        at = least;
      }
    }
    return first;
  };
  for (const fact of facts) if (open[fact.group] === 0) put(fact);
  const order: number[] = [];
  while (heap.length > 0) {
    const { group } = take();
    order.push(group);
    for (const next of neededBy[group]!) if (--open[next]! === 0) put(facts[next]!);
  }
  return order;
}

/** Strands that share nothing, numbered by where they first stand in the order. */
function lanesOf(order: readonly number[], needs: readonly number[][], neededBy: readonly number[][]): number[] {
  const lanes: number[] = needs.map(() => 0);
  let count = 0;
  for (const first of order) {
    if (lanes[first] !== 0) continue;
    lanes[first] = ++count;
    const strand = [first];
    for (const group of strand)
      for (const other of [...needs[group]!, ...neededBy[group]!])
        if (lanes[other] === 0) {
          lanes[other] = count;
          strand.push(other);
        }
  }
  return lanes;
}
