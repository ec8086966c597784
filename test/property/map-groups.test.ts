import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Graph, LOUDNESS, toGraph } from '../../renderer/features/map/model/graph.ts';
import { castOf } from '../../renderer/features/map/model/cast.ts';
import { type GroupBy, foldPath, groupOf, groupServices } from '../../renderer/features/map/model/grouping.ts';
import { pathOn } from '../../renderer/features/map/model/path.ts';
import { treeRows } from '../../renderer/features/map/model/tree.ts';
import { layoutMap, placesOf } from '../../shared/domain/layout/layout.ts';
import { mapSvg } from '../../shared/domain/map-svg.ts';
import { laneTitles } from '../../shared/domain/layout/lanes.ts';
import { inventEstate } from '../support/estate-graph.ts';
import { layoutInput } from '../support/layouts.ts';

const some = fc.record({
  seed: fc.nat(1000),
  services: fc.integer({ min: 2, max: 60 }),
  by: fc.constantFrom<Exclude<GroupBy, 'none'>>('domain', 'system', 'team', 'region'),
  hide: fc.nat(5),
  open: fc.nat(3),
});
const word = (domain: string): string => domain;

function made({ seed, services }: { seed: number; services: number }): Graph {
  const estate = inventEstate(services, services * 3, seed, 0.3);
  const [first] = estate.services;
  // A service that needs itself, and one nobody knows.
  estate.dependencies.push({ from: first!.id, to: first!.id, strength: 'hard', mode: 'sync' });
  estate.dependencies.push({ from: first!.id, to: 'nowhere', strength: 'soft', mode: 'batch' });
  return toGraph(estate);
}

describe('groups of the map', () => {
  it('count every shown service once, every dependency once, and never speak better of a line than it is', () => {
    fc.assert(
      fc.property(some, ({ by, hide, open, ...size }) => {
        const graph = made(size);
        const mask = Uint8Array.from(graph.services, (_, v) => (hide > 0 && v % (hide + 1) === 0 ? 0 : 1));
        const ids = [...new Set(graph.services.map((service) => groupOf(service, by, word).id))];
        const grouped = groupServices(graph, mask, { by, open: ids.slice(0, open) }, word);
        const together = [...grouped.groups.values()].flatMap(({ members }) => members);
        const drawn = grouped.graph.services.filter(({ id }, v) => grouped.mask[v] && !grouped.groups.has(id)).length;
        expect(new Set(together).size).toBe(together.length);
        expect(drawn + together.length).toBe(mask.reduce((a, b) => a + b, 0));
        for (const { members, byHealth } of grouped.groups.values())
          expect(byHealth.reduce((a, b) => a + b)).toBe(members.length);

        const inside = [...grouped.groups.values()].reduce((sum, group) => sum + group.inside, 0);
        const counted = grouped.graph.weight.reduce((a, b) => a + b, 0);
        expect(counted + inside).toBe(graph.from.length);
        expect(grouped.graph.loose).toHaveLength(graph.loose.length);
        const stubs = (one: Graph, shown: Uint8Array): number => {
          const { cast } = castOf(one, shown);
          return [...cast.hiddenNeeds, ...cast.hiddenNeededBy, ...cast.weight].reduce((a, b) => a + b, 0);
        };
        const seen = (one: { from: string; to: string }): boolean =>
          [one.from, one.to].some((id) => mask[graph.index.get(id) ?? -1] === 1);
        const inSight = graph.dependencies.filter(seen).length + graph.loose.filter(seen).length;
        expect(stubs(grouped.graph, grouped.mask) + inside).toBe(inSight);
        for (const [e, line] of grouped.edgeOf.entries()) if (line >= 0) expect(graph.from[e]).toBeDefined();

        const path = pathOn(graph);
        const folded = foldPath(path, grouped);
        for (const [e, line] of grouped.edgeOf.entries()) {
          if (line >= 0) expect(folded[line]!).toBeGreaterThanOrEqual(path[e]!);
        }
        for (const [id, { members }] of grouped.groups) {
          const shown = grouped.graph.health[grouped.graph.index.get(id)!]!;
          for (const v of members) expect(LOUDNESS[shown]!).toBeGreaterThanOrEqual(LOUDNESS[graph.health[v]!]!);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('the tree reaches every shown service and ends in cycles', () => {
    fc.assert(
      fc.property(some, ({ by, hide, seed, services }) => {
        const graph = made({ seed, services });
        const mask = Uint8Array.from(graph.services, (_, v) => (hide > 0 && v % (hide + 1) === 0 ? 0 : 1));
        const order = [...mask.keys()].filter((v) => mask[v]);
        const grouped = treeRows(graph, mask, order, { by, open: [] }, new Set(), word);
        expect(grouped.flatMap(({ group }) => group!.members).sort((a, b) => a - b)).toEqual(order);
        const roots = treeRows(graph, mask, order, { by: 'none', open: [] }, new Set(), word);
        const reached = new Set(roots.map(({ service }) => service));
        for (const v of reached)
          for (let i = graph.needs.start[v]!; i < graph.needs.start[v + 1]!; i++)
            if (mask[graph.needs.other[i]!]) reached.add(graph.needs.other[i]!);
        expect(reached.size).toBe(order.length);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the map after a restart', () => {
  it('is where it was, also when a service joined meanwhile', () => {
    const before = layoutInput(inventEstate(300, 900, 5));
    const layout = layoutMap(before);
    // As it comes back from where it was kept.
    const places = structuredClone(placesOf(before.nodes, layout));
    const again = layoutMap({ ...before, hints: { places, keep: 'places' } });
    expect(again.x).toEqual(layout.x);
    expect(again.y).toEqual(layout.y);
    const after = layoutMap({
      nodes: [...before.nodes, { id: 'new', lane: 2, group: 'e-commerce' }],
      from: Int32Array.from([...before.from, 300, 40]),
      to: Int32Array.from([...before.to, 3, 300]),
      hints: { places, keep: 'places' },
    });
    const moved = before.nodes.filter((_, v) => after.x[v] !== layout.x[v] || after.y[v] !== layout.y[v]).length;
    expect(moved).toBeLessThanOrEqual(before.nodes.length / 50);
  });
});

describe('the map as SVG', () => {
  it('draws every service and dependency once, whatever they are called', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.string({ unit: 'binary', maxLength: 300 }), (seed, name) => {
        const input = layoutInput(inventEstate(20, 50, seed));
        const svg = mapSvg({
          layout: layoutMap(input),
          boxes: input.nodes.map(() => ({
            name,
            note: name,
            health: 'degraded',
            tier: 1,
            group: false,
            changed: true,
          })),
          lines: Array.from(input.from, (from, e) => ({
            ...{ from, to: input.to[e]!, soft: false, mode: 'sync' as const, weight: 2, path: 'quiet' as const },
          })),
          laneTitles: laneTitles('kind'),
          title: name,
          theme: 'dark',
        });
        expect(svg.match(/<g><title>/g)?.length).toBe(input.nodes.length);
        expect(svg.match(/>×2</g)?.length ?? 0).toBeGreaterThanOrEqual(input.from.length);
        // oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot hold
        expect(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(svg)).toBe(false);
        expect(svg.match(/<script/i)).toBe(null);
      }),
      { numRuns: 60 },
    );
  });
});
