import { describe, expect, it } from 'vitest';
import type { Domain, ServiceKind } from '../../shared/domain/words.ts';
import { LANES, STORES, laneOf } from '../../shared/domain/layout/lanes.ts';
import { type LayoutInput, type MapLayout, SIZES, layoutMap, placesOf } from '../../shared/domain/layout/layout.ts';
import { inventEstate } from '../support/estate-graph.ts';

/** Making room for one box moves those above and below it by half a row each. */
const HALF_A_ROW = (SIZES.height + SIZES.rowGap) / 2;

function input(
  kinds: Record<string, ServiceKind>,
  edges: [string, string][],
  domain: Domain | null = null,
): LayoutInput {
  const ids = Object.keys(kinds);
  return {
    nodes: ids.map((id) => ({ id, lane: laneOf(kinds[id]!, domain), group: domain ?? '' })),
    from: Int32Array.from(edges, ([a]) => ids.indexOf(a)),
    to: Int32Array.from(edges, ([, b]) => ids.indexOf(b)),
  };
}

function invented(services: number, dependencies: number, seed: number): LayoutInput {
  const estate = inventEstate(services, dependencies, seed);
  const index = new Map(estate.services.map((service, i) => [service.id, i]));
  return {
    nodes: estate.services.map((service) => ({
      id: service.id,
      lane: laneOf(service.kind, service.domain),
      group: service.domain ?? '',
    })),
    from: Int32Array.from(estate.dependencies, (d) => index.get(d.from)!),
    to: Int32Array.from(estate.dependencies, (d) => index.get(d.to)!),
  };
}

function overlaps(layout: MapLayout): number {
  const cells = new Map<string, number[]>();
  let count = 0;
  for (let v = 0; v < layout.x.length; v++) {
    const column = `${layout.x[v]}`;
    const heights = cells.get(column) ?? [];
    for (const y of heights) if (Math.abs(y - layout.y[v]!) < SIZES.height) count++;
    heights.push(layout.y[v]!);
    cells.set(column, heights);
  }
  return count;
}

describe('lanes', () => {
  it('places kinds from what customers see to what it stands on', () => {
    const order: ServiceKind[] = ['channel', 'edge', 'api', 'queue', 'database', 'saas'];
    const lanes = order.map((kind) => laneOf(kind, 'e-commerce'));
    expect(lanes).toEqual([...lanes].sort((a, b) => a - b));
    expect(new Set(lanes).size).toBe(order.length);
  });

  it('keeps a store network with the stores and a data-centre network at the edge', () => {
    expect(laneOf('network', 'store-operations')).toBe(STORES);
    expect(LANES[laneOf('network', 'e-commerce')]!.id).toBe('edge');
  });
});

describe('layoutMap', () => {
  it('draws a checkout from the web shop to its database, left to right', () => {
    const layout = layoutMap(
      input({ db: 'database', checkout: 'api', cdn: 'edge', web: 'channel', psp: 'saas' }, [
        ['web', 'cdn'],
        ['cdn', 'checkout'],
        ['checkout', 'db'],
        ['checkout', 'psp'],
      ]),
    );
    const [db, checkout, cdn, web, psp] = layout.x;
    expect([web, cdn, checkout, db, psp]).toEqual([web, cdn, checkout, db, psp].sort((a, b) => a! - b!));
    expect(layout.lanes.map((lane) => LANES[lane.lane]!.id)).toEqual([
      'channels',
      'edge',
      'services',
      'data',
      'third-parties',
    ]);
  });

  it('runs a straight line when nothing is in the way', () => {
    const layout = layoutMap(
      input({ web: 'channel', a: 'api', b: 'api', db: 'database' }, [
        ['web', 'a'],
        ['a', 'b'],
        ['b', 'db'],
        ['web', 'db'],
      ]),
    );
    expect(layout.crossings).toBe(0);
    expect(layout.y[1]).toBe(layout.y[2]);
    const first = layout.edgeBend[3]!;
    expect(layout.bendTarget[first]).toBe(3);
    expect(layout.bendY[first]).toBe(layout.bendY[layout.bendNext[first]!]);
  });

  it('breaks cycles and keeps what is not circular pointing right', () => {
    const layout = layoutMap(
      input({ a: 'api', b: 'api', c: 'api', d: 'api' }, [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['c', 'd'],
        ['d', 'd'],
      ]),
    );
    expect(layout.layer[2]).toBeLessThan(layout.layer[3]!);
    expect(overlaps(layout)).toBe(0);
  });

  it('puts the stores below everything else', () => {
    const nodes = input({ pos: 'store-edge', web: 'channel', a: 'api', b: 'api', c: 'api' }, [
      ['pos', 'a'],
      ['web', 'a'],
      ['web', 'b'],
      ['web', 'c'],
    ]);
    const layout = layoutMap(nodes);
    for (let v = 1; v < 5; v++) expect(layout.y[0]! - layout.y[v]!).toBeGreaterThan(SIZES.height);
  });

  it('lays out nothing, and one service alone', () => {
    expect(layoutMap({ nodes: [], from: new Int32Array(), to: new Int32Array() }).lanes).toEqual([]);
    const one = layoutMap(input({ only: 'database' }, [['only', 'only']]));
    expect(one.bounds.x1 - one.bounds.x0).toBe(SIZES.width);
    expect(one.bounds.y1 - one.bounds.y0).toBe(SIZES.height);
  });

  it('gives 2,000 services under one parent the shape of a screen, not of a tower', () => {
    const kinds: Record<string, ServiceKind> = { root: 'channel' };
    for (let i = 0; i < 2000; i++) kinds[`s${i}`] = 'api';
    const layout = layoutMap(
      input(
        kinds,
        Array.from({ length: 2000 }, (_, i) => ['root', `s${i}`] as [string, string]),
      ),
    );
    const shape = (layout.bounds.x1 - layout.bounds.x0) / (layout.bounds.y1 - layout.bounds.y0);
    expect(shape).toBeGreaterThan(0.8);
    expect(shape).toBeLessThan(3);
    expect(overlaps(layout)).toBe(0);
  });

  it('stays small on a chain of 3,000 with lines from end to end', () => {
    const nodes = Array.from({ length: 3000 }, (_, i) => ({ id: `s${i}`, lane: 2, group: '' }));
    const from = Int32Array.from({ length: 5999 }, (_, e) => (e < 2999 ? e : (e - 2999) % 100));
    const to = Int32Array.from({ length: 5999 }, (_, e) => (e < 2999 ? e + 1 : 2999 - ((e - 2999) % 1400)));
    const layout = layoutMap({ nodes, from, to });
    expect(layout.bendY.length).toBeLessThan(10_000);
    for (let v = 1; v < 3000; v++) expect(layout.layer[v]!).toBeGreaterThanOrEqual(layout.layer[v - 1]!);
  });

  it('leads every line through bends that stand one column apart to its own target', () => {
    const graph = invented(200, 500, 11);
    const layout = layoutMap(graph);
    let bent = 0;
    for (let e = 0; e < graph.from.length; e++) {
      const right = layout.layer[graph.to[e]!]! > layout.layer[graph.from[e]!]!;
      let x = right ? -Infinity : Infinity;
      for (let b = layout.edgeBend[e]!; b >= 0; b = layout.bendNext[b]!) {
        bent++;
        expect(layout.bendTarget[b]).toBe(graph.to[e]);
        expect(right ? layout.bendLeft[b]! > x : layout.bendRight[b]! < x).toBe(true);
        x = right ? layout.bendRight[b]! : layout.bendLeft[b]!;
      }
    }
    expect(bent).toBeGreaterThan(100);
  });

  it('never leads a line through a box in the column that it passes', () => {
    const layout = layoutMap(invented(200, 500, 12));
    for (let b = 0; b < layout.bendY.length; b++) {
      for (let v = 0; v < layout.x.length; v++) {
        if (layout.x[v]! < layout.bendLeft[b]! || layout.x[v]! > layout.bendRight[b]!) continue;
        expect(Math.abs(layout.y[v]! - layout.bendY[b]!)).toBeGreaterThan(SIZES.height / 2);
      }
    }
  });

  it('moves the neighbours of a new service, not the map', () => {
    const before = invented(400, 1000, 5);
    const first = layoutMap(before);
    const caller = before.nodes.findIndex((node, v) => node.lane === 2 && first.column[v] === 0);
    const store = before.nodes.findIndex((node) => LANES[node.lane]!.id === 'data');
    const graph = {
      nodes: [...before.nodes, { id: 'svc-new', lane: 2, group: 'e-commerce' }],
      from: Int32Array.from([...before.from, caller, 400]),
      to: Int32Array.from([...before.to, 400, store]),
    };
    const second = layoutMap({ ...graph, hints: { places: placesOf(before.nodes, first), keep: 'places' } });
    const fresh = layoutMap(graph);
    const moved = (layout: MapLayout): number[] =>
      before.nodes.map((_, v) => Math.hypot(layout.x[v]! - first.x[v]!, layout.y[v]! - first.y[v]!));
    const still = moved(second).filter((distance) => distance <= HALF_A_ROW).length;
    expect(still / before.nodes.length).toBeGreaterThan(0.9);
    expect(Math.max(...moved(second))).toBeLessThan(2 * (SIZES.height + SIZES.rowGap));
    expect(moved(fresh).filter((distance) => distance <= HALF_A_ROW).length).toBeLessThan(still / 2);
    expect(overlaps(second)).toBe(0);
  });

  it('moves only what comes after a new link in a chain to other columns', () => {
    const before = invented(400, 1000, 5);
    const first = layoutMap(before);
    const graph = {
      nodes: [...before.nodes, { id: 'svc-new', lane: 2, group: 'e-commerce' }],
      from: Int32Array.from([...before.from, 17, 400]),
      to: Int32Array.from([...before.to, 400, 3]),
    };
    const second = layoutMap({ ...graph, hints: { places: placesOf(before.nodes, first), keep: 'places' } });
    const after = new Set([3]);
    for (const v of after) before.from.forEach((from, e) => from === v && after.add(before.to[e]!));
    before.nodes.forEach((_, v) => {
      if (!after.has(v)) expect(second.column[v]).toBe(first.column[v]);
    });
    const quiet = before.nodes.filter((_, v) => Math.abs(second.y[v]! - first.y[v]!) <= SIZES.height);
    expect(quiet.length / before.nodes.length).toBeGreaterThan(0.95);
  });

  it('keeps split layers in their columns when one more service joins them', () => {
    const nodes = Array.from({ length: 300 }, (_, i) => ({ id: `s${String(i).padStart(4, '0')}`, lane: 2, group: '' }));
    const none = new Int32Array();
    const first = layoutMap({ nodes, from: none, to: none });
    expect(Math.max(...first.split)).toBeGreaterThan(0);
    const hints = { places: placesOf(nodes, first), keep: 'places' as const };
    const second = layoutMap({ nodes: [...nodes, { id: 's0100b', lane: 2, group: '' }], from: none, to: none, hints });
    expect([...second.x.subarray(0, 300)]).toEqual([...first.x]);
    expect(overlaps(second)).toBe(0);
  });

  it('starts over when most of the estate is new', () => {
    const first = invented(60, 120, 1);
    const second = invented(400, 900, 2);
    const renamed = { ...second, nodes: second.nodes.map((node) => ({ ...node, id: `other-${node.id}` })) };
    const hints = { places: placesOf(first.nodes, layoutMap(first)), keep: 'places' as const };
    expect(layoutMap({ ...renamed, hints }).y).toEqual(layoutMap(renamed).y);
  });
});
