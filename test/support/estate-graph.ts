/**
 * Invented estates of any size with the shape of real ones: systems of a few services around their own database, calls
 * mostly inside a domain, and hubs (identity, queue, observability) that nearly everything needs. Deterministic by seed.
 */
import type { DependencyLite, EstateMap, ServiceLite } from '../../shared/contract/estate.ts';
import type { Domain, Health, ServiceKind } from '../../shared/domain/words.ts';

/** Mulberry32: small, fast, good enough for inventing. Values in [0, 1). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const DOMAINS: Domain[] = ['e-commerce', 'store-operations', 'cloud-erp', 'identity', 'data-platform'];
const SHAPE: [ServiceKind, number][] = [
  ['channel', 3],
  ['edge', 3],
  ['app', 10],
  ['api', 36],
  ['worker', 14],
  ['erp-connector', 4],
  ['queue', 5],
  ['cache', 5],
  ['database', 12],
  ['data-platform', 2],
  ['saas', 4],
  ['store-edge', 2],
];
const RANK: Record<ServiceKind, number> = {
  channel: 0,
  edge: 1,
  'store-edge': 1,
  network: 1,
  app: 2,
  api: 3,
  worker: 3,
  'identity-provider': 4,
  erp: 5,
  'erp-connector': 5,
  queue: 5,
  cache: 6,
  database: 6,
  'data-platform': 6,
  observability: 6,
  saas: 7,
};

/** @param unhealthy share of services that are not healthy, 0–1 */
export function inventEstate(
  services: number,
  dependencies: number,
  seed: number,
  unhealthy = 0.03,
  now = Date.UTC(2026, 10, 22, 13, 6),
): EstateMap {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const kinds: ServiceKind[] = SHAPE.flatMap(([kind, share]) => Array.from({ length: share }, () => kind));
  const systems = Math.max(1, Math.round(services / 14));
  const made: (ServiceLite & { home: number; order: number })[] = [];
  for (let i = 0; i < services; i++) {
    const home = i % systems;
    const kind =
      i === 0
        ? 'identity-provider'
        : i === 1
          ? 'observability'
          : i < systems
            ? pick(['api', 'app'] as const)
            : pick(kinds);
    const bad = random() < unhealthy;
    const health: Health = bad ? pick(['early-warning', 'degraded', 'failing', 'unknown'] as const) : 'healthy';
    made.push({
      id: `svc-${String(i).padStart(5, '0')}`,
      name: `${pick(WORDS)}-${pick(WORDS)}-${kind === 'database' ? 'db' : kind === 'queue' ? 'queue' : 'api'}-${i}`,
      kind,
      domain: DOMAINS[home % DOMAINS.length]!,
      tier: 1 + Math.floor(random() * 3),
      owner: { id: `team-${home % 9}`, name: `Team ${home % 9}` },
      system: `system-${home}`,
      region: null,
      health: {
        health,
        since: now - 600_000,
        source: 'prometheus',
        observedAt: now - 4000,
        reason: bad ? 'error ratio 0.08' : '',
        last: null,
      },
      home,
      order: RANK[kind] + random() * 0.9,
    });
  }
  const bySystem = Array.from({ length: systems }, (_, s) => made.filter((one) => one.home === s));
  const seen = new Set<string>();
  const edges: DependencyLite[] = [];
  for (let tries = 0; edges.length < dependencies && tries < dependencies * 40; tries++) {
    const from = pick(made);
    const roll = random();
    let to: (typeof made)[number];
    if (roll < 0.62) to = pick(bySystem[from.home]!);
    else if (roll < 0.9) to = pick(bySystem[(from.home + DOMAINS.length * Math.floor(random() * 3)) % systems]!);
    else if (roll < 0.95) to = made[Math.floor(random() * Math.min(services, 12))]!;
    else to = pick(made);
    const backwards = random() < 0.01;
    if (from === to || (from.order >= to.order && !backwards)) continue;
    const key = `${from.id} ${to.id}`;
    if (seen.has(key)) continue;
    seen.add(key);
    edges.push({
      from: from.id,
      to: to.id,
      strength: random() < 0.7 ? 'hard' : 'soft',
      mode: pick(['sync', 'sync', 'sync', 'async', 'batch'] as const),
    });
  }
  return {
    services: made.map(({ home: _home, order: _order, ...service }) => service),
    dependencies: edges,
    asOf: now,
  };
}

const WORDS = [
  'cart',
  'order',
  'price',
  'stock',
  'basket',
  'loyalty',
  'payment',
  'search',
  'catalog',
  'slot',
  'picking',
  'returns',
  'tax',
  'media',
  'store',
  'delivery',
];
