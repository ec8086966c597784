import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjacency } from '../../shared/domain/layout/adjacency.ts';
import { sequence } from '../../shared/domain/layout/acyclic.ts';
import { nearestHeights } from '../../shared/domain/layout/coordinates.ts';
import { STORES } from '../../shared/domain/layout/lanes.ts';
import { type LayoutInput, SIZES, layoutMap, placesOf } from '../../shared/domain/layout/layout.ts';
import { type Proper, orderLayers } from '../../shared/domain/layout/ordering.ts';
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

  it('never swaps two services of a column when others come and go', () => {
    fc.assert(
      fc.property(
        graph,
        fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 4 }),
        fc.nat(60),
        ({ lanes, edges }, added, gone) => {
          const input = toInput(lanes, edges);
          const first = layoutMap(input);
          const size = lanes.length + 1;
          const next = toInput(
            [...lanes, 2],
            [
              ...edges.filter(([a, b]) => a !== gone && b !== gone),
              ...added.map(([a, b]) => [a % size, b % size] as [number, number]),
            ],
          );
          const second = layoutMap({ ...next, hints: { places: placesOf(input.nodes, first), keep: 'places' } });
          if (lanes.length < 3) return;
          for (let v = 0; v < lanes.length; v++) {
            for (let w = 0; w < v; w++) {
              if (first.x[v] !== first.x[w] || second.x[v] !== second.x[w]) continue;
              expect(Math.sign(second.y[v]! - second.y[w]!)).toBe(Math.sign(first.y[v]! - first.y[w]!));
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

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
      fc.property(fc.integer(), fc.integer({ min: 2, max: 40 }), fc.boolean(), (dice, items, keep) => {
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
        const { order, start, crossings } = orderLayers(
          input,
          seed,
          keep ? Uint8Array.from(layer, () => (random() < 0.2 ? 1 : 0)) : null,
        );
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
