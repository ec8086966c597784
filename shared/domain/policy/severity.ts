/**
 * How severe it is. Invariant: every condition of a rule is an "at least", a rule holds when all of its conditions do, and
 * the most severe rule that holds decides: facts that get worse can never lower what is proposed. While nothing is named, the policy's doubt counts. What is not known
 * makes no rule hold; it is named, with the rule that it would decide. Of a range what is likely counts, not its lower end.
 */
import { compare } from '../catalog/problems.ts';
import type { Cursor } from '../catalog/yaml.ts';
import { decimals, money, moneyBetween, symbol } from '../impact/money.ts';
import type { Range } from '../impact/range.ts';
import { healthName } from '../timeline.ts';
import { Severity, type Health } from '../words.ts';
import type { PolicyKind } from './policy.ts';
import { PolicyReader } from './reader.ts';
import { SUSPICIONS, type Suspicion } from './words.ts';

/** From quiet to the hours that the year is made in. */
export const TRADE_TIMES = ['night', 'day', 'peak', 'promotion'] as const;
export type TradeTime = (typeof TRADE_TIMES)[number];

/** From harmless to worst; what is unknown has its place by the policy's `doubt`. */
const HEALTHS = ['healthy', 'early-warning', 'degraded', 'failing'] as const;
type KnownHealth = (typeof HEALTHS)[number];

/** A business service or a service that is part of the trouble. */
export interface Hurt {
  id: string;
  name: string;
  /** Criticality of a business service, tier of a service: 1 matters most; null when the estate does not say. */
  tier: number | null;
  health: Health;
  /** Share of what customers usually do that is lost, 0–1; null when nobody knows. */
  share: Range | null;
}

export interface SeverityFacts {
  businessServices: readonly Hurt[];
  services: readonly Hurt[];
  /** Stores that cannot sell, and those that may not; `regions` that have such a store. Null: no stores, or nothing heard. */
  stores: { cannotSell: number; perhaps: number; total: number; regions: number } | null;
  /** What is lost per minute, minor units. */
  money: (Range & { currency: string }) | null;
  data: Suspicion;
  security: Suspicion;
  /** Null when no baseline says what is usual at this hour. */
  time: TradeTime | null;
}

interface ThingCondition {
  /** This tier or one that matters more. */
  tier: number | null;
  health: KnownHealth | null;
  share: number | null;
}

export interface SeverityConditions {
  business?: ThingCondition;
  service?: ThingCondition;
  /** Business services that are degraded or worse. */
  hurt?: number;
  stores?: number;
  storesShare?: number;
  regions?: number;
  /** Per minute, whole units of the policy's currency. */
  money?: number;
  data?: Suspicion;
  security?: Suspicion;
  time?: TradeTime;
}

export interface SeverityRule {
  id: string;
  line: number;
  severity: Severity;
  when: SeverityConditions;
  /** Why the rule is there, one sentence. */
  why: string;
}

export interface SeverityPolicy {
  currency: string;
  /** Shares of the busiest hour of the week from which an hour is `day` and `peak`. */
  hours: { day: number; peak: number };
  /** What counts when it is not known. */
  doubt: { health: KnownHealth; tier: number; severity: Severity };
  rules: SeverityRule[];
  otherwise: Severity;
}

const CONDITIONS = [
  'business',
  'service',
  'hurt',
  'stores',
  'storesShare',
  'regions',
  'money',
  'data',
  'security',
  'time',
] as const;

const percent = (share: number): string => `${Number((share * 100).toFixed(share < 0.1 ? 1 : 0))} %`;
const place = (severity: Severity): number => Severity.options.indexOf(severity);
/** Whether `a` is more severe than `b`. */
export const isWorse = (a: Severity, b: Severity): boolean => place(a) < place(b);

function parse(text: string): ReturnType<PolicyKind<SeverityPolicy>['parse']> {
  const reader = new PolicyReader(severityPolicy.file, text);
  const { root } = reader;
  if (!root) return { value: null, problems: reader.result(() => null).problems };
  reader.only(root, ['currency', 'hours', 'doubt', 'rules', 'otherwise']);
  const currency = reader.text(root, 'currency', 3) ?? 'EUR';
  if (!/^[A-Z]{3}$/.test(currency))
    reader.error(root.get('currency'), 'A currency is three capital letters, such as EUR.');
  const hours = reader.map(root, 'hours');
  if (hours) reader.only(hours, ['day', 'peak']);
  const day = (hours && reader.share(hours, 'day')) ?? 0.15;
  const peak = (hours && reader.share(hours, 'peak')) ?? 0.7;
  if (day >= peak) reader.error(hours, 'An hour of day has less trade than one of peak: day must be below peak.');
  const doubt = reader.map(root, 'doubt');
  if (doubt) reader.only(doubt, ['health', 'tier', 'severity']);
  const rules = readRules(reader, root);
  const otherwise = reader.oneOf(root, 'otherwise', Severity.options);
  if (root.get('otherwise') === null)
    reader.error(
      root,
      'A gap: facts that no rule catches have no severity. Add "otherwise: SEV4" at the end.',
      'otherwise',
    );
  examine(reader, rules, otherwise);
  return reader.result(() => ({
    currency,
    hours: { day, peak },
    doubt: {
      health: (doubt && reader.oneOf(doubt, 'health', HEALTHS)) ?? 'degraded',
      tier: (doubt && reader.number(doubt, 'tier', { min: 1, max: 3, whole: true })) ?? 2,
      severity: (doubt && reader.oneOf(doubt, 'severity', Severity.options)) ?? 'SEV2',
    },
    rules: rules.map(({ rule }) => rule),
    otherwise: otherwise!,
  }));
}

interface Read {
  rule: SeverityRule;
  at: Cursor;
}

function readRules(reader: PolicyReader, root: Cursor): Read[] {
  const taken = new Map<string, number>();
  const items = reader.list(root, 'rules');
  if (items.length === 0) reader.error(root.get('rules') ?? root, 'There is no rule: nothing would ever be proposed.');
  return items.flatMap((at) => {
    if (at.kind !== 'map') {
      reader.error(at, 'A rule is an id, a severity, what must hold (when) and why.');
      return [];
    }
    reader.only(at, ['id', 'severity', 'when', 'why']);
    const id = reader.id(at, taken);
    const severity = reader.oneOf(at, 'severity', Severity.options);
    if (!at.get('severity')) reader.error(at, `The rule ${id} gives no severity.`, `${at.path}.severity`);
    const why = reader.text(at, 'why');
    if (!at.get('why')) reader.error(at, `The rule ${id} does not say why: one sentence that a tired person believes.`);
    const when = reader.map(at, 'when');
    if (!when || when.members().size === 0) {
      reader.error(at, `The rule ${id} has no condition, so it would always hold. Use "otherwise" for that.`);
      return [];
    }
    const conditions = readConditions(reader, when);
    return severity ? [{ at, rule: { id, line: at.line, severity, when: conditions, why: why ?? '' } }] : [];
  });
}

function readConditions(reader: PolicyReader, when: Cursor): SeverityConditions {
  reader.only(when, CONDITIONS);
  const found: SeverityConditions = {};
  for (const name of ['business', 'service'] as const) {
    const at = reader.map(when, name);
    if (!at) continue;
    reader.only(at, ['tier', 'health', 'share']);
    if (at.members().size === 0) reader.error(at, `"${name}" wants tier, health or share.`);
    found[name] = {
      tier: reader.number(at, 'tier', { min: 1, max: 3, whole: true }),
      health: reader.oneOf(at, 'health', HEALTHS.slice(1)),
      share: reader.share(at, 'share'),
    };
  }
  for (const name of ['hurt', 'stores', 'regions'] as const) {
    const value = reader.number(when, name, { min: 1, max: 1e6, whole: true });
    if (value !== null) found[name] = value;
  }
  const amount = reader.number(when, 'money', { min: 1 });
  if (amount !== null) found.money = amount;
  const storesShare = reader.share(when, 'storesShare');
  if (storesShare !== null) found.storesShare = storesShare;
  const time = reader.oneOf(when, 'time', TRADE_TIMES.slice(1));
  if (time) found.time = time;
  for (const name of ['data', 'security'] as const) {
    const value = reader.oneOf(when, name, SUSPICIONS.slice(1));
    if (value) found[name] = value;
  }
  return found;
}

/** Whether `weak` holds whenever `strict` does. */
export function covers(weak: SeverityConditions, strict: SeverityConditions): boolean {
  const thing = (a: ThingCondition | undefined, b: ThingCondition | undefined): boolean => {
    if (a === undefined) return true;
    if (b === undefined) return false;
    return (
      (a.tier === null || (b.tier !== null && b.tier <= a.tier)) &&
      atMost(HEALTHS.indexOf(a.health ?? 'healthy'), HEALTHS.indexOf(b.health ?? 'healthy')) &&
      atMost(a.share ?? 0, b.share ?? 0)
    );
  };
  const figures = ['hurt', 'stores', 'storesShare', 'regions', 'money'] as const;
  return (
    thing(weak.business, strict.business) &&
    thing(weak.service, strict.service) &&
    figures.every((name) => atMost(weak[name] ?? 0, strict[name] ?? 0)) &&
    (['data', 'security'] as const).every((name) =>
      atMost(SUSPICIONS.indexOf(weak[name] ?? 'none'), SUSPICIONS.indexOf(strict[name] ?? 'none')),
    ) &&
    atMost(TRADE_TIMES.indexOf(weak.time ?? 'night'), TRADE_TIMES.indexOf(strict.time ?? 'night'))
  );
}

const atMost = (a: number, b: number): boolean => a <= b;

/** Contradictions, rules that can never decide, and what no rule looks at. */
function examine(reader: PolicyReader, rules: readonly Read[], otherwise: Severity | null): void {
  for (const [index, { rule, at }] of rules.entries()) {
    const twin = rules.slice(0, index).find((other) => same(other.rule.when, rule.when));
    if (twin) {
      if (twin.rule.severity !== rule.severity)
        reader.error(
          at,
          `A contradiction: ${rule.id} says ${rule.severity} where ${twin.rule.id} (line ${twin.rule.line}) says ${twin.rule.severity} for the same conditions. Keep one.`,
        );
      else reader.warning(at, `${rule.id} says the same as ${twin.rule.id} (line ${twin.rule.line}).`);
      continue;
    }
    const shadow = rules.find(
      (other) => other.at !== at && !isWorse(rule.severity, other.rule.severity) && covers(other.rule.when, rule.when),
    );
    if (shadow && shadow.rule.severity === rule.severity)
      reader.warning(
        at,
        `${rule.id} adds nothing: ${shadow.rule.id} (line ${shadow.rule.line}) gives ${rule.severity} for less already.`,
      );
    else if (shadow)
      reader.error(
        at,
        `${rule.id} can never decide: whenever it holds, ${shadow.rule.id} (line ${shadow.rule.line}) holds too and says ${shadow.rule.severity}. Take it out, or ask for more there.`,
      );
    if (otherwise && !isWorse(rule.severity, otherwise))
      reader.error(at, `${rule.id} can never decide: "otherwise" gives ${otherwise} already.`);
  }
  if (rules.length === 0) return;
  for (const severity of Severity.options)
    if (severity !== otherwise && !rules.some(({ rule }) => rule.severity === severity))
      reader.warning(null, `A gap: no rule ever gives ${severity}.`, 'rules');
  for (const [name, what] of Object.entries(WATCHED))
    if (!rules.some(({ rule }) => name in rule.when))
      reader.warning(null, `A gap: no rule looks at ${what} (${name}).`, 'rules');
}

const WATCHED: Partial<Record<(typeof CONDITIONS)[number], string>> = {
  business: 'business services',
  stores: 'stores',
  money: 'money',
  data: 'the integrity of data',
  security: 'security',
};

const same = (a: SeverityConditions, b: SeverityConditions): boolean => covers(a, b) && covers(b, a);

/** What a rule asks for, in words: one part for each condition. */
function asked(when: SeverityConditions, currency: string): string[] {
  const thing = (what: string, { tier, health, share }: ThingCondition): string => {
    const which = tier === null ? what : tier === 1 ? `${what} of tier 1` : `${what} of tier ${tier} or better`;
    const lost = share === null ? '' : `${percent(share)} or more of its customers`;
    if (health === null) return lost === '' ? `${which} is part of it` : `${which} has lost ${lost}`;
    const state = `${which} is ${healthName(health)}${health === 'failing' ? '' : ' or worse'}`;
    return lost === '' ? state : `${state} and has lost ${lost}`;
  };
  const plural = (n: number, one: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : `${one}s`}`;
  return [
    when.business && thing('a business service', when.business),
    when.service && thing('a service', when.service),
    when.hurt && `${plural(when.hurt, 'business service')} or more are hurt at once`,
    when.stores && `${plural(when.stores, 'store')} or more cannot sell`,
    when.storesShare && `${percent(when.storesShare)} or more of the stores cannot sell`,
    when.regions && `stores of ${plural(when.regions, 'region')} or more cannot sell`,
    when.money && `${symbol(currency)} ${when.money.toLocaleString('en')} or more are lost per minute`,
    when.data && `data are ${when.data === 'suspected' ? 'suspected or known' : 'known'} to be wrong or lost`,
    when.security && `a breach is ${when.security === 'suspected' ? 'suspected or known' : 'known'}`,
    when.time && TIME_ASKED[when.time],
  ].filter((part): part is string => typeof part === 'string');
}

const TIME_ASKED: Record<TradeTime, string> = {
  night: 'at any hour',
  day: 'it is not a quiet hour',
  peak: 'it is a peak hour or a promotion runs',
  promotion: 'a promotion runs',
};

export const severityPolicy: PolicyKind<SeverityPolicy> = {
  title: 'Severity',
  summary: 'From what is hurt, what it costs and when: SEV1 to SEV4.',
  file: 'severity.yaml',
  parse,
  tables: ({ currency, hours, doubt, rules, otherwise }) => [
    {
      title: 'Rules',
      note: 'A rule holds when everything beside it holds; of the rules that hold the most severe decides.',
      columns: ['Severity', 'When', 'Because', 'Rule'],
      rows: [
        ...rules
          .toSorted((a, b) => compare(a.severity, b.severity) || a.line - b.line)
          .map(({ severity, when, why, id, line }) => ({
            line,
            cells: [severity, asked(when, currency).join(', and '), why, id],
          })),
        { line: 0, cells: [otherwise, 'anything else', '', 'otherwise'] },
      ],
    },
    {
      title: 'How the facts are read',
      note: '',
      columns: ['What', 'Counts as'],
      rows: [
        { line: 0, cells: ['an hour with less trade than', `${percent(hours.day)} of the week’s busiest hour: night`] },
        { line: 0, cells: ['an hour with more trade than', `${percent(hours.peak)} of the week’s busiest hour: peak`] },
        { line: 0, cells: ['health that is not known', healthName(doubt.health)] },
        { line: 0, cells: ['a tier that is not known', `tier ${doubt.tier}`] },
        { line: 0, cells: ['an incident of which nothing is named yet', doubt.severity] },
      ],
    },
  ],
};

type Answer = 'yes' | 'perhaps' | 'unknown' | 'no';

interface Said {
  answer: Answer;
  /** The figures, as part of a sentence. */
  words: string;
}

const BEST: readonly Answer[] = ['yes', 'perhaps', 'unknown', 'no'];
const bestOf = (said: readonly Said[]): Said | undefined =>
  said.toSorted((a, b) => BEST.indexOf(a.answer) - BEST.indexOf(b.answer))[0];
const worstOf = (answers: readonly Answer[]): Answer =>
  answers.toSorted((a, b) => BEST.indexOf(b) - BEST.indexOf(a))[0] ?? 'yes';

/** A rule that holds. */
export interface Fired {
  rule: string;
  line: number;
  severity: Severity;
  /** What holds, with the figures. */
  because: string;
  /** Why the rule is there. */
  why: string;
  /** Whether it holds only because what is not certain counts as the worse. */
  inDoubt: boolean;
}

export interface SeverityProposal {
  severity: Severity;
  /** The one that decides; null when no rule holds. */
  deciding: Fired | null;
  /** All that hold, the most severe first. */
  fired: Fired[];
  /** Sentences on what is not known and would make it more severe. */
  unknown: string[];
}

/** What the policy proposes for these facts. */
export function proposeSeverity(policy: SeverityPolicy, facts: SeverityFacts): SeverityProposal {
  const fired: Fired[] = [];
  const open: { rule: SeverityRule; missing: string[] }[] = [];
  for (const rule of policy.rules) {
    const said = evaluate(policy, rule.when, facts);
    const answer = worstOf(said.map((each) => each.answer));
    if (answer === 'yes' || answer === 'perhaps') {
      const { id, line, severity, why } = rule;
      const because = sentence(said.map(({ words }) => words));
      fired.push({ rule: id, line, severity, because, why, inDoubt: answer === 'perhaps' });
    } else if (answer === 'unknown') {
      open.push({ rule, missing: said.filter((each) => each.answer === 'unknown').map(({ words }) => words) });
    }
  }
  fired.sort(
    (a, b) => place(a.severity) - place(b.severity) || Number(a.inDoubt) - Number(b.inDoubt) || a.line - b.line,
  );
  const nothing = facts.businessServices.length === 0 && facts.services.length === 0;
  const ruled = fired[0] ? best(fired[0].severity, policy.otherwise) : policy.otherwise;
  const severity = nothing ? best(ruled, policy.doubt.severity) : ruled;
  const unknown = open
    .filter(({ rule }) => isWorse(rule.severity, severity))
    .map(({ rule, missing }) => `${sentence(missing)}; it decides whether ${rule.id} makes this ${rule.severity}.`);
  if (nothing && isWorse(severity, ruled))
    unknown.unshift(`Nothing is named yet that is hurt; until then it counts as ${severity}.`);
  return { severity, deciding: fired[0] ?? null, fired, unknown: [...new Set(unknown)].slice(0, 5) };
}

const best = (a: Severity, b: Severity): Severity => (isWorse(a, b) ? a : b);

function sentence(parts: readonly string[]): string {
  const text = parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function evaluate(policy: SeverityPolicy, when: SeverityConditions, facts: SeverityFacts): Said[] {
  const said: Said[] = [];
  if (when.business) said.push(thingSaid(policy, when.business, facts.businessServices, 'no business service is so'));
  if (when.service) said.push(thingSaid(policy, when.service, facts.services, 'no service is so'));
  if (when.hurt) {
    const hurt = facts.businessServices.filter((one) => rank(policy, one.health) >= HEALTHS.indexOf('degraded'));
    said.push({
      answer: hurt.length >= when.hurt ? 'yes' : 'no',
      words: `${hurt.length} business services are hurt (${hurt
        .slice(0, 4)
        .map(({ name }) => name)
        .join(', ')}${hurt.length > 4 ? ', …' : ''})`,
    });
  }
  for (const [name, least] of [
    ['stores', when.stores],
    ['storesShare', when.storesShare],
    ['regions', when.regions],
  ] as const)
    if (least !== undefined) said.push(storesSaid(name, least, facts.stores));
  if (when.money) said.push(moneySaid(policy, when.money, facts.money));
  for (const name of ['data', 'security'] as const) {
    const least = when[name];
    if (least === undefined) continue;
    const holds = SUSPICIONS.indexOf(facts[name]) >= SUSPICIONS.indexOf(least);
    const what = name === 'data' ? `wrong or lost data are ${facts[name]}` : `a breach is ${facts[name]}`;
    said.push({ answer: holds ? 'yes' : 'no', words: what });
  }
  if (when.time) {
    const holds = facts.time !== null && TRADE_TIMES.indexOf(facts.time) >= TRADE_TIMES.indexOf(when.time);
    said.push({
      answer: facts.time === null ? 'unknown' : holds ? 'yes' : 'no',
      words: facts.time === null ? 'how busy this hour usually is is not known' : TIME_SAID[facts.time],
    });
  }
  return said;
}

const TIME_SAID: Record<TradeTime, string> = {
  night: 'it is a quiet hour',
  day: 'it is an ordinary hour of trade',
  peak: 'it is a peak hour',
  promotion: 'a promotion runs',
};

const rank = (policy: SeverityPolicy, health: Health): number =>
  HEALTHS.indexOf(health === 'unknown' ? policy.doubt.health : health);

function thingSaid(policy: SeverityPolicy, least: ThingCondition, things: readonly Hurt[], none: string): Said {
  const each = things.map((thing): Said => {
    const tier = thing.tier ?? policy.doubt.tier;
    const answers: Answer[] = [];
    if (least.tier !== null) answers.push(tier > least.tier ? 'no' : thing.tier === null ? 'perhaps' : 'yes');
    if (least.health !== null) {
      const enough = rank(policy, thing.health) >= HEALTHS.indexOf(least.health);
      answers.push(enough ? (thing.health === 'unknown' ? 'perhaps' : 'yes') : 'no');
    }
    if (least.share !== null) answers.push(reaches(thing.share, least.share));
    const about = thing.tier === null ? 'its tier is not known' : `tier ${thing.tier}`;
    const state = thing.health === 'unknown' ? 'of unknown health' : healthName(thing.health);
    const lost =
      least.share === null
        ? ''
        : thing.share === null
          ? ', and how much of it is lost is not known'
          : `, ${shareWords(thing.share)} of its customers lost`;
    return { answer: worstOf(answers), words: `${thing.name} (${about}) is ${state}${lost}` };
  });
  return bestOf(each) ?? { answer: 'no', words: none };
}

/** What it could be at worst is named, and decides nothing: estimates are wide, and everything could be worse. */
function reaches(range: Range | null, least: number): Answer {
  if (range === null) return 'unknown';
  if (range.low >= least) return 'yes';
  return range.likely >= least ? 'perhaps' : range.high >= least ? 'unknown' : 'no';
}

const shareWords = ({ low, high }: Range): string =>
  percent(low) === percent(high) ? percent(high) : `${percent(low).replace(' %', '')}–${percent(high)}`;

function storesSaid(name: 'stores' | 'storesShare' | 'regions', least: number, stores: SeverityFacts['stores']): Said {
  if (stores === null) return { answer: 'unknown', words: 'how many stores can sell is not known' };
  const { cannotSell, perhaps, total, regions } = stores;
  const scale = name === 'storesShare' ? Math.max(1, total) : 1;
  const range =
    name === 'regions'
      ? { low: regions, likely: regions, high: regions }
      : { low: cannotSell / scale, likely: (cannotSell + perhaps) / scale, high: (cannotSell + perhaps) / scale };
  const maybe = perhaps > 0 ? ` (${perhaps} more are not heard of)` : '';
  const words =
    name === 'regions'
      ? `stores of ${regions} ${regions === 1 ? 'region' : 'regions'} cannot sell`
      : `${cannotSell} of ${total} stores cannot sell${maybe}`;
  return { answer: reaches(range, least), words };
}

function moneySaid(policy: SeverityPolicy, least: number, amount: SeverityFacts['money']): Said {
  if (amount === null) return { answer: 'unknown', words: 'what is lost per minute is not known' };
  const { currency } = amount;
  const span = moneyBetween(amount, currency);
  const words = `${money(amount.likely, currency)}${span === null ? '' : ` (${span})`} are lost per minute`;
  if (currency !== policy.currency)
    return { answer: 'unknown', words: `${words}, which the policy in ${policy.currency} cannot weigh` };
  return { answer: reaches(amount, least * 10 ** decimals(currency)), words };
}
