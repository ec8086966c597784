/**
 * Probable causes of what is sick now, or of what an incident affects, from the estate, the signals and the log.
 * Invariant: what is weighed is what was observed, with when it began; of an incident that is over, what was observed
 * while it lasted. What a person confirmed or ruled out is said beside it and moves it, never its score.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import {
  CauseVerdict,
  ChangeKind,
  type CauseJudgement,
  type Causes,
  type CauseView,
} from '../../../shared/contract/cause.ts';
import {
  CHANGE_WINDOW_MS,
  rankCausesInTurns,
  type Candidate,
  type Observed,
  type ObservedChange,
  type ObservedService,
} from '../../../shared/domain/cause/rank.ts';
import { leadOf, tellReason, type CauseNames } from '../../../shared/domain/cause/words.ts';
import { worseOf } from '../../../shared/domain/health.ts';
import type { MapMarks } from '../../../shared/contract/map.ts';
import { Health } from '../../../shared/domain/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { heads } from '../../../shared/ops/registers.ts';
import type { Context } from '../context.ts';
import { changeView, ownerOf } from '../estate/views.ts';
import { storyOf } from '../incidents/timeline.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

/** Changes of health that are read back of one service to find where it began. */
const READ_BACK = 40;
/** Services whose past is read for an incident. */
const MAX_PAST = 500;
/** Newest changes that are looked at. */
const MAX_CHANGES = 2_000;
/** Explained services that are listed of one candidate. */
const MAX_EXPLAINED = 60;

const sick = (health: Health): boolean => health !== 'healthy' && health !== 'unknown';

/** Candidates that are ranked at least, so that faults can be told apart. */
const LEAST_RANKED = 12;

/** With more sick services than these a ranking stands for so many times as long as it took: an estate in flames leaves the engine free. */
const MANY_SICK = 250;
const STANDS = 10;

interface Ranking extends Observation {
  ranked: Candidate[];
}

interface Standing {
  limit: number;
  /** Being made; then it stands until `until`, ms of the performance clock. */
  ranking: Promise<Ranking>;
  until: number;
}
const standing = new WeakMap<Context['store'], Standing>();

/** What is sick now, ranked: one ranking at a time, for all who ask meanwhile. */
function rankNow(context: Context, limit: number): Promise<Ranking> {
  const known = standing.get(context.store);
  if (known && known.limit >= limit && performance.now() < known.until) return known.ranking;
  const began = performance.now();
  const observation = observeNow(context);
  const ranking = rank(observation, limit);
  if (observation.observed.services.filter(({ health }) => sick(health)).length <= MANY_SICK) return ranking;
  const made: Standing = { limit, ranking, until: Infinity };
  const settle = (): void => {
    const now = performance.now();
    made.until = now + STANDS * (now - began);
  };
  ranking.then(settle, settle);
  standing.set(context.store, made);
  return ranking;
}

async function rank(observation: Observation, limit: number): Promise<Ranking> {
  return { ...observation, ranked: await rankCausesInTurns(observation.observed, limit, breathe) };
}

/** The likeliest causes of what is sick now, at most `limit`; of what `incident` affects when it is given. */
export async function probableCauses(context: Context, limit: number, incident?: EntityRow): Promise<Causes> {
  const wanted = Math.max(limit, LEAST_RANKED);
  const { observed, incidentScope, ranked, silent, blind } = await (incident
    ? rank(observeIncident(context, incident), wanted)
    : rankNow(context, wanted));
  const judged = incident ? judgements(context, incident) : openJudgements(context);
  const states = new Map(observed.services.map((service) => [service.id, service]));
  const seenSick = observed.services.filter(({ id, health }) => sick(health) && (incidentScope?.has(id) ?? true));
  const views = ranked.map((candidate) => causeView(context, candidate, ranked, states, judged));
  for (const [service, judgement] of judged) {
    if (judgement.verdict === 'confirmed' && !ranked.some((one) => one.service === service))
      views.push(causeView(context, namedOnly(service), ranked, states, judged));
  }
  // Sorting is stable: within each of the three the order of the scores stays.
  const all = views
    .sort((a, b) => placeOf(a.judgement) - placeOf(b.judgement))
    .map((view, index) => ({ ...view, rank: index + 1 }));
  return {
    asOf: context.now(),
    incident: incident
      ? {
          id: incident.id,
          label: context.incidents.labels().get(incident.id) ?? incident.id,
          title: String(incident.doc['title'] ?? ''),
        }
      : null,
    sick: seenSick.length,
    silent,
    candidates: all.slice(0, limit),
    summary: `${summaryOf(all, seenSick.length, incident !== undefined)}${blind ? ' Most services have fallen silent: this is by what was last known of them.' : ''}`,
  };
}

const placeOf = (judgement: CauseJudgement | null | undefined): number =>
  judgement?.verdict === 'confirmed' ? 0 : judgement?.verdict === 'ruled-out' ? 2 : 1;

/** Services from which a failing path is drawn at most, and explained services that it is drawn to. */
const MAX_BEGINNINGS = 12;
const MAX_WAYS = 400;

/**
 * Where what is sick now began: of each fault the likeliest candidate that nobody ruled out, or the one that somebody
 * confirmed; those that explain nothing else are left out.
 */
export async function beginnings(context: Context): Promise<MapMarks['causes']> {
  const { ranked } = await rankNow(context, LEAST_RANKED);
  const judged = openJudgements(context);
  const confirmed = [...judged].flatMap(([service, { verdict }]) =>
    verdict === 'confirmed' && !ranked.some((one) => one.service === service) ? [namedOnly(service)] : [],
  );
  const faults = new Set<number>();
  return [...confirmed, ...ranked]
    .toSorted((a, b) => placeOf(judged.get(a.service)) - placeOf(judged.get(b.service)))
    .filter(({ service, fault, explains }) => {
      const verdict = judged.get(service)?.verdict;
      if (verdict === 'ruled-out') return false;
      if (verdict !== 'confirmed' && (faults.has(fault) || explains.length === 0)) return false;
      faults.add(fault);
      return true;
    })
    .slice(0, MAX_BEGINNINGS)
    .map((candidate) => ({
      ...named(context, 'service', candidate.service),
      confirmed: judged.get(candidate.service)?.verdict === 'confirmed',
      lead: leadOf(candidate, ranked),
      explains: candidate.explains.length,
      steps: stepsOf(candidate.explains.slice(0, MAX_WAYS)),
    }));
}

/** The tree that the ways of what is explained make, each step once. */
function stepsOf(explains: Candidate['explains']): [string, string][] {
  const steps = new Map<string, [string, string]>();
  for (const { path } of explains)
    for (let at = 1; at < path.length; at++) steps.set(path[at]!, [path[at - 1]!, path[at]!]);
  return [...steps.values()];
}

function summaryOf(candidates: readonly CauseView[], sickServices: number, ofIncident: boolean): string {
  const [first] = candidates;
  if (!first) {
    return sickServices === 0
      ? `No service ${ofIncident ? 'that it affects, or that these need, ' : ''}is known to be sick, so nothing points to a cause.`
      : 'Nothing that is sick points to a cause.';
  }
  const { service, judgement, lead } = first;
  if (judgement?.verdict === 'confirmed') return `${service.name} was confirmed as the cause by ${judgement.by.name}.`;
  const words = {
    clear: 'stands clearly before the others',
    likely: 'is the likeliest',
    open: 'is hardly before the next',
  };
  const other = candidates
    .slice(0, OTHER_SHOWN)
    .find(({ fault, explains, judgement: said }) => fault !== first.fault && explains.length > 0 && said === null);
  const also = other ? ` Something else seems to begin at ${other.service.name}.` : '';
  const alone = candidates.length === 1 ? 'is the only candidate' : words[lead];
  return `${service.name} ${alone}.${also} A suggestion from what was observed; a person decides.`;
}

/** Among so many another fault is looked for: the ranking puts it no lower when it is sure of it. */
const OTHER_SHOWN = 4;

/** A candidate that only a person named. */
function namedOnly(service: string): Candidate {
  return {
    service,
    score: 0,
    fault: 0,
    share: 0,
    change: null,
    reasons: [],
    explains: [],
    businessServices: [],
  };
}

function causeView(
  context: Context,
  candidate: Candidate,
  ranked: readonly Candidate[],
  states: ReadonlyMap<string, ObservedService>,
  judged: ReadonlyMap<string, CauseJudgement>,
): CauseView {
  const { estate, store } = context;
  const { service: id, score, fault, share } = candidate;
  const service = estate.get('service', id);
  const reader = { zone: context.settings.headquartersZone ?? context.zone, now: context.now() };
  const names: CauseNames = {
    service: (each) => estate.name('service', each),
    businessService: (each) => estate.name('business-service', each),
    change: (each) => String(store.entity('change', ESTATE, each)?.doc['title'] ?? each),
  };
  const change = candidate.change === null ? null : store.entity('change', ESTATE, candidate.change);
  const state = (each: string): ObservedService =>
    states.get(each) ?? { id: each, health: 'unknown', onset: null, heard: false };
  const said = candidate.reasons.map((reason) => ({
    kind: reason.kind,
    points: reason.points,
    text: `${tellReason(reason, names, reader)}.`,
  }));
  return {
    rank: 0,
    service: named(context, 'service', id),
    kind: service?.kind ?? 'app',
    owner: ownerOf(context, service?.owner ?? null),
    health: context.sources.board.serviceHealth(id),
    weighed: state(id).health,
    onset: state(id).onset,
    score,
    lead: leadOf(candidate, ranked),
    fault,
    share,
    change: change ? changeView(context, change) : null,
    reasons:
      said.length > 0
        ? said
        : [{ kind: 'person', points: 0, text: 'A person named it; nothing that was observed points to it.' }],
    explains: candidate.explains.slice(0, MAX_EXPLAINED).map(({ service: each, path, overload }) => ({
      ...named(context, 'service', each),
      health: state(each).health,
      onset: state(each).onset,
      path,
      overload,
    })),
    businessServices: candidate.businessServices.map((each) => ({
      ...named(context, 'business-service', each),
      path: pathTo(context, candidate, estate.get('business-service', each)?.services ?? []),
    })),
    judgement: judged.get(id) ?? null,
  };
}

/** From the candidate to where a business service begins: by what it explains, else the shortest way over hard dependencies. */
function pathTo({ estate }: Context, { service, explains }: Candidate, entries: readonly string[]): string[] {
  const wanted = new Set(entries);
  const explained = explains.find((one) => !one.overload && wanted.has(one.service));
  if (explained) return explained.path;
  const { downstream } = estate.adjacency;
  const from = new Map<string, string | null>([[service, null]]);
  for (const at of from.keys()) {
    if (wanted.has(at)) {
      const path: string[] = [];
      for (let step: string | null = at; step !== null; step = from.get(step) ?? null) path.push(step);
      return path.reverse();
    }
    for (const { from: next, strength } of downstream.get(at) ?? [])
      if (strength === 'hard' && !from.has(next)) from.set(next, at);
  }
  return [service];
}

interface Observation {
  observed: Observed;
  /** Services that belong to the incident; null when everything counts. */
  incidentScope: ReadonlySet<string> | null;
  /** Services that fell silent, and whether so many did that what was last known of them is weighed. */
  silent: number;
  blind: boolean;
}

function observeNow(context: Context): Observation {
  const { board } = context.sources;
  const seen = [...context.estate.all('service').keys()].map((id) => ({ id, ...board.serviceHealth(id) }));
  const silent = seen.filter(({ health, last }) => health === 'unknown' && last !== null).length;
  const heardOf = seen.filter(({ health, last }) => health !== 'unknown' || last !== null).length;
  // Where most of the estate fell silent it is the sight that failed, and no service for itself: what was last known counts.
  const blind = silent > heardOf / 2;
  const services = seen.map(({ id, health: shown, since, last }): ObservedService => {
    const health = shown === 'unknown' && blind ? (last ?? shown) : shown;
    if (health === 'healthy') return { id, health, onset: null, heard: true };
    if (health === 'unknown') return { id, health, onset: last === null ? null : since, heard: last !== null };
    return { id, health, onset: onsetNow(context, id, since, shown === 'unknown'), heard: true };
  });
  return { observed: withEstate(context, services, context.now(), new Set()), incidentScope: null, silent, blind };
}

/**
 * When a service that is sick now began to be: the earliest of its signals that say so, and of its record back to when it was well.
 * Of one that fell silent, by what was last known.
 */
function onsetNow(context: Context, id: string, since: number | null, silent: boolean): number | null {
  let onset = silent ? Infinity : (since ?? Infinity);
  for (const signal of context.sources.board.signals(id))
    if (signal.health !== null && sick(signal.health) && (silent || !signal.stale) && signal.since !== null)
      onset = Math.min(onset, signal.since);
  for (const { health, at } of history(context, id, READ_BACK)) {
    if (health === 'unknown') continue;
    if (!sick(health)) break;
    onset = Math.min(onset, at);
  }
  return Number.isFinite(onset) ? onset : null;
}

/** What the log says of a service's health, newest first, each with when it began. */
function history(
  { store }: Context,
  id: string,
  limit: number,
  span: { since?: number; until?: number } = {},
): { health: Health; at: number }[] {
  const page = {
    limit,
    types: ['health.change'],
    ...(span.since === undefined ? {} : { since: span.since }),
    ...(span.until === undefined ? {} : { before: { at: span.until + 1, hlc: '' } }),
  };
  return store.entries({ subject: `service:${id}` }, page).map(({ op, at }) => {
    const since = op.payload['since'];
    return {
      health: Health.catch('unknown').parse(op.payload['health']),
      at: typeof since === 'number' ? Math.min(since, at) : at,
    };
  });
}

/** What an incident's services, and what these need, were like: now, and at their worst while it lasted. */
function observeIncident(context: Context, row: EntityRow): Observation {
  const { since, until } = storyOf(context, row);
  const over = Number.isFinite(until);
  const affected = texts(row.doc['services']);
  const business = texts(row.doc['businessServices']);
  const scope = scopeOf(context, affected, business);
  const { observed: now, silent, blind } = observeNow(context);
  const past = new Set([...scope, ...closureOf(context, [...scope])].slice(0, MAX_PAST));
  const services = now.services.map((service): ObservedService => {
    const present = over ? { ...service, health: 'healthy' as const, onset: null } : service;
    if (sick(present.health) || !past.has(service.id)) return present;
    const record = history(context, service.id, READ_BACK, over ? { since, until } : { since });
    const bad = record.filter(({ health }) => sick(health));
    if (bad.length === 0) return present;
    return {
      id: service.id,
      health: bad.reduce((worst, { health }) => worseOf(worst, health), 'early-warning' as Health),
      onset: Math.min(...bad.map(({ at }) => at)),
      heard: true,
    };
  });
  const observed = withEstate(context, services, over ? until : context.now(), new Set(business));
  const all = scope.size === 0;
  return {
    observed: all ? observed : { ...observed, focus: [...scope] },
    incidentScope: all ? null : scope,
    silent,
    blind: blind && !over,
  };
}

/** What an incident affects, and what lies on the hard paths of the business services that it hurts. */
function scopeOf(context: Context, services: readonly string[], businessServices: readonly string[]): Set<string> {
  const entries = businessServices.flatMap((id) => context.estate.get('business-service', id)?.services ?? []);
  const scope = hardClosure(context, entries);
  for (const service of services) scope.add(service);
  return scope;
}

/** These services and all that they need by hard dependencies. */
function hardClosure({ estate }: Context, services: readonly string[]): Set<string> {
  const found = new Set(services);
  for (const service of found)
    for (const { to, strength } of estate.adjacency.upstream.get(service) ?? []) if (strength === 'hard') found.add(to);
  return found;
}

function closureOf(context: Context, services: readonly string[]): Set<string> {
  const { upstream } = context.estate.adjacency;
  const found = new Set(services);
  for (const service of found) for (const { to } of upstream.get(service) ?? []) found.add(to);
  return found;
}

/**
 * The rest of the evidence. A business service is hurt when the service that people meet is sick, when that fell silent while
 * something that it needs is sick, or when an incident says so.
 */
function withEstate(
  context: Context,
  services: readonly ObservedService[],
  now: number,
  said: ReadonlySet<string>,
): Observed {
  const states = new Map(services.map((service) => [service.id, service]));
  const isFelt = (entry: string): boolean => {
    const state = states.get(entry);
    if (!state || state.health !== 'unknown') return state !== undefined && sick(state.health);
    return (
      state.onset !== null &&
      [...hardClosure(context, [entry])].some((each) => sick(states.get(each)?.health ?? 'unknown'))
    );
  };
  const began = services.reduce((first, { onset }) => (onset === null ? first : Math.min(first, onset)), now);
  return {
    now,
    services,
    dependencies: [...context.estate.all('dependency').values()],
    businessServices: [...context.estate.all('business-service').values()].map(({ id, services: entries }) => ({
      id,
      services: entries,
      hurt: said.has(id) || entries.some(isFelt),
    })),
    changes: changesSince(context, began - CHANGE_WINDOW_MS, now),
  };
}

function changesSince({ store }: Context, since: number, until: number): ObservedChange[] {
  return store.newestChanges(MAX_CHANGES).flatMap(({ id, doc }) => {
    const at = Number(doc['at']);
    if (!(at >= since && at <= until)) return [];
    const kind = ChangeKind.catch('other').parse(doc['kind']);
    return [{ id, kind, at, services: texts(doc['services']) }];
  });
}

const FIELD = 'cause:';

/** What people said of services in an incident, by service. */
function judgements(context: Context, { id, scope, doc }: EntityRow): Map<string, CauseJudgement> {
  const found = new Map<string, CauseJudgement>();
  const state = context.store.state('incident', scope, id);
  if (!state) return found;
  for (const field of Object.keys(state.contested)) {
    if (!field.startsWith(FIELD)) continue;
    const present = heads(state, field);
    const inForce = present.find(({ value }) => value === doc[field]) ?? present[0];
    const verdict = CauseVerdict.safeParse(inForce?.value);
    if (!inForce || !verdict.success || verdict.data === 'open') continue;
    found.set(field.slice(FIELD.length), {
      verdict: verdict.data,
      by: namedActor(context, inForce.actor),
      at: inForce.eventTime,
      reason: inForce.reason ?? null,
      contested: new Set(present.map(({ value }) => value)).size > 1,
    });
  }
  return found;
}

/** What people said in the incidents that are open; what one confirms counts for more than what another rules out. */
function openJudgements(context: Context): Map<string, CauseJudgement> {
  const all = new Map<string, CauseJudgement>();
  for (const incident of context.incidents.open())
    for (const [service, judgement] of judgements(context, incident))
      if (!all.has(service) || placeOf(judgement) < placeOf(all.get(service))) all.set(service, judgement);
  return all;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
