/** Invented states of invented estates, to be restored. Deterministic by seed. */
import type { RestorationInput } from '../../shared/domain/restoration/plan.ts';
import { inventEstate, seeded } from './estate-graph.ts';

const NOW = 1_760_000_000_000;

/** @param unhealthy share of services that are not healthy, 0–1 */
export function inventRestoration(
  services: number,
  dependencies: number,
  seed: number,
  unhealthy: number,
  { soft = true, healthSeed = seed }: { soft?: boolean; healthSeed?: number } = {},
): RestorationInput {
  const { services: made, dependencies: edges } = inventEstate(services, dependencies, seed, 0, NOW);
  const random = seeded(healthSeed * 31 + 5);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const back = seeded(seed * 17 + 3);
  return {
    services: made.map(({ id, kind, tier }) => ({
      id,
      kind,
      tier: random() < 0.1 ? null : tier,
      health:
        random() < unhealthy
          ? pick(['degraded', 'failing', 'failing', 'unknown'] as const)
          : pick(['healthy', 'healthy', 'early-warning'] as const),
      since: NOW - Math.floor(random() * 90) * 60_000,
      heard: random() < 0.7,
      named: random() < 0.2,
      rtoMinutes: random() < 0.3 ? pick([15, 30, 60, 240]) : null,
      rpoMinutes: random() < 0.2 ? pick([0, 5, 60]) : null,
    })),
    dependencies: edges.flatMap(({ from, to, strength }) => {
      const edge = { from, to, strength: soft ? strength : ('hard' as const) };
      // A few that go back make cycles.
      return back() < 0.08 ? [edge, { from: to, to: from, strength: 'hard' as const }] : [edge];
    }),
    businessServices: made.slice(0, 5).map(({ id }, index) => ({
      id: `business-${index}`,
      services: [id],
      since: random() < 0.5 ? NOW - 600_000 : null,
      rtoMinutes: pick([null, 30, 60]),
      lossPerMinute: Math.floor(random() * 100_000),
    })),
  };
}
