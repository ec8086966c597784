import { describe, expect, it } from 'vitest';
import type { Domain, ServiceKind } from '../../shared/domain/words.ts';
import { LANES, STORES, laneOf } from '../../shared/domain/layout/lanes.ts';
import { type LayoutInput, type MapLayout, SIZES, layoutMap, placesOf } from '../../shared/domain/layout/layout.ts';
import { inventEstate } from '../support/estate-graph.ts';

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

  it.each([
    [300, 700],
    [1000, 3000],
    [5000, 15_000],
  ])('keeps %i services where they are when one is added, however often', (services, dependencies) => {
    let graph = invented(services, dependencies, 5);
    let layout = layoutMap(graph);
    const first = layout;
    for (let added = 0; added < 5; added++) {
      const places = placesOf(graph.nodes, layout);
      const lane = graph.nodes[added * 7]!.lane;
      const at = graph.nodes.length;
      graph = {
        nodes: [...graph.nodes, { id: `a-new-${added}`, lane, group: 'e-commerce' }],
        from: Int32Array.from([...graph.from, added * 31, at, at]),
        to: Int32Array.from([...graph.to, at, added * 53 + 3, added * 11 + 40]),
      };
      layout = layoutMap({ ...graph, hints: { places, keep: 'places' } });
      const stays = layoutMap({ ...graph, hints: { places: structuredClone(places), keep: 'places' } });
      expect([...stays.x, ...stays.y]).toEqual([...layout.x, ...layout.y]);
      expect(overlaps(layout)).toBe(0);
    }
    let moved = 0;
    for (let v = 0; v < services; v++) {
      expect(layout.x[v]).toBe(first.x[v]);
      if (layout.y[v] !== first.y[v]) moved++;
    }
    expect(moved / services).toBeLessThanOrEqual(0.02);
  });

  it('sets a new service beside what it belongs to, and a few step aside where it is crowded', () => {
    const kinds = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`s${String(i).padStart(2, '0')}`, 'api']));
    const before = input({ web: 'channel', ...(kinds as Record<string, ServiceKind>) }, []);
    const places = {
      services: new Map(
        before.nodes.map(({ id, lane }, i) => [
          id,
          { lane, column: 0, split: 0, y: i === 0 ? 800 : (i - (i > 20 ? 0 : 1)) * 80, trunks: [[], []] as const },
        ]),
      ),
      columns: LANES.map((_, lane) => (before.nodes.some((node) => node.lane === lane) ? [1] : [])),
    };
    const nodes = [...before.nodes, { id: 'new', lane: before.nodes[1]!.lane, group: '' }];
    const layout = layoutMap({
      nodes,
      from: Int32Array.of(41, 0),
      to: Int32Array.of(20, 41),
      hints: { places, keep: 'places' },
    });
    const wanted = (places.services.get('s19')!.y + 800) / 2;
    expect(Math.abs(layout.y[41]! - wanted)).toBeLessThan(SIZES.height + SIZES.rowGap);
    const moved = before.nodes.filter(({ id }, v) => layout.y[v] !== places.services.get(id)!.y);
    expect(moved.length).toBeLessThanOrEqual(6);
    expect(overlaps(layout)).toBe(0);
  });

  it('leaves the place of a service that is gone empty', () => {
    const before = invented(300, 700, 5);
    const first = layoutMap(before);
    const at = 120;
    const keep = { places: placesOf(before.nodes, first), keep: 'places' as const };
    const kept = [...before.from].flatMap((from, e) => (from === at || before.to[e] === at ? [] : [e]));
    const without = (v: number): number => (v > at ? v - 1 : v);
    const less = {
      nodes: before.nodes.toSpliced(at, 1),
      from: Int32Array.from(kept, (e) => without(before.from[e]!)),
      to: Int32Array.from(kept, (e) => without(before.to[e]!)),
    };
    const second = layoutMap({ ...less, hints: keep });
    less.nodes.forEach((_, v) => {
      const old = v >= at ? v + 1 : v;
      expect([second.x[v], second.y[v]]).toEqual([first.x[old], first.y[old]]);
    });
  });

  it('starts over when most of the estate is new', () => {
    const first = invented(60, 120, 1);
    const second = invented(400, 900, 2);
    const renamed = { ...second, nodes: second.nodes.map((node) => ({ ...node, id: `other-${node.id}` })) };
    const hints = { places: placesOf(first.nodes, layoutMap(first)), keep: 'places' as const };
    expect(layoutMap({ ...renamed, hints }).y).toEqual(layoutMap(renamed).y);
  });
});
