/** Blast radii against the plainest way to compute them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allBlastRadii, blastRadius } from '../../shared/domain/graph/blast.ts';
import { Boundaries, type Bounded } from '../../shared/domain/graph/boundaries.ts';
import { components, ServiceGraph, type GraphInput } from '../../shared/domain/graph/graph.ts';

const estate = fc.integer({ min: 1, max: 14 }).chain((size) => {
  const service = fc.integer({ min: 0, max: size - 1 });
  return fc.record({
    size: fc.constant(size),
    edges: fc.array(
      fc.record({
        from: service,
        to: service,
        strength: fc.constantFrom('hard', 'soft'),
        mode: fc.constantFrom('sync', 'async', 'batch'),
      }),
      { maxLength: 40 },
    ),
    regions: fc.array(fc.constantFrom(null, null, 'north', 'south'), { minLength: size, maxLength: size }),
    stems: fc.array(fc.constantFrom('pay', 'stock', 'till'), { minLength: size, maxLength: size }),
  });
});

function built({ size, edges }: { size: number; edges: readonly { from: number; to: number }[] }): ServiceGraph {
  return new ServiceGraph({
    services: Array.from({ length: size }, (_, i) => `s${i}`),
    dependencies: edges.map((edge) => ({
      ...edge,
      from: `s${edge.from}`,
      to: `s${edge.to}`,
    })) as GraphInput['dependencies'],
  });
}

function bounded({ size, regions, stems }: { size: number; regions: (string | null)[]; stems: string[] }): Boundaries {
  return new Boundaries(
    Array.from({ length: size }, (_, i): Bounded => {
      const region = regions[i]!;
      return {
        id: `s${i}`,
        name: region === null ? `s${i}` : `${stems[i]}-${region}`,
        region,
        tenant: null,
        instanceOf: null,
      };
    }),
  );
}

/** Whom trouble reaches, by spreading it until nothing changes. */
function closure(
  edges: readonly { from: number; to: number; strength: string }[],
  root: number,
  hardOnly: boolean,
): Set<number> {
  const hurt = new Set([root]);
  for (let before = 0; before !== hurt.size;) {
    before = hurt.size;
    for (const { from, to, strength } of edges) if (hurt.has(to) && !(hardOnly && strength === 'soft')) hurt.add(from);
  }
  hurt.delete(root);
  return hurt;
}

/** Fewest soft dependencies, then fewest dependencies, from each service to the root, by relaxing until nothing changes. */
function costs(edges: readonly { from: number; to: number; strength: string }[], size: number, root: number): number[] {
  const cost = Array.from({ length: size }, (_, i) => (i === root ? 0 : Infinity));
  for (let round = 0; round < size; round++) {
    for (const { from, to, strength } of edges)
      cost[from] = Math.min(cost[from]!, cost[to]! + (strength === 'soft' ? 1001 : 1));
  }
  return cost;
}

describe('a blast radius', () => {
  it('is the transitive closure, by hard dependencies and by all, on any graph with cycles, self-loops and islands', () => {
    fc.assert(
      fc.property(estate, fc.nat(), (given, pick) => {
        const root = pick % given.size;
        const blast = blastRadius(built(given), [root]);
        const certain = blast.reached.filter(({ soft }) => soft === 0).map(({ service }) => service);
        expect(new Set(certain)).toEqual(closure(given.edges, root, true));
        expect(new Set(blast.reached.map(({ service }) => service))).toEqual(closure(given.edges, root, false));
        expect(blast.stopped).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('explains each thing reached by the path with the fewest soft dependencies, and of those the shortest', () => {
    fc.assert(
      fc.property(estate, fc.nat(), (given, pick) => {
        const root = pick % given.size;
        const blast = blastRadius(built(given), [root]);
        const cost = costs(given.edges, given.size, root);
        for (const { service, soft, hops } of blast.reached) {
          expect(soft * 1000 + hops).toBe(cost[service]);
          const path = blast.pathOf(service);
          expect(path).toHaveLength(hops);
          expect(path.filter((step) => step.soft)).toHaveLength(soft);
          expect([path[0]!.from, path.at(-1)!.to]).toEqual([service, root]);
          path.forEach((step, i) => {
            if (i > 0) expect(step.from).toBe(path[i - 1]!.to);
            expect(
              given.edges.some(
                (e) => e.from === step.from && e.to === step.to && (e.strength === 'soft') === step.soft,
              ),
            ).toBe(true);
          });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of several services is what any of them reaches', () => {
    fc.assert(
      fc.property(estate, fc.uniqueArray(fc.nat(13), { minLength: 1, maxLength: 4 }), (given, picks) => {
        const roots = [...new Set(picks.map((pick) => pick % given.size))];
        const together = new Set(blastRadius(built(given), roots).reached.map(({ service }) => service));
        const each = new Set(roots.flatMap((root) => [...closure(given.edges, root, false)]));
        for (const root of roots) each.delete(root);
        expect(together).toEqual(each);
      }),
      { numRuns: 500 },
    );
  });

  it('counted for all services at once is as large as each one alone, with boundaries and without', () => {
    fc.assert(
      fc.property(estate, fc.boolean(), (given, regional) => {
        const graph = built(given);
        const boundaries = regional ? bounded(given) : null;
        const all = allBlastRadii(graph, boundaries);
        for (let i = 0; i < given.size; i++) {
          const any = blastRadius(graph, [i], { boundaries }).reached;
          const hard = blastRadius(graph, [i], { boundaries, hardOnly: true }).reached;
          expect([all.any[i], all.hard[i]]).toEqual([any.length, hard.length]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('never grows by a boundary, and everything that a boundary takes away is behind something that was stopped', () => {
    fc.assert(
      fc.property(estate, fc.nat(), (given, pick) => {
        const root = pick % given.size;
        const graph = built(given);
        const free = new Set(blastRadius(graph, [root]).reached.map(({ service }) => service));
        const blast = blastRadius(graph, [root], { boundaries: bounded(given) });
        const reached = new Set(blast.reached.map(({ service }) => service));
        for (const service of reached) expect(free.has(service)).toBe(true);
        const spared = new Set(blast.stopped.map(({ service }) => service));
        for (const service of spared) expect(free.has(service) && !reached.has(service)).toBe(true);
        const behind = new Set([...spared].flatMap((service) => [service, ...closure(given.edges, service, false)]));
        for (const service of free) expect(reached.has(service) || behind.has(service)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('strongly connected components', () => {
  it('hold together what reaches one another, and number successors first', () => {
    fc.assert(
      fc.property(estate, (given) => {
        const { neededBy } = built(given);
        const { of } = components(neededBy.start, neededBy.target);
        const reach = Array.from({ length: given.size }, (_, i) => closure(given.edges, i, false));
        for (let a = 0; a < given.size; a++) {
          for (let b = 0; b < given.size; b++) {
            if (a === b) continue;
            expect(of[a] === of[b]).toBe(reach[a]!.has(b) && reach[b]!.has(a));
            if (reach[a]!.has(b)) expect(of[a]).toBeGreaterThanOrEqual(of[b]!);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are found in a chain of 200,000 services', () => {
    const size = 200_000;
    const start = Uint32Array.from({ length: size + 1 }, (_, i) => Math.min(i, size - 1));
    const target = Uint32Array.from({ length: size - 1 }, (_, i) => i + 1);
    expect(components(start, target).count).toBe(size);
  });
});
