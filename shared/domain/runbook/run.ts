/**
 * Where a run stands. Invariant: a function of the pinned steps and of what is known of each; in whatever order that became
 * known, the run is the same. Nothing here ends: a loop whose steps are all done is a stop, not a walk.
 */
import type { Overruled, PinnedStep } from '../../ops/steps.ts';
import type { StepState } from '../words.ts';
import { isFork, needsApproval, StepGraph } from './graph.ts';

/** What is known of a step. */
export interface StepFacts {
  state: StepState;
  branch: string | null;
  /** Since when it is in that state, ms; null for a step that nobody touched. */
  at: number | null;
  /** Whether several people said different things of it at the same time. */
  contested: boolean;
  /** What was attached, by what it is. */
  attached: readonly string[];
  overruled: readonly Overruled[];
}

export interface RunFacts {
  steps: readonly PinnedStep[];
  of(step: string): StepFacts;
  /** How many services the affected ones reach; null when that is not known. */
  reached: number | null;
  /** Whether somebody approved `step` in another way than by its approval step. */
  approved?(step: PinnedStep): boolean;
  /** ms since 1970 UTC. */
  now: number;
}

/** Why a step cannot begin, or cannot be done yet. */
export type Hold =
  /** Its approval step is not done; null when the runbook has none for it. */
  | { why: 'approval'; step: string | null }
  | { why: 'reach'; figure: number | null; limit: number }
  /** Its time is not over. */
  | { why: 'wait'; until: number }
  | { why: 'evidence'; missing: string[] }
  /** A decision whose branch nobody chose. */
  | { why: 'branch' }
  /** Two answers stand against each other. */
  | { why: 'contested' }
  /** It leads back to a step that is done. */
  | { why: 'loop'; to: string };

export interface StepPlace {
  id: string;
  /** Whether it lies on a way that can still be taken, or was done; otherwise a branch went past it. */
  needed: boolean;
  holds: Hold[];
}

export interface Standing {
  /** By the order of the text. */
  steps: StepPlace[];
  /** The step that is at hand; null when nothing is left to do. */
  next: string | null;
  /** Steps from the first to the end, or to the first decision that is not made. */
  way: string[];
  done: number;
  /** Steps of the way, and as many as may follow an open decision. */
  total: number;
  /** Expected minutes that are left, by the shortest and by the longest branch; steps without a figure count nothing. */
  minutes: { least: number; most: number };
  /** `stuck`: what is left has failed, or leads back to where everything is done. */
  state: 'running' | 'stuck' | 'finished';
}

const MINUTE = 60_000;

export function isSettled({ state }: { state: StepState }): boolean {
  return state === 'done' || state === 'skipped';
}

/** Where a run stands. */
export function standing(facts: RunFacts): Standing {
  const graph = new StepGraph(facts.steps);
  const known = new Map(facts.steps.map(({ id }) => [id, facts.of(id)]));
  const { way, open, back } = walk(graph, known);
  const beyond = graph.reachable(open, new Set(way));
  const passed = new Set(way);
  const unsettled = way.filter((id) => !isSettled(known.get(id)!));
  const next =
    (['doing', 'open', 'failed'] as const)
      .map((state) => unsettled.find((id) => known.get(id)!.state === state))
      .find((id) => id !== undefined) ??
    back?.from ??
    null;
  const left = (id: string): number => minutesLeft(graph.get(id)!, known.get(id)!, facts.now);
  const settledWay = way.length - unsettled.length;
  const ahead = spans(graph, open, passed, (step) => ({ count: 1, minutes: left(step.id) }));
  const sum = unsettled.reduce((total, id) => total + left(id), 0);
  const failed = unsettled.length > 0 && unsettled.every((id) => known.get(id)!.state === 'failed');
  return {
    steps: facts.steps.map((step) => {
      const holds = holdsOf(step, graph, known, facts);
      if (back?.from === step.id && next === step.id) holds.push({ why: 'loop', to: back.to });
      return {
        id: step.id,
        needed: passed.has(step.id) || beyond.has(step.id) || known.get(step.id)!.state !== 'open',
        holds,
      };
    }),
    next,
    way,
    done: settledWay,
    total: way.length + ahead.count,
    minutes: { least: sum + ahead.least, most: sum + ahead.most },
    state: next === null ? 'finished' : failed || (unsettled.length === 0 && back !== null) ? 'stuck' : 'running',
  };
}

type Known = ReadonlyMap<string, Pick<StepFacts, 'state' | 'branch' | 'contested'>>;

/** Where it goes on from a step as it stands; null at a decision that is not made. */
function onward(graph: StepGraph, step: PinnedStep, { state, branch, contested }: ReturnType<Known['get']> & {}) {
  if (!isFork(step) || state === 'skipped') return graph.next(step);
  if (state !== 'done' || branch === null || contested) return null;
  return graph.resolve(step, branch);
}

/** From the first step on: the way that is certain, what may follow it, and where it leads back into itself. */
function walk(
  graph: StepGraph,
  known: Known,
): { way: string[]; open: string[]; back: { from: string; to: string } | null } {
  const way: string[] = [];
  const passed = new Set<string>();
  let id = graph.first;
  for (;;) {
    const step = graph.get(id);
    if (!step) return { way, open: [], back: null };
    way.push(id);
    passed.add(id);
    const to = onward(graph, step, known.get(id)!);
    if (to === null) return { way, open: graph.leads(step), back: null };
    if (passed.has(to)) return { way, open: [], back: { from: id, to } };
    id = to;
  }
}

/** Steps that have to be opened again when `step` is left for `to`: those of the way from there to here. */
export function toRepeat(steps: readonly PinnedStep[], of: RunFacts['of'], step: string, to: string): string[] {
  const graph = new StepGraph(steps);
  const { way } = walk(graph, new Map(steps.map(({ id }) => [id, of(id)])));
  const [from, until] = [way.indexOf(to), way.indexOf(step)];
  return from < 0 || until < from ? [] : way.slice(from, until + 1);
}

function minutesLeft(step: PinnedStep, { state, at }: StepFacts, now: number): number {
  if (isSettled({ state })) return 0;
  const spent = state === 'doing' && at !== null ? Math.max(0, now - at) / MINUTE : 0;
  return Math.max(0, (step.minutes ?? 0) - spent);
}

function holdsOf(step: PinnedStep, graph: StepGraph, known: ReadonlyMap<string, StepFacts>, facts: RunFacts): Hold[] {
  const it = known.get(step.id)!;
  if (isSettled(it) && !it.contested) return [];
  const holds: Hold[] = [];
  if (it.contested) holds.push({ why: 'contested' });
  const approval = approvalOf(step, graph, known);
  if (approval !== undefined && facts.approved?.(step) !== true) holds.push({ why: 'approval', step: approval });
  if (step.reach !== undefined && (facts.reached === null || facts.reached > step.reach)) {
    const overruled = it.overruled.some(
      ({ guard, figure }) => guard === 'reach' && (figure === undefined || (facts.reached ?? 0) <= figure),
    );
    if (!overruled) holds.push({ why: 'reach', figure: facts.reached, limit: step.reach });
  }
  if (step.type === 'wait' && step.minutes !== null && step.minutes > 0 && it.state === 'doing' && it.at !== null) {
    const until = it.at + step.minutes * MINUTE;
    if (until > facts.now) holds.push({ why: 'wait', until });
  }
  const missing = missingEvidence(step, it.attached);
  if (missing.length > 0) holds.push({ why: 'evidence', missing });
  if (isFork(step)) holds.push({ why: 'branch' });
  return holds;
}

/** The approval that `step` waits for; undefined when it needs none or has it, null when the runbook has none for it. */
function approvalOf(
  step: PinnedStep,
  graph: StepGraph,
  known: ReadonlyMap<string, StepFacts>,
): string | null | undefined {
  const approvals = approvalsFor(step, graph);
  if (approvals.length === 0) return needsApproval(step) ? null : undefined;
  return approvals.some(({ id }) => known.get(id)!.state === 'done' && !known.get(id)!.contested)
    ? undefined
    : approvals[0]!.id;
}

/** The approval steps that say they are for `step`, and for a request that needs one also those that lead to it. */
export function approvalsFor(step: PinnedStep, graph: StepGraph): PinnedStep[] {
  return graph.steps.filter(
    (other) =>
      other.type === 'approval' &&
      other.id !== step.id &&
      (other.approves === step.id || (needsApproval(step) && graph.approved(other) === step.id)),
  );
}

/** What a step wants attached and has not. */
function missingEvidence(step: PinnedStep, attached: readonly string[]): string[] {
  return (step.evidence ?? []).filter((what) => !attached.includes(what));
}

/** Holds that keep a step from beginning, and those that only keep it from being done. */
const BEFORE: readonly Hold['why'][] = ['approval', 'reach'];
const AFTER: readonly Hold['why'][] = [...BEFORE, 'wait', 'evidence', 'branch'];

/** The holds of a step that keep it from `state`; that it is contested does not, because a new answer settles that. */
export function holdsAgainst(holds: readonly Hold[], state: StepState): Hold[] {
  const counted = state === 'doing' ? BEFORE : state === 'done' ? AFTER : [];
  return holds.filter(({ why }) => counted.includes(why));
}

/**
 * How many steps may follow an open decision at most, and how many minutes they take at least and at most. What leads back
 * is counted once.
 */
function spans(
  graph: StepGraph,
  from: readonly string[],
  passed: ReadonlySet<string>,
  weigh: (step: PinnedStep) => { count: number; minutes: number },
): { count: number; least: number; most: number } {
  const known = new Map<string, { count: number; least: number; most: number }>();
  const none = { count: 0, least: 0, most: 0 };
  const under = new Set<string>();
  const best = (ids: readonly string[]): { count: number; least: number; most: number } => {
    const options = ids.filter((id) => !under.has(id) && !passed.has(id)).map(measure);
    if (options.length === 0) return none;
    return {
      count: Math.max(...options.map(({ count }) => count)),
      least: Math.min(...options.map(({ least }) => least)),
      most: Math.max(...options.map(({ most }) => most)),
    };
  };
  const measure = (id: string): { count: number; least: number; most: number } => {
    const step = graph.get(id);
    if (!step) return none;
    const before = known.get(id);
    if (before) return before;
    under.add(id);
    const { count, minutes } = weigh(step);
    const rest = best(graph.leads(step));
    under.delete(id);
    const sum = { count: count + rest.count, least: minutes + rest.least, most: minutes + rest.most };
    known.set(id, sum);
    return sum;
  };
  return best(from);
}
