import { describe, expect, it } from 'vitest';
import { opening } from '../../shared/domain/hours.ts';
import { countStore, noStores, sellingWords } from '../../shared/domain/selling.ts';
import {
  beside,
  factOf,
  partFact,
  partOf,
  sellingOf,
  storeNumber,
  UNKNOWN_FACT,
  type Fact,
  type PartState,
  type Shared,
  type StoreFacts,
} from '../../shared/domain/stores.ts';

const NOW = 1_760_000_000_000;
const MINUTE = 60_000;
const fact = <T>(value: T): Fact<T> => ({ ...UNKNOWN_FACT, value, from: 'store', at: NOW });
const facts = (known: Partial<{ [K in keyof StoreFacts]: StoreFacts[K]['value'] }>): StoreFacts => {
  const of = (member: keyof StoreFacts) =>
    member in known ? fact(known[member] as never) : (UNKNOWN_FACT as Fact<never>);
  return {
    wan: of('wan'),
    pos: of('pos'),
    edge: of('edge'),
    fallback: of('fallback'),
    buffered: of('buffered'),
    bufferedMinor: of('bufferedMinor'),
    oldestAt: of('oldestAt'),
  };
};
const shared = (health: Shared['health'], at: number | null = NOW): Shared => ({
  service: 'wan-west',
  name: 'Line West',
  health,
  since: at,
  at,
  reason: 'half of the tunnels are gone',
});
const measured = <T>(value: T, age = 0) => ({
  value,
  at: NOW - age,
  validForMs: MINUTE,
  since: NOW - 9 * MINUTE,
  source: 'prom',
});
const report = <T>(value: T, until = NOW + MINUTE) => ({
  value,
  at: NOW - MINUTE,
  until,
  by: 'Raj',
  reason: 'by phone',
});

describe('what is known of a part', () => {
  it('is unknown when nobody ever said anything', () => {
    expect(partFact(NOW, null, null, [])).toMatchObject({ value: null, from: 'none' });
  });

  it('is what a person said until that expires, and what is measured afterwards', () => {
    expect(partFact(NOW, report<PartState>('down'), measured<PartState>('works'), [])).toMatchObject({
      value: 'down',
      from: 'report',
      by: 'Raj',
    });
    expect(
      partFact(NOW + MINUTE, report<PartState>('down'), { ...measured<PartState>('works'), at: NOW + MINUTE }, []),
    ).toMatchObject({ value: 'works', from: 'store' });
    expect(partFact(NOW + MINUTE, report<PartState>('down'), null, [])).toMatchObject({
      value: null,
      last: 'down',
      reason: 'the report has expired',
    });
  });

  it('is measured at the store before it is taken from the region', () => {
    expect(partFact(NOW, null, measured<PartState>('works'), [shared('failing')])).toMatchObject({
      value: 'works',
      from: 'store',
    });
    expect(partFact(NOW, null, null, [shared('healthy'), shared('degraded')])).toMatchObject({
      value: 'hindered',
      from: 'shared',
      source: 'wan-west',
    });
  });

  it('is not made well by the region once the store fell silent, but bad news of the region counts', () => {
    const silent = measured<PartState>('works', 2 * MINUTE);
    expect(partFact(NOW, null, silent, [shared('healthy')])).toMatchObject({
      value: null,
      last: 'works',
      since: NOW - MINUTE,
    });
    expect(partFact(NOW, null, silent, [shared('failing')])).toMatchObject({
      value: 'down',
      from: 'shared',
      last: 'works',
    });
  });

  it('puts no measured worth or age beside a number that a person said', () => {
    const said = factOf(NOW, { value: 40, at: NOW, until: NOW + MINUTE, by: 'Mo', reason: 'told' }, null);
    const worth = factOf(NOW, null, measured(2_800, MINUTE));
    expect(beside(said, worth)).toMatchObject({ value: null, from: 'none' });
    expect(beside(factOf(NOW, null, measured(1, MINUTE)), worth).value).toBe(2_800);
  });

  it('says since when it is not known, and what it last was', () => {
    expect(factOf(NOW, null, measured(41, 3 * MINUTE))).toMatchObject({
      value: null,
      last: 41,
      since: NOW - 2 * MINUTE,
    });
    expect(factOf(NOW, null, measured(41, MINUTE))).toMatchObject({ value: 41 });
  });

  it('reads a share as a state', () => {
    expect([1, 0.95, 0.9, 0.06, 0.05, 0, Number.NaN].map(partOf)).toEqual([
      'works',
      'works',
      'hindered',
      'hindered',
      'down',
      'down',
      'unknown',
    ]);
  });
});

describe('who can still sell', () => {
  const cases: [Parameters<typeof facts>[0], string][] = [
    [{}, 'unknown'],
    [{ pos: 'works', wan: 'works' }, 'sells'],
    [{ pos: 'works' }, 'sells'],
    [{ pos: 'works', wan: 'down', edge: 'works' }, 'fallback'],
    [{ pos: 'works', wan: 'down', edge: 'down' }, 'hindered'],
    [{ pos: 'works', fallback: true }, 'fallback'],
    [{ pos: 'hindered', wan: 'works' }, 'hindered'],
    [{ pos: 'down', wan: 'works' }, 'cannot'],
    [{ pos: 'down', fallback: true }, 'cannot'],
    [{ wan: 'down' }, 'unknown'],
    [{ wan: 'works', edge: 'works' }, 'unknown'],
    [{ wan: 'down', fallback: true, edge: 'works' }, 'fallback'],
    [{ wan: 'down', fallback: true, edge: 'down' }, 'unknown'],
    [{ pos: 'unknown', fallback: true }, 'fallback'],
  ];
  it.each(cases)('%j: %s', (known, selling) => {
    expect(sellingOf(facts(known)).selling).toBe(selling);
  });

  it('is told in words, with the closed ones in no other count', () => {
    const counts = noStores();
    for (let n = 0; n < 95; n++) countStore(counts, { selling: 'sells', open: true });
    for (let n = 0; n < 11; n++) countStore(counts, { selling: 'fallback', open: null });
    for (let n = 0; n < 14; n++) countStore(counts, { selling: 'unknown', open: true });
    expect(sellingWords(counts)).toBe('106 sell (11 from their own server) · 14 unknown · 0 closed');
    countStore(counts, { selling: 'cannot', open: false });
    expect(sellingWords(counts)).toBe('106 sell (11 from their own server) · 14 unknown · 1 closed (1 in trouble)');
    countStore(counts, { selling: 'unknown', open: false });
    expect(sellingWords(counts)).toMatch(/· 2 closed \(1 in trouble, 1 unknown\)$/);
    countStore(counts, { selling: 'cannot', open: true });
    expect(sellingWords(counts)).toContain('1 cannot sell');
    expect(counts.total).toBe(123);
  });
});

describe('a store’s number', () => {
  it.each([
    [['store-112'], '112'],
    [['graz', 'Filiale 0407'], '0407'],
    [['112 Graz Hauptplatz'], '112'],
    [['graz'], null],
  ])('%j → %s', (names, number) => {
    expect(storeNumber(...names)).toBe(number);
  });
});

describe('opening hours', () => {
  const week = { mon: ['08:00-20:00'], tue: ['08:00-12:00', '13:00-20:00'], sat: ['20:00-02:00'], sun: [] };
  const at = (text: string) => Date.parse(`${text}+01:00`);
  const of = (text: string, hours: Record<string, string[]> = week) => opening(hours, 'Europe/Vienna', at(text));

  it('says until when, in the store’s own time', () => {
    expect(of('2026-01-05T09:00')).toEqual({ open: true, until: '20:00' });
    expect(of('2026-01-05T20:00')).toEqual({ open: false, until: 'Tue 08:00' });
    expect(of('2026-01-06T12:30')).toEqual({ open: false, until: '13:00' });
    expect(of('2026-01-06T21:00')).toEqual({ open: false, until: 'Sat 20:00' });
  });

  it('belongs to the day it began, over midnight and over the end of the week', () => {
    expect(of('2026-01-11T01:00')).toEqual({ open: true, until: '02:00' });
    const sunday = { sun: ['22:00-03:00'], mon: ['03:00-05:00'] };
    expect(of('2026-01-12T01:00', sunday)).toMatchObject({ open: true, until: '05:00' });
    expect(of('2026-01-11T23:00', sunday)).toMatchObject({ open: true });
  });

  it('says 24:00 for the end of a day, and nothing for a store that never closes', () => {
    expect(of('2026-01-05T23:00', { mon: ['08:00-24:00'] })).toEqual({ open: true, until: '24:00' });
    const always = Object.fromEntries(
      ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]),
    );
    expect(of('2026-01-05T23:00', always)).toEqual({ open: true, until: null });
  });

  it('knows nothing without hours or with a zone that is none', () => {
    expect(of('2026-01-05T09:00', {})).toEqual({ open: null, until: null });
    expect(opening(week, 'Mars/Olympus', NOW)).toEqual({ open: null, until: null });
    expect(of('2026-01-05T09:00', { mon: ['whenever'] })).toEqual({ open: null, until: null });
    expect(of('2026-01-05T09:00', { mon: [] })).toEqual({ open: false, until: null });
  });
});
