/**
 * Runs as the contract shows them. Invariant: a run's steps are those that were pinned when it began; what the file on disk
 * says now is told beside them and changes nothing.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { RunView, StepView } from '../../../shared/contract/incident.ts';
import { standing, type StepFacts } from '../../../shared/domain/runbook/run.ts';
import { readOutcome } from '../../../shared/ops/outcome.ts';
import type { Evidence, Overruled, PinnedStep } from '../../../shared/ops/steps.ts';
import { reachOf } from '../blast/index.ts';
import type { Context } from '../context.ts';
import { conflictView } from '../incidents/conflicts.ts';
import { namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

/** The runs of an incident, the first first. */
export function runsOf(context: Context, incident: string): RunView[] {
  const rows = context.store.entities('run', incident).filter((row) => Array.isArray(row.doc['steps']));
  let reached: number | null | undefined;
  const figure = (): number | null => (reached ??= reachOf(context, servicesOf(context, incident)));
  return rows
    .map((row) => runView(context, row, figure))
    .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1));
}

/**
 * A run of an incident by its id, or by its runbook's when only one run of it goes on.
 * @throws Refusal `not_found`
 */
export function findRun(context: Context, incident: string, wanted: string): RunView {
  const runs = runsOf(context, incident);
  const live = runs.filter(({ runbook, ended }) => runbook === wanted && ended === null);
  const found = runs.find(({ id }) => id === wanted) ?? (live.length === 1 ? live[0] : undefined);
  if (found) return found;
  const known = runs.map(({ id, title }) => `${id} (${title})`).join(', ');
  throw new Refusal(
    'not_found',
    `There is no run "${wanted.slice(0, 60)}" in this incident; ${known === '' ? 'no runbook was started' : `there are ${known}`}.`,
  );
}

function servicesOf(context: Context, incident: string): string[] {
  const services = context.store.entity('incident', incident, incident)?.doc['services'];
  return Array.isArray(services) ? services.filter((id): id is string => typeof id === 'string') : [];
}

interface Told {
  by: string;
  at: number;
}

/** What ops said of the steps besides their outcome, by step; the names of the fields are those that `reduce` gives. */
interface Beside {
  attached: Map<string, (Evidence & Told)[]>;
  overruled: Map<string, (Overruled & Told & { reason: string })[]>;
  /** By step and op: who did it in the run that this one goes on from. */
  carried: Map<string, Told>;
}

function besideIn(doc: Record<string, unknown>): Beside {
  const beside: Beside = { attached: new Map(), overruled: new Map(), carried: new Map() };
  const push = <T>(map: Map<string, T[]>, step: string, value: T): void => {
    map.set(step, [...(map.get(step) ?? []), value]);
  };
  for (const [field, value] of Object.entries(doc)) {
    const [what, step, ...rest] = field.split(':');
    if (step === undefined || rest.length === 0) continue;
    if (what === 'evidence') push(beside.attached, step, value as Evidence & Told);
    else if (what === 'overruled') {
      const { figure, ...said } = value as { guard: Overruled['guard']; figure: number | null; reason: string } & Told;
      push(beside.overruled, step, { ...said, ...(figure === null ? {} : { figure }) });
    } else if (what === 'carried') beside.carried.set(`${step} ${rest[0]!}`, value as Told);
  }
  for (const list of [...beside.attached.values(), ...beside.overruled.values()])
    list.sort((a: Told, b: Told) => a.at - b.at);
  return beside;
}

function runView(context: Context, { id, scope, doc }: EntityRow, figure: () => number | null): RunView {
  const state = context.store.state('run', scope, id)!;
  const conflicts = new Map((doc.conflicts ?? []).map((conflict) => [conflict.field, conflict]));
  const pinned = doc['steps'] as PinnedStep[];
  const beside = besideIn(doc);
  const ended = endOf(context, doc['ended']);
  const told = new Map<string, Omit<StepView, 'needed' | 'holds'>>();
  const facts = new Map<string, StepFacts>();
  for (const step of pinned) {
    const field = `step:${step.id}`;
    const value = String(doc[field] ?? 'open');
    const [op, head] =
      Object.entries(state.contested[field]?.heads ?? {}).find(([, candidate]) => candidate.value === value) ?? [];
    const carried = op === undefined ? undefined : beside.carried.get(`${step.id} ${op}`);
    const conflict = conflicts.get(field);
    const outcome = readOutcome(value);
    const attached = beside.attached.get(step.id) ?? [];
    const overruled = beside.overruled.get(step.id) ?? [];
    const at = carried?.at ?? head?.eventTime ?? null;
    facts.set(step.id, {
      ...outcome,
      at,
      contested: conflict !== undefined,
      attached: attached.map(({ what }) => what),
      overruled,
    });
    told.set(step.id, {
      ...step,
      ...outcome,
      reason: head?.reason ?? null,
      by: head ? namedActor(context, carried?.by ?? head.actor) : null,
      at,
      conflict: conflict ? conflictView(context, conflict) : null,
      attached: attached.map((one) => ({ ...one, by: namedActor(context, one.by) })),
      overruled: overruled.map((one) => ({ ...one, by: namedActor(context, one.by) })),
    });
  }
  const guarded = ended === null && pinned.some(({ reach }) => reach !== undefined);
  const stands = standing({
    steps: pinned,
    of: (step) => facts.get(step)!,
    reached: guarded ? figure() : null,
    now: context.now(),
  });
  const hash = String(doc['hash'] ?? '');
  const onDisk = context.runbooks.get(String(doc['runbook']));
  return {
    id,
    runbook: String(doc['runbook']),
    title: String(doc['title']),
    version: String(doc['version'] ?? ''),
    hash,
    startedAt: Number(doc['startedAt']),
    startedBy: namedActor(context, String(doc['startedBy'])),
    steps: stands.steps.map(({ id: step, needed, holds }) => ({
      ...told.get(step)!,
      needed,
      holds: ended === null ? holds : [],
    })),
    newer: onDisk === null ? 'gone' : onDisk.hash === hash ? 'same' : 'changed',
    onDisk: onDisk?.version ?? null,
    continues: typeof doc['continues'] === 'string' ? doc['continues'] : null,
    ended,
    next: ended === null ? stands.next : null,
    done: stands.done,
    total: stands.total,
    minutes: stands.minutes,
    state: ended === null ? stands.state : 'ended',
  };
}

function endOf(context: Context, value: unknown): RunView['ended'] {
  if (typeof value !== 'object' || value === null) return null;
  const { at, by, reason, continuedBy } = value as {
    at: number;
    by: string;
    reason: string;
    continuedBy: string | null;
  };
  return { at, by: namedActor(context, by), reason, continuedBy };
}

/** What the run engine asks of a step, out of a view. */
export function factsOf(run: RunView): (step: string) => StepFacts {
  const steps = new Map(run.steps.map((step) => [step.id, step]));
  return (id) => {
    const { state, branch, at, conflict, attached, overruled } = steps.get(id)!;
    return { state, branch, at, contested: conflict !== null, attached: attached.map(({ what }) => what), overruled };
  };
}

/** The steps of a run as they were pinned. */
export function pinnedIn(context: Context, incident: string, run: string): PinnedStep[] {
  return (context.store.entity('run', incident, run)?.doc['steps'] ?? []) as PinnedStep[];
}
