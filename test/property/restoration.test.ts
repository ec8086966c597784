import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, merged } from '../../shared/domain/restoration/diff.ts';
import {
  needsRestoring,
  planRestoration,
  type RestorationInput,
  type RestorationItem,
} from '../../shared/domain/restoration/plan.ts';
import { seeded } from '../support/estate-graph.ts';
import { shuffled } from '../support/history.ts';
import { inventRestoration } from '../support/restorations.ts';

const seeds = fc.integer({ min: 1, max: 1_000_000 });
const places = (plan: readonly RestorationItem[]): Map<string, number> =>
  new Map(plan.flatMap(({ services }, at) => services.map((id) => [id, at] as const)));

/** Whether `to` is reached from `from` over hard dependencies between services that need restoring or say nothing. */
function reaches({ services, dependencies }: RestorationInput, from: string, to: string): boolean {
  const open = new Set(services.filter((one) => needsRestoring(one) || one.health === 'unknown').map(({ id }) => id));
  const found = new Set([from]);
  const all = [...dependencies];
  for (const at of found)
    for (const edge of all) if (edge.from === at && edge.strength === 'hard' && open.has(edge.to)) found.add(edge.to);
  return found.has(to);
}

describe('a restoration plan', () => {
  it('holds every service that needs restoring once, and nothing else', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const input = inventRestoration(40, 90, seed, 0.4);
        const planned = planRestoration(input).flatMap(({ services }) => services);
        expect(planned.toSorted()).toEqual(
          input.services
            .filter(needsRestoring)
            .map(({ id }) => id)
            .toSorted(),
        );
      }),
      { numRuns: 80 },
    );
  });

  it('never has a service before one that it needs, unless they need each other', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const input = inventRestoration(30, 80, seed, 0.6);
        const plan = planRestoration(input);
        const at = places(plan);
        for (const { from, to, strength } of input.dependencies) {
          const [a, b] = [at.get(from), at.get(to)];
          if (strength !== 'hard' || a === undefined || b === undefined || from === to) continue;
          if (a === b) expect(reaches(input, to, from) || plan[a]!.services.length > 1).toBe(true);
          else {
            expect(b).toBeLessThan(a);
            expect(plan[b]!.stage).toBeLessThan(plan[a]!.stage);
            expect(plan[a]!.lane).toBe(plan[b]!.lane);
            expect(plan[a]!.blockedBy).toContain(plan[b]!.id);
          }
        }
      }),
      { numRuns: 80 },
    );
  });

  it('puts together exactly what needs each other', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const input = inventRestoration(14, 40, seed, 0.8, { soft: false });
        const at = places(planRestoration(input));
        const ids = [...at.keys()];
        for (const a of ids)
          for (const b of ids) {
            if (a >= b) continue;
            expect(at.get(a) === at.get(b), `${a} ${b}`).toBe(reaches(input, a, b) && reaches(input, b, a));
          }
      }),
      { numRuns: 60 },
    );
  });

  it('is the same in whatever order the facts are told', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const input = inventRestoration(40, 100, seed, 0.5);
        const random = seeded(seed + 1);
        const mixed: RestorationInput = {
          services: shuffled(input.services, random),
          dependencies: shuffled([...input.dependencies], random),
          businessServices: shuffled(input.businessServices, random),
        };
        expect(planRestoration(mixed)).toEqual(planRestoration(input));
      }),
      { numRuns: 60 },
    );
  });

  it('has no difference to the facts once they were taken into it', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seeded(seed);
        const before = planRestoration(inventRestoration(30, 60, seed, 0.5));
        const touched = new Set(before.filter(() => random() < 0.3).map(({ id }) => id));
        const stays = ({ id }: { id: string }): boolean => touched.has(id);
        // Another state of the same estate.
        const after = planRestoration(inventRestoration(30, 60, seed, 0.5, { healthSeed: seed + 7 }));
        const taken = merged(before, after, stays);
        expect(new Set(taken.map(({ id }) => id)).size).toBe(taken.length);
        expect(difference(taken, after, stays)).toEqual({ added: [], removed: [], moved: [] });
        const kept = before.filter((item) => stays(item)).map(({ id }) => id);
        expect(taken.map(({ id }) => id)).toEqual(expect.arrayContaining(kept));
      }),
      { numRuns: 80 },
    );
  });
});
