/**
 * The lanes of the map. Invariant: a service's lane follows from what it is, never from what it is connected to, so that
 * a person finds databases in the same place on every map, and a new dependency never moves a service to another lane.
 */
import { Domain, type ServiceKind } from '../words.ts';

export type LaneId = 'channels' | 'edge' | 'services' | 'integration' | 'data' | 'third-parties' | 'stores';

/** Lanes in drawing order: from the customer to the right, the stores in a band of their own below the others. */
export const LANES: readonly { id: LaneId; title: string }[] = [
  { id: 'channels', title: 'Channels' },
  { id: 'edge', title: 'Edge' },
  { id: 'services', title: 'Services' },
  { id: 'integration', title: 'Integration' },
  { id: 'data', title: 'Data' },
  { id: 'third-parties', title: 'Third parties' },
  { id: 'stores', title: 'Stores' },
];

/** Place of the lane that is drawn below the others. */
export const STORES = LANES.length - 1;

const LANE_OF_KIND: Record<ServiceKind, LaneId> = {
  channel: 'channels',
  edge: 'edge',
  network: 'edge',
  app: 'services',
  api: 'services',
  worker: 'services',
  'identity-provider': 'services',
  erp: 'integration',
  'erp-connector': 'integration',
  queue: 'integration',
  cache: 'data',
  database: 'data',
  'data-platform': 'data',
  observability: 'data',
  saas: 'third-parties',
  'store-edge': 'stores',
};

/** Place in {@link LANES} of a service of this kind and domain. A network of the store operations is a store's WAN or LAN. */
export function laneOf(kind: ServiceKind, domain: Domain | null): number {
  const lane = kind === 'network' && domain === 'store-operations' ? 'stores' : LANE_OF_KIND[kind];
  return LANES.findIndex((candidate) => candidate.id === lane);
}

/** What the lanes of a map stand for. */
export type Lanes = 'kind' | 'tier' | 'domain';

const DOMAIN_TITLES: Record<Domain, string> = {
  'e-commerce': 'E-commerce',
  'store-operations': 'Store operations',
  'cloud-erp': 'Cloud ERP',
  identity: 'Identity',
  'data-platform': 'Data platform',
};

/** The lane of a service: by what it is, by its tier, or by its domain; the last lane but the stores' is for those without one. */
export function laneIn(
  lanes: Lanes,
  { kind, domain, tier }: { kind: ServiceKind; domain: Domain | null; tier: number | null },
): number {
  if (lanes === 'tier') return tier === null ? 3 : Math.min(3, Math.max(1, tier)) - 1;
  if (lanes === 'domain') return domain === null ? Domain.options.length : Domain.options.indexOf(domain);
  return laneOf(kind, domain);
}

/** What the lanes are called, by their number. */
export function laneTitles(lanes: Lanes): readonly string[] {
  if (lanes === 'tier') return ['Tier 1', 'Tier 2', 'Tier 3', 'No tier'];
  if (lanes === 'domain') return [...Domain.options.map((domain) => DOMAIN_TITLES[domain]), 'No domain'];
  return LANES.map(({ title }) => title);
}
