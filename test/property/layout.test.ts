import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjacency } from '../../shared/domain/layout/adjacency.ts';
import { sequence } from '../../shared/domain/layout/acyclic.ts';
import { nearestHeights } from '../../shared/domain/layout/coordinates.ts';
import { STORES } from '../../shared/domain/layout/lanes.ts';
import { type LayoutInput, type MapLayout, SIZES, layoutMap, placesOf } from '../../shared/domain/layout/layout.ts';
import { type Proper, countCrossings, orderLayers } from '../../shared/domain/layout/ordering.ts';
import { seeded } from '../support/estate-graph.ts';

const graph = fc.integer({ min: 1, max: 60 }).chain((n) =>
  fc.record({
    lanes: fc.array(fc.integer({ min: 0, max: STORES }), { minLength: n, maxLength: n }),
    edges: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1)), { maxLength: 3 * n }),
  }),
);

function toInput(lanes: readonly number[], edges: readonly (readonly [number, number])[]): LayoutInput {
  return {
    nodes: lanes.map((lane, i) => ({ id: `s${i}`, lane, group: `g${i % 3}` })),
    from: Int32Array.from(edges, ([a]) => a),
    to: Int32Array.from(edges, ([, b]) => b),
  };
}

describe('layoutMap on any graph', () => {
  it('places every service at a number, apart from every other, in its lane', () => {
    fc.assert(
      fc.property(graph, ({ lanes, edges }) => {
        const layout = layoutMap(toInput(lanes, edges));
        for (let v = 0; v < lanes.length; v++) {
          expect(Number.isFinite(layout.x[v]!) && Number.isFinite(layout.y[v]!)).toBe(true);
          for (let w = 0; w < v; w++) {
            const apart =
              Math.abs(layout.x[v]! - layout.x[w]!) >= SIZES.width ||
              Math.abs(layout.y[v]! - layout.y[w]!) >= SIZES.height;
            expect(apart).toBe(true);
            if (lanes[v]! < lanes[w]! && lanes[w] !== STORES) expect(layout.x[v]!).toBeLessThan(layout.x[w]!);
            if (lanes[v] !== STORES && lanes[w] === STORES) expect(layout.y[v]!).toBeLessThan(layout.y[w]!);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same places whatever the order of services and dependencies', () => {
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), ({ lanes, edges }, numbers) => {
        const permutation = shuffle(lanes.length, numbers);
        const at = new Map(permutation.map((old, now) => [old, now]));
        const one = layoutMap(toInput(lanes, edges));
        const other = layoutMap({
          nodes: permutation.map((old) => ({ id: `s${old}`, lane: lanes[old]!, group: `g${old % 3}` })),
          from: Int32Array.from(edges.toReversed(), ([a]) => at.get(a)!),
          to: Int32Array.from(edges.toReversed(), ([, b]) => at.get(b)!),
        });
        for (let v = 0; v < lanes.length; v++) {
          expect([other.x[at.get(v)!], other.y[at.get(v)!]]).toEqual([one.x[v], one.y[v]]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('with its own places as hints moves nothing', () => {
    fc.assert(
      fc.property(graph, ({ lanes, edges }) => {
        const input = toInput(lanes, edges);
        const first = layoutMap(input);
        const second = layoutMap({ ...input, hints: { places: placesOf(input.nodes, first), keep: 'places' } });
        expect(second.x).toEqual(first.x);
        expect(second.y).toEqual(first.y);
      }),
      { numRuns: 100 },
    );
  });

  it('moves next to nothing when services come and go, and leads no line through a box', () => {
    const history = fc.record({
      lane: fc.integer({ min: 0, max: STORES }),
      links: fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 4 }),
      gone: fc.nat(60),
    });
    fc.assert(
      fc.property(graph, fc.array(history, { minLength: 1, maxLength: 6 }), ({ lanes, edges }, changes) => {
        fc.pre(lanes.length >= 12);
        let ids = lanes.map((lane, i) => ({ id: `s${i}`, lane, group: `g${i % 3}` }));
        let links = edges.map(([a, b]): readonly [string, string] => [`s${a}`, `s${b}`]);
        const toLayout = (): LayoutInput => {
          const index = new Map(ids.map(({ id }, i) => [id, i]));
          const known = links.filter(([a, b]) => index.has(a) && index.has(b));
          return {
            nodes: ids,
            from: Int32Array.from(known, ([a]) => index.get(a)!),
            to: Int32Array.from(known, ([, b]) => index.get(b)!),
          };
        };
        let before = layoutMap(toLayout());
        for (const [turn, { lane, links: added, gone }] of changes.entries()) {
          const places = placesOf(ids, before);
          const stood = new Map(ids.map(({ id }, v) => [id, { x: before.x[v]!, y: before.y[v]! }]));
          const laneHad = places.columns[lane]!.length > 0;
          const id = `n${turn}`;
          ids = [...ids.filter((_, i) => i !== gone % ids.length), { id, lane, group: 'g0' }];
          const some = (k: number): string => ids[k % ids.length]!.id;
          links = [...links, ...added.flatMap(([a, b]) => [[id, some(a)] as const, [some(b), id] as const])];
          const now = layoutMap({ ...toLayout(), hints: { places, keep: 'places' } });
          let aside = 0;
          ids.forEach(({ id: each }, v) => {
            const place = stood.get(each);
            if (!place) return;
            // A lane that was empty needs its column; nothing else may move a column.
            if (laneHad) expect(now.x[v]).toBe(place.x);
            if (now.y[v] !== place.y) aside++;
          });
          expect(aside).toBeLessThanOrEqual(6);
          expectApart(now);
          before = now;
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** No two boxes overlap, no bend touches a box of the column that it passes, and the stores stay below. */
function expectApart(layout: MapLayout): void {
  const { x, y, lane, bendLeft, bendRight, bendY } = layout;
  for (let v = 0; v < x.length; v++) {
    for (let w = 0; w < v; w++) {
      expect(Math.abs(x[v]! - x[w]!) >= SIZES.width || Math.abs(y[v]! - y[w]!) >= SIZES.height).toBe(true);
      if (lane[v] !== STORES && lane[w] === STORES) expect(y[v]!).toBeLessThan(y[w]!);
      if (lane[w] !== STORES && lane[v] === STORES) expect(y[w]!).toBeLessThan(y[v]!);
    }
    for (let b = 0; b < bendY.length; b++) {
      if (x[v]! < bendLeft[b]! || x[v]! > bendRight[b]!) continue;
      expect(Math.abs(y[v]! - bendY[b]!)).toBeGreaterThan(SIZES.height / 2);
    }
  }
}

describe('sequence', () => {
  it('runs nothing backwards in a graph without cycles, and never more than half of any', () => {
    fc.assert(
      fc.property(graph, fc.boolean(), ({ lanes, edges }, acyclic) => {
        const n = lanes.length;
        const pairs = edges
          .filter(([a, b]) => a !== b)
          .map(([a, b]) => (acyclic && a > b ? [b, a] : [a, b]) as [number, number]);
        const from = Int32Array.from(pairs, ([a]) => a);
        const to = Int32Array.from(pairs, ([, b]) => b);
        const place = sequence(n, adjacency(n, from, to), adjacency(n, to, from));
        expect([...place].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        const backwards = pairs.filter(([a, b]) => place[a]! > place[b]!).length;
        expect(backwards).toBeLessThanOrEqual(acyclic ? 0 : pairs.length / 2);
      }),
    );
  });
});

describe('orderLayers', () => {
  it('keeps every item in its column and band, and counts its crossings right', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 40 }), (dice, items) => {
        const random = seeded(dice);
        const below = (limit: number): number => Math.floor(random() * limit);
        const layer = Array.from({ length: items }, () => below(3));
        const band = Array.from({ length: items }, () => (random() < 0.2 ? 1 : 0));
        const pairs = Array.from({ length: 3 * items }, (): [number, number] => [below(items), below(items)]);
        const links = pairs.filter(([a, b]) => layer[b] === layer[a]! + 1);
        const input: Proper = {
          items,
          layers: 3,
          layer: Int32Array.from(layer),
          band: Uint8Array.from(band),
          left: Int32Array.from(links, ([a]) => a),
          right: Int32Array.from(links, ([, b]) => b),
        };
        const seed = Float64Array.from(layer, () => random());
        const { order, start, crossings } = orderLayers(input, seed);
        const place = new Map<number, number>();
        for (let l = 0; l < 3; l++) {
          for (let i = start[l]!; i < start[l + 1]!; i++) {
            expect(layer[order[i]!]).toBe(l);
            if (i > start[l]!) expect(band[order[i]!]!).toBeGreaterThanOrEqual(band[order[i - 1]!]!);
            place.set(order[i]!, i);
          }
        }
        expect(place.size).toBe(layer.length);
        const distinct = [...new Map(links.map((pair) => [pair.join(), pair])).values()];
        let counted = 0;
        for (const [a, b] of distinct) {
          for (const [c, d] of distinct)
            if (layer[a] === layer[c] && place.get(a)! < place.get(c)! && place.get(b)! > place.get(d)!) counted++;
        }
        expect(crossings).toBe(counted);
        const height = new Float64Array(items);
        for (const [item, at] of place) height[item] = at;
        expect(countCrossings(input, height)).toBe(counted);
      }),
      { numRuns: 300 },
    );
  });
});

describe('nearestHeights', () => {
  it('keeps the distances, and no other placing that does is nearer', () => {
    const slot = fc.record({
      wanted: fc.double({ min: -500, max: 500, noNaN: true }),
      weight: fc.double({ min: 0.05, max: 20, noNaN: true }),
      distance: fc.double({ min: 0, max: 60, noNaN: true }),
      nudge: fc.double({ min: -40, max: 40, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(slot, { minLength: 1, maxLength: 20 }), (slots) => {
        const wanted = Float64Array.from(slots, (s) => s.wanted);
        const weight = Float64Array.from(slots, (s) => s.weight);
        const distance = Float64Array.from(slots, (s, i) => (i === 0 ? 0 : s.distance));
        const heights = nearestHeights(wanted, weight, distance);
        const cost = (at: ArrayLike<number>): number =>
          slots.reduce((sum, s, i) => sum + s.weight * (at[i]! - s.wanted) ** 2, 0);
        const other: number[] = [];
        slots.forEach((s, i) => {
          if (i > 0) expect(heights[i]! - heights[i - 1]!).toBeGreaterThanOrEqual(distance[i]! - 1e-6);
          other.push(Math.max(heights[i]! + s.nudge, i === 0 ? -Infinity : other[i - 1]! + distance[i]!));
        });
        expect(cost(heights)).toBeLessThanOrEqual(cost(other) + 1e-6 * (1 + cost(other)));
      }),
      { numRuns: 500 },
    );
  });
});

function shuffle(length: number, numbers: Iterator<number> & Iterable<number>): number[] {
  const result = Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = numbers.next().value! % (i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
