import { describe, expect, it } from 'vitest';
import { rankCauses, type Observed, type ObservedService } from '../../shared/domain/cause/rank.ts';
import { tellReason } from '../../shared/domain/cause/words.ts';
import type { Health } from '../../shared/domain/words.ts';

const NOW = Date.UTC(2026, 10, 22, 14, 30);
const MINUTE = 60_000;

/** `web > shop` needs it hard, `web ~ ads` softly. States: health and minutes ago. */
function observed(
  needs: readonly string[],
  states: Record<string, [Health, minutesAgo?: number | null] | 'unwatched'>,
  more: Partial<Observed> = {},
): Observed {
  const dependencies = needs.map((text) => {
    const [from, how, to] = text.split(' ') as [string, string, string];
    return { from, to, strength: how === '>' ? ('hard' as const) : ('soft' as const), mode: 'sync' as const };
  });
  const ids = new Set([...dependencies.flatMap(({ from, to }) => [from, to]), ...Object.keys(states)]);
  return {
    now: NOW,
    dependencies,
    services: [...ids].map((id): ObservedService => {
      const state = states[id] ?? ['healthy'];
      if (state === 'unwatched') return { id, health: 'unknown', onset: null, heard: false };
      const [health, ago] = state;
      return { id, health, onset: ago === undefined || ago === null ? null : NOW - ago * MINUTE, heard: true };
    }),
    businessServices: [],
    changes: [],
    ...more,
  };
}

const first = (given: Observed) => rankCauses(given)[0]?.service;
const kinds = (given: Observed, service: string) =>
  rankCauses(given)
    .find((one) => one.service === service)!
    .reasons.map(({ kind }) => kind);

describe('probable cause', () => {
  it('is what is sick while what it needs is healthy and explains the others', () => {
    const given = observed(['web > api', 'app > api', 'api > db', 'api > cache'], {
      web: ['failing', 8],
      app: ['degraded', 8],
      api: ['failing', 9],
      db: ['failing', 10],
    });
    expect(first(given)).toBe('db');
    expect(kinds(given, 'db')).toEqual(expect.arrayContaining(['cleared', 'explains', 'earliest']));
    expect(kinds(given, 'api')).toContain('downstream');
  });

  it('is two of them where two things broke: the second stands among the first four, as a fault of its own', () => {
    const shop = Array.from({ length: 8 }, (_, i) => `shop${i}`);
    const till = Array.from({ length: 3 }, (_, i) => `till${i}`);
    const given = observed(
      [
        ...shop.map((id) => `${id} > db`),
        'db > disk',
        ...shop.map((id) => `${id} > cache`),
        ...till.map((id) => `${id} > wan`),
      ],
      {
        ...Object.fromEntries(shop.map((id) => [id, ['failing', 8]])),
        ...Object.fromEntries(till.map((id) => [id, ['failing', 5]])),
        ...{ db: ['failing', 9], disk: ['failing', 10], cache: ['degraded', 7], wan: ['failing', 6] },
      },
    );
    const ranked = rankCauses(given);
    expect(ranked[0]).toMatchObject({ service: 'disk', fault: 1 });
    const other = ranked.findIndex(({ service }) => service === 'wan');
    expect(other).toBeLessThan(4);
    expect(ranked[other]!.fault).not.toBe(1);
    expect(ranked.slice(0, other).every(({ fault }) => fault === 1)).toBe(true);
  });

  it('is the service that was changed right before, although what it calls was sick first', () => {
    const needs = ['web > checkout', 'checkout > pool', 'pool > db', 'payments > pool', 'web > payments'];
    const states = {
      db: ['degraded', 20],
      pool: ['degraded', 19],
      payments: ['failing', 18],
      checkout: ['failing', 18],
      web: ['degraded', 16],
    } as const satisfies Record<string, [Health, number]>;
    const release = { id: 'c1', kind: 'deployment' as const, at: NOW - 22 * MINUTE, services: ['checkout'] };
    expect(first(observed(needs, states))).toBe('db');
    expect(first(observed(needs, states, { changes: [release] }))).toBe('checkout');
    // A change after it began, or hours before, is none.
    for (const at of [NOW - 5 * MINUTE, NOW - 300 * MINUTE])
      expect(first(observed(needs, states, { changes: [{ ...release, at }] }))).toBe('db');
  });

  it('may be a service that fell silent, or that nothing watches, when what needs it is sick', () => {
    const needs = ['a > core', 'b > core', 'c > core', 'd > core'];
    const sick = {
      a: ['failing', 9],
      b: ['failing', 8],
      c: ['failing', 9],
      d: ['failing', 7],
    } as const satisfies Record<string, [Health, number]>;
    expect(first(observed(needs, { ...sick, core: ['unknown', 10] }))).toBe('core');
    expect(first(observed(needs, { ...sick, core: 'unwatched' }))).toBe('core');
    // Four at once, and nothing else in common: its own alerts are late. Two, half an hour apart, and long ago: they would not be.
    const [hidden] = rankCauses(observed(needs, { ...sick }));
    expect(hidden!.service).toBe('core');
    expect(hidden!.reasons.at(-1)).toMatchObject({ kind: 'own', health: 'healthy' });
    const apart = observed(needs.slice(0, 2), { a: ['failing', 70], b: ['failing', 40] });
    expect(first(apart)).not.toBe('core');
  });

  it('is not a false alarm that explains nothing of what business services suffer from', () => {
    const given = observed(
      ['web > api', 'api > db'],
      { web: ['failing', 8], api: ['failing', 9], db: ['degraded', 10], printer: ['failing', 50] },
      { businessServices: [{ id: 'checkout', services: ['web'], hurt: true }] },
    );
    const ranked = rankCauses(given);
    expect(ranked[0]!.service).toBe('db');
    expect(ranked[0]!.businessServices).toEqual(['checkout']);
    const printer = ranked.find(({ service }) => service === 'printer')!;
    expect(printer.reasons.map(({ kind }) => kind)).toContain('aside');
    expect(printer.fault).not.toBe(ranked[0]!.fault);
  });

  it('survives one late alert of the true cause', () => {
    expect(
      first(
        observed(['a > db', 'b > db', 'c > db'], {
          a: ['failing', 12],
          b: ['failing', 12],
          c: ['degraded', 11],
          db: ['failing', 5],
        }),
      ),
    ).toBe('db');
  });

  it('handles circles, self-loops and nothing at all', () => {
    const circle = observed(['a > b', 'b > c', 'c > a', 'a > a'], {
      a: ['failing', 5],
      b: ['failing', 6],
      c: ['failing', 9],
    });
    expect(rankCauses(circle).map(({ service }) => service)).toHaveLength(3);
    expect(rankCauses(observed(['a > b'], {}))).toEqual([]);
    expect(rankCauses(observed([], {}))).toEqual([]);
  });

  it('says of every point which reason it comes from, in words with times', () => {
    const given = observed(
      ['web > api', 'api > db', 'lone > db'],
      { web: ['failing', 8], api: ['failing', 9], db: ['failing', 10] },
      {
        changes: [{ id: 'c1', kind: 'configuration', at: NOW - 12 * MINUTE, services: ['db'] }],
        businessServices: [{ id: 'checkout', services: ['web'], hurt: true }],
      },
    );
    const [top] = rankCauses(given);
    expect(top!.service).toBe('db');
    expect(top!.score).toBeCloseTo(
      top!.reasons.reduce((sum, { points }) => sum + points, 0),
      5,
    );
    const names = {
      service: (id: string) => id.toUpperCase(),
      businessService: (id: string) => id,
      change: () => 'more connections',
    };
    const told = top!.reasons.map((reason) => tellReason(reason, names, { zone: 'UTC', now: NOW }));
    expect(told).toContain('Configuration at 14:18:00 UTC, 2 min before it began: more connections');
    expect(told).toContain('It was the first: sick from 14:20:00 UTC, API from 14:21:00 UTC');
    expect(told).toContain('It explains 2 of 2 other sick services');
    expect(told.join('\n')).toContain('LONE');
    expect(top!.explains.find(({ service }) => service === 'web')!.path).toEqual(['db', 'api', 'web']);
  });

  it('looks at an incident through what it affects', () => {
    const given = observed(['web > db1', 'shop > db1', 'pos > db2', 'till > db2'], {
      web: ['failing', 9],
      shop: ['failing', 9],
      db1: ['failing', 10],
      pos: ['degraded', 9],
      till: ['degraded', 9],
      db2: ['degraded', 10],
    });
    expect(first(given)).toBe('db1');
    expect(first({ ...given, focus: ['pos', 'till'] })).toBe('db2');
  });
});
