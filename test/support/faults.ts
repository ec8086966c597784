/**
 * Invented faults: one thing breaks in an estate, what needs it suffers in its own time and measure, and what a console
 * would see of that by some minute is written down. Invariant: the true cause is known to whoever generated it and to
 * nobody else; the generator knows nothing of how causes are ranked, and its chances are not those of the ranking.
 *
 * The world, all drawn anew for each fault:
 * - What breaks: any service that at least one other needs. 50 % by a deployment, 12 % by configuration or a flag, 5 % by
 *   vendor maintenance or scaling, 33 % with no change at all; one change in eight was not recorded. In one fault of nine
 *   a caller breaks what it calls (connections that are held, retries), and is sick itself by the same.
 * - How it spreads: each dependency passes a fault on by its own chance (`PASSES`), damped to a part of its strength
 *   (`DAMPS`), after its own delay (`DELAYS`, log-normal, seconds for calls, minutes for queues, longer for batches). One in
 *   ten of the services between shrugs a fault off whatever it needs.
 * - Sick is what is hurt by 0.15 or more: early warning, degraded from 0.35, failing from 0.6.
 *
 * What is seen of it (`Noise`), at the typical level:
 * - 6 % of services are watched by nothing; one in twenty-five that is hit falls silent instead of saying so, and so does
 *   one in twelve of the true causes. Alerts come after 15 s to some minutes, one in eight 3 to 14 min late.
 * - False alarms: 1.2 % of the services are sick for a reason of their own, since any moment of the last 90 min; one in
 *   five of them hurts what needs it directly, too. Unrelated changes: 4 % of the services in the last two hours.
 * - Somebody looks 5 to 35 min after it began; later onsets are not there yet.
 *
 * A fault counts only when at least two other services are hurt by it and seen to be sick when somebody looks, and when
 * it hurts a service where a business service begins: nobody declares an incident on less. Two true faults at once are generated
 * apart (`inventTwoFaults`): two such faults in one estate, neither of which hurts where the other began.
 */
import type { ChangeKind, Observed, ObservedChange, ObservedService } from '../../shared/domain/cause/rank.ts';
import type { DependencyLite } from '../../shared/contract/estate.ts';
import { readDemoEstate } from './demo-estate.ts';
import { inventEstate } from './estate-graph.ts';
import type { DependencyMode, DependencyStrength, Health } from '../../shared/domain/words.ts';

export interface FaultEstate {
  services: readonly string[];
  dependencies: readonly DependencyLite[];
  businessServices: readonly { id: string; services: readonly string[] }[];
}

/** Shares of 1, unless said. */
export interface Noise {
  unwatched: number;
  /** Of those that are hit. */
  silent: number;
  silentCause: number;
  lateAlerts: number;
  falseAlarms: number;
  unrelatedChanges: number;
  unrecordedChanges: number;
  shrugs: number;
}

export const TYPICAL: Noise = {
  unwatched: 0.06,
  silent: 0.04,
  silentCause: 0.085,
  lateAlerts: 0.125,
  falseAlarms: 0.012,
  unrelatedChanges: 0.04,
  unrecordedChanges: 0.125,
  shrugs: 0.1,
};

/** Twice as much of everything: how soon it breaks down. */
export const HARSH: Noise = {
  unwatched: 0.12,
  silent: 0.08,
  silentCause: 0.17,
  lateAlerts: 0.25,
  falseAlarms: 0.024,
  unrelatedChanges: 0.08,
  unrecordedChanges: 0.25,
  shrugs: 0.2,
};

/** The demonstration as a place for faults. */
export function demonstrationEstate(): FaultEstate {
  const demo = readDemoEstate();
  return {
    services: demo.of('service').map(({ id }) => id),
    dependencies: demo.of('dependency').map(({ from, to, strength, mode }) => ({ from, to, strength, mode })),
    businessServices: demo.of('business-service').map(({ id, services }) => ({ id, services })),
  };
}

/** An invented estate; business services begin at every other service that nothing else needs, one to three of them each. */
export function inventedEstate(services: number, dependencies: number, seed: number): FaultEstate {
  const estate = inventEstate(services, dependencies, seed);
  const needed = new Set(estate.dependencies.map(({ to }) => to));
  const needing = new Set(estate.dependencies.map(({ from }) => from));
  const tops = estate.services.map(({ id }) => id).filter((id) => needing.has(id) && !needed.has(id));
  return {
    services: estate.services.map(({ id }) => id),
    dependencies: estate.dependencies,
    businessServices: tops
      .map((_, at) => ({ id: `business-${at}`, services: tops.slice(at, at + 1 + (at % 3)) }))
      .filter((_, at) => at % 2 === 0),
  };
}

export interface Fault {
  cause: string;
  observed: Observed;
  /** Whether it broke by a change, and whether a caller broke what it calls. */
  change: ChangeKind | null;
  overload: boolean;
}

const PASSES: Record<DependencyStrength, Record<DependencyMode, number>> = {
  hard: { sync: 0.9, async: 0.65, batch: 0.4 },
  soft: { sync: 0.35, async: 0.18, batch: 0.1 },
};
const DAMPS: Record<DependencyStrength, [least: number, most: number]> = { hard: [0.65, 1], soft: [0.25, 0.6] };
/** Median, seconds, and the sigma of its logarithm. */
const DELAYS: Record<DependencyMode, [median: number, sigma: number]> = {
  sync: [25, 0.8],
  async: [180, 0.7],
  batch: [600, 0.6],
};
const ALERT_DELAY: [median: number, sigma: number] = [45, 0.8];
const SECOND = 1000;
const MINUTE = 60_000;

type Random = () => number;

const between = (random: Random, least: number, most: number): number => least + random() * (most - least);
const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
function logNormal(random: Random, [median, sigma]: [number, number]): number {
  return median * Math.exp(sigma * normal(random));
}

/** A fault that hurts something, from a seeded generator. @throws when the estate has no two services that need a third. */
export function inventFault(estate: FaultEstate, random: Random, noise: Noise = TYPICAL): Fault {
  const downstream = new Map<string, DependencyLite[]>();
  const upstream = new Map<string, DependencyLite[]>();
  for (const dependency of estate.dependencies) {
    if (dependency.from === dependency.to) continue;
    downstream.set(dependency.to, [...(downstream.get(dependency.to) ?? []), dependency]);
    upstream.set(dependency.from, [...(upstream.get(dependency.from) ?? []), dependency]);
  }
  const breakable = estate.services.filter((id) => downstream.has(id));
  if (breakable.length === 0) throw new Error('nothing in this estate needs anything');
  for (let tries = 0; tries < 5000; tries++) {
    const fault = once(estate, { downstream, upstream }, pick(random, breakable), random, noise);
    if (fault) return fault;
  }
  throw new Error('no fault in this estate hurts two other services');
}

export interface TwoFaults {
  causes: [string, string];
  observed: Observed;
}

/** Two faults that show at the same time; null when no two were found that have nothing to do with each other. */
export function inventTwoFaults(estate: FaultEstate, random: Random, noise: Noise = TYPICAL): TwoFaults | null {
  const one = inventFault(estate, random, noise);
  // The second comes without noise of its own: there is one estate, and it is as noisy as before.
  const quiet = { ...noise, unwatched: 0, falseAlarms: 0, unrelatedChanges: 0 };
  for (let tries = 0; tries < 30; tries++) {
    const two = inventFault(estate, random, quiet);
    const later = one.observed.now - two.observed.now;
    const other = new Map(two.observed.services.map((service) => [service.id, service]));
    const hurts = (fault: Fault, id: string): boolean =>
      fault.observed.services.some((service) => service.id === id && service.onset !== null);
    if (one.cause === two.cause || hurts(one, two.cause) || hurts(two, one.cause)) continue;
    const services = one.observed.services.map((service): ObservedService => {
      const added = other.get(service.id)!;
      if (!service.heard || added.onset === null) return service;
      const onset = Math.min(service.onset ?? Infinity, added.onset + later);
      return { ...service, health: worse(service.health, added.health), onset };
    });
    const sick = new Set(services.filter(({ health }) => isSick(health)).map(({ id }) => id));
    return {
      causes: [one.cause, two.cause],
      observed: {
        ...one.observed,
        services,
        businessServices: one.observed.businessServices.map((business) => ({
          ...business,
          hurt: business.services.some((id) => sick.has(id)),
        })),
        changes: [
          ...one.observed.changes,
          ...two.observed.changes.map((change) => ({ ...change, id: `second-${change.id}`, at: change.at + later })),
        ],
      },
    };
  }
  return null;
}

const LOUD: readonly Health[] = ['healthy', 'unknown', 'early-warning', 'degraded', 'failing'];
const worse = (a: Health, b: Health): Health => (LOUD.indexOf(a) >= LOUD.indexOf(b) ? a : b);

interface Ways {
  downstream: ReadonlyMap<string, DependencyLite[]>;
  upstream: ReadonlyMap<string, DependencyLite[]>;
}

interface Hit {
  /** 0–1. */
  hurt: number;
  /** When it is really sick, ms after the fault. */
  at: number;
}

function once(estate: FaultEstate, ways: Ways, cause: string, random: Random, noise: Noise): Fault | null {
  const began = Date.UTC(2026, 10, 20, 9) + Math.floor(between(random, 0, 12 * 3600)) * SECOND;
  const looked = began + between(random, 5, 35) * MINUTE;
  const overload = random() < 1 / 9 && ways.upstream.has(cause);
  const hits = spread(ways, cause, overload, random, noise);

  const roll = random();
  const change: ChangeKind | null =
    roll < 0.5
      ? 'deployment'
      : roll < 0.62
        ? pick(random, ['configuration', 'feature-flag'] as const)
        : roll < 0.67
          ? pick(random, ['vendor-maintenance', 'scaling'] as const)
          : null;
  const changes: ObservedChange[] = [];
  const record = (kind: ChangeKind, at: number, services: string[]) =>
    changes.push({ id: `change-${String(changes.length).padStart(4, '0')}`, kind, at: Math.round(at), services });
  if (change !== null && random() >= noise.unrecordedChanges)
    record(change, began - logNormal(random, [150, 0.9]) * SECOND, [cause]);
  for (const id of estate.services)
    if (random() < noise.unrelatedChanges)
      record(
        pick(random, ['deployment', 'deployment', 'deployment', 'configuration', 'feature-flag', 'scaling'] as const),
        looked - between(random, 0, 120) * MINUTE,
        [id],
      );

  const seen = new Map<string, ObservedService>();
  for (const id of estate.services)
    seen.set(
      id,
      random() < noise.unwatched
        ? { id, health: 'unknown', onset: null, heard: false }
        : { id, health: 'healthy', onset: null, heard: true },
    );
  const alert = (id: string, really: number, hurt: number, silent: number): void => {
    const before = seen.get(id)!;
    const late = random() < noise.lateAlerts ? between(random, 3, 14) * MINUTE : 0;
    const onset = Math.round(really + 15 * SECOND + logNormal(random, ALERT_DELAY) * SECOND + late);
    const falls = random() < silent;
    if (!before.heard || onset > looked || hurt < 0.15) return;
    if (falls) seen.set(id, { id, health: 'unknown', onset, heard: true });
    else if (before.onset === null || onset < before.onset)
      seen.set(id, { id, health: healthOf(hurt), onset, heard: true });
  };
  for (const [id, { hurt, at }] of hits) alert(id, began + at, hurt, id === cause ? noise.silentCause : noise.silent);
  const hurtAndSeen = [...hits.keys()].filter((id) => id !== cause && isSick(seen.get(id)!.health)).length;
  const felt = (id: string): boolean => hits.has(id);

  for (const id of estate.services) {
    if (random() >= noise.falseAlarms) continue;
    const at = looked - between(random, 0, 90) * MINUTE;
    const hurt = pick(random, [0.2, 0.2, 0.2, 0.4, 0.4, 0.8]);
    if (!hits.has(id)) alert(id, at, hurt, 0);
    if (random() < 0.2)
      for (const dependency of ways.downstream.get(id) ?? [])
        if (random() < PASSES[dependency.strength][dependency.mode] && !hits.has(dependency.from))
          alert(dependency.from, at + logNormal(random, DELAYS[dependency.mode]) * SECOND, hurt * 0.8, 0);
  }
  if (hurtAndSeen < 2 || !estate.businessServices.some(({ services }) => services.some(felt))) return null;
  return {
    cause,
    change,
    overload,
    observed: {
      now: Math.round(looked),
      services: [...seen.values()],
      dependencies: estate.dependencies,
      businessServices: estate.businessServices.map(({ id, services }) => ({
        id,
        services,
        hurt: services.some((each) => isSick(seen.get(each)?.health ?? 'healthy')),
      })),
      changes,
    },
  };
}

/** Whom the fault hurts, how much and when. The earlier of two ways wins the time, the stronger the measure. */
function spread(ways: Ways, cause: string, overload: boolean, random: Random, noise: Noise): Map<string, Hit> {
  const hits = new Map<string, Hit>([[cause, { hurt: between(random, 0.6, 1), at: 0 }]]);
  const queue: string[] = [cause];
  const shrugs = new Map<string, boolean>();
  const reach = (id: string, hurt: number, at: number): void => {
    if (!shrugs.has(id)) shrugs.set(id, random() < noise.shrugs);
    if (hurt < 0.1 || shrugs.get(id)! || hits.has(id)) return;
    hits.set(id, { hurt, at });
    queue.push(id);
  };
  if (overload) {
    const called = (ways.upstream.get(cause) ?? []).filter(({ strength }) => strength === 'hard');
    if (called.length > 0) {
      let at = 0;
      // Down the chain that it holds: pool, then database.
      for (
        let next: DependencyLite | undefined = pick(random, called), hurt = between(random, 0.6, 1);
        next && hurt > 0.3;
      ) {
        at += logNormal(random, [40, 0.7]) * SECOND;
        reach(next.to, hurt, at);
        hurt *= between(random, 0.7, 1);
        const below: DependencyLite[] = (ways.upstream.get(next.to) ?? []).filter(
          ({ strength }) => strength === 'hard',
        );
        next = below.length > 0 && random() < 0.6 ? pick(random, below) : undefined;
      }
      // The caller itself suffers by what it broke, not before.
      hits.set(cause, { hurt: between(random, 0.4, 1), at: at * between(random, 0.5, 1.3) });
    }
  }
  for (const id of queue) {
    const { hurt, at } = hits.get(id)!;
    for (const { from, strength, mode } of ways.downstream.get(id) ?? []) {
      if (random() >= PASSES[strength][mode]) continue;
      const [least, most] = DAMPS[strength];
      reach(from, hurt * between(random, least, most), at + logNormal(random, DELAYS[mode]) * SECOND);
    }
  }
  return hits;
}

function isSick(health: Health): boolean {
  return health !== 'healthy' && health !== 'unknown';
}

function healthOf(hurt: number): Health {
  return hurt >= 0.6 ? 'failing' : hurt >= 0.35 ? 'degraded' : 'early-warning';
}

// What it is compared with

/** The service that was sick first. Ties by id. */
export function earliestOnset({ services }: Observed): string[] {
  return services
    .filter(({ health, onset }) => isSick(health) && onset !== null)
    .sort((a, b) => a.onset! - b.onset! || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

/** Sick services that need nothing sick, those with most sick services above them first; ties by id. Then the other sick ones. */
export function deepestSick({ services, dependencies }: Observed): string[] {
  const sick = new Set(services.filter(({ health }) => isSick(health)).map(({ id }) => id));
  const needing = new Map<string, string[]>();
  const needsSick = new Set<string>();
  for (const { from, to } of dependencies) {
    if (!sick.has(from) || !sick.has(to)) continue;
    needsSick.add(from);
    needing.set(to, [...(needing.get(to) ?? []), from]);
  }
  const above = (id: string): number => {
    const found = new Set([id]);
    for (const at of found) for (const next of needing.get(at) ?? []) found.add(next);
    return found.size;
  };
  return [...sick]
    .map((id) => ({ id, deep: needsSick.has(id) ? 0 : 1, above: above(id) }))
    .sort((a, b) => b.deep - a.deep || b.above - a.above || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}
