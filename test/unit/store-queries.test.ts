import { describe, expect, it } from 'vitest';
import { StoreReadings } from '../../electron/engine/sources/store-readings.ts';
import {
  readStores,
  StoreIndex,
  type StoreFigure,
  type StoreSeries,
} from '../../electron/engine/sources/store-queries.ts';

const stores = [
  { id: 'store-007', name: 'Graz Hauptplatz', number: '007', region: 'at', share: 0.5 },
  { id: 'store-112', name: 'Linz', number: '112', region: 'at', share: 0.5 },
  { id: 'b-112', name: 'Linz', number: '112', region: 'de', share: null },
];
const index = new StoreIndex(stores);
const NOW = 1_760_000_000_000;
const read = (figures: Partial<Record<StoreFigure, [string, number][]>>) =>
  readStores(
    new Map(
      Object.entries(figures).map(([figure, series]) => [
        figure as StoreFigure,
        series.map(([store, value]): StoreSeries => ({ labels: { store }, value })),
      ]),
    ),
    'store',
    index,
    NOW,
    60_000,
  );

describe('the store that a label names', () => {
  it.each([
    ['store-007', 'store-007'],
    ['STORE-007', 'store-007'],
    ['Graz Hauptplatz', 'store-007'],
    ['7', 'store-007'],
    ['007', 'store-007'],
    ['112', null],
    ['Linz', null],
    ['b-112', 'b-112'],
    ['', null],
  ])('%s → %s', (label, id) => {
    expect(index.find(label)).toBe(id);
  });
});

describe('an answer for all stores', () => {
  it('gives one reading per store that is named, with nothing made up for what was not said', () => {
    const { readings, strangers } = read({
      storeWan: [['7', 0]],
      storeFallback: [['7', 1]],
      storeBuffered: [
        ['7', 40],
        ['store-007', 2],
        ['b-112', Number.NaN],
      ],
      storeOldest: [['7', 90]],
      storePos: [
        ['b-112', 0.5],
        ['elsewhere', 1],
      ],
    });
    expect(readings).toEqual([
      {
        store: 'store-007',
        observedAt: NOW,
        validForMs: 60_000,
        wan: 'down',
        fallback: true,
        buffered: 42,
        oldestAt: NOW - 90_000,
      },
      { store: 'b-112', observedAt: NOW, validForMs: 60_000, pos: 'hindered' },
    ]);
    expect(strangers).toEqual(['elsewhere']);
  });
});

describe('readings', () => {
  it('keep what a store last said when it falls silent, and say when time alone made it unknown', () => {
    const kept = new StoreReadings(null);
    kept.apply('prom', read({ storeWan: [['7', 1]], storeBuffered: [['7', 3]] }).readings, NOW);
    expect(kept.aged(NOW)).toBe(false);
    kept.apply('prom', read({ storeBuffered: [['7', 4]] }).readings, NOW);
    expect(kept.of('store-007')).toMatchObject({ wan: { value: 'works', at: NOW }, buffered: { value: 4 }, pos: null });
    expect(kept.aged(NOW + 30_000)).toBe(false);
    expect(kept.aged(NOW + 60_001)).toBe(true);
    expect(kept.aged(NOW + 70_000)).toBe(false);
    expect(kept.of('store-007')?.wan?.value).toBe('works');
    kept.drop('prom');
    expect(kept.of('store-007')).toBeNull();
  });

  it('take the newest word of several sources, and remember since when it is so', () => {
    const kept = new StoreReadings(null);
    const says = (source: string, at: number, wan: 'works' | 'down') =>
      kept.apply(source, [{ store: 'store-007', wan, observedAt: at, validForMs: 60_000 }], at);
    says('a', NOW, 'down');
    says('a', NOW + 5_000, 'down');
    says('b', NOW + 1_000, 'works');
    expect(kept.of('store-007')?.wan).toMatchObject({ value: 'down', since: NOW, at: NOW + 5_000, source: 'a' });
    says('b', NOW + 9_000, 'works');
    expect(kept.of('store-007')?.wan).toMatchObject({ value: 'works', since: NOW + 1_000, source: 'b' });
  });
});
