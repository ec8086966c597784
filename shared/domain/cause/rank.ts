/**
 * Which service probably started it. Invariant: the ranking follows from what was observed alone, never from the order in
 * which it is given, and a service that has nothing to do with it changes nothing; every point of a score stands in one
 * of its reasons.
 *
 * Each candidate is a hypothesis, "this service is the fault", weighed by the evidence for it: the logarithm of how much
 * more likely each observation is if the hypothesis holds than if it does not. Points are decibans, 10·log10 of the odds
 * (I. J. Good, "Weight of evidence: a brief survey", 1985): ten points more than another candidate are ten to one, a
 * difference below three is none. Faults spread as in a noisy-OR network over dependencies, as in QMR-DT (Shwe et al.
 * 1991), Shrink (Kandula et al. 2005) and Sherlock (Bahl et al., SIGCOMM 2007); of several ways the likeliest counts.
 *
 *   score = own + cleared + changed + Σ explained + late + contradicted + aside
 *
 * - own: how well a service in its state fits being the fault (`OWN`). One that reports healthy would have a late alert, the
 *   less likely the longer what needs it has been sick.
 * - cleared: what it depends on is healthy (`CLEARED`), or is itself sick and explains it: Σ log(1 − spread · timing).
 * - changed: it was changed shortly before (`CHANGED`); "roughly 70 % of outages are due to changes in a live system"
 *   (Site Reliability Engineering, 2016, ch. 1) while few services change in any two hours.
 * - explained: the other sick services hang on the candidate in a tree. A link from a sick service (or the candidate) to
 *   the next sick one has the chance `p`, the product of `SPREAD` over what lies between (a healthy service lets little
 *   through, `HEALTHY_LETS`; overload, `BACK`, ends at what is sick), times how well the times fit. It is real with
 *   p / (p + FALSE), and what hangs on it counts as far as the whole way to it is real:
 *   weight · way · log(1 + p / FALSE). What hurts no business service that is hurt weighs less (`ASIDE_WEIGHT`).
 * - late: alerts may be late. Where what it explains was sick first, either the times count against each of them, or one
 *   late alert of the candidate itself is assumed (`LATE_ALERT` and more for longer), whichever costs less.
 * - contradicted: services right above it that should be sick by now and are known to be healthy: log(1 − p), bounded.
 * - aside: business services are hurt, and neither it nor what it explains is on their way.
 *
 * Two things can break at once: what the first candidate does not explain is weighed again by itself, and its best candidate,
 * when it is more than a false alarm, is told as another fault within the first four.
 *
 * Cost: one bounded search for each candidate, O(candidates · reached · log reached); at most `MAX_CANDIDATES`.
 */
import type { DependencyMode, DependencyStrength, Health } from '../words.ts';

export type ChangeKind = 'deployment' | 'configuration' | 'feature-flag' | 'scaling' | 'vendor-maintenance' | 'other';

export interface ObservedService {
  id: string;
  health: Health;
  /** Since when it is not healthy, ms; null when it is healthy or nobody knows. */
  onset: number | null;
  /** Whether its health was ever known: an unknown service that was heard of before fell silent. */
  heard: boolean;
}

export interface ObservedChange {
  id: string;
  kind: ChangeKind;
  /** When it happened, ms. */
  at: number;
  services: readonly string[];
}

export interface Observed {
  /** ms since 1970 UTC. */
  now: number;
  services: readonly ObservedService[];
  dependencies: readonly { from: string; to: string; strength: DependencyStrength; mode: DependencyMode }[];
  /** `services`: where its hard path starts. `hurt`: customers or staff feel it. */
  businessServices: readonly { id: string; services: readonly string[]; hurt: boolean }[];
  changes: readonly ObservedChange[];
  /** Only what these services and what they need has to do with: an incident's. Absent: everything that is sick. */
  focus?: readonly string[];
}

export type Reason =
  | { kind: 'own'; points: number; health: Health; onset: number | null; heard: boolean }
  /** What it depends on is healthy; `of` services, `silent` of them unknown. */
  | { kind: 'cleared'; points: number; of: number; silent: number }
  /** What it depends on is sick itself, and since when (ms). */
  | { kind: 'downstream'; points: number; services: { id: string; onset: number | null }[] }
  | { kind: 'changed'; points: number; change: string; changeKind: ChangeKind; at: number; before: number | null }
  /** `first` (ms) of those that are explained; `of` sick services in all; `overloaded`: reached by load, not by need. */
  | { kind: 'explains'; points: number; services: number; of: number; share: number; overloaded: number }
  | { kind: 'earliest'; points: number; onset: number; before: { id: string; onset: number } | null }
  /** Sick services that it would explain but that were sick before it. */
  | { kind: 'late'; points: number; services: number; first: { id: string; onset: number } }
  | { kind: 'contradicted'; points: number; services: number; example: string }
  | { kind: 'business'; points: number; services: string[]; of: number }
  | { kind: 'aside'; points: number; of: number };

export interface Explained {
  service: string;
  /** From the candidate to the service, both included. */
  path: string[];
  /** Chance that the fault reaches it, 0–1, timing included. */
  reach: number;
  /** Whether a step of the path is load on what is called, against the direction of need. */
  overload: boolean;
}

export interface Candidate {
  service: string;
  /** Decibans. Only differences mean something. */
  score: number;
  /** 1 for the first, equal for candidates that are alternatives to one another for the same fault. */
  fault: number;
  /** Part of the weighted sick services that it explains, 0–1. */
  share: number;
  /** The change that counts, when one does. */
  change: string | null;
  /** Most points first; those against it last. */
  reasons: Reason[];
  /** Likeliest first. */
  explains: Explained[];
  /** Hurt business services that it explains, sorted. */
  businessServices: string[];
}

/** Chance that a service looks sick within the window for a reason of its own: false alarm, another fault. */
const FALSE = 0.02;
/** Chance that a fault of what is needed makes the one that needs it look sick. */
const SPREAD: Record<DependencyStrength, Record<DependencyMode, number>> = {
  hard: { sync: 0.8, async: 0.5, batch: 0.3 },
  soft: { sync: 0.25, async: 0.12, batch: 0.08 },
};
/** Chance that a faulty caller makes what it calls look sick: held connections, retries, a queue that nobody empties. */
const BACK: Record<DependencyStrength, Record<DependencyMode, number>> = {
  hard: { sync: 0.2, async: 0.15, batch: 0.05 },
  soft: { sync: 0.08, async: 0.08, batch: 0.03 },
};
/** Of many callers each is the less likely to be the one that overloads: divided by their number to this power. */
const CALLERS = 0.6;
/** What a service that is known to be healthy passes on, as part of what a sick one would. */
const HEALTHY_LETS = 0.1;
/** Less than this is not followed. */
const LEAST = 0.02;

const WEIGHT: Record<Health, number> = { failing: 1, degraded: 0.85, 'early-warning': 0.5, unknown: 0.25, healthy: 0 };
const ASIDE_WEIGHT = 0.5;
const OUT_OF_FOCUS = 0.1;

/** Natural logarithms; a silent fault is rarer than a visible one, a fault that looks healthy rarer still (`unsaid`). */
const OWN = { silent: 2.2, unwatched: 0 };
const CLEARED = 0.8;
const ASIDE = -1.2;
/** A healthy service contradicts this much of the chance that it should be sick, and all of them together so much. */
const CONTRADICTS = 0.9;
const CONTRADICTED_MOST = 20;

const CHANGED: Record<ChangeKind, number> = {
  deployment: 4.5,
  configuration: 4.5,
  'feature-flag': 4.5,
  scaling: 3.5,
  'vendor-maintenance': 3.5,
  other: 2.5,
};
/** A change counts in full for this long, then less, and not at all after the window. ms */
const CHANGE_FULL_MS = 5 * 60_000;
const CHANGE_FADE_MS = 12 * 60_000;
export const CHANGE_WINDOW_MS = 2 * 3_600_000;
/** Clocks and alerts are this uncertain, ms. */
const SLACK_MS = 3 * 60_000;
const EARLY_FADE_MS = 2.5 * 60_000;
/** Chance that an alert is so late that its time says nothing. */
const LATE_FITS = 0.12;
/** An alert that is late at all, nats, and per time; more than the most is another story. ms */
const LATE_ALERT = 1.8;
const LATE_ALERT_FADE_MS = 8 * 60_000;
const LATE_ALERT_MOST_MS = 20 * 60_000;
/** An alert that has not come for longer than this is not less likely still, ms. */
const UNSAID_MOST_MS = 2 * LATE_ALERT_MOST_MS;
/**
 * A service that reports healthy and was not changed is weighed when so many sick ones need it directly, each with at least
 * this chance, that need nothing else that is sick.
 */
const UNSAID_LEAST = { sick: 2, p: 0.5 };
/** What is told as explained: the way to it is at least so real. */
const SHOWN_WAY = 0.3;
const LATE_MS = 20 * 60_000;
const LATE_FADE_MS = 60 * 60_000;
/** A fault needs about this long to show in what it reaches, ms. */
const SHOW_MS = 5 * 60_000;

/** Where one of two times is not known. */
const UNTIMED = 0.8;
/** How much what is sick below still clears a service that was changed before that began. */
const AFTER_CHANGE = 0.35;

/** At most so many services are weighed; those with most sick neighbours first. */
const MAX_CANDIDATES = 400;
/** Where half the estate is sick, fewer: candidates times sick services, for which a second is enough; but never less than these. */
const WORK = 160_000;
const LEAST_CANDIDATES = 60;

const DECIBANS = 10 / Math.LN10;

interface Edge {
  to: number;
  /** Chance to go over it, and the same from a service that was just changed: a change singles it out among the callers. */
  p: number;
  changed: number;
  back: boolean;
}

interface Model {
  ids: string[];
  services: ObservedService[];
  /** Where a fault of a service goes: to what needs it, and by load to what it calls. */
  ways: Edge[][];
  /** What a service needs. */
  needs: { to: number; p: number }[][];
  weight: Float64Array;
  total: number;
  sick: number;
  /** Hurt business services on whose hard path a service lies. */
  hurts: (string[] | undefined)[];
  hurt: number;
  inFocus: Uint8Array | null;
  changes: Map<number, ObservedChange[]>;
  now: number;
}

const isSick = (health: Health): boolean => health !== 'healthy' && health !== 'unknown';
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The candidates, likeliest first, at most `limit`. None when nothing is sick. */
export function rankCauses(observed: Observed, limit = 10): Candidate[] {
  const steps = ranking(observed, limit);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same, letting others have their turn in between: where half of a large estate is sick it takes a while. */
export async function rankCausesInTurns(
  observed: Observed,
  limit: number,
  breathe: () => Promise<unknown>,
): Promise<Candidate[]> {
  const steps = ranking(observed, limit);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await breathe();
  }
}

/** Candidates times sick services that are weighed without a break: some milliseconds. */
const STRETCH = 3000;

function* ranking(observed: Observed, limit: number): Generator<void, Candidate[]> {
  const model = build(observed);
  if (model.sick === 0) return [];
  const search = new Search(model);
  const stretch = Math.max(1, Math.floor(STRETCH / model.sick));
  const weighed: { at: number; score: number; service: string }[] = [];
  for (const [turn, at] of candidatesOf(model).entries()) {
    if (turn % stretch === stretch - 1) yield;
    const one = weigh(model, search, at, false);
    if (one !== null) weighed.push({ at, score: one.score, service: one.service });
  }
  weighed.sort((a, b) => b.score - a.score || byText(a.service, b.service)).splice(Math.max(limit, 40));
  // What they explain, with the ways, is told of these only: of all of them it would be most of the work.
  const ranked: Candidate[] = [];
  for (const [turn, { at }] of weighed.entries()) {
    if (turn % stretch === stretch - 1) yield;
    ranked.push(weigh(model, search, at, true)!);
  }
  const grouped = groupFaults(ranked);
  const other =
    grouped.length === 0
      ? null
      : yield* anotherFault(
          model,
          search,
          grouped,
          weighed.map(({ at }) => at),
          stretch,
        );
  if (other !== null) {
    const place = grouped.findIndex(({ service }) => service === other);
    const fault =
      grouped[place]!.fault === 1 ? Math.max(...grouped.map((one) => one.fault)) + 1 : grouped[place]!.fault;
    const [candidate] = grouped.splice(place, 1);
    grouped.splice(Math.min(place, OTHER_AT), 0, { ...candidate!, fault });
  }
  return grouped.slice(0, limit);
}

/** Another fault stands no lower than this place, from 0: whoever looks at the first few should see that there are two. */
const OTHER_AT = 3;
/** What is left unexplained must be worth so much, nats, and be at least so many services, to be called another fault. */
const OTHER_LEAST = 6;
/** Or all that speaks for it must be worth so much, nats: what a failing service has that was changed right before. */
const OTHER_SURE = 7.5;

/**
 * The best candidate for what the first one does not explain, when that is more than a false alarm: two things can break at once.
 * What the first explains counts for nothing in it.
 */
function* anotherFault(
  model: Model,
  search: Search,
  grouped: readonly Candidate[],
  at: readonly number[],
  stretch: number,
): Generator<void, string | null> {
  const first = grouped[0]!;
  const explained = new Set([
    first.service,
    ...first.explains.filter(({ reach }) => reach >= SHOWN_WAY).map(({ service }) => service),
  ]);
  const rest: Model = {
    ...model,
    weight: model.weight.map((weight, v) => (explained.has(model.ids[v]!) ? 0 : weight)),
  };
  let best: { service: string; score: number } | null = null;
  for (const [turn, v] of at.entries()) {
    if (turn % stretch === stretch - 1) yield;
    if (explained.has(model.ids[v]!)) continue;
    const one = weigh(rest, search, v, true);
    if (one === null) continue;
    const own = one.explains.filter(({ service }) => !explained.has(service)).length;
    const points = one.reasons.find(({ kind }) => kind === 'explains')!.points / DECIBANS;
    if (own < 2 || (points < OTHER_LEAST && one.score / DECIBANS < OTHER_SURE)) continue;
    if (best === null || one.score > best.score) best = { service: one.service, score: one.score };
  }
  return best?.service ?? null;
}

function build({ now, services, dependencies, businessServices, changes, focus }: Observed): Model {
  const sorted = services.toSorted((a, b) => byText(a.id, b.id));
  const index = new Map(sorted.map(({ id }, at) => [id, at]));
  const ids = sorted.map(({ id }) => id);
  const ways: Edge[][] = ids.map(() => []);
  const needs: { to: number; p: number }[][] = ids.map(() => []);
  /** Where a business service is hurt from: over hard dependencies, and over soft ones to what is sick or silent. */
  const leads: number[][] = ids.map(() => []);
  const callers = new Map<string, number>();
  for (const { to } of dependencies) callers.set(to, (callers.get(to) ?? 0) + 1);
  for (const { from, to, strength, mode } of dependencies) {
    const caller = index.get(from);
    const called = index.get(to);
    if (caller === undefined || called === undefined || caller === called) continue;
    const p = SPREAD[strength][mode];
    ways[called]!.push({ to: caller, p, changed: p, back: false });
    const load = BACK[strength][mode];
    ways[caller]!.push({
      to: called,
      p: load / callers.get(to)! ** CALLERS,
      changed: Math.min(1, 2 * load),
      back: true,
    });
    needs[caller]!.push({ to: called, p });
    const { health, onset } = sorted[called]!;
    if (strength === 'hard' || isSick(health) || onset !== null) leads[caller]!.push(called);
  }
  const order = (a: { to: number; p: number }, b: { to: number; p: number }) => a.to - b.to || b.p - a.p;
  for (const list of ways) list.sort(order);
  for (const list of needs) list.sort(order);

  const hurts: (string[] | undefined)[] = [];
  const felt = businessServices.filter(({ hurt }) => hurt).toSorted((a, b) => byText(a.id, b.id));
  for (const { id, services: entries } of felt)
    for (const service of closure(
      entries.flatMap((entry) => index.get(entry) ?? []),
      leads,
    ))
      (hurts[service] ??= []).push(id);
  const inFocus = focus === undefined ? null : new Uint8Array(ids.length);
  if (inFocus) for (const id of focus!) if (index.has(id)) inFocus[index.get(id)!] = 1;

  const weight = new Float64Array(ids.length);
  let total = 0;
  let sick = 0;
  sorted.forEach(({ health, heard, onset }, at) => {
    if (health === 'unknown' && (!heard || onset === null)) return;
    const relevant = inFocus ? (inFocus[at] ? 1 : OUT_OF_FOCUS) : felt.length === 0 || hurts[at] ? 1 : ASIDE_WEIGHT;
    weight[at] = WEIGHT[health] * relevant;
    if (isSick(health)) {
      if (!inFocus || inFocus[at]) sick++;
      total += weight[at]!;
    }
  });

  const changesOf = new Map<number, ObservedChange[]>();
  for (const change of changes.toSorted((a, b) => b.at - a.at || byText(a.id, b.id))) {
    for (const id of new Set(change.services)) {
      const service = index.get(id);
      if (service === undefined) continue;
      const list = changesOf.get(service);
      if (list) list.push(change);
      else changesOf.set(service, [change]);
    }
  }
  return {
    ...{ ids, services: sorted, ways, needs, weight, total, sick, hurts, inFocus, now },
    hurt: felt.length,
    changes: changesOf,
  };
}

function closure(from: readonly number[], edges: readonly (readonly number[])[]): Set<number> {
  const reached = new Set(from);
  for (const service of reached) for (const next of edges[service]!) reached.add(next);
  return reached;
}

/** Sick services; silent ones that something sick needs; healthy ones that were changed and have sick neighbours, or that several sick ones need. */
function candidatesOf({ ids, services, ways, needs, weight, changes, now, sick }: Model): number[] {
  const near = (at: number, through = true): number =>
    ways[at]!.reduce((sum, { to, back }) => {
      const { health } = services[to]!;
      if (isSick(health)) return sum + (back ? 0.25 : 1) * weight[to]!;
      return through && !back ? sum + 0.3 * near(to, false) : sum;
    }, 0);
  const isToBlame = services.map(
    ({ health }, at) =>
      isSick(health) && !needs[at]!.some(({ to, p }) => p >= UNSAID_LEAST.p && isSick(services[to]!.health)),
  );
  const isNeededBySick = (at: number): boolean =>
    ways[at]!.filter(({ to, p, back }) => !back && p >= UNSAID_LEAST.p && isToBlame[to]).length >= UNSAID_LEAST.sick;
  const found: { at: number; rank: number }[] = [];
  for (let at = 0; at < ids.length; at++) {
    const { health } = services[at]!;
    const changed = changes.get(at)?.some((change) => now - change.at <= 2 * CHANGE_WINDOW_MS) === true;
    if (health === 'healthy' && !changed && !isNeededBySick(at)) continue;
    const around = near(at);
    if (!isSick(health) && around === 0) continue;
    found.push({ at, rank: around + 3 * weight[at]! + (changed ? 3 : 0) });
  }
  const most = Math.max(LEAST_CANDIDATES, Math.min(MAX_CANDIDATES, Math.floor(WORK / Math.max(1, sick))));
  if (found.length > most) found.sort((a, b) => b.rank - a.rank || a.at - b.at).splice(most);
  return found.map(({ at }) => at).sort((a, b) => a - b);
}

/** Chance of what came `after` ms after the beginning of the fault (before it when negative) to come from it. */
function timing(after: number): number {
  if (after < 0) {
    const late =
      after > -LATE_ALERT_MOST_MS ? LATE_FITS : LATE_FITS * Math.exp((after + LATE_ALERT_MOST_MS) / LATE_ALERT_FADE_MS);
    return Math.max(late, Math.exp(after / EARLY_FADE_MS));
  }
  if (after > LATE_MS) return Math.max(0.2, Math.exp(-(after - LATE_MS) / LATE_FADE_MS));
  return 1;
}

/** How well two onsets fit, one following from the other. */
function fit(since: number | null, onset: number | null): number {
  return since === null || onset === null ? UNTIMED : timing(onset - since);
}

/**
 * The tree of what hangs on a candidate: Dijkstra over how real the way to each service is, corrected where a later way is
 * better. Reused, so that it allocates little.
 */
class Search {
  readonly #model: Model;
  /** How real the way to a service is; for one that is not sick, with the chance of the open part of the way. */
  readonly way: Float64Array;
  /** The same up to the last sick service before it, and the chance of the open part, timing included. */
  readonly #before: Float64Array;
  readonly #chance: Float64Array;
  readonly back: Uint8Array;
  /** The last sick service (or the candidate) on the way. */
  readonly under: Int32Array;
  readonly #from: Int32Array;
  readonly #stamp: Int32Array;
  #run = 0;
  #heap: number[] = [];
  #keys: number[] = [];
  /** What was reached, by id, the start left out. */
  found: number[] = [];

  constructor(model: Model) {
    const size = model.ids.length;
    this.#model = model;
    this.way = new Float64Array(size);
    this.#before = new Float64Array(size);
    this.#chance = new Float64Array(size);
    this.back = new Uint8Array(size);
    this.under = new Int32Array(size);
    this.#from = new Int32Array(size);
    this.#stamp = new Int32Array(size);
  }

  /** What the sickness of a service that was reached says for the candidate, nats before its weight. */
  gain(at: number): number {
    return this.#before[at]! * Math.log1p(this.#chance[at]! / FALSE);
  }

  /** Whether the way to `at` goes through `through`. */
  #hangsOn(at: number, through: number): boolean {
    for (let step = at; step >= 0; step = this.#from[step]!) if (step === through) return true;
    return false;
  }

  /** Chance of the open part of the way. */
  chance(at: number): number {
    return this.#chance[at]!;
  }

  /**
   * @param began when the fault began, ms; null when it is not known
   * @param changed whether it was changed shortly before
   */
  from(start: number, began: number | null, changed: boolean): void {
    const { ways, services } = this.#model;
    const run = ++this.#run;
    const reached: number[] = [];
    this.#heap = [];
    this.#keys = [];
    this.#stamp[start] = run;
    this.way[start] = 1;
    this.back[start] = 0;
    this.#from[start] = -1;
    this.#push(start, 1);
    for (;;) {
      const key = this.#keys[0];
      const at = this.#pop();
      if (at === null || key === undefined) break;
      if (key < this.way[at]!) continue;
      const { health } = services[at]!;
      const solid = at === start || isSick(health);
      const before = solid ? this.way[at]! : this.#before[at]!;
      const open = solid ? 1 : this.#chance[at]! * (health === 'healthy' ? HEALTHY_LETS : 1);
      const under = solid ? at : this.under[at]!;
      const since = under === start ? began : services[under]!.onset;
      for (const { to, p, changed: just, back } of ways[at]!) {
        if (to === start) continue;
        const other = services[to]!;
        const sick = isSick(other.health);
        // Overload is believed where it is seen.
        if (back && !sick) continue;
        const fits = sick || other.onset !== null ? Math.max(fit(since, other.onset), fit(began, other.onset)) : 1;
        const chance = open * (changed && at === start ? just : p) * fits;
        const way = before * (sick ? chance / (chance + FALSE) : chance);
        if (way < LEAST) continue;
        // Nothing hangs on what hangs on it.
        if (this.#stamp[to] === run && (way <= this.way[to]! || this.#hangsOn(at, to))) continue;
        if (this.#stamp[to] !== run) reached.push(to);
        this.#stamp[to] = run;
        this.way[to] = way;
        this.#before[to] = before;
        this.#chance[to] = chance;
        this.under[to] = under;
        this.back[to] = this.back[at]! | Number(back);
        this.#from[to] = at;
        this.#push(to, way);
      }
    }
    this.found = reached.sort((a, b) => a - b);
  }

  path(to: number): number[] {
    const path: number[] = [];
    for (let at = to; at >= 0; at = this.#from[at]!) path.push(at);
    return path.reverse();
  }

  /** Whether heap place `a` comes before `b`: the likelier, then the first by id. */
  #first(a: number, b: number): boolean {
    const difference = this.#keys[a]! - this.#keys[b]!;
    return difference > 0 || (difference === 0 && this.#heap[a]! < this.#heap[b]!);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
    [this.#keys[a], this.#keys[b]] = [this.#keys[b]!, this.#keys[a]!];
  }

  #push(at: number, key: number): void {
    let place = this.#heap.push(at) - 1;
    this.#keys.push(key);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#first(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #pop(): number | null {
    if (this.#heap.length === 0) return null;
    const top = this.#heap[0]!;
    const last = this.#heap.pop()!;
    const key = this.#keys.pop()!;
    if (this.#heap.length === 0) return top;
    this.#heap[0] = last;
    this.#keys[0] = key;
    for (let place = 0; ;) {
      const left = 2 * place + 1;
      let first = place;
      if (left < this.#heap.length && this.#first(left, first)) first = left;
      if (left + 1 < this.#heap.length && this.#first(left + 1, first)) first = left + 1;
      if (first === place) return top;
      this.#swap(place, first);
      place = first;
    }
  }
}

/** What a search came to. */
interface Tree {
  points: number;
  began: number | null;
  assumedLate: number;
}

/** Searches from `at`; once more as if its own alert had been late when that explains clearly more. Leaves the better tree in `search`. */
function grow(model: Model, search: Search, at: number, change: ChangeBefore | null): Tree {
  const { services, weight } = model;
  const { onset } = services[at]!;
  const gains = (began: number | null): number => {
    search.from(at, began, change !== null);
    return search.found.reduce((sum, to) => sum + (weight[to]! > 0 ? weight[to]! * search.gain(to) : 0), 0);
  };
  const began = onset !== null && change ? Math.min(onset, change.at) : (onset ?? change?.at ?? null);
  const points = gains(began);
  if (began === null || change) return { points, began, assumedLate: 0 };
  let earliest = began;
  for (const { to, p, back } of model.ways[at]!) {
    const other = services[to]!;
    if (!back && p >= 0.1 && isSick(other.health) && other.onset !== null && other.onset >= began - LATE_ALERT_MOST_MS)
      earliest = Math.min(earliest, other.onset);
  }
  const lateBy = began - earliest;
  if (lateBy <= SLACK_MS) return { points, began, assumedLate: 0 };
  const cost = LATE_ALERT + (lateBy - SLACK_MS) / LATE_ALERT_FADE_MS;
  const assumed = gains(earliest) - cost;
  if (assumed > points) return { points: assumed + cost, began: earliest, assumedLate: cost };
  gains(began);
  return { points, began, assumedLate: 0 };
}

/** @param whole with what it explains and its reasons in order; else only its score counts */
function weigh(model: Model, search: Search, at: number, whole: boolean): Candidate | null {
  const { ids, services, weight, hurts, inFocus, total, sick } = model;
  const service = services[at]!;
  const firstNear = service.onset ?? earliestNear(model, at);
  const change = changeBefore(model, at, firstNear);
  const { points, began, assumedLate } = grow(model, search, at, change);

  let share = isSick(service.health) ? weight[at]! : 0;
  const explains: { to: number; way: number }[] = [];
  let late: Onset | null = null;
  let next: Onset | null = null;
  let lateCount = 0;
  for (const to of search.found) {
    const { id, health, onset } = services[to]!;
    if (!isSick(health)) continue;
    const way = search.way[to]!;
    if (onset !== null && service.onset !== null) {
      const other = { id, onset };
      if (onset < service.onset - SLACK_MS && search.under[to] === at && search.back[to] === 0) {
        lateCount++;
        if (late === null || earlier(other, late) < 0) late = other;
      }
      if (way >= SHOWN_WAY && (next === null || earlier(other, next) < 0)) next = other;
    }
    if (way < SHOWN_WAY) continue;
    share += weight[to]! * way;
    explains.push({ to, way });
  }
  const concerned = inFocus === null || inFocus[at] === 1 || explains.some(({ to }) => inFocus[to] === 1);
  if (!concerned || (explains.length === 0 && !isSick(service.health))) return null;

  const overloaded = explains.filter(({ to }) => search.back[to] === 1).length;
  const others = sick - (isSick(service.health) && (inFocus === null || inFocus[at] === 1) ? 1 : 0);
  share = total > 0 ? Math.min(1, share / total) : 0;
  const businessServices = [
    ...new Set([at, ...explains.map(({ to }) => to)].flatMap((one) => hurts[one] ?? [])),
  ].sort();
  const reasons: Reason[] = [
    ownReason(service, weight[at]!, model.now - (firstNear ?? model.now)),
    ...clearedReason(model, at, began, change !== null),
    ...(change ? [changedReason(change, firstNear)] : []),
    { kind: 'explains', points, services: explains.length, of: Math.max(others, explains.length), share, overloaded },
    ...(late !== null ? [{ kind: 'late' as const, points: -assumedLate, services: lateCount, first: late }] : []),
    ...(late === null && next !== null && service.onset !== null && service.onset <= next.onset
      ? [{ kind: 'earliest' as const, points: 0, onset: service.onset, before: next }]
      : []),
    ...contradictedReason(model, search, at, began ?? firstNear),
    ...businessReason(model, businessServices),
  ];
  for (const reason of reasons) reason.points = Math.round(reason.points * DECIBANS * 10) / 10;
  return {
    service: ids[at]!,
    score: Math.round(reasons.reduce((sum, one) => sum + one.points, 0) * 10) / 10,
    fault: 0,
    share,
    change: change?.change.id ?? null,
    reasons: reasons.sort((a, b) => b.points - a.points),
    explains: whole
      ? explains
          .map(({ to, way }) => ({
            service: ids[to]!,
            path: search.path(to).map((step) => ids[step]!),
            reach: way,
            overload: search.back[to] === 1,
          }))
          .sort((a, b) => b.reach - a.reach || byText(a.service, b.service))
      : [],
    businessServices,
  };
}

/** When the first of the sick services right above began, ms. */
function earliestNear({ ways, services }: Model, at: number): number | null {
  let first: number | null = null;
  for (const { to, back } of ways[at]!) {
    const { health, onset } = services[to]!;
    if (!back && isSick(health) && onset !== null && (first === null || onset < first)) first = onset;
  }
  return first;
}

interface Onset {
  id: string;
  onset: number;
}

const earlier = (a: Onset, b: Onset): number => a.onset - b.onset || byText(a.id, b.id);

/** @param unsaid how long it would have been at fault without a word of it, ms */
function ownReason({ health, heard, onset }: ObservedService, weight: number, unsaid: number): Reason {
  const points = isSick(health)
    ? weight * Math.log1p(0.9 / FALSE)
    : health === 'healthy'
      ? -(LATE_ALERT + Math.max(0, Math.min(unsaid, UNSAID_MOST_MS) - SLACK_MS) / LATE_ALERT_FADE_MS)
      : heard && onset !== null
        ? OWN.silent
        : OWN.unwatched;
  return { kind: 'own', points, health, onset, heard };
}

/** Whether what it needs could be the fault instead. Overload by a change here explains a sick service below, too. */
function clearedReason(model: Model, at: number, began: number | null, changed: boolean): Reason[] {
  const { services, needs } = model;
  if (needs[at]!.length === 0) return [{ kind: 'cleared', points: CLEARED, of: 0, silent: 0 }];
  let points = 0;
  let silent = 0;
  const sick: { id: string; onset: number | null }[] = [];
  for (const { to, p } of needs[at]!) {
    const { id, health, onset } = services[to]!;
    if (health === 'unknown') silent++;
    if (!isSick(health)) continue;
    const before = began === null || onset === null ? UNTIMED : timing(began - onset);
    points += Math.log(1 - p * before * (changed && (onset ?? 0) > (began ?? 0) ? AFTER_CHANGE : 1));
    sick.push({ id, onset });
  }
  if (sick.length > 0) return [{ kind: 'downstream', points, services: sick }];
  const known = needs[at]!.length - silent;
  return known === 0
    ? []
    : [{ kind: 'cleared', points: (CLEARED * known) / needs[at]!.length, of: needs[at]!.length, silent }];
}

interface ChangeBefore {
  change: ObservedChange;
  at: number;
  worth: number;
}

/** The change on a service that counts most for what began at `firstSeen`. */
function changeBefore({ changes, now }: Model, at: number, firstSeen: number | null): ChangeBefore | null {
  let best: ChangeBefore | null = null;
  for (const change of changes.get(at) ?? []) {
    const gap = (firstSeen ?? now) - change.at;
    if (gap < -SLACK_MS || gap > CHANGE_WINDOW_MS) continue;
    const worth =
      CHANGED[change.kind] * (gap <= CHANGE_FULL_MS ? 1 : Math.exp(-(gap - CHANGE_FULL_MS) / CHANGE_FADE_MS));
    if (worth >= 0.1 && (best === null || worth > best.worth)) best = { change, at: change.at, worth };
  }
  return best;
}

function changedReason({ change, worth }: ChangeBefore, firstSeen: number | null): Reason {
  return {
    kind: 'changed',
    points: worth,
    change: change.id,
    changeKind: change.kind,
    at: change.at,
    before: firstSeen === null ? null : Math.max(0, firstSeen - change.at),
  };
}

/** Healthy services right above it that should be sick by now if it were the fault. */
function contradictedReason({ ids, services, now }: Model, search: Search, at: number, began: number | null): Reason[] {
  const shown = began === null ? 0.5 : 1 - Math.exp(-Math.max(0, now - began) / SHOW_MS);
  let sum = 0;
  const well: number[] = [];
  for (const to of search.found) {
    if (services[to]!.health !== 'healthy' || search.under[to] !== at) continue;
    sum -= Math.log(1 - CONTRADICTS * search.chance(to) * shown);
    if (search.chance(to) >= 0.4) well.push(to);
  }
  if (sum < 0.05) return [];
  const points = -CONTRADICTED_MOST * (1 - Math.exp(-sum / CONTRADICTED_MOST));
  const example = well[0] ?? search.found.find((to) => services[to]!.health === 'healthy' && search.under[to] === at)!;
  return [{ kind: 'contradicted', points, services: Math.max(1, well.length), example: ids[example]! }];
}

function businessReason({ hurt }: Model, reached: string[]): Reason[] {
  if (reached.length > 0) return [{ kind: 'business', points: 0, services: reached, of: hurt }];
  return hurt > 0 ? [{ kind: 'aside', points: ASIDE, of: hurt }] : [];
}

/** Candidates that explain the same are alternatives for one fault; one that explains something else is another fault. */
function groupFaults(ranked: Candidate[]): Candidate[] {
  const faults: Set<string>[] = [];
  for (const candidate of ranked) {
    const own = new Set([
      candidate.service,
      ...candidate.explains.filter(({ reach }) => reach >= 0.5).map(({ service }) => service),
    ]);
    let best = -1;
    let most = 0;
    faults.forEach((members, fault) => {
      const shared = members.has(candidate.service) ? 1 : [...own].filter((id) => members.has(id)).length / own.size;
      if (shared >= 0.5 && shared > most) {
        best = fault;
        most = shared;
      }
    });
    if (best < 0) best = faults.push(own) - 1;
    candidate.fault = best + 1;
  }
  return ranked;
}
