/** What counts as drift, told by example. */
import { describe, expect, it } from 'vitest';
import { readEdges } from '../../electron/engine/sources/service-graph.ts';
import { driftOf, LEARN_MS, RECENT_MS, type SeenCall } from '../../shared/domain/graph/drift.ts';

const NOW = 1_780_000_000_000;

function call(from: string | null, to: string | null, more: Partial<SeenCall> = {}): SeenCall {
  return {
    ...{ client: from ?? 'user', server: to ?? 'mystery', from, to, connection: '', rate: 2, errorShare: 0 },
    ...{ firstAt: NOW - 2 * LEARN_MS, lastAt: NOW },
    ...more,
  };
}

describe('drift', () => {
  it('is what is seen and not declared, added up over kinds of connection and sources', () => {
    const { undeclared, confirmed } = driftOf(
      [
        call('web', 'cart', { rate: 3, errorShare: 0.5 }),
        call('web', 'cart', { rate: 1, connection: 'messaging_system', firstAt: NOW - 9 * LEARN_MS }),
        call('web', 'search'),
        call('web', 'web'),
      ],
      [{ from: 'web', to: 'search' }],
      NOW,
    );
    expect(confirmed).toBe(1);
    expect(undeclared).toEqual([
      {
        ...{ from: 'web', to: 'cart', connections: ['messaging_system'], rate: 4, errorShare: 0.375 },
        ...{ firstAt: NOW - 9 * LEARN_MS, lastAt: NOW },
      },
    ]);
  });

  it('gives no rate to what was not seen lately', () => {
    const [old] = driftOf([call('web', 'cart', { lastAt: NOW - RECENT_MS - 1 })], [], NOW).undeclared;
    expect(old).toMatchObject({ rate: null, errorShare: null, lastAt: NOW - RECENT_MS - 1 });
  });

  it('calls nothing unseen that a source which told only a part, or fell silent too soon, could have seen', () => {
    const declared = [{ from: 'web', to: 'cart' }];
    const unseen = (more: Partial<SeenCall>) => driftOf([call('web', 'search', more)], declared, NOW).unseen.length;
    expect(unseen({})).toBe(1);
    expect(unseen({ cut: true })).toBe(0);
    const firstAt = NOW - 100 * LEARN_MS;
    expect(unseen({ firstAt, lastAt: firstAt + LEARN_MS - 1 })).toBe(0);
  });

  it('calls unseen only what a watched caller does not call, and says whether the other end is known', () => {
    const declared = [
      { from: 'web', to: 'cart' },
      { from: 'web', to: 'ledger' },
      { from: 'batch', to: 'ledger' },
      { from: 'fresh', to: 'cart' },
      { from: 'web', to: 'web' },
    ];
    const seen = [
      call('web', 'search'),
      call('search', 'cart'),
      call('fresh', 'search', { firstAt: NOW - LEARN_MS + 1 }),
    ];
    const until = { watchedUntil: NOW };
    expect(driftOf(seen, declared, NOW).unseen).toEqual([
      { from: 'web', to: 'cart', others: 1, watchedSince: NOW - 2 * LEARN_MS, knowsTarget: true, ...until },
      { from: 'web', to: 'ledger', others: 1, watchedSince: NOW - 2 * LEARN_MS, knowsTarget: false, ...until },
    ]);
  });

  it('lists names that mean no service, by what they are seen as', () => {
    const { strangers } = driftOf(
      [call(null, 'web'), call('web', null), call('cart', null, { rate: 1 }), call(null, 'web', { client: 'mystery' })],
      [],
      NOW,
    );
    expect(strangers.map(({ name, as, calls, rate }) => [name, as, calls, rate])).toEqual([
      ['mystery', 'both', 2, 5],
      ['user', 'client', 1, 2],
    ]);
  });
});

describe('service-graph series', () => {
  it('become edges with the share that failed; a failure series that is not there is no failure', () => {
    const labels = { client: 'web', server: 'cart' };
    expect(
      readEdges(
        [
          { labels, value: 4 },
          { labels: { client: 'web', server: 'db', connection_type: 'database' }, value: 2 },
          { labels: { client: 'web', server: 'queue', connection_type: 'unset' }, value: Number.NaN },
          { labels: { client: '', server: 'cart' }, value: 1 },
        ],
        [{ labels, value: 1 }],
      ),
    ).toEqual([
      { client: 'web', server: 'cart', connection: '', rate: 4, errorShare: 0.25 },
      { client: 'web', server: 'db', connection: 'database', rate: 2, errorShare: 0 },
    ]);
  });

  it('keep names of any script, cut where they are absurdly long', () => {
    const [edge] = readEdges([{ labels: { client: '库存 🛒'.repeat(100), server: 'مخزون' }, value: 1 }], []);
    expect(edge!.client).toHaveLength(300);
    expect(edge!.server).toBe('مخزون');
  });
});
