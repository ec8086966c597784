/**
 * The lanes of the map. Invariant: a service's lane follows from what it is, never from what it is connected to, so that
 * a person finds databases in the same place on every map, and a new dependency never moves a service to another lane.
 */
import type { Domain, ServiceKind } from '../words.ts';

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
