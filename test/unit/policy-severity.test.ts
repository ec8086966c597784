/** What the severity policy proposes for facts, what it says of facts that it does not have, and which texts it refuses. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { POLICY_IDS, policyKind } from '../../shared/domain/policy/kinds.ts';
import {
  proposeSeverity,
  severityPolicy,
  type Hurt,
  type SeverityFacts,
  type SeverityPolicy,
} from '../../shared/domain/policy/severity.ts';

const shippedText = (file: string) => readFileSync(new URL(`../../assets/policy/${file}`, import.meta.url), 'utf8');
const shipped = severityPolicy.parse(shippedText('severity.yaml')).value!;

const QUIET: SeverityFacts = {
  businessServices: [{ id: 'c', name: 'Cards', tier: 3, health: 'healthy', share: null }],
  services: [],
  stores: { cannotSell: 0, perhaps: 0, total: 120, regions: 0 },
  money: { low: 0, likely: 0, high: 0, currency: 'EUR' },
  data: 'none',
  security: 'none',
  time: 'day',
};
const hurt = (more: Partial<Hurt>): Hurt => ({
  id: 'checkout',
  name: 'Checkout',
  tier: 1,
  health: 'degraded',
  share: { low: 0.1, likely: 0.1, high: 0.1 },
  ...more,
});
const propose = (facts: Partial<SeverityFacts>, policy = shipped) => proposeSeverity(policy, { ...QUIET, ...facts });
const exactly = (value: number) => ({ low: value, likely: value, high: value });

/** A policy with one rule of interest, and `otherwise` for the rest. */
function policyOf(when: string, severity = 'SEV2'): SeverityPolicy {
  const text = `rules:\n  - { id: it, severity: ${severity}, when: { ${when} }, why: Because. }\notherwise: SEV4\n`;
  return severityPolicy.parse(text).value!;
}
const problemsOf = (text: string) =>
  severityPolicy.parse(text).problems.map(({ severity, line, message }) => `${severity} ${line}: ${message}`);

describe('the shipped policies', () => {
  it.each(POLICY_IDS)('%s has neither gap nor contradiction, and can be read as tables', (id) => {
    const kind = policyKind(id);
    const { value, problems } = kind.parse(shippedText(kind.file));
    expect(problems).toEqual([]);
    for (const { columns, rows } of kind.tables(value))
      for (const { cells } of rows) expect(cells.length).toBe(columns.length);
  });
});

describe('a proposal', () => {
  it('says which rules hold, with the figures, and which one decides', () => {
    const { severity, deciding, fired } = propose({
      businessServices: [hurt({ health: 'failing', share: exactly(0.6) })],
      money: { low: 330_000, likely: 412_000, high: 500_000, currency: 'EUR' },
    });
    expect(severity).toBe('SEV1');
    expect(deciding?.rule).toBe('vital-stopped');
    expect(deciding?.because).toBe('Checkout (tier 1) is failing');
    expect(fired.map(({ because }) => because)).toContain('€ 4,120 (3,300–5,000) are lost per minute');
  });

  it('takes the likely figure though its lower end says less, and names what it could be at worst', () => {
    const money = { low: 200_000, likely: 260_000, high: 300_000, currency: 'EUR' };
    const { severity, deciding } = propose({ money });
    expect([severity, deciding?.inDoubt]).toEqual(['SEV1', true]);
    const less = propose({ money: { ...money, likely: 220_000 } });
    expect(less.severity).toBe('SEV2');
    expect(less.unknown[0]).toMatch(
      /2,200 \(2,000–3,000\) are lost per minute; it decides whether money-large makes this SEV1/,
    );
  });

  it('names what is not known and would make it more severe, and lets it decide nothing', () => {
    const { severity, unknown } = propose({ money: null, stores: null });
    expect(severity).toBe('SEV4');
    expect(unknown.join(' ')).toContain('What is lost per minute is not known; it decides whether money-large');
    expect(unknown.join(' ')).toContain('How many stores can sell is not known');
  });

  it('counts as the policy says while nothing is named, and says that', () => {
    const { severity, deciding, unknown } = propose({ businessServices: [] });
    expect([severity, deciding]).toEqual(['SEV2', null]);
    expect(unknown[0]).toBe('Nothing is named yet that is hurt; until then it counts as SEV2.');
    expect(propose({ businessServices: [], security: 'confirmed' }).severity).toBe('SEV1');
  });

  it('weighs no money of another currency', () => {
    const { severity, unknown } = propose({ money: { ...exactly(900_000), currency: 'SEK' } });
    expect(severity).toBe('SEV4');
    expect(unknown[0]).toMatch(/SEK .* which the policy in EUR cannot weigh/);
  });

  it('counts unknown health and an unknown tier as the policy says', () => {
    expect(propose({ businessServices: [hurt({ health: 'unknown', share: null })] }).severity).toBe('SEV2');
    const { severity, deciding } = propose({ businessServices: [hurt({ tier: null, health: 'failing' })] });
    expect([severity, deciding?.rule, deciding?.inDoubt]).toEqual(['SEV2', 'important-stopped', true]);
  });
});

describe('every kind of condition', () => {
  const holds = (when: string, facts: Partial<SeverityFacts>) => propose(facts, policyOf(when)).severity === 'SEV2';
  it.each<[when: string, holds: Partial<SeverityFacts>, not: Partial<SeverityFacts>]>([
    [
      'business: { tier: 1, health: failing }',
      { businessServices: [hurt({ health: 'failing' })] },
      { businessServices: [hurt({}), hurt({ tier: 2, health: 'failing' })] },
    ],
    [
      'business: { tier: 2, share: 40% }',
      { businessServices: [hurt({ share: exactly(0.4) })] },
      { businessServices: [hurt({ share: exactly(0.39) }), hurt({ tier: 3, share: exactly(0.9) })] },
    ],
    [
      'service: { tier: 1, health: degraded }',
      { services: [hurt({})] },
      { services: [hurt({ health: 'early-warning' })], businessServices: [hurt({})] },
    ],
    [
      'hurt: 2',
      { businessServices: [hurt({}), hurt({ health: 'failing' })] },
      { businessServices: [hurt({}), hurt({ health: 'healthy' })] },
    ],
    [
      'stores: 5',
      { stores: { cannotSell: 4, perhaps: 1, total: 120, regions: 1 } },
      { stores: { cannotSell: 4, perhaps: 0, total: 120, regions: 4 } },
    ],
    [
      'storesShare: 10%',
      { stores: { cannotSell: 12, perhaps: 0, total: 120, regions: 1 } },
      { stores: { cannotSell: 11, perhaps: 0, total: 120, regions: 1 } },
    ],
    [
      'regions: 2',
      { stores: { cannotSell: 2, perhaps: 0, total: 9, regions: 2 } },
      { stores: { cannotSell: 9, perhaps: 0, total: 9, regions: 1 } },
    ],
    [
      'money: 100',
      { money: { ...exactly(10_000), currency: 'EUR' } },
      { money: { ...exactly(9_999), currency: 'EUR' } },
    ],
    ['data: suspected', { data: 'confirmed' }, { data: 'none', security: 'confirmed' }],
    ['security: confirmed', { security: 'confirmed' }, { security: 'suspected' }],
    ['time: peak', { time: 'promotion' }, { time: 'day' }],
    ['data: suspected, time: peak', { data: 'suspected', time: 'peak' }, { data: 'suspected', time: null }],
  ])('%s', (when, yes, no) => {
    expect(holds(when, yes)).toBe(true);
    expect(holds(when, no)).toBe(false);
  });
});

describe('a policy that is wrong', () => {
  const rule = (id: string, severity: string, when: string) =>
    `  - { id: ${id}, severity: ${severity}, when: { ${when} }, why: Because. }\n`;

  it('is told of the gap when nothing catches the rest', () => {
    expect(problemsOf(`rules:\n${rule('a', 'SEV1', 'stores: 1')}`)).toContainEqual(
      expect.stringMatching(/^error 1: A gap: facts that no rule catches/),
    );
  });

  it('is told of two severities for the same conditions, with both lines', () => {
    const text = `rules:\n${rule('a', 'SEV1', 'stores: 5')}${rule('b', 'SEV2', 'stores: 5')}otherwise: SEV4\n`;
    expect(problemsOf(text)[0]).toMatch(/^error 3: A contradiction: b says SEV2 where a \(line 2\) says SEV1/);
    expect(severityPolicy.parse(text).value).toBeNull();
  });

  it('is told of a rule that can never decide', () => {
    const more = `rules:\n${rule('a', 'SEV1', 'stores: 5')}${rule('b', 'SEV2', 'stores: 9, time: peak')}otherwise: SEV4\n`;
    expect(problemsOf(more)[0]).toMatch(/^error 3: b can never decide: whenever it holds, a \(line 2\) holds too/);
    const rest = `rules:\n${rule('a', 'SEV4', 'stores: 5')}otherwise: SEV3\n`;
    expect(problemsOf(rest)[0]).toMatch(/^error 2: a can never decide: "otherwise" gives SEV3 already/);
  });

  it('is warned of what adds nothing and of what nobody looks at, and still counts', () => {
    const text = `rules:\n${rule('a', 'SEV1', 'stores: 5')}${rule('b', 'SEV1', 'stores: 9')}otherwise: SEV4\n`;
    const { value, problems } = severityPolicy.parse(text);
    expect(value).not.toBeNull();
    expect(problems.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('b adds nothing'),
        expect.stringContaining('no rule ever gives SEV2'),
        expect.stringContaining('no rule looks at the integrity of data'),
      ]),
    );
  });

  it.each([
    ['', /empty/],
    ['- a\n', /names with values/],
    ['rules: [\n', /not valid YAML/],
    [`rules:\n${rule('a', 'SEV9', 'stores: 1')}otherwise: SEV4\n`, /error 2: "SEV9" is none of SEV1, SEV2/],
    [`rules:\n${rule('a', 'SEV1', 'shops: 1')}otherwise: SEV4\n`, /error 2: "shops" is none of business/],
    [`rules:\n${rule('a', 'SEV1', '')}otherwise: SEV4\n`, /no condition/],
    [`rules:\n${rule('a', 'SEV1', 'money: lots')}otherwise: SEV4\n`, /"lots" is no number/],
    [`rules:\n${rule('a', 'SEV1', 'storesShare: 140%')}otherwise: SEV4\n`, /is no share/],
    [
      `rules:\n${rule('a', 'SEV1', 'stores: 1')}${rule('a', 'SEV2', 'money: 1')}otherwise: SEV4\n`,
      /error 3: The id "a" stands in line 2/,
    ],
    [`rule:\n${rule('a', 'SEV1', 'stores: 1')}otherwise: SEV4\n`, /"rule" is none of currency/],
  ])('%j is refused with its line', (text, message) => {
    expect(severityPolicy.parse(text).value).toBeNull();
    expect(problemsOf(text).join('\n')).toMatch(message);
  });
});
