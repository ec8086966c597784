/**
 * The restoration plan of an incident: what is proposed now, what was adopted, and how far it is. Invariant: the proposal
 * follows from the estate and its health at the moment of asking; what was adopted changes by ops only. What is verified is
 * measured by the item's gate, or said by a person with a reason; unknown is never healthy.
 */
import { createHash } from 'node:crypto';
import type { DocumentHead } from '../../../shared/contract/exports.ts';
import type { ConflictView } from '../../../shared/contract/incident.ts';
import type {
  GateView,
  RestorationDifference,
  RestorationItemView,
  RestorationView,
} from '../../../shared/contract/restoration.ts';
import { difference, merged, newWaits } from '../../../shared/domain/restoration/diff.ts';
import { planRestoration, type RestorationItem } from '../../../shared/domain/restoration/plan.ts';
import { tellRestoration } from '../../../shared/domain/restoration/words.ts';
import { healthName } from '../../../shared/domain/timeline.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import { RestorationState } from '../../../shared/domain/words.ts';
import { canonical } from '../../../shared/ops/canonical.ts';
import { heads } from '../../../shared/ops/registers.ts';
import type { Payload } from '../../../shared/ops/types.ts';
import type { Context } from '../context.ts';
import { businessHurtSince } from '../impact/hurt.ts';
import { impactNow } from '../impact/index.ts';
import { conflictView } from '../incidents/conflicts.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import { settledOf } from '../suggestions/settled.ts';
import { reachOf } from './reach.ts';

/** Items that are shown and pinned; those that follow come up as the first are done. */
const MAX_ITEMS = 300;
const MAX_BLOCKERS = 50;
/** How a left difference is kept among the suggestions. */
const LEAVE_PLAN = { kind: 'restoration', key: 'difference' } as const;

/** An item as it is pinned. */
export type Pinned = Payload<'restoration.adopt'>['items'][number];

interface Proposal {
  items: Pinned[];
  more: number;
  looked: number;
  unhealthy: number;
}

/** What the facts ask for now. */
function proposeRestoration(context: Context, row: EntityRow): Proposal {
  const services = reachOf(context, row);
  const { currency, business } = businessOf(context);
  const plan = planRestoration({
    services,
    dependencies: context.estate.all('dependency').values(),
    businessServices: business,
  });
  const now = context.now();
  const shown = plan.slice(0, MAX_ITEMS);
  return {
    items: shown.map((item) => pin(context, item, now, currency)),
    more: plan.length - shown.length,
    looked: services.length,
    unhealthy: plan.reduce((sum, one) => sum + one.services.length, 0),
  };
}

function pin(context: Context, item: RestorationItem, now: number, currency: string): Pinned {
  const names = {
    service: (id: string) => context.estate.name('service', id),
    businessService: (id: string) => context.estate.name('business-service', id),
  };
  return {
    ...{ id: item.id, services: item.services.slice(0, 1000), stage: item.stage, lane: item.lane },
    blockedBy: item.blockedBy.slice(0, MAX_BLOCKERS),
    why: tellRestoration(item, names, { now, currency }).map((reason) => reason.slice(0, 500)),
    holdMinutes: item.gate.holdMinutes,
  };
}

/** Money breaks ties in one currency only, that of most of what is lost: amounts of two are never compared. */
function businessOf(context: Context): {
  currency: string;
  business: Parameters<typeof planRestoration>[0]['businessServices'];
} {
  const now = impactNow(context);
  const sums = new Map<string, number>();
  for (const { currency, lossPerMinute } of now)
    sums.set(currency, (sums.get(currency) ?? 0) + (lossPerMinute?.likely ?? 0));
  const currency = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? 'EUR';
  return {
    currency,
    business: now.map((one) => {
      const entity = context.estate.get('business-service', one.id)!;
      return {
        id: one.id,
        services: entity.services,
        since: businessHurtSince(context, one.id),
        rtoMinutes: entity.rtoMinutes,
        lossPerMinute: one.currency === currency ? Math.round(one.lossPerMinute?.likely ?? 0) : 0,
      };
    }),
  };
}

/** Names what is to be done in which order: reasons and their clocks do not count. */
export function hashOf(items: readonly Pinned[]): string {
  const facts = items.map(({ id, services, blockedBy }) => ({ id, services, blockedBy }));
  return createHash('sha256').update(canonical(facts)).digest('hex');
}

export interface Restoration {
  proposal: Proposal;
  adopted: { plan: string; hash: string; at: number; by: string; items: Pinned[] } | null;
  /** What adopting now would pin. */
  next: Pinned[];
  item(pinned: Pinned): Standing;
}

/** How far an item is. */
interface Standing {
  state: RestorationState;
  gate: GateView;
  verified: RestorationItemView['verified'];
  finished: boolean;
  reason: string | null;
  by: string | null;
  at: number | null;
  conflict: ConflictView | null;
}

export function restorationOf(context: Context, row: EntityRow): Restoration {
  const proposal = proposeRestoration(context, row);
  const current = context.store.entity('restoration', row.id, 'current');
  const adopted = adoptedOf(context, row.id, current);
  const known = new Map<string, Standing>();
  const item = (pinned: Pinned): Standing => {
    let standing = known.get(pinned.id);
    if (!standing) known.set(pinned.id, (standing = standingOf(context, row.id, current, pinned)));
    return standing;
  };
  const next = adopted === null ? proposal.items : merged(adopted.items, proposal.items, (one) => stays(item(one)));
  return { proposal, adopted, next: next.slice(0, MAX_ITEMS), item };
}

/** What a person began or ended, and what its gate saw come back, stays in the plan. */
const stays = ({ state, finished }: Standing): boolean => state !== 'waiting' || finished;

function adoptedOf(context: Context, scope: string, current: EntityRow | null): Restoration['adopted'] {
  const plan = current?.doc['plan'];
  const doc = typeof plan === 'string' ? context.store.entity('restoration-plan', scope, plan)?.doc : undefined;
  if (!doc || !Array.isArray(doc['items'])) return null;
  return {
    plan: String(plan),
    hash: String(doc['hash']),
    at: Number(doc['at']),
    by: String(doc['by']),
    items: doc['items'] as Pinned[],
  };
}

function standingOf(context: Context, scope: string, current: EntityRow | null, pinned: Pinned): Standing {
  const field = `item:${pinned.id}`;
  const state = RestorationState.catch('waiting').parse(current?.doc[field] ?? 'waiting');
  const raw = current === null ? null : context.store.state('restoration', scope, 'current');
  const head = raw === null ? undefined : heads(raw, field).find(({ value }) => value === state);
  const gate = gateOf(context, pinned);
  const byHand = state === 'verified' && current?.doc[`hand:${pinned.id}`] === true;
  const passed = gate.state === 'passed';
  const conflict = current?.doc.conflicts?.find((one) => one.field === field);
  return {
    state,
    gate,
    verified: byHand ? 'by-hand' : state === 'verified' || passed ? 'measured' : null,
    finished: state === 'verified' || state === 'skipped' || passed,
    reason: head?.reason ?? null,
    by: head?.actor ?? null,
    at: head?.eventTime ?? null,
    conflict: conflict ? conflictView(context, conflict) : null,
  };
}

/** What is measured of an item's services now. A person's word on health is no measurement. */
function gateOf(context: Context, { services, holdMinutes }: Pinned): GateView {
  const now = context.now();
  const seen = services.map((id) => {
    const { health, since, byHand } = context.sources.board.serviceHealth(id);
    return { id, health: byHand ? byHand.sources : health, since: byHand ? null : since };
  });
  const names = (list: readonly { id: string }[]): string => {
    const shown = list.slice(0, 3).map(({ id }) => context.estate.name('service', id));
    return list.length > 3 ? `${shown.join(', ')} and ${list.length - 3} more` : shown.join(', ');
  };
  const gate = { holdMinutes, signals: signalsOf(context, services), passesAt: null };
  const sick = seen.filter(({ health }) => health !== 'healthy' && health !== 'unknown');
  if (sick.length > 0) return { ...gate, state: 'shut', text: `${names(sick)}: ${healthName(sick[0]!.health)}.` };
  const silent = seen.filter(({ health }) => health === 'unknown');
  if (silent.length > 0)
    return {
      ...gate,
      state: 'silent',
      text: `Nothing says that ${names(silent)} ${silent.length === 1 ? 'is' : 'are'} healthy.`,
    };
  const since = Math.max(...seen.map((one) => one.since ?? now));
  const passesAt = since + holdMinutes * 60_000;
  if (now >= passesAt)
    return { ...gate, state: 'passed', text: `Measured healthy for ${formatDuration(now - since)}.` };
  return {
    ...gate,
    state: 'holding',
    passesAt,
    text: `Healthy for ${formatDuration(Math.max(0, now - since))} of ${holdMinutes} min.`,
  };
}

/** By which signals a gate is judged, in words. */
function signalsOf(context: Context, services: readonly string[]): string {
  const parts = new Set<string>();
  for (const id of services) {
    const service = context.estate.get('service', id);
    for (const { name } of service?.metrics ?? []) parts.add(name);
    if ((service?.alertMatch.length ?? 0) > 0) parts.add('its alerts');
    if (service?.vendorStatus) parts.add('its vendor’s status');
  }
  if (parts.size === 0) return 'nothing measures it: somebody has to look';
  const list = [...parts];
  return list.length > 4 ? `${list.slice(0, 4).join(', ')} and ${list.length - 4} more` : list.join(', ');
}

/** The item that a person means by its id or by one of its services; null when the plan has none. */
export function itemOf(context: Context, items: readonly Pinned[], text: string): Pinned | null {
  const direct = items.find(({ id }) => id === text);
  if (direct) return direct;
  const service = context.estate.resolve('service', text);
  return (service === null ? undefined : items.find(({ services }) => services.includes(service))) ?? null;
}

/** Items that must be verified before `pinned` and are not. */
export function unverified({ item }: Restoration, items: readonly Pinned[], pinned: Pinned): Pinned[] {
  return items.filter((one) => pinned.blockedBy.includes(one.id) && !item(one).finished);
}

export function nameOf(context: Context, { services }: Pick<Pinned, 'services'>): string {
  const names = services.slice(0, 3).map((id) => context.estate.name('service', id));
  return services.length > 3 ? `${names.join(' + ')} and ${services.length - 3} more` : names.join(' + ');
}

/** The adopted plan as ops tell it, without what is measured now; null when none was adopted. */
export function adoptedPlan(context: Context, row: EntityRow): DocumentHead['restoration'] {
  const current = context.store.entity('restoration', row.id, 'current');
  const adopted = adoptedOf(context, row.id, current);
  if (adopted === null) return null;
  return {
    at: adopted.at,
    by: namedActor(context, adopted.by),
    items: adopted.items.map((pinned) => {
      const { state, verified, by, at, reason } = standingOf(context, row.id, current, pinned);
      return {
        ...{ id: pinned.id, name: nameOf(context, pinned), stage: pinned.stage, why: pinned.why, state, at, reason },
        byHand: verified === 'by-hand',
        by: by === null ? null : namedActor(context, by),
      };
    }),
  };
}

export function restorationView(context: Context, row: EntityRow): RestorationView {
  const restoration = restorationOf(context, row);
  const { proposal, adopted, next, item } = restoration;
  const pinned = adopted?.items ?? proposal.items;
  const fresh = new Map(proposal.items.map((one) => [one.id, one]));
  const byId = new Map(pinned.map((one) => [one.id, one]));
  const items = pinned.map((one): RestorationItemView => {
    const { state, gate, verified, finished, reason, by, at, conflict } = item(one);
    const blockedBy = one.blockedBy.flatMap((id) => {
      const blocker = byId.get(id);
      return blocker ? [{ id, name: nameOf(context, blocker), verified: item(blocker).finished }] : [];
    });
    return {
      id: one.id,
      name: nameOf(context, one),
      services: one.services.map((id) => ({
        ...named(context, 'service', id),
        health: context.sources.board.serviceHealth(id).health,
      })),
      ...{ stage: one.stage, lane: one.lane, blockedBy },
      why: fresh.get(one.id)?.why ?? one.why,
      ...{ gate, state, verified, reason, at, conflict },
      by: by === null ? null : namedActor(context, by),
      ready: !finished && blockedBy.every((blocker) => blocker.verified),
    };
  });
  const done = pinned.filter((one) => item(one).finished).length;
  const current = context.store.entity('restoration', row.id, 'current');
  const conflict = current?.doc.conflicts?.find(({ field }) => field === 'plan');
  const left = items.filter((one) => !(one.verified !== null || one.state === 'skipped'));
  return {
    asOf: context.now(),
    incident: { id: row.id, label: context.incidents.labels().get(row.id) ?? row.id },
    looked: proposal.looked,
    unhealthy: proposal.unhealthy,
    line: `${left
      .slice(0, 3)
      .map(({ name }) => name)
      .join(' → ')}${left.length > 3 ? ' → …' : ''}`,
    adopted:
      adopted === null
        ? null
        : { plan: adopted.plan, hash: adopted.hash, at: adopted.at, by: namedActor(context, adopted.by) },
    items,
    more: adopted === null ? proposal.more : 0,
    done,
    total: pinned.length,
    difference: adopted === null ? null : differenceView(context, row, restoration, adopted.items, next),
    conflict: conflict ? conflictView(context, conflict) : null,
  };
}

function differenceView(
  context: Context,
  row: EntityRow,
  { proposal, item }: Restoration,
  adopted: readonly Pinned[],
  next: readonly Pinned[],
): RestorationDifference | null {
  const { added, removed, moved } = difference(adopted, proposal.items, (one) => stays(item(one)));
  if (added.length + removed.length + moved.length === 0) return null;
  const hash = hashOf(next);
  const before = new Map(adopted.map((one) => [one.id, one]));
  const inReach = new Set(reachOf(context, row).map(({ id }) => id));
  const line = (one: Pinned, why: string) => ({ id: one.id, name: nameOf(context, one), why });
  return {
    hash,
    added: added.map((one) =>
      line(one, one.services.every((id) => coveredBy(adopted, id)) ? 'now restored together' : healthWhy(context, one)),
    ),
    removed: removed.map((one) =>
      line(
        one,
        !one.services.some((id) => inReach.has(id))
          ? 'no longer in reach of the incident'
          : one.services.every((id) => coveredBy(proposal.items, id))
            ? 'is part of another item now'
            : healthWhy(context, one),
      ),
    ),
    moved: moved.map(({ item: one, before: was }) => {
      const waits = newWaits(was, one, before).map((id) => nameOf(context, before.get(id)!));
      const gone = was.blockedBy.filter(
        (id) => !one.blockedBy.includes(id) && before.has(id) && !item(before.get(id)!).finished,
      );
      return line(
        one,
        waits.length > 0
          ? `now waits for ${waits.slice(0, 3).join(', ')}`
          : gone.length > 0
            ? `no longer waits for ${gone.map((id) => nameOf(context, before.get(id)!)).join(', ')}`
            : `now: ${one.why.slice(0, 2).join(', ')}`,
      );
    }),
    left: settledOf(context, row.id)(LEAVE_PLAN.kind, LEAVE_PLAN.key, hash) === 'dismissed',
  };
}

const coveredBy = (items: readonly Pinned[], service: string): boolean =>
  items.some(({ services }) => services.includes(service));

/** "payments-api is failing": what its services are like now. */
function healthWhy(context: Context, { services }: Pinned): string {
  const worst = services
    .map((id) => ({ id, ...context.sources.board.serviceHealth(id) }))
    .sort((a, b) => Number(b.health !== 'healthy') - Number(a.health !== 'healthy'))[0]!;
  return `${context.estate.name('service', worst.id)} is ${healthName(worst.health)}${worst.health === 'healthy' ? ' again' : ''}`;
}

/** Pins a plan. */
export function adoptedPayload(plan: string, items: readonly Pinned[]): Payload<'restoration.adopt'> {
  return { plan, hash: hashOf(items), items: [...items] };
}
