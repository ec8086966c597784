import { describe, expect, it } from 'vitest';
import { CLOSEST, fit, keepInSight, reveal, toMap, visible, zoomAt } from '../../renderer/features/map/draw/view.ts';
import { buildScene, linesOf, serviceAt, setLive } from '../../renderer/features/map/draw/scene.ts';
import { castOf, liveOf } from '../../renderer/features/map/model/cast.ts';
import { countLine } from '../../renderer/features/map/model/count-line.ts';
import { EVERYTHING, type Filter, applyFilter, describeFilter } from '../../renderer/features/map/model/filter.ts';
import { DEGRADED, FAILING, type Graph, HEALTHY, UNKNOWN, toGraph } from '../../renderer/features/map/model/graph.ts';
import { pathOn } from '../../renderer/features/map/model/path.ts';
import { AT_RISK, HURT, QUIET } from '../../shared/domain/graph/path.ts';
import { searchServices, searchText } from '../../renderer/features/map/model/search.ts';
import { hurtBelow } from '../../renderer/features/map/model/tree.ts';
import { walk } from '../../renderer/features/map/model/walk.ts';
import type { EstateMap, ServiceLite } from '../../shared/contract/estate.ts';
import { layoutMap } from '../../shared/domain/layout/layout.ts';
import type { DependencyMode, DependencyStrength, Health, ServiceKind } from '../../shared/domain/words.ts';

type Line = [from: string, to: string, strength?: DependencyStrength, mode?: DependencyMode];
type Facts = Partial<Pick<ServiceLite, 'domain' | 'tier'>> & { health?: Health; kind?: ServiceKind; name?: string };

function estate(services: Record<string, Facts>, lines: Line[]): EstateMap {
  return {
    services: Object.entries(services).map(
      ([id, { health = 'healthy', kind = 'api', name = id, domain = null, tier = null }]) => ({
        id,
        name,
        kind,
        domain,
        tier,
        owner: null,
        system: null,
        region: null,
        health: { health, since: 0, source: 'test', observedAt: 0, reason: '', last: null },
      }),
    ),
    dependencies: lines.map(([from, to, strength = 'hard', mode = 'sync']) => ({ from, to, strength, mode })),
    asOf: 0,
  };
}

/** web → checkout → payments → psp; checkout → mail (soft); warehouse stands apart. */
const shop = (health: Record<string, Health> = {}): Graph =>
  toGraph(
    estate(
      {
        web: { kind: 'channel', tier: 1, domain: 'e-commerce', health: health['web'] },
        checkout: { tier: 1, domain: 'e-commerce', health: health['checkout'] },
        payments: { tier: 1, domain: 'e-commerce', health: health['payments'] },
        psp: { kind: 'saas', tier: 2, health: health['psp'] },
        mail: { kind: 'saas', tier: 3, health: health['mail'] },
        warehouse: { kind: 'erp', tier: 2, domain: 'cloud-erp', health: health['warehouse'] },
      },
      [
        ['web', 'checkout'],
        ['checkout', 'payments'],
        ['payments', 'psp'],
        ['checkout', 'mail', 'soft', 'async'],
      ],
    ),
  );
const names = (graph: Graph, mask: Uint8Array): string[] =>
  graph.services.filter((_, v) => mask[v]).map(({ id }) => id);
const filter = (change: Partial<Filter>): Filter => ({ ...EVERYTHING, ...change });
const words = (graph: Graph, one: Filter): string => describeFilter(one, graph, (domain) => domain);
const lineOf = (graph: Graph, one: Filter) => countLine(graph, applyFilter(graph, one), words(graph, one));

describe('the filter', () => {
  it('shows what is not healthy and what is one dependency away, in both directions', () => {
    const graph = shop({ payments: 'failing' });
    const shown = applyFilter(graph, filter({ show: 'unhealthy', hops: 1 }));
    expect(names(graph, shown.mask)).toEqual(['checkout', 'payments', 'psp']);
    expect(shown.dependencies).toBe(2);
    expect(shown.crossing).toBe(2);
  });

  it('counts unknown as not healthy', () => {
    const graph = shop({ mail: 'unknown' });
    expect(names(graph, applyFilter(graph, filter({ show: 'unhealthy', hops: 0 })).mask)).toEqual(['mail']);
  });

  it('grows by hops from one service and never leaves domain or tier', () => {
    const graph = shop();
    const focus = (change: Partial<Filter>): string[] =>
      names(graph, applyFilter(graph, filter({ show: 'focus', focus: 'web', ...change })).mask);
    expect(focus({ hops: 0 })).toEqual(['web']);
    expect(focus({ hops: 2 })).toEqual(['web', 'checkout', 'payments', 'mail']);
    expect(focus({ hops: 6, tier: 1 })).toEqual(['web', 'checkout', 'payments']);
    expect(names(graph, applyFilter(graph, filter({ domain: 'none' })).mask)).toEqual(['psp', 'mail']);
  });

  it('shows everything when the service in focus is gone', () => {
    expect(applyFilter(shop(), filter({ show: 'focus', focus: 'gone' })).services).toBe(6);
  });
});

describe('the count line', () => {
  it('says what is shown, why, and that the hidden are healthy only when all are', () => {
    const hurt = shop({ payments: 'failing' });
    const line = lineOf(hurt, filter({ show: 'unhealthy' }));
    expect(line.total).toBe('6 services, 4 dependencies');
    expect(line.showing).toBe('showing 3 (not healthy + 1 hop)');
    expect(line.hidden).toBe('3 hidden, all healthy');
    expect(line.crossing).toBe('2 dependencies lead to hidden services');
    const elsewhere = lineOf(shop({ payments: 'failing', warehouse: 'unknown', mail: 'failing' }), filter({ tier: 1 }));
    expect(elsewhere.hidden).toBe('3 hidden');
    expect(elsewhere.hurt).toEqual([
      { health: 'failing', count: 1 },
      { health: 'unknown', count: 1 },
    ]);
  });

  it('names dependencies of which an end is unknown instead of leaving them out', () => {
    const graph = toGraph(
      estate({ a: {}, b: {} }, [
        ['a', 'b'],
        ['a', 'ghost'],
      ]),
    );
    const line = lineOf(graph, EVERYTHING);
    expect(line.total).toBe('2 services, 2 dependencies');
    expect(line.showing).toBe('showing all');
    expect(line.hidden).toBeNull();
    expect(line.loose).toBe('1 dependency names a service that is not in the estate');
  });
});

describe('a closed row of the tree', () => {
  it('tells what is hurt of all that it hides, however deep', () => {
    const graph = shop({ psp: 'failing', mail: 'unknown', web: 'degraded' });
    const everything = new Uint8Array(6).fill(1);
    const below = (id: string) => hurtBelow(graph, everything, graph.index.get(id)!);
    expect(below('web')).toEqual([
      { health: 'failing', count: 1 },
      { health: 'unknown', count: 1 },
    ]);
    expect(below('psp')).toEqual([]);
  });
});

describe('the failing path', () => {
  const states = (graph: Graph): Record<string, number> =>
    Object.fromEntries(graph.dependencies.map(({ from, to }, e) => [`${from} ${to}`, pathOn(graph)[e]!]));

  it('runs from the cause to the customer: strong between the hurt, at risk where the healthy stand on them', () => {
    expect(states(shop({ psp: 'failing', payments: 'degraded', checkout: 'early-warning' }))).toEqual({
      'web checkout': AT_RISK,
      'checkout payments': AT_RISK,
      'payments psp': HURT,
      'checkout mail': QUIET,
    });
  });

  it('never follows soft dependencies, nor what nobody knows', () => {
    expect(Object.values(states(shop({ mail: 'failing' })))).toEqual([QUIET, QUIET, QUIET, QUIET]);
    expect(Object.values(states(shop({ psp: 'unknown' })))).toEqual([QUIET, QUIET, QUIET, QUIET]);
  });

  it('begins at the cause that is ranked first, and goes the ways that explain what is hurt, also over what nobody knows', () => {
    const graph = shop({ psp: 'unknown', payments: 'degraded', checkout: 'failing', mail: 'failing' });
    const from = (causes: Parameters<typeof pathOn>[1]): Record<string, number> => {
      const path = pathOn(graph, causes);
      return Object.fromEntries(graph.dependencies.map(({ from: a, to: b }, e) => [`${a} ${b}`, path[e]!]));
    };
    const cause = { name: '', confirmed: false, lead: 'clear' as const, explains: 1 };
    expect(
      from([
        {
          ...cause,
          id: 'psp',
          steps: [
            ['psp', 'payments'],
            ['payments', 'checkout'],
          ],
        },
      ]),
    ).toEqual({
      'web checkout': AT_RISK,
      'checkout payments': HURT,
      'payments psp': HURT,
      'checkout mail': QUIET,
    });
    // By load on what is called a fault goes the other way; and what is gone from the estate draws nothing.
    expect(
      from([
        {
          ...cause,
          id: 'checkout',
          steps: [
            ['checkout', 'mail'],
            ['mail', 'gone'],
          ],
        },
      ]),
    ).toEqual({
      'web checkout': AT_RISK,
      'checkout payments': QUIET,
      'payments psp': QUIET,
      'checkout mail': HURT,
    });
  });

  it('ends in a circle of services that need each other', () => {
    const graph = toGraph(
      estate({ a: { health: 'failing' }, b: {}, c: {} }, [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
        ['a', 'a'],
      ]),
    );
    expect([...pathOn(graph)]).toEqual([AT_RISK, AT_RISK, AT_RISK, HURT]);
  });
});

describe('the cast', () => {
  it('counts every dependency to a hidden service at the end that is shown, with the loudest health behind it', () => {
    const graph = shop({ payments: 'degraded', mail: 'unknown' });
    const mask = Uint8Array.from(graph.services, ({ id }) => (id === 'checkout' || id === 'web' ? 1 : 0));
    const casting = castOf(graph, mask);
    expect(casting.cast.ids).toEqual(['web', 'checkout']);
    expect([...casting.cast.hiddenNeeds]).toEqual([0, 2]);
    expect([...casting.cast.hiddenNeededBy]).toEqual([0, 0]);
    const live = liveOf(graph, casting, pathOn(graph));
    expect([...live.health]).toEqual([HEALTHY, HEALTHY]);
    expect([...live.hiddenHealth]).toEqual([HEALTHY, DEGRADED]);
  });

  it('knows the names that only their ends tell apart', () => {
    const graph = toGraph(estate({ web: {}, 'store-cork': {}, 'store-dublin': {}, store: {} }, []));
    const { cast } = castOf(graph, new Uint8Array(graph.services.length).fill(1));
    expect(cast.names.filter((_, v) => cast.alike[v] === 1)).toEqual(['store-cork', 'store-dublin']);
  });
});

describe('the scene', () => {
  const sceneOf = (graph: Graph) => {
    const { cast } = castOf(graph, new Uint8Array(graph.services.length).fill(1));
    const casting = castOf(graph, new Uint8Array(graph.services.length).fill(1));
    const layout = layoutMap({
      nodes: cast.ids.map((id, v) => ({ id, lane: cast.lane[v]!, group: '' })),
      from: cast.from,
      to: cast.to,
    });
    return { scene: buildScene(cast, layout, liveOf(graph, casting, pathOn(graph))), casting };
  };

  it('leads every dependency without a gap from its service to its target', () => {
    const graph = toGraph(
      estate(
        { web: { kind: 'channel' }, a: {}, b: {}, c: {}, db: { kind: 'database' }, log: { kind: 'observability' } },
        [
          ['web', 'a'],
          ['a', 'b'],
          ['b', 'c'],
          ['c', 'db'],
          ['web', 'db'],
          ['a', 'db'],
          ['log', 'a'],
          ['b', 'b'],
        ],
      ),
    );
    const { scene } = sceneOf(graph);
    const { lines, layout, cast } = scene;
    for (let e = 0; e < cast.from.length; e++) {
      const path = linesOf(scene, e);
      expect(Math.abs(lines.x0[path[0]!]! - layout.x[cast.from[e]!]!)).toBe(120);
      for (let i = 1; i < path.length; i++) {
        expect([lines.x0[path[i]!], lines.y0[path[i]!]]).toEqual([lines.x2[path[i - 1]!], lines.y1[path[i - 1]!]]);
      }
      const last = path.at(-1)!;
      expect(lines.arrow[last]).toBe(1);
      expect(Math.abs(lines.x1[last]! - layout.x[cast.to[e]!]!)).toBe(120);
    }
  });

  it('draws a trunk as hard and hurt as the worst that it carries', () => {
    const graph = toGraph(
      estate(
        { web: { kind: 'channel' }, app: { kind: 'channel' }, a: {}, db: { kind: 'database', health: 'failing' } },
        [
          ['web', 'db', 'soft', 'async'],
          ['app', 'db', 'hard', 'async'],
          ['web', 'a'],
          ['a', 'db', 'soft'],
        ],
      ),
    );
    const { scene, casting } = sceneOf(graph);
    const trunk = linesOf(scene, 0).at(-1)!;
    expect(linesOf(scene, 1).at(-1)).toBe(trunk);
    expect(scene.lines.style[trunk]).toBe(2);
    expect(scene.lines.state[trunk]).toBe(AT_RISK);
    expect(scene.lines.towards[trunk]).toBe(FAILING);
    const calm = toGraph(estate({ web: {}, app: {}, a: {}, db: {} }, []));
    setLive(scene, {
      health: calm.health,
      edge: new Uint8Array(casting.cast.from.length),
      hiddenHealth: new Uint8Array(4),
      changed: new Uint8Array(4),
      notes: new Map(),
    });
    expect(scene.lines.state.every((state) => state === QUIET)).toBe(true);
  });

  it('finds the service under the pointer, and the nearest within reach', () => {
    const { scene } = sceneOf(shop());
    const at = { x: scene.layout.x[2]!, y: scene.layout.y[2]! };
    expect(serviceAt(scene, at, 0)).toBe(2);
    expect(serviceAt(scene, { x: at.x + 125, y: at.y }, 0)).toBe(-1);
    expect(serviceAt(scene, { x: at.x + 125, y: at.y }, 10)).toBe(2);
  });
});

describe('walking', () => {
  const graph = toGraph(
    estate({ a: {}, b: {}, c: {}, d: {}, e: {} }, [
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'd'],
      ['b', 'e'],
    ]),
  );
  const at: Record<string, { x: number; y: number }> = {
    a: { x: 0, y: 10 },
    b: { x: 1, y: 0 },
    c: { x: 1, y: 12 },
    d: { x: 1, y: 30 },
    e: { x: 2, y: 0 },
  };
  const position = (v: number) => at[graph.services[v]!.id]!;
  const everything = new Uint8Array(5).fill(1);
  const id = (v: number | undefined): string | null => (v === undefined ? null : graph.services[v]!.id);

  it('goes to the nearest of what is needed, then among its siblings, and back', () => {
    const right = walk(graph, everything, position, 0, 'right', null)!;
    expect([id(right.service), right.place, right.of]).toEqual(['c', 2, 3]);
    const down = walk(graph, everything, position, right.service, 'down', right.trail)!;
    expect([id(down.service), down.place]).toEqual(['d', 3]);
    expect(walk(graph, everything, position, down.service, 'down', down.trail)).toBeNull();
    expect(id(walk(graph, everything, position, down.service, 'left', down.trail)?.service)).toBe('a');
  });

  it('goes along the column when no step was made, and never to what is hidden', () => {
    expect(id(walk(graph, everything, position, 2, 'up', null)?.service)).toBe('b');
    const withoutC = Uint8Array.from([1, 1, 0, 1, 1]);
    expect(id(walk(graph, withoutC, position, 0, 'right', null)?.service)).toBe('b');
    expect(walk(graph, Uint8Array.from([1, 0, 0, 0, 0]), position, 0, 'right', null)).toBeNull();
  });
});

describe('searching', () => {
  it('wants every word, puts beginnings first and the hurt before the healthy', () => {
    const graph = toGraph(
      estate(
        {
          a: { name: 'pre-cart' },
          b: { name: 'Cart API' },
          c: { name: 'cart-db', kind: 'database', health: 'failing' },
          d: { name: 'Café orders' },
        },
        [],
      ),
    );
    const search = (query: string): string[] =>
      searchServices(graph, searchText(graph), query).map((v) => graph.services[v]!.name);
    expect(search('cart')).toEqual(['cart-db', 'Cart API', 'pre-cart']);
    expect(search('database cart')).toEqual(['cart-db']);
    expect(search('cafe')).toEqual(['Café orders']);
    expect(search('')).toHaveLength(4);
  });
});

describe('the view', () => {
  const bounds = { x0: 0, y0: 0, x1: 4000, y1: 1000 };
  const size = { width: 1000, height: 600 };

  it('fits the whole map, and nothing closer than can be read at a glance', () => {
    const area = visible(fit(bounds, size), size);
    expect(area.x0).toBeLessThanOrEqual(0);
    expect(area.x1).toBeGreaterThanOrEqual(4000);
    expect(fit({ x0: 0, y0: 0, x1: 10, y1: 10 }, size).scale).toBeLessThanOrEqual(1.25);
  });

  it('keeps the point under the pointer while zooming, within its limits', () => {
    const view = fit(bounds, size);
    const pointer = { x: 700, y: 200 };
    const before = toMap(view, pointer);
    const after = toMap(zoomAt(view, 3, pointer, 0.01), pointer);
    expect(after.x).toBeCloseTo(before.x, 6);
    expect(after.y).toBeCloseTo(before.y, 6);
    expect(zoomAt(view, 1e9, pointer, 0.01).scale).toBe(CLOSEST);
    expect(zoomAt(view, 1e-9, pointer, 0.01).scale).toBe(0.01);
  });

  it('never loses the map, and moves no more than it must to show something', () => {
    const lost = keepInSight({ scale: 1, x: 1e6, y: -1e6 }, bounds, size);
    const area = visible(lost, size);
    expect(area.x1 > bounds.x0 && area.x0 < bounds.x1 && area.y1 > bounds.y0 && area.y0 < bounds.y1).toBe(true);
    const view = { scale: 1, x: 0, y: 0 };
    expect(reveal(view, { x0: 300, y0: 300, x1: 400, y1: 340 }, size, 48)).toEqual(view);
    expect(reveal(view, { x0: 1100, y0: 300, x1: 1200, y1: 340 }, size, 48)).toEqual({ scale: 1, x: -248, y: 0 });
  });
});

it('knows every health number', () => {
  expect(toGraph(estate({ a: { health: 'unknown' }, b: { health: 'failing' } }, [])).health).toEqual(
    Uint8Array.from([UNKNOWN, FAILING]),
  );
});
