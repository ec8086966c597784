/** The table of situations, and what the shipped policies and runbooks propose for each of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { exactly } from '../../shared/domain/impact/range.ts';
import { proposeResponse, responsePolicy } from '../../shared/domain/policy/response.ts';
import { proposeSeverity, severityPolicy, TRADE_TIMES, type Hurt } from '../../shared/domain/policy/severity.ts';
import { ResponseLevel, ResponseModel, Suspicion } from '../../shared/domain/policy/substance.ts';
import { parseRunbook } from '../../shared/domain/runbook/runbook.ts';
import { suggestRunbooks } from '../../shared/domain/runbook/suggest.ts';
import { Domain, Health, Severity } from '../../shared/domain/words.ts';
import { readDemoEstate, RUNBOOKS } from './demo-estate.ts';

const Situation = z.strictObject({
  id: z.string(),
  domain: Domain,
  trigger: z.string(),
  services: z.array(z.string()).min(1),
  /** Health of services, where it is not "degraded". */
  health: z.record(z.string(), Health).default({}),
  /** "failing 70": health, and share of customers lost in per cent. */
  business: z.record(z.string(), z.string().regex(/^(early-warning|degraded|failing) \d+$/)),
  money: z.number(),
  stores: z.int().default(0),
  regions: z.int().default(0),
  data: Suspicion.default('none'),
  security: Suspicion.default('none'),
  changes: z.array(z.string()).default([]),
  lasting: z.number().default(5),
  hour: z.enum(TRADE_TIMES),
  expect: z.tuple([Severity, ResponseLevel, ResponseModel, z.string()]),
  argument: z.string().min(40).optional(),
});
export type Situation = z.infer<typeof Situation>;

export interface Outcome {
  situation: Situation;
  proposed: [Severity, ResponseLevel, ResponseModel, string];
  agrees: boolean;
}

const assets = (file: string) => readFileSync(new URL(`../../assets/policy/${file}`, import.meta.url), 'utf8');

export function readSituations(): Situation[] {
  return z
    .array(Situation)
    .parse(parse(readFileSync(new URL('situations.yaml', import.meta.url), 'utf8'), { uniqueKeys: true }));
}

/** What is proposed for every situation. */
export function outcomes(): Outcome[] {
  const estate = readDemoEstate();
  const services = new Map(estate.of('service').map((one) => [one.id, one]));
  const businessServices = new Map(estate.of('business-service').map((one) => [one.id, one]));
  const runbooks = readdirSync(RUNBOOKS)
    .filter((file) => file.endsWith('.md'))
    .map((file) => parseRunbook(file, readFileSync(join(RUNBOOKS, file), 'utf8')));
  const severities = severityPolicy.parse(assets('severity.yaml')).value!;
  const responses = responsePolicy.parse(assets('response.yaml')).value!;
  const total = estate.of('store').length;

  return readSituations().map((situation) => {
    const touched = situation.services.map((id) => services.get(id)!);
    const business = Object.entries(situation.business).map(([id, said]) => {
      const { title, name, criticality, domains } = businessServices.get(id)!;
      const [health, share] = said.split(' ') as [Health, string];
      const hurt: Hurt = { id, name: title || name, tier: criticality, health, share: exactly(Number(share) / 100) };
      return { hurt, domains };
    });
    const stores = { cannotSell: situation.stores, perhaps: 0, total, regions: situation.regions };
    const { data, security, hour, lasting, changes } = situation;
    const { severity } = proposeSeverity(severities, {
      businessServices: business.map(({ hurt }) => hurt),
      services: touched.map((one) => ({
        id: one.id,
        name: one.name,
        tier: one.tier,
        health: situation.health[one.id] ?? 'degraded',
        share: null,
      })),
      stores,
      money: { ...exactly(situation.money * 100), currency: 'EUR' },
      ...{ data, security, time: hour },
    });
    const runbook =
      suggestRunbooks(runbooks, {
        title: situation.trigger,
        services: touched.map((one) => ({ ...one, name: one.title || one.name })),
        businessServices: business.map(({ hurt }) => hurt),
        changes,
        breach: security !== 'none',
      })[0]?.id ?? 'none';
    const domains = new Set([
      ...touched.flatMap(({ domain }) => domain ?? []),
      ...business.flatMap((one) => one.domains),
    ]);
    const { level, model } = proposeResponse(responses, {
      severity,
      domains: Domain.options.filter((domain) => domains.has(domain)),
      reach: { businessServices: business.length, services: touched.length },
      ...{ stores, data, security, lasting, runbook },
      office: hour !== 'night',
    });
    const proposed: Outcome['proposed'] = [severity, level, model, runbook];
    return { situation, proposed, agrees: proposed.every((word, index) => word === situation.expect[index]) };
  });
}
