/** What the response policy proposes by each kind of condition, what it asks for, and which texts it refuses. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  proposeResponse,
  responsePolicy,
  substanceOf,
  type ResponseFacts,
} from '../../shared/domain/policy/response.ts';
import { diffSubstance } from '../../shared/domain/policy/substance.ts';

const text = readFileSync(new URL('../../assets/policy/response.yaml', import.meta.url), 'utf8');
const shipped = responsePolicy.parse(text).value!;
const parts = text.slice(text.indexOf('\nlevels:'));

const QUIET: ResponseFacts = {
  severity: 'SEV4',
  domains: ['e-commerce'],
  reach: { businessServices: 1, services: 2 },
  stores: { cannotSell: 0, perhaps: 0, total: 100, regions: 0 },
  data: 'none',
  security: 'none',
  office: true,
  lasting: 5,
  runbook: null,
};

const rules = (level: string, model: string): string =>
  `choose:\n  level:\n${level}    - otherwise: service\n  model:\n${model}    - otherwise: swarm\n${parts}`;
const levelRule = (when: string, id = 'it', gives = 'platform') =>
  `    - { id: ${id}, level: ${gives}, when: { ${when} }, why: Because. }\n`;
const modelRule = (when: string, id = 'it', gives = 'command') =>
  `    - { id: ${id}, model: ${gives}, when: { ${when} }, why: Because. }\n`;

describe('every kind of condition', () => {
  it.each<[when: string, holds: Partial<ResponseFacts>, not: Partial<ResponseFacts>]>([
    ['severity: SEV2', { severity: 'SEV1' }, { severity: 'SEV3' }],
    ['domains: [identity, cloud-erp]', { domains: ['identity'] }, { domains: ['e-commerce'] }],
    ['domainsTouched: 2', { domains: ['identity', 'cloud-erp'] }, { domains: ['identity'] }],
    [
      'businessServices: 3',
      { reach: { businessServices: 3, services: 0 } },
      { reach: { businessServices: 2, services: 9 } },
    ],
    ['services: 5', { reach: { businessServices: 0, services: 5 } }, { reach: null }],
    [
      'stores: 4',
      { stores: { cannotSell: 3, perhaps: 1, total: 100, regions: 1 } },
      { stores: { cannotSell: 3, perhaps: 0, total: 100, regions: 1 } },
    ],
    [
      'storesShare: 20%',
      { stores: { cannotSell: 20, perhaps: 0, total: 100, regions: 1 } },
      { stores: { cannotSell: 19, perhaps: 0, total: 100, regions: 9 } },
    ],
    ['regions: 2', { stores: { cannotSell: 2, perhaps: 0, total: 100, regions: 2 } }, { stores: null }],
    ['data: confirmed', { data: 'confirmed' }, { data: 'suspected' }],
    ['security: suspected', { security: 'confirmed' }, { security: 'none' }],
  ])('of a level: %s', (when, yes, no) => {
    const policy = responsePolicy.parse(rules(levelRule(when), '')).value!;
    expect(proposeResponse(policy, { ...QUIET, ...yes }).level).toBe('platform');
    expect(proposeResponse(policy, { ...QUIET, ...no }).level).toBe('service');
  });

  it.each<[when: string, holds: Partial<ResponseFacts>, not: Partial<ResponseFacts>]>([
    ['hours: off', { office: false }, { office: true }],
    ['lasting: 60', { lasting: 60 }, { lasting: 59 }],
    ['runbooks: [sso-outage]', { runbook: 'sso-outage' }, { runbook: null }],
    ['level: platform', { severity: 'SEV1' }, { severity: 'SEV2' }],
  ])('of a model: %s', (when, yes, no) => {
    const policy = responsePolicy.parse(rules(levelRule('severity: SEV1'), modelRule(when))).value!;
    expect(proposeResponse(policy, { ...QUIET, ...yes }).model).toBe('command');
    expect(proposeResponse(policy, { ...QUIET, ...no }).model).toBe('swarm');
  });

  it('that cannot be answered holds nothing, and is named', () => {
    const { level, unknown } = proposeResponse(shipped, { ...QUIET, stores: null });
    expect(level).toBe('service');
    expect(unknown).toContain('How many stores can sell is not known; it decides whether this is business continuity.');
  });
});

describe('what is asked for', () => {
  it('is that of level and model together, each audience as often as the more frequent says', () => {
    const substance = substanceOf(shipped, 'platform', 'command');
    expect(substance.roles).toEqual(['commander', 'communications', 'operations', 'scribe']);
    expect(substance.cadence).toContainEqual({ audience: 'executives', minutes: 30 });
    expect(substance.escalation[0]).toEqual({ minutes: 5, waitsFor: 'commander', to: 'duty manager' });
  });

  it('keeps what fits when the model changes, and lists the rest', () => {
    const diff = diffSubstance(
      substanceOf(shipped, 'platform', 'command'),
      substanceOf(shipped, 'business-continuity', 'business-continuity'),
    );
    expect(diff.added).toContain('role store liaison');
    expect(diff.changed).toContain('updates for executives every 30 min → updates for executives every 20 min');
    expect(diff.kept).toBeGreaterThan(3);
  });
});

describe('a policy that is wrong', () => {
  it.each([
    [
      rules(levelRule('severity: SEV1') + levelRule('severity: SEV1', 'b', 'business-continuity'), ''),
      /contradiction: it/,
    ],
    [rules('', modelRule('severity: SEV2') + modelRule('severity: SEV1', 'b', 'swarm')), /b can never decide/],
    [rules('', modelRule('hours: never')), /"never" is none of office, off/],
    [rules(levelRule('hours: off'), ''), /"hours" is none of/],
    [text.replace('    - otherwise: service\n', ''), /A gap: facts that no rule catches have no level/],
    [text.replace('  swarm:\n', '  swamp:\n'), /A gap: swarm can be chosen, and nothing says what it means/],
    [text.replace('second: operations }', 'second: commander }'), /The second person cannot be the first/],
    [text.replace('executives: 30', 'executives: soon'), /"soon" is no number/],
  ])('is refused: %#', (wrong, message) => {
    const { value, problems } = responsePolicy.parse(wrong);
    expect(value).toBeNull();
    expect(problems.map((one) => one.message).join('\n')).toMatch(message);
    expect(problems.every(({ line }) => line > 0)).toBe(true);
  });
});
