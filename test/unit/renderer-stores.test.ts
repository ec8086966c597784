import { describe, expect, it } from 'vitest';
import { standing } from '../../renderer/board/currency.ts';
import {
  blocksOf,
  cellLabel,
  hurtRegions,
  nextTrouble,
  signature,
  step,
} from '../../renderer/features/stores/model.ts';
import type { StoreCell, StoreList } from '../../shared/contract/stores.ts';
import { noStores } from '../../shared/domain/selling.ts';

const cell = (region: string | null, number: string, more: Partial<StoreCell> = {}): StoreCell => ({
  id: `store-${number}`,
  number,
  name: `Town ${number}`,
  region,
  selling: 'sells',
  open: true,
  wan: 'works',
  pos: 'works',
  edge: 'works',
  fallback: false,
  buffered: 0,
  oldestAt: null,
  reported: false,
  why: 'its tills work',
  since: null,
  heardAt: 1,
  ...more,
});

const list = (...stores: StoreCell[]): StoreList => ({
  answer: '',
  counts: noStores(),
  buffered: { count: 0, minor: null, valued: 0, currency: 'EUR', stores: 0, oldestAt: null },
  regions: ['a', 'b', ''].map((id) => ({
    region: { id, name: id.toUpperCase() },
    timezone: 'UTC',
    ...noStores(),
    buffered: null,
  })),
  stores,
  asOf: 1,
});

const seven = list(
  ...['1', '10', '2', '3', '4'].map((number) => cell('a', number)),
  cell('b', '20', { selling: 'fallback' }),
  cell('b', '21', { selling: 'unknown', open: false }),
  cell(null, '30'),
);
const all = blocksOf(seven, { show: 'all', region: '', find: '' });
const ids = (blocks: typeof all) => blocks.map(({ stores }) => stores.map(({ number }) => number).join(' '));

describe('the grid of stores', () => {
  it('puts each store into its region by number, and one without a region too', () => {
    expect(ids(all)).toEqual(['1 2 3 4 10', '20 21', '30']);
  });

  it('names the regions that are hurt, the worst share first', () => {
    const [a, b, none] = seven.regions.map((one) => ({ ...one, total: 10 }));
    const regions = [{ ...a!, closedUnknown: 1 }, { ...b!, fallback: 2, cannot: 1 }, none!];
    expect(hurtRegions({ regions })).toEqual([
      { id: 'b', name: 'B', stores: 3, total: 10 },
      { id: 'a', name: 'A', stores: 1, total: 10 },
    ]);
  });

  it('filters by what stores can do, region and words, and leaves out empty regions', () => {
    const show = (filters: Partial<Parameters<typeof blocksOf>[1]>) =>
      ids(blocksOf(seven, { show: 'all', region: '', find: '', ...filters }));
    expect(show({ show: 'trouble' })).toEqual(['20 21']);
    expect(show({ show: 'unknown' })).toEqual([]);
    expect(show({ show: 'closed' })).toEqual(['21']);
    expect(show({ region: 'a' })).toEqual(['1 2 3 4 10']);
    expect(show({ find: 'town 2' })).toEqual(['2', '20 21']);
  });

  it('is walked over rows and on into the next region at the same place', () => {
    const walk = (from: string, ...keys: string[]) =>
      keys.reduce<string | null>((at, key) => step(all, at, key, 2), `store-${from}`)?.replace('store-', '');
    expect(walk('1', 'ArrowRight', 'ArrowDown')).toBe('4');
    expect(walk('4', 'ArrowDown')).toBe('10');
    expect(walk('10', 'ArrowDown')).toBe('20');
    expect(walk('21', 'ArrowDown')).toBe('30');
    expect(walk('30', 'ArrowDown', 'ArrowRight', 'j')).toBe('30');
    expect(walk('20', 'ArrowUp')).toBe('10');
    expect(walk('21', 'ArrowUp')).toBe('10');
    expect(walk('1', 'ArrowUp', 'k', 'ArrowLeft')).toBe('1');
    expect(walk('3', 'End')).toBe('30');
    expect(walk('3', 'Home')).toBe('1');
    expect(step(all, 'store-1', 'x', 2)).toBeNull();
    expect(step(all, null, 'j', 2)).toBe('store-1');
  });

  it('goes from trouble to trouble and around', () => {
    expect(nextTrouble(all, null)).toBe('store-20');
    expect(nextTrouble(all, 'store-20')).toBe('store-21');
    expect(nextTrouble(all, 'store-21')).toBe('store-20');
    expect(nextTrouble(blocksOf(seven, { show: 'all', region: 'a', find: '' }), null)).toBeNull();
  });

  it('is drawn again when a cell looks different, and only then', () => {
    const [block] = all;
    const heard = { ...block!, stores: block!.stores.map((store) => ({ ...store, heardAt: 99, buffered: 7 })) };
    expect(signature(heard)).toBe(signature(block!));
    const hurt = { ...block!, stores: block!.stores.map((store) => ({ ...store, selling: 'cannot' as const })) };
    expect(signature(hurt)).not.toBe(signature(block!));
  });

  it('is told to whoever does not see it', () => {
    expect(cellLabel(cell('a', '7', { selling: 'cannot', why: 'its tills are down', open: false }))).toBe(
      '7 Town 7: cannot sell, its tills are down, closed now',
    );
  });
});

describe('whether the board may be believed', () => {
  const NOW = 1_760_000_000_000;
  const SECOND = 1000;

  it('may while the engine answers and something was heard within a minute', () => {
    expect(standing(NOW, 'ready', NOW - 4 * SECOND, NOW - 30 * SECOND)).toEqual({
      trueAt: NOW - 30 * SECOND,
      warning: null,
    });
    expect(standing(NOW, 'ready', NOW - 4 * SECOND, null)).toEqual({ trueAt: NOW - 4 * SECOND, warning: null });
    expect(standing(NOW, 'starting', null, null)).toEqual({ trueAt: null, warning: null });
  });

  it.each([
    ['ready', 61, 61, 'has not answered for 1 min'],
    ['ready', 2, 61, 'Nothing has been heard from any source for 1 min'],
    ['restarting', 2, 2, 'stopped and is starting again'],
    ['fatal', 2, 2, 'cannot open its data'],
  ] as const)('may not when the engine is %s, read %i s and heard %i s ago', (engine, read, heard, why) => {
    expect(standing(NOW, engine, NOW - read * SECOND, NOW - heard * SECOND).warning).toContain(why);
  });

  it('may not before any source was ever heard', () => {
    expect(standing(NOW, 'ready', NOW, 0).warning).toContain('Nothing has been heard from any source yet');
  });
});
