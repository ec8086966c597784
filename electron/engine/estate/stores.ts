/**
 * Stores: what each of them can still do. Invariant: every fact carries who says so and since when; what a person
 * reported, what was measured at the store and what its region's services come to stay apart, and which of them counts
 * is decided by the rules of `shared/domain/stores.ts` alone.
 */
import type { HealthView, Named } from '../../../shared/contract/common.ts';
import type { StoreView } from '../../../shared/contract/estate.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Only, StoreCell, StoreList, StorePage, StoreState } from '../../../shared/contract/stores.ts';
import type { EstateEntity } from '../../../shared/domain/estate.ts';
import { isOpen, opening } from '../../../shared/domain/hours.ts';
import { countStore, isWanted, noStores, sellingWords } from '../../../shared/domain/selling.ts';
import {
  beside,
  factOf,
  partFact,
  sellingOf,
  storeNumber,
  type Fact,
  type PartState,
  type Reported,
  type Shared,
  type StoreFacts,
  type StorePart,
} from '../../../shared/domain/stores.ts';
import { tell } from '../../../shared/domain/timeline.ts';
import type { Health } from '../../../shared/domain/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { named, namedActor } from '../names.ts';
import type { Store } from '../store/store.ts';
import { displayName, teamView } from './views.ts';

/** Not knowing ranks below knowing that something is degraded, and above everything better. */
const ORDER: Health[] = ['healthy', 'early-warning', 'unknown', 'degraded', 'failing'];

/** The worst health among the services that it sells with: what the estate's lists show beside a store. */
function storeHealth(context: Context, store: EstateEntity<'store'>): HealthView {
  let worst: HealthView | null = null;
  for (const id of store.services) {
    const health = context.sources.board.serviceHealth(id);
    if (worst === null || ORDER.indexOf(health.health) > ORDER.indexOf(worst.health)) {
      worst = { ...health, reason: `${context.estate.name('service', id)}: ${health.reason}` };
    }
  }
  return (
    worst ?? {
      health: 'unknown',
      since: null,
      source: null,
      observedAt: null,
      reason: 'No service is mapped to this store.',
      last: null,
    }
  );
}

export function storeView(context: Context, store: EstateEntity<'store'>): StoreView {
  const { id, country, timezone, hours, phone, share } = store;
  return {
    ...{ id, name: displayName(store), country, timezone, hours, phone, share },
    region: store.region === null ? null : named(context, 'region', store.region),
    open: isOpen(hours, timezone, context.now()),
    services: store.services.map((each) => named(context, 'service', each)),
    health: storeHealth(context, store),
  };
}

// Reports

type Said = Partial<
  Record<string, { value: unknown; at: number; until: number; by: string | null; actor: string; reason: string } | null>
>;

/** What people reported, by store; read once after each op, not once per store. */
const kept = new WeakMap<Store, { ops: number; reports: ReadonlyMap<string, Said> }>();

/** When what people reported is over, ms; that of words which are over already too. */
export function reportEnds(context: Pick<Context, 'store'>): number[] {
  return [...reportsOf(context).values()].flatMap((said) => Object.values(said).flatMap((one) => one?.until ?? []));
}

function reportsOf({ store }: Pick<Context, 'store'>): ReadonlyMap<string, Said> {
  const known = kept.get(store);
  if (known?.ops === store.opCount) return known.reports;
  const reports = new Map(store.entities('store-report', ESTATE).map(({ id, doc }) => [id, doc as Said]));
  kept.set(store, { ops: store.opCount, reports });
  return reports;
}

function reported<T>(context: Context, said: Said | undefined, member: string): Reported<T> | null {
  const one = said?.[member];
  if (!one) return null;
  const { value, at, until, by, actor, reason } = one;
  return { value: value as T, at, until, by: by ?? context.estate.actorName(actor), reason };
}

// What each part is measured by

/** Words by which a service of kind `store-edge`, `app` or `channel` is known as the tills. */
const TILLS = /\b(pos|tills?|checkouts?|cash ?registers?|kassen?)\b/i;

/** Which part of a store a service stands for; null when it stands for none of them. */
function partOfService({ kind, name, title, spec }: EstateEntity<'service'>): StorePart | null {
  if (kind === 'network') return 'wan';
  const tills = TILLS.test(`${name.replaceAll(/[-_.]/g, ' ')} ${title} ${String(spec['type'] ?? '')}`);
  if (kind === 'store-edge') return tills ? 'pos' : 'edge';
  return kind === 'app' || kind === 'channel' || tills ? 'pos' : null;
}

/** Services of stores with what they come to; asked once for all stores that share them. */
class SharedServices {
  readonly #context: Context;
  readonly #known = new Map<string, { part: StorePart; shared: Shared } | null>();

  constructor(context: Context) {
    this.#context = context;
  }

  of(services: readonly string[], part: StorePart): Shared[] {
    return services.flatMap((id) => {
      let one = this.#known.get(id);
      if (one === undefined) this.#known.set(id, (one = this.#read(id)));
      return one?.part === part ? [one.shared] : [];
    });
  }

  #read(id: string): { part: StorePart; shared: Shared } | null {
    const { estate, sources } = this.#context;
    const service = estate.get('service', id);
    const part = service ? partOfService(service) : null;
    if (!service || !part) return null;
    const { health, since, observedAt, reason } = sources.board.serviceHealth(id);
    return { part, shared: { service: id, name: displayName(service), health, since, at: observedAt, reason } };
  }
}

/** What is known of a store. Pass the same `shared` for many stores, so that their services are asked about once. */
function factsOf(context: Context, store: EstateEntity<'store'>, shared: SharedServices): StoreFacts {
  const now = context.now();
  const said = reportsOf(context).get(store.id);
  const measured = context.sources.stores.of(store.id);
  const part = (member: StorePart): Fact<PartState> =>
    partFact(now, reported(context, said, member), measured?.[member] ?? null, shared.of(store.services, member));
  const own = <T>(member: 'fallback' | 'buffered' | 'bufferedMinor' | 'oldestAt'): Fact<T> =>
    factOf<T>(now, reported(context, said, member), (measured?.[member] ?? null) as never);
  const buffered = own<number>('buffered');
  return {
    wan: part('wan'),
    pos: part('pos'),
    edge: part('edge'),
    fallback: own('fallback'),
    buffered,
    bufferedMinor: beside(buffered, own('bufferedMinor')),
    oldestAt: beside(buffered, own('oldestAt')),
  };
}

/** What is known of one store: whether it can sell, its parts, fallback and what is buffered, each with source and age. */
function storeState(context: Context, store: EstateEntity<'store'>, shared = new SharedServices(context)): StoreState {
  const facts = factsOf(context, store, shared);
  const { selling, why } = sellingOf(facts);
  const { open, until } = opening(store.hours, store.timezone, context.now());
  const shown = <T>(fact: Fact<T>): Fact<T> => ({ ...fact, source: sourceName(context, fact) });
  return {
    ...{ selling, why, open, openUntil: until },
    wan: shown(facts.wan),
    pos: shown(facts.pos),
    edge: shown(facts.edge),
    fallback: shown(facts.fallback),
    buffered: shown(facts.buffered),
    bufferedMinor: shown(facts.bufferedMinor),
    oldestAt: shown(facts.oldestAt),
    currency: currencyOf(context),
    heardAt: heardAt(facts, selling),
  };
}

function sourceName(context: Context, { from, source }: Fact<unknown>): string | null {
  if (source === null) return null;
  return from === 'shared' ? context.estate.name('service', source) : context.sources.title(source);
}

/** When the store itself was last heard; that its region's services are counts only where they say what it can do. */
function heardAt(facts: StoreFacts, selling: StoreState['selling']): number | null {
  const all: Fact<unknown>[] = Object.values(facts);
  const own = all.filter(({ from, at }) => from !== 'shared' && at !== null);
  const telling = own.length > 0 || selling === 'unknown' ? own : all;
  const times = telling.flatMap(({ at }) => at ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

/** The currency in which stores sell: that of the business service that counts their transactions. */
function currencyOf({ estate }: Context): string {
  const all = [...estate.all('business-service').values()];
  const inStores = all.find(({ domains, baseline }) => domains.includes('store-operations') && baseline?.transactions);
  return (inStores ?? all.find(({ domains }) => domains.includes('store-operations')) ?? all[0])?.currency ?? 'EUR';
}

/** Every store with its state: for whoever adds them up. */
export function storeStates(context: Context): { store: EstateEntity<'store'>; state: StoreState }[] {
  const shared = new SharedServices(context);
  return [...context.estate.all('store').values()].map((store) => ({
    store,
    state: storeState(context, store, shared),
  }));
}

// Lists

function cell(store: EstateEntity<'store'>, state: StoreState): StoreCell {
  const { selling, open, wan, pos, edge, fallback, buffered, oldestAt, why, heardAt } = state;
  const facts = [wan, pos, edge, fallback, buffered];
  const telling =
    selling === 'fallback' ? (fallback.since ?? wan.since) : selling === 'sells' ? null : (pos.since ?? wan.since);
  return {
    id: store.id,
    number: storeNumber(store.id, store.name),
    name: displayName(store),
    region: store.region,
    ...{ selling, open, why, heardAt },
    wan: wan.value ?? 'unknown',
    pos: pos.value ?? 'unknown',
    edge: edge.value ?? 'unknown',
    fallback: fallback.value,
    buffered: buffered.value,
    oldestAt: buffered.value === 0 ? null : oldestAt.value,
    reported: facts.some(({ from }) => from === 'report'),
    since: telling,
  };
}

/** Who can still sell: counts over all stores that are asked about, regions with the hurt ones first, and the stores. */
export function storeList(
  context: Context,
  { region, only }: { region?: string | undefined; only?: Only | undefined },
): StoreList {
  const counts = noStores();
  const byRegion = new Map<string, StoreList['regions'][number]>();
  const stores: StoreCell[] = [];
  let count = 0;
  let minor: number | null = null;
  let valued = 0;
  let saying = 0;
  let oldestAt: number | null = null;
  for (const { store, state } of storeStates(context)) {
    if (region !== undefined && store.region !== region) continue;
    const one = cell(store, state);
    countStore(counts, one);
    const regional = regionOf(context, byRegion, store);
    countStore(regional, one);
    if (one.buffered !== null) {
      count += one.buffered;
      saying++;
      regional.buffered = (regional.buffered ?? 0) + one.buffered;
      if (one.buffered > 0 && one.oldestAt !== null) oldestAt = Math.min(oldestAt ?? Infinity, one.oldestAt);
    }
    if (state.bufferedMinor.value !== null) {
      minor = (minor ?? 0) + state.bufferedMinor.value;
      valued += one.buffered ?? 0;
    }
    if (only === undefined || isWanted(only, one)) stores.push(one);
  }
  return {
    answer: sellingWords(counts),
    counts,
    buffered: { count, minor, valued, currency: currencyOf(context), stores: saying, oldestAt },
    regions: [...byRegion.values()].sort((a, b) => a.region.name.localeCompare(b.region.name)),
    stores,
    asOf: context.now(),
  };
}

/** Who can still sell, region by region: the Situation's part of it. */
export function storeRegions(
  context: Context,
  states: ReturnType<typeof storeStates>,
): { storesAnswer: string; stores: StoreList['regions'] } {
  const counts = noStores();
  const regions = new Map<string, StoreList['regions'][number]>();
  for (const { store, state } of states) {
    const region = regionOf(context, regions, store);
    countStore(counts, state);
    countStore(region, state);
    if (state.buffered.value !== null) region.buffered = (region.buffered ?? 0) + state.buffered.value;
  }
  return {
    storesAnswer: sellingWords(counts),
    stores: [...regions.values()].sort((a, b) => a.region.name.localeCompare(b.region.name)),
  };
}

/** Stores that the catalog puts in no region. */
const NO_REGION: Named = { id: '', name: 'No region' };

function regionOf(
  context: Context,
  regions: Map<string, StoreList['regions'][number]>,
  store: EstateEntity<'store'>,
): StoreList['regions'][number] {
  const id = store.region ?? '';
  let found = regions.get(id);
  if (!found) {
    const region = id === '' ? NO_REGION : named(context, 'region', id);
    const timezone = context.estate.get('region', id)?.timezone ?? store.timezone;
    regions.set(id, (found = { region, timezone, ...noStores(), buffered: null }));
  }
  return found;
}

// One store

/**
 * The store that `text` means: an id, a name, or the number that people say.
 * @throws Refusal `not_found`, or `bad_input` when several have that number.
 */
export function findStore(context: Context, text: string): EstateEntity<'store'> {
  const { estate } = context;
  const id = estate.resolve('store', text);
  if (id !== null) return estate.get('store', id)!;
  const digits = /^(?:store|shop)?\s*#?\s*(\d{1,9})$/i.exec(text.trim())?.[1];
  if (digits !== undefined) {
    const same = [...estate.all('store').values()].filter(
      (store) => Number(storeNumber(store.id, store.name) ?? Number.NaN) === Number(digits),
    );
    if (same.length === 1) return same[0]!;
    if (same.length > 1)
      throw new Refusal(
        'bad_input',
        `${same.length} stores have the number ${digits}: ${same
          .slice(0, 5)
          .map((one) => one.id)
          .join(', ')}. Say which.`,
      );
  }
  const near = nearest(text, [...estate.all('store').keys()]);
  throw new Refusal(
    'not_found',
    `There is no store "${text.slice(0, 100)}" in the estate.${near ? ` Did you mean "${near}"?` : ''}`,
  );
}

/** One store's page: all that somebody on the phone with it needs. */
export function storePage(context: Context, store: EstateEntity<'store'>): StorePage {
  const shared = new SharedServices(context);
  const state = storeState(context, store, shared);
  const neighbours = [...context.estate.all('store').values()].filter((one) => one.region === store.region);
  const alike =
    state.selling === 'sells'
      ? 0
      : neighbours.filter((one) => sellingOf(factsOf(context, one, shared)).selling === state.selling).length;
  const services = store.services.flatMap((id) => context.estate.get('service', id) ?? []);
  const owners = [...new Set(services.flatMap(({ owner }) => owner ?? []))];
  const runbooks = [...new Set(services.flatMap((service) => service.runbooks))];
  return {
    id: store.id,
    number: storeNumber(store.id, store.name),
    name: displayName(store),
    region: store.region === null ? null : named(context, 'region', store.region),
    country: store.country,
    timezone: store.timezone,
    phone: store.phone,
    hours: store.hours,
    share: store.share,
    state,
    services: services.map((service) => ({
      id: service.id,
      name: displayName(service),
      health: context.sources.board.serviceHealth(service.id),
    })),
    alike: { stores: alike, total: neighbours.length },
    call: owners.flatMap((id) => {
      const team = context.estate.get('team', id);
      if (!team) return [];
      const { phone, onCall } = teamView(context, team);
      // Whoever stands in two lines of a rota is rung once.
      const people = new Map(onCall.map(({ person }) => [person.id, person]));
      return [{ team: { id, name: displayName(team) }, phone, onCall: [...people.values()] }];
    }),
    runbooks: runbooks.map((id) => ({ id, name: context.runbooks.get(id)?.title ?? id })),
    reports: reportLines(context, store.id),
    asOf: context.now(),
  };
}

const REPORTS_SHOWN = 20;

function reportLines(context: Context, store: string): StorePage['reports'] {
  const nobody = (id: string) => id;
  return context.store.entries({ subject: `store:${store}` }, { limit: REPORTS_SHOWN }).map(({ op, at }) => {
    const { summary, text } = tell(
      { type: op.type, payload: op.payload as Record<string, unknown>, eventTime: at, zone: context.zone },
      {
        person: nobody,
        service: nobody,
        businessService: nobody,
        step: (_run, step) => step,
        ask: () => null,
        entry: () => null,
        source: nobody,
        store: (id) => storeNumber(id) ?? id,
      },
    );
    return { at, by: namedActor(context, op.actor), text: text === null ? summary : `${summary}. ${text}` };
  });
}
