/** Blast radii told by example: what is reached, why, and what a boundary stops. */
import { describe, expect, it } from 'vitest';
import { allBlastRadii, blastRadius } from '../../shared/domain/graph/blast.ts';
import { Boundaries } from '../../shared/domain/graph/boundaries.ts';
import { ServiceGraph, type GraphInput } from '../../shared/domain/graph/graph.ts';
import { standingReach } from '../../shared/domain/graph/reach.ts';

/** `a>b` is "a needs b"; `a~b` softly. */
function graph(services: string[], ...edges: string[]): ServiceGraph {
  const dependencies = edges.map((edge): GraphInput['dependencies'] extends Iterable<infer D> ? D : never => {
    const [from, to] = edge.split(/[>~]/) as [string, string];
    return { from, to, strength: edge.includes('~') ? 'soft' : 'hard', mode: 'sync' };
  });
  return new ServiceGraph({ services, dependencies });
}

function boundaries({ ids }: ServiceGraph, serves: Record<string, string>, instances: Record<string, string> = {}) {
  return new Boundaries(
    ids.map((id) => ({ id, name: id, region: serves[id] ?? null, tenant: null, instanceOf: instances[id] ?? null })),
  );
}

function reached(g: ServiceGraph, root: string, bounds: Boundaries | null = null) {
  const blast = blastRadius(g, [g.indexOf(root)], { boundaries: bounds });
  return {
    reached: blast.reached.map(({ service }) => g.ids[service]),
    stopped: blast.stopped.map(({ service, at, why }) => `${g.ids[service]} at ${g.ids[at]}: ${why}`),
    whole: blast.reached.filter(({ scopes }) => scopes.length === 0).map(({ service }) => g.ids[service]),
  };
}

describe('a blast radius', () => {
  it('prefers a long hard path to a short soft one', () => {
    const g = graph(['db', 'api', 'app', 'web'], 'api>db', 'app>api', 'web>app', 'web~db');
    const blast = blastRadius(g, [0]);
    expect(blast.of(3)).toMatchObject({ soft: 0, hops: 3 });
    expect(blast.pathOf(3).map(({ from, to }) => `${g.ids[from]}>${g.ids[to]}`)).toEqual([
      'web>app',
      'app>api',
      'api>db',
    ]);
  });

  it('says how many soft dependencies weaken what it reaches, and finds the shorter of two ways that begin later', () => {
    const g = graph(['r', 'a', 'b', 'c', 'd', 'e'], 'a>r', 'b>a', 'c~b', 'c~r', 'd>c', 'e~d');
    const blast = blastRadius(g, [0]);
    expect(blast.reached.map(({ service, soft, hops }) => [g.ids[service], soft, hops])).toEqual([
      ['a', 0, 1],
      ['b', 0, 2],
      ['c', 1, 1],
      ['d', 1, 2],
      ['e', 2, 3],
    ]);
  });

  it('takes a dependency that is said twice as the stronger one, and leaves self-loops out', () => {
    const g = graph(['a', 'b'], 'b~a', 'b>a', 'a>a');
    expect(g.selfLoops).toBe(1);
    expect(blastRadius(g, [0]).reached).toEqual([{ service: 1, soft: 0, hops: 1, scopes: [] }]);
  });

  it('is empty for an island and for nothing', () => {
    const g = graph(['a', 'b']);
    expect(blastRadius(g, [0]).reached).toEqual([]);
    expect(blastRadius(g, [-1, 7, Number.NaN]).roots).toEqual([]);
    expect(blastRadius(graph([]), []).reached).toEqual([]);
  });

  it('takes names of any script and length, and 2,000 services under one', () => {
    const children = Array.from(
      { length: 2000 },
      (_, i) => `${['مخزون', '库存', '🛒'][i % 3]}-${'x'.repeat(300)}-${i}`,
    );
    const g = graph(['core', ...children], ...children.map((child) => `${child}>core`));
    expect(blastRadius(g, [0]).reached).toHaveLength(2000);
    expect(allBlastRadii(g).any[0]).toBe(2000);
  });
});

describe('a boundary', () => {
  it('keeps trouble of one region from shops of another that share a service', () => {
    const g = graph(
      ['pay-north', 'pay-south', 'checkout', 'till-north', 'till-south'],
      ...['checkout>pay-north', 'checkout>pay-south', 'till-north>checkout', 'till-south>checkout'],
    );
    const bounds = boundaries(g, {
      'pay-north': 'north',
      'pay-south': 'south',
      'till-north': 'north',
      'till-south': 'south',
    });
    expect(reached(g, 'pay-north', bounds)).toEqual({
      reached: ['checkout', 'till-north'],
      stopped: ['till-south at checkout: shared'],
      whole: ['till-north'],
    });
    expect(reached(g, 'checkout', bounds).reached).toEqual(['till-north', 'till-south']);
  });

  it('stops nothing where one instance carries all regions', () => {
    const g = graph(['pay-north', 'checkout', 'till-south'], 'checkout>pay-north', 'till-south>checkout');
    const bounds = boundaries(g, { 'pay-north': 'north', 'till-south': 'south' });
    expect(reached(g, 'pay-north', bounds)).toEqual({
      reached: ['checkout', 'till-south'],
      stopped: [],
      whole: ['checkout', 'till-south'],
    });
  });

  it('believes a need across it that the estate declares', () => {
    const g = graph(['ledger-north', 'till-south'], 'till-south>ledger-north');
    expect(
      reached(g, 'ledger-north', boundaries(g, { 'ledger-north': 'north', 'till-south': 'south' })).reached,
    ).toEqual(['till-south']);
  });

  it('stops between instances of one service, and where an own instance answers', () => {
    const g = graph(
      ['pay-north', 'pay-south', 'till-south'],
      ...['pay-south>pay-north', 'till-south>pay-north', 'till-south>pay-south'],
    );
    const bounds = boundaries(g, { 'pay-north': 'north', 'pay-south': 'south', 'till-south': 'south' });
    expect(reached(g, 'pay-north', bounds)).toEqual({
      reached: [],
      stopped: ['pay-south at pay-north: sibling', 'till-south at pay-north: own-instance'],
      whole: [],
    });
  });

  it('knows instances by what they say as well as by their names', () => {
    const g = graph(['alpha', 'omega', 'checkout', 'till'], 'checkout>alpha', 'checkout>omega', 'till>checkout');
    const serves = { alpha: 'north', omega: 'south', till: 'south' };
    expect(reached(g, 'alpha', boundaries(g, serves)).reached).toEqual(['checkout', 'till']);
    expect(reached(g, 'alpha', boundaries(g, serves, { alpha: 'pay', omega: 'pay' })).reached).toEqual(['checkout']);
  });
});

describe('what stands on services', () => {
  const g = graph(['pay-north', 'pay-south', 'checkout', 'ledger'], 'checkout>pay-north', 'checkout>pay-south');
  const bounds = boundaries(g, { 'pay-north': 'north', 'pay-south': 'south' });
  const trouble = (id: string) => blastRadius(g, [g.indexOf(id)], { boundaries: bounds });
  const store = (id: string, region: string | null, ...services: string[]) => ({ id, services, region, tenant: null });

  it('is hurt where it serves those who are in trouble, and spared elsewhere', () => {
    const { reached: hurt, stopped } = standingReach(g, bounds, trouble('pay-north'), [
      store('kiel', 'north', 'checkout'),
      store('rome', 'south', 'checkout'),
      store('paris', 'south', 'ledger'),
      store('nowhere', null, 'gone'),
    ]);
    expect(hurt.map(({ id }) => id)).toEqual(['kiel']);
    expect(stopped.map(({ id, hurt, spared }) => [id, hurt, spared])).toEqual([['rome', 'north', 'south']]);
  });

  it('is hurt for some regions only when it starts from an instance for each', () => {
    const [business] = standingReach(g, bounds, trouble('pay-north'), [
      store('payment', null, 'pay-north', 'pay-south'),
    ]).reached;
    expect(business!.scopes.map((scope) => bounds.names(scope).region)).toEqual(['north']);
    const both = blastRadius(g, [0, 1], { boundaries: bounds });
    expect(
      standingReach(g, bounds, both, [store('payment', null, 'pay-north', 'pay-south')]).reached[0]!.scopes,
    ).toEqual([]);
    expect(standingReach(g, null, trouble('ledger'), [store('books', null, 'ledger')]).reached[0]!.scopes).toEqual([]);
  });

  it('names a service of another region itself: it is hurt when that is', () => {
    expect(standingReach(g, bounds, trouble('pay-north'), [store('rome', 'south', 'pay-north')]).reached).toHaveLength(
      1,
    );
  });
});
