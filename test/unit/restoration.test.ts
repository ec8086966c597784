import { describe, expect, it } from 'vitest';
import { cleanupLine } from '../../shared/domain/cleanup.ts';
import { difference } from '../../shared/domain/restoration/diff.ts';
import {
  planRestoration,
  type RestorationInput,
  type RestorationService,
} from '../../shared/domain/restoration/plan.ts';
import { tellRestoration } from '../../shared/domain/restoration/words.ts';
import { inventRestoration } from '../support/restorations.ts';

const NOW = 1_760_000_000_000;
const minutes = (n: number): number => n * 60_000;

function service(id: string, facts: Partial<RestorationService> = {}): RestorationService {
  return {
    id,
    kind: 'api',
    tier: 2,
    health: 'failing',
    since: NOW - minutes(19),
    heard: true,
    named: false,
    rtoMinutes: null,
    rpoMinutes: null,
    ...facts,
  };
}
const needs = (from: string, to: string, strength: 'hard' | 'soft' = 'hard') => ({ from, to, strength });
const plan = (
  services: RestorationService[],
  dependencies: ReturnType<typeof needs>[] = [],
  businessServices: RestorationInput['businessServices'] = [],
) => planRestoration({ services, dependencies, businessServices });
const order = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

describe('the order of restoration', () => {
  it('begins with the data store that everything waits for, and says why', () => {
    const items = plan(
      [
        service('checkout', { tier: 1 }),
        service('payments', { tier: 1 }),
        service('orders-db', { kind: 'database', rtoMinutes: 30, rpoMinutes: 5 }),
        service('reports', { tier: 3 }),
      ],
      [needs('checkout', 'payments'), needs('payments', 'orders-db'), needs('checkout', 'orders-db')],
      [{ id: 'selling', services: ['checkout'], since: null, rtoMinutes: null, lossPerMinute: 412_000 }],
    );
    expect(order(items)).toEqual(['orders-db', 'payments', 'checkout', 'reports']);
    expect(items.map(({ stage, lane }) => [stage, lane])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
      [1, 2],
    ]);
    const names = { service: (id: string) => id, businessService: (id: string) => id };
    expect(tellRestoration(items[0]!, names, { now: NOW, currency: 'EUR' })).toEqual([
      '2 services wait for it',
      'RTO 30 min, 11 min left',
      'data store: before what writes to it, may lose 5 min of data',
      '€ 4,120/min at risk behind it',
      'tier 1 behind it',
    ]);
    expect(tellRestoration(items[1]!, names, { now: NOW + minutes(60), currency: 'EUR' })).toContain(
      '1 service waits for it',
    );
  });

  it('puts a queue before its writers even where they need it softly, and lets nothing else soft order anything', () => {
    const writers = [service('a-writer'), service('b-queue', { kind: 'queue' })];
    expect(order(plan(writers, [needs('a-writer', 'b-queue', 'soft')]))).toEqual(['b-queue', 'a-writer']);
    const others = [service('a', { tier: 1 }), service('b', { tier: 3 })];
    const items = plan(others, [needs('a', 'b', 'soft')]);
    expect(order(items)).toEqual(['a', 'b']);
    expect(items[0]!.blockedBy).toEqual([]);
  });

  it('restores together what needs each other, and lets what waits follow', () => {
    const items = plan(
      [service('auth'), service('sessions'), service('web')],
      [needs('auth', 'sessions'), needs('sessions', 'auth'), needs('web', 'auth')],
    );
    expect(items.map(({ services }) => services)).toEqual([['auth', 'sessions'], ['web']]);
    expect(items[1]!.blockedBy).toEqual([items[0]!.id]);
    expect(items[0]!.waiting).toBe(2);
  });

  it('waits through what nobody hears of, and not through what is well', () => {
    const edges = [needs('app', 'middle'), needs('middle', 'db')];
    const ends = [service('app', { tier: 1 }), service('db', { tier: 3 })];
    expect(order(plan([...ends, service('middle', { health: 'unknown', heard: false })], edges))).toEqual([
      'db',
      'app',
    ]);
    expect(order(plan([...ends, service('middle', { health: 'healthy' })], edges))).toEqual(['app', 'db']);
    // Silent since it was heard of last, or named by people: to be restored itself.
    expect(order(plan([...ends, service('middle', { health: 'unknown' })], edges))).toEqual(['db', 'middle', 'app']);
  });

  it('takes tier, then the earlier objective, then money', () => {
    const same = { rtoMinutes: 60, since: NOW } as const;
    const items = plan(
      [
        service('poor', same),
        service('rich', same),
        service('soon', { rtoMinutes: 15, since: NOW }),
        service('first', { tier: 1 }),
      ],
      [],
      [{ id: 'selling', services: ['rich'], since: null, rtoMinutes: null, lossPerMinute: 5 }],
    );
    expect(order(items)).toEqual(['first', 'soon', 'rich', 'poor']);
  });

  it('plans 5,000 services within 50 ms', () => {
    const input = inventRestoration(5000, 15_000, 7, 0.5);
    planRestoration(input);
    const began = performance.now();
    const items = planRestoration(input);
    expect(performance.now() - began).toBeLessThan(50);
    expect(items.length).toBeGreaterThan(1500);
  });
});

describe('a changed plan', () => {
  const item = (id: string, blockedBy: string[] = []) => ({ id, services: [id], blockedBy });
  it('says what came, what went and what moved, and leaves alone what did not', () => {
    const before = [item('db'), item('api'), item('web', ['api']), item('gone')];
    const after = [item('api'), item('new'), item('db'), item('web', ['api', 'db'])];
    const { added, removed, moved } = difference(before, after, () => false);
    expect([order(added), order(removed), moved.map((one) => one.item.id)]).toEqual([
      ['new'],
      ['gone'],
      ['api', 'web'],
    ]);
    expect(difference(before, before, () => false)).toEqual({ added: [], removed: [], moved: [] });
  });
});

describe('the line of a cleanup', () => {
  it('adds up what is left by unit', () => {
    expect(
      cleanupLine([
        { remaining: 41, unit: 'transactions' },
        { remaining: 200, unit: 'orders' },
        { remaining: 14, unit: 'orders' },
      ]),
    ).toBe('214 orders, 41 transactions to reconcile');
    expect(cleanupLine([])).toBe('');
  });
});
