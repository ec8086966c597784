import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { onCall } from '../../shared/domain/rota.ts';
import { localTime } from '../../shared/domain/times.ts';
import { Domain, ServiceKind } from '../../shared/domain/words.ts';
import { DEMO, readDemoEstate, RUNBOOKS } from '../support/demo-estate.ts';

const { of, problems } = readDemoEstate();
const services = new Map(of('service').map((service) => [service.id, service]));
const ids = (entities: { id: string }[]) => entities.map(({ id }) => id);

describe('the demonstration estate', () => {
  it('is imported without a complaint: no dangling reference, no cycle, no missing runbook', () => {
    expect(problems).toEqual([]);
  });

  it('has the size of a grocer', () => {
    expect(services.size).toBeGreaterThanOrEqual(62);
    expect(services.size).toBeLessThanOrEqual(78);
    expect(of('dependency').length).toBeGreaterThanOrEqual(135);
    expect(of('store')).toHaveLength(120);
    expect(of('business-service')).toHaveLength(8);
    expect(of('team')).toHaveLength(6);
    expect(of('person').length).toBeGreaterThanOrEqual(22);
    expect(of('source').map(({ type }) => type)).toEqual(['player']);
  });

  it('covers every domain and every kind of service', () => {
    expect(new Set([...services.values()].map(({ domain }) => domain))).toEqual(new Set(Domain.options));
    expect(new Set([...services.values()].map(({ kind }) => kind))).toEqual(new Set(ServiceKind.options));
  });

  it('says of every service whom to call, how soon it must be back and how its health is known', () => {
    const teams = new Set(ids(of('team')));
    const regions = new Set(ids(of('region')));
    for (const service of services.values()) {
      expect(teams, service.id).toContain(service.owner);
      expect(service.tier, service.id).not.toBeNull();
      expect(service.rtoMinutes, service.id).not.toBeNull();
      expect(service.rpoMinutes, service.id).not.toBeNull();
      expect(service.system, service.id).not.toBeNull();
      expect(service.title, service.id).not.toBe('');
      expect(service.description.length, service.id).toBeGreaterThan(60);
      expect(service.metrics.length, service.id).toBeGreaterThan(0);
      for (const metric of service.metrics)
        expect(metric, service.id).toMatchObject({
          early: expect.any(String),
          degraded: expect.any(String),
          failing: expect.any(String),
        });
      expect(service.alertMatch.length, service.id).toBeGreaterThan(0);
      if (service.kind === 'saas') expect(service.support, service.id).not.toBeNull();
      if (service.region !== null) expect(regions, service.id).toContain(service.region);
    }
  });

  it('has hard and soft dependencies of every mode, and no service that needs itself, however indirectly', () => {
    const edges = of('dependency');
    expect(new Set(edges.map(({ strength, mode }) => `${strength} ${mode}`))).toEqual(
      new Set(['hard sync', 'hard async', 'hard batch', 'soft sync', 'soft async', 'soft batch']),
    );
    const done = new Set<string>();
    const walk = (id: string, path: string[]): void => {
      expect(path, 'a cycle').not.toContain(id);
      for (const { to } of edges.filter(({ from }) => from === id)) if (!done.has(to)) walk(to, [...path, id]);
      done.add(id);
    };
    for (const id of services.keys()) walk(id, []);
  });

  it('lets the shop sell although a store line, a vendor of flags or the replica is down', () => {
    const hard = of('dependency').filter(({ strength }) => strength === 'hard');
    const reached = (start: readonly string[]) => {
      const found = new Set(start);
      for (const id of found) for (const { from, to } of hard) if (from === id) found.add(to);
      return found;
    };
    const path = (business: string) => reached(of('business-service').find(({ id }) => id === business)!.services);
    expect([...path('checkout')]).toEqual(expect.arrayContaining(['checkout-postgres', 'payment-gateway', 'edge-dns']));
    for (const id of ['feature-flags', 'fraud-screening', 'odoo-postgres-replica', 'search-api'])
      expect(path('checkout')).not.toContain(id);
    for (const id of ['wan-ie-west', 'sd-wan-controller', 'staff-identity'])
      expect(path('in-store-payment')).not.toContain(id);
    for (const business of of('business-service'))
      expect(path(business.id), business.id).not.toContain('island-freight');
  });

  it('puts 120 stores into four time zones, with hours and shares that add up', () => {
    const regions = new Map(of('region').map((region) => [region.id, region]));
    const stores = of('store');
    const zones = [...new Set(stores.map(({ timezone }) => timezone))];
    expect(zones).toHaveLength(4);
    expect(new Set(zones.map((zone) => localTime(Date.UTC(2026, 6, 1, 12), zone).hour)).size).toBe(4);
    expect(stores.reduce((sum, { share }) => sum + share!, 0)).toBeCloseTo(1, 6);
    for (const store of stores) {
      const { region } = store;
      expect(Object.keys(store.hours), store.id).toHaveLength(7);
      expect(Object.values(store.hours).flat().length, store.id).toBeGreaterThanOrEqual(6);
      expect(store.timezone, store.id).toBe(regions.get(region!)!.timezone);
      expect(store.services, store.id).toEqual([`pos-${region}`, `store-edge-${region}`, `wan-${region}`]);
      expect(store.phone, store.id).not.toBeNull();
    }
  });

  it('knows an ordinary week of every business service, hour by hour', () => {
    for (const business of of('business-service')) {
      const { timezone, ...series } = business.baseline!;
      expect(timezone).toBe('Europe/Berlin');
      const given = Object.values(series).filter((week) => week !== null);
      expect(given.length, business.id).toBeGreaterThan(0);
      for (const week of given) {
        expect(week).toHaveLength(168);
        expect(week.every(Number.isSafeInteger)).toBe(true);
        const hours = week.map((hour) => hour ?? Number.NaN);
        expect(Math.max(...hours)).toBeGreaterThan(3 * Math.min(...hours));
      }
      expect(business.throughput.length, business.id).toBeGreaterThan(0);
      for (const { measures } of business.throughput)
        expect(series[measures as 'orders' | 'transactions'], business.id).not.toBeNull();
      expect(business.services.length, business.id).toBeGreaterThan(0);
      expect(business.currency).toBe('EUR');
    }
  });

  it('has somebody on call in every team at any time, and a number for everybody', () => {
    const people = new Set(ids(of('person')));
    for (const team of of('team')) {
      expect(
        team.rota.map(({ role }) => role),
        team.id,
      ).toContain('primary');
      for (const at of [Date.UTC(2026, 2, 29, 1, 30), Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2027, 6, 4)]) {
        for (const line of team.rota) expect(people, team.id).toContain(onCall(line, at)?.person);
      }
      expect(team.members.length, team.id).toBeGreaterThan(1);
      expect(team.bridge, team.id).not.toBeNull();
    }
    for (const person of of('person')) {
      expect(person.phone, person.id).not.toBeNull();
      expect(person.timezone, person.id).not.toBeNull();
      expect(person.title, person.id).not.toBe('');
    }
  });

  it('shows only telephone numbers and hosts that are kept free for fiction', () => {
    const texts = readdirSync(DEMO, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join(DEMO, name), 'utf8'))
      .concat(readdirSync(RUNBOOKS).map((name) => readFileSync(join(RUNBOOKS, name), 'utf8')));
    const numbers = texts.flatMap((text) => text.match(/\+\d[\d ]{6,}\d/g) ?? []);
    expect(numbers.length).toBeGreaterThan(150);
    for (const number of numbers) {
      expect(number).toMatch(/^\+49 (40 66969|69 90009|221 4710) \d{3}$|^\+49 171 39200\d{2}$|^\+353 20 91\d \d{4}$/);
    }
    const hosts = texts.flatMap((text) =>
      [...text.matchAll(/(?:https?:\/\/|@)([a-z0-9.-]+\.[a-z]+)/g)].map((match) => match[1]!),
    );
    expect(hosts.length).toBeGreaterThan(150);
    for (const host of hosts) expect(host).toMatch(/\.example$/);
  });

  it('points Backstage at files that exist, and at all of its descriptors', () => {
    const root = join(DEMO, 'estate');
    const location = parseAllDocuments(readFileSync(join(root, 'catalog-info.yaml'), 'utf8'))[0]!.toJS() as {
      spec: { targets: string[] };
    };
    for (const target of location.spec.targets) expect(existsSync(join(root, target)), target).toBe(true);
    const descriptors = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml') && name !== 'catalog-info.yaml')
      .filter((name) => readFileSync(join(root, name), 'utf8').includes('apiVersion: backstage.io/'));
    expect(location.spec.targets.map((target) => target.slice(2)).sort()).toEqual(descriptors.sort());
  });
});
