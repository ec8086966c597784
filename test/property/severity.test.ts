/** Worse facts never lower what is proposed, whatever the policy: neither the severity nor the level of the response. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeResponse, responsePolicy, type ResponseFacts } from '../../shared/domain/policy/response.ts';
import {
  isWorse,
  proposeSeverity,
  severityPolicy,
  TRADE_TIMES,
  type Hurt,
  type SeverityFacts,
} from '../../shared/domain/policy/severity.ts';
import { ResponseLevel, Suspicion } from '../../shared/domain/policy/substance.ts';
import { Domain, Severity } from '../../shared/domain/words.ts';

const shipped = (file: string) => readFileSync(new URL(`../../assets/policy/${file}`, import.meta.url), 'utf8');
const responses = responsePolicy.parse(shipped('response.yaml')).value!;

const HEALTHS = ['healthy', 'early-warning', 'degraded', 'failing'] as const;
const share = fc
  .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([a, b]) => ({ low: Math.min(a, b), likely: (a + b) / 2, high: Math.max(a, b) }));
const thing = fc.record({
  id: fc.constant('x'),
  name: fc.constant('X'),
  tier: fc.constantFrom(null, 1, 2, 3),
  health: fc.constantFrom(...HEALTHS),
  share: fc.option(share),
});
const facts: fc.Arbitrary<SeverityFacts> = fc.record({
  businessServices: fc.array(thing, { maxLength: 6 }),
  services: fc.array(thing, { maxLength: 4 }),
  stores: fc.option(
    fc.record({ cannotSell: fc.nat(60), perhaps: fc.nat(20), total: fc.constant(120), regions: fc.nat(6) }),
  ),
  money: fc.option(
    share.map(({ low, likely, high }) => ({ low: low * 1e6, likely: likely * 1e6, high: high * 1e6, currency: 'EUR' })),
  ),
  data: fc.constantFrom(...Suspicion.options),
  security: fc.constantFrom(...Suspicion.options),
  time: fc.option(fc.constantFrom(...TRADE_TIMES)),
});

/** Rules of any kind; those that contradict each other are left out by the caller. */
const rules = fc
  .array(
    fc.record({
      severity: fc.constantFrom('SEV1', 'SEV2', 'SEV3'),
      when: fc.constantFrom(
        ...[
          'business: { tier: 1, health: failing }',
          'business: { tier: 2, share: 30% }',
          'service: { health: degraded }',
        ],
        ...['hurt: 2', 'stores: 5', 'storesShare: 20%', 'regions: 2', 'money: 500', 'data: suspected'],
        ...['security: confirmed', 'time: peak', 'stores: 2, time: day', 'money: 100, data: confirmed'],
      ),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map(
    (list) =>
      severityPolicy.parse(
        `rules:\n${list.map(({ severity, when }, n) => `  - { id: r${n}, severity: ${severity}, when: { ${when} }, why: x. }`).join('\n')}\notherwise: SEV4\n`,
      ).value,
  );
const policies = fc.oneof(fc.constant(severityPolicy.parse(shipped('severity.yaml')).value), rules);

const worst = <T>(words: readonly T[], at: T, by: number): T =>
  words[Math.min(words.length - 1, words.indexOf(at) + by)]!;
const more = (range: Hurt['share'], by: number) =>
  range && { low: range.low + by, likely: range.likely + by, high: range.high + by };

/** The same facts, some of them worse by `by`. */
function worse(before: SeverityFacts, by: number, which: readonly boolean[]): SeverityFacts {
  const [a, b, c, d, e, f, g] = which;
  const hurt = (list: readonly Hurt[]): Hurt[] =>
    list.map((one) => ({
      ...one,
      health: worst(HEALTHS, one.health as (typeof HEALTHS)[number], by),
      share: more(one.share, by / 10),
    }));
  const { stores, money } = before;
  const added: Hurt = { id: 'y', name: 'Y', tier: 1, health: 'failing', share: null };
  return {
    businessServices: a ? hurt(before.businessServices) : [...before.businessServices, ...(b ? [added] : [])],
    services: c ? hurt(before.services) : before.services,
    stores: stores && d ? { ...stores, cannotSell: stores.cannotSell + by, regions: stores.regions + by } : stores,
    money: money && e ? { ...more(money, by * 1000)!, currency: money.currency } : money,
    data: f ? worst(Suspicion.options, before.data, by) : before.data,
    security: g ? worst(Suspicion.options, before.security, by) : before.security,
    time: before.time && (a ? worst(TRADE_TIMES, before.time, by) : before.time),
  };
}
const which = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });

describe('facts that get worse', () => {
  it('never lower the proposed severity', () => {
    fc.assert(
      fc.property(policies, facts, fc.integer({ min: 1, max: 3 }), which, (policy, before, by, flags) => {
        // Of nothing that is named a policy says how it counts; to name something is no worse fact.
        fc.pre(policy !== null && before.businessServices.length + before.services.length > 0);
        const was = proposeSeverity(policy!, before).severity;
        const is = proposeSeverity(policy!, worse(before, by, flags)).severity;
        expect(isWorse(was, is)).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  it('never lower the level of the response', () => {
    const level = (one: ResponseFacts) => ResponseLevel.options.indexOf(proposeResponse(responses, one).level);
    fc.assert(
      fc.property(
        facts,
        which,
        fc.constantFrom(...Severity.options),
        fc.subarray(Domain.options),
        (base, flags, severity, domains) => {
          const of = (one: SeverityFacts, word: Severity): ResponseFacts => ({
            severity: word,
            domains,
            reach: { businessServices: one.businessServices.length, services: 3 },
            ...{ stores: one.stores, data: one.data, security: one.security },
            ...{ office: true, lasting: 5, runbook: null },
          });
          const higher = Severity.options[Math.max(0, Severity.options.indexOf(severity) - 1)]!;
          expect(level(of(worse(base, 2, flags), higher))).toBeGreaterThanOrEqual(level(of(base, severity)));
        },
      ),
      { numRuns: 800 },
    );
  });
});
