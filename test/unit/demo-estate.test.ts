import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localTime } from '../../shared/domain/times.ts';
import type { RotaLine } from '../../shared/domain/estate.ts';
import { Domain } from '../../shared/domain/words.ts';
import type { Draft } from '../../shared/domain/catalog/draft.ts';
import { DEMO, readDemoEstate, RUNBOOKS } from '../support/demo-estate.ts';

const demo = readDemoEstate();
const { of, joined, dependencies } = demo;
const names = (drafts: Draft[]) => drafts.map(({ ref }) => ref.name);
const field = <T>(draft: Draft, name: string) => draft.fields[name] as T;

describe('the demonstration estate', () => {
  it('is read without a single problem, and every reference leads somewhere', () => {
    expect(demo.catalog.problems.list()).toEqual([]);
    expect(demo.dangling).toEqual([]);
  });

  it('has the size of a grocer', () => {
    expect(of('service').length).toBeGreaterThanOrEqual(62);
    expect(of('service').length).toBeLessThanOrEqual(78);
    expect(dependencies.size).toBeGreaterThanOrEqual(135);
    expect(of('store')).toHaveLength(120);
    expect(of('business-service')).toHaveLength(8);
    expect(of('team')).toHaveLength(6);
    expect(of('person').length).toBeGreaterThanOrEqual(22);
    expect(of('source').map((draft) => draft.fields['type'])).toEqual(['player']);
  });

  it('covers every domain with every kind of service that the story needs', () => {
    expect(new Set(of('service').map((draft) => field<string>(draft, 'domain')))).toEqual(new Set(Domain.options));
    const kinds = new Set(of('service').map((draft) => field<string>(draft, 'kind')));
    expect(kinds).toEqual(
      new Set(['channel', 'edge', 'app', 'api', 'worker', 'identity-provider', 'erp', 'erp-connector', 'queue', 'cache', 'database', 'data-platform', 'observability', 'saas', 'store-edge', 'network']),
    );
  });

  it('says of every service whom to call, how soon it must be back and how its health is known', () => {
    for (const service of of('service')) {
      expect(joined(service, 'owner'), service.ref.name).toHaveLength(1);
      expect(service.fields, service.ref.name).toMatchObject({
        tier: expect.any(Number),
        rtoMinutes: expect.any(Number),
        rpoMinutes: expect.any(Number),
        description: expect.stringMatching(/^.{60,}$/s),
      });
      expect(field<unknown[]>(service, 'metrics').length, service.ref.name).toBeGreaterThan(0);
    }
    for (const vendor of of('service').filter((draft) => field<string>(draft, 'kind') === 'saas')) {
      expect(field<string | null>(vendor, 'support'), vendor.ref.name).not.toBeNull();
    }
  });

  it('refines dependencies that exist, hard and soft, sync, async and batch', () => {
    const ways = new Set<string>();
    for (const service of of('service')) {
      const refined = service.refine.map(({ use, strength, mode }) => {
        ways.add(`${strength} ${mode}`);
        return `${service.ref.name} → ${use.targets[0]!.name}`;
      });
      for (const edge of refined) expect(dependencies.has(edge), edge).toBe(true);
      expect(new Set(refined).size).toBe(refined.length);
    }
    for (const way of ['hard sync', 'hard async', 'hard batch', 'soft sync', 'soft async', 'soft batch']) expect(ways).toContain(way);
  });

  it('has no service that depends on itself, however indirectly', () => {
    const needs = new Map<string, string[]>();
    for (const edge of dependencies) {
      const [from, to] = edge.split(' → ') as [string, string];
      needs.set(from, [...(needs.get(from) ?? []), to]);
    }
    const walk = (name: string, path: string[]): void => {
      expect(path, 'a cycle').not.toContain(name);
      for (const next of needs.get(name) ?? []) if (!done.has(next)) walk(next, [...path, name]);
      done.add(name);
    };
    const done = new Set<string>();
    for (const name of needs.keys()) walk(name, []);
  });

  it('joins services to systems, systems to domains, and both ends agree on APIs', () => {
    for (const service of of('service')) expect(joined(service, 'system'), service.ref.name).toHaveLength(1);
    const provided = new Set(of('service').flatMap((service) => names(joined(service, 'provides'))));
    const apis = of('grouping').filter((draft) => draft.fields['type'] === 'api');
    expect(provided).toEqual(new Set(names(apis)));
  });

  it('puts 120 stores into four time zones, with hours and shares that add up', () => {
    const stores = of('store');
    const zones = new Set(stores.map((store) => field<string>(store, 'timezone')));
    expect(zones.size).toBe(4);
    const summer = Date.UTC(2026, 6, 1, 12);
    expect(new Set([...zones].map((zone) => localTime(summer, zone).hour)).size).toBe(4);
    expect(stores.reduce((sum, store) => sum + field<number>(store, 'share'), 0)).toBeCloseTo(1, 6);
    for (const store of stores) {
      const hours = field<Record<string, string[]>>(store, 'hours');
      expect(Object.keys(hours)).toHaveLength(7);
      expect(Object.values(hours).flat().length, store.ref.name).toBeGreaterThanOrEqual(6);
      const [region] = joined(store, 'region');
      expect(field<string>(region!, 'timezone')).toBe(field<string>(store, 'timezone'));
      expect(names(joined(store, 'serves'))).toEqual([`pos-${region!.ref.name}`, `store-edge-${region!.ref.name}`, `wan-${region!.ref.name}`]);
    }
  });

  it('knows an ordinary week of every business service, hour by hour', () => {
    for (const business of of('business-service')) {
      const { timezone, ...series } = field<Record<string, number[] | null> & { timezone: string }>(business, 'baseline');
      expect(timezone).toBe('Europe/Berlin');
      const given = Object.values(series).filter((one) => one !== null);
      expect(given.length, business.ref.name).toBeGreaterThan(0);
      for (const week of given) {
        expect(week).toHaveLength(168);
        expect(week.every((value) => Number.isSafeInteger(value) && value >= 0)).toBe(true);
        expect(Math.max(...week)).toBeGreaterThan(3 * Math.min(...week));
      }
      const measured = field<{ measures: 'orders' | 'transactions' }[]>(business, 'throughput').map(({ measures }) => measures);
      for (const measures of measured) expect(series[measures], business.ref.name).not.toBeNull();
      expect(joined(business, 'serves').length).toBeGreaterThan(0);
    }
  });

  it('gives every team a rota of people who exist and can be called', () => {
    const people = new Set(names(of('person')));
    for (const team of of('team')) {
      const rota = field<RotaLine[]>(team, 'rota');
      expect(rota.map(({ role }) => role), team.ref.name).toContain('primary');
      for (const name of rota.flatMap((line) => line.people)) expect(people, name).toContain(name);
      expect(joined(team, 'member').length).toBeGreaterThan(1);
    }
    for (const person of of('person')) expect(field<string | null>(person, 'phone'), person.ref.name).not.toBeNull();
  });

  it('shows only telephone numbers and hosts that are kept free for fiction', () => {
    const texts = readdirSync(DEMO, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(`${DEMO}${name}`, 'utf8'))
      .concat(readdirSync(RUNBOOKS).map((name) => readFileSync(`${RUNBOOKS}${name}`, 'utf8')));
    const numbers = texts.flatMap((text) => text.match(/\+\d[\d ]{6,}\d/g) ?? []);
    expect(numbers.length).toBeGreaterThan(150);
    for (const number of numbers) expect(number).toMatch(/^\+49 40 66969 \d{3}$|^\+49 69 90009 \d{3}$|^\+49 221 4710 \d{3}$|^\+49 171 39200\d{2}$|^\+353 20 91\d \d{4}$/);
    const hosts = texts.flatMap((text) => [...text.matchAll(/(?:https?:\/\/|@)([a-z0-9.-]+\.[a-z]+)/g)].map((match) => match[1]!));
    expect(hosts.length).toBeGreaterThan(150);
    for (const host of hosts) expect(host).toMatch(/\.example$/);
  });

  it('names only runbooks that are shipped', () => {
    const shipped = readdirSync(RUNBOOKS).map((name) => name.replace(/\.md$/, ''));
    expect(shipped.length).toBeGreaterThanOrEqual(3);
    for (const service of of('service')) for (const id of field<string[]>(service, 'runbooks')) expect(shipped).toContain(id);
  });
});
