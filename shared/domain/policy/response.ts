/**
 * How it is answered: the level, the model, and what both mean in roles, clocks and rooms. Invariant: the highest level
 * whose rule holds counts, so that worse facts never lower it; of the models the first rule that holds decides. What a
 * level and a model mean follows from the policy alone, and is pinned in the log when they are chosen.
 */
import type { Cursor } from '../catalog/yaml.ts';
import { roleName } from '../timeline.ts';
import { formatDuration } from '../times.ts';
import { Domain, Role, Severity } from '../words.ts';
import type { PolicyKind } from './policy.ts';
import { PolicyReader } from './reader.ts';
import { Audience, EscalationWait, ResponseLevel, ResponseModel, substanceLines, type Substance } from './substance.ts';
import { responseName, SUSPICIONS, type Suspicion } from './words.ts';

export interface ResponseFacts {
  severity: Severity;
  domains: readonly Domain[];
  /** Business services that are hurt or would be reached, and services that would be; null when there is no graph. */
  reach: { businessServices: number; services: number } | null;
  /** Stores that cannot sell, those that may not, and all; null when there are none. */
  stores: { cannotSell: number; perhaps: number; total: number; regions: number } | null;
  data: Suspicion;
  security: Suspicion;
  /** Whether it is an hour at which headquarters work. */
  office: boolean;
  /** How long it has lasted, minutes. */
  lasting: number;
  /** The runbook that fits best. */
  runbook: string | null;
}

interface Conditions {
  severity?: Severity;
  level?: ResponseLevel;
  domains?: Domain[];
  /** Domains touched at the same time. */
  domainsTouched?: number;
  businessServices?: number;
  services?: number;
  stores?: number;
  storesShare?: number;
  regions?: number;
  data?: Suspicion;
  security?: Suspicion;
  /** `office` or `off`. */
  hours?: 'office' | 'off';
  lasting?: number;
  runbooks?: string[];
}

interface Rule<T> {
  id: string;
  line: number;
  gives: T;
  when: Conditions;
  why: string;
}

interface Part {
  line: number;
  title: string;
  means: string;
  substance: Substance;
}

export interface ResponsePolicy {
  levelRules: Rule<ResponseLevel>[];
  modelRules: Rule<ResponseModel>[];
  levelOtherwise: ResponseLevel;
  modelOtherwise: ResponseModel;
  levels: Record<ResponseLevel, Part>;
  models: Record<ResponseModel, Part>;
}

const LEVEL_CONDITIONS = [
  'severity',
  'domains',
  'domainsTouched',
  'businessServices',
  'services',
  'stores',
  'storesShare',
  'regions',
  'data',
  'security',
] as const;
const MODEL_CONDITIONS = ['level', ...LEVEL_CONDITIONS, 'hours', 'lasting', 'runbooks'] as const;

function parse(text: string): ReturnType<PolicyKind<ResponsePolicy>['parse']> {
  const reader = new PolicyReader(responsePolicy.file, text);
  const { root } = reader;
  if (!root) return { value: null, problems: reader.result(() => null).problems };
  reader.only(root, ['choose', 'levels', 'models']);
  const choose = reader.map(root, 'choose') ?? root;
  if (!root.get('choose')) reader.error(root, 'There is no "choose": nothing would ever be proposed.', 'choose');
  else reader.only(choose, ['level', 'model']);
  const level = readChoice(reader, choose, 'level', ResponseLevel.options, LEVEL_CONDITIONS);
  const model = readChoice(reader, choose, 'model', ResponseModel.options, MODEL_CONDITIONS);
  for (const [index, rule] of level.rules.entries()) {
    const twin = level.rules.find(
      (other, n) =>
        n !== index &&
        ResponseLevel.options.indexOf(other.gives) >= ResponseLevel.options.indexOf(rule.gives) &&
        (n < index || other.gives !== rule.gives) &&
        covers(other.when, rule.when),
    );
    if (twin) neverDecides(reader, level.at[index]!, rule, twin);
  }
  for (const [index, rule] of model.rules.entries()) {
    const earlier = model.rules.slice(0, index).find((other) => covers(other.when, rule.when));
    if (earlier) neverDecides(reader, model.at[index]!, rule, earlier);
  }
  const levels = readParts(reader, root, 'levels', ResponseLevel.options);
  const models = readParts(reader, root, 'models', ResponseModel.options);
  return reader.result(() => ({
    levelRules: level.rules,
    modelRules: model.rules,
    levelOtherwise: level.otherwise!,
    modelOtherwise: model.otherwise!,
    levels,
    models,
  }));
}

function neverDecides(reader: PolicyReader, at: Cursor, rule: Rule<string>, by: Rule<string>): void {
  if (rule.gives === by.gives)
    reader.warning(at, `${rule.id} adds nothing: ${by.id} (line ${by.line}) says ${by.gives} for less already.`);
  else if (covers(rule.when, by.when))
    reader.error(
      at,
      `A contradiction: ${rule.id} says ${rule.gives} where ${by.id} (line ${by.line}) says ${by.gives} for the same conditions. Keep one.`,
    );
  else
    reader.error(
      at,
      `${rule.id} can never decide: whenever it holds, ${by.id} (line ${by.line}) holds too and goes before it. Take it out, or ask for more there.`,
    );
}

function readChoice<T extends ResponseLevel | ResponseModel>(
  reader: PolicyReader,
  choose: Cursor,
  name: 'level' | 'model',
  words: readonly T[],
  known: readonly string[],
): { rules: Rule<T>[]; at: Cursor[]; otherwise: T | null } {
  const found: { rules: Rule<T>[]; at: Cursor[]; otherwise: T | null } = { rules: [], at: [], otherwise: null };
  const taken = new Map<string, number>();
  const items = reader.list(choose, name);
  for (const [index, at] of items.entries()) {
    if (at.kind !== 'map') {
      reader.error(at, `A rule is an id, a ${name}, what must hold (when) and why.`);
      continue;
    }
    if (at.get('otherwise')) {
      reader.only(at, ['otherwise']);
      found.otherwise = reader.oneOf(at, 'otherwise', words);
      if (index < items.length - 1) reader.error(at, '"otherwise" stands last: what comes after it can never decide.');
      continue;
    }
    reader.only(at, ['id', name, 'when', 'why']);
    const id = reader.id(at, taken);
    const gives = reader.oneOf(at, name, words);
    if (!at.get(name)) reader.error(at, `The rule ${id} gives no ${name}.`);
    const why = reader.text(at, 'why');
    if (!at.get('why')) reader.error(at, `The rule ${id} does not say why.`);
    const when = reader.map(at, 'when');
    if (!when || when.members().size === 0) {
      reader.error(at, `The rule ${id} has no condition, so it would always hold. Use "otherwise" for that.`);
      continue;
    }
    reader.only(when, known);
    if (!gives) continue;
    found.rules.push({ id, line: at.line, gives, when: readConditions(reader, when), why: why ?? '' });
    found.at.push(at);
  }
  if (found.otherwise === null && !items.some((at) => at.get('otherwise')))
    reader.error(
      choose.get(name) ?? choose,
      `A gap: facts that no rule catches have no ${name}. Add "- otherwise: ${words[0]}" at the end.`,
      `choose.${name}`,
    );
  return found;
}

function readConditions(reader: PolicyReader, when: Cursor): Conditions {
  const found: Conditions = {};
  const severity = reader.oneOf(when, 'severity', Severity.options);
  if (severity) found.severity = severity;
  const level = reader.oneOf(when, 'level', ResponseLevel.options);
  if (level) found.level = level;
  if (when.get('domains')) found.domains = reader.allOf(when, 'domains', Domain.options);
  for (const name of ['domainsTouched', 'businessServices', 'services', 'stores', 'regions'] as const) {
    const value = reader.number(when, name, { min: 1, max: 1e6, whole: true });
    if (value !== null) found[name] = value;
  }
  const storesShare = reader.share(when, 'storesShare');
  if (storesShare !== null) found.storesShare = storesShare;
  for (const name of ['data', 'security'] as const) {
    const value = reader.oneOf(when, name, SUSPICIONS.slice(1));
    if (value) found[name] = value;
  }
  const hours = reader.oneOf(when, 'hours', ['office', 'off']);
  if (hours) found.hours = hours;
  const lasting = reader.number(when, 'lasting', { min: 1, max: 100_000 });
  if (lasting !== null) found.lasting = lasting;
  if (when.get('runbooks')) found.runbooks = reader.texts(when, 'runbooks', 100);
  return found;
}

/** Whether `weak` holds whenever `strict` does. */
function covers(weak: Conditions, strict: Conditions): boolean {
  const order = <T>(words: readonly T[], a: T | undefined, b: T | undefined): boolean =>
    a === undefined || (b !== undefined && words.indexOf(b) >= words.indexOf(a));
  const within = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
    a === undefined || (b !== undefined && b.every((one) => a.includes(one)));
  const figures = [
    'domainsTouched',
    'businessServices',
    'services',
    'stores',
    'storesShare',
    'regions',
    'lasting',
  ] as const;
  return (
    order(Severity.options.toReversed(), weak.severity, strict.severity) &&
    order(ResponseLevel.options, weak.level, strict.level) &&
    within(weak.domains, strict.domains) &&
    within(weak.runbooks, strict.runbooks) &&
    (weak.hours === undefined || weak.hours === strict.hours) &&
    order(SUSPICIONS, weak.data, strict.data) &&
    order(SUSPICIONS, weak.security, strict.security) &&
    figures.every((name) => weak[name] === undefined || (strict[name] ?? 0) >= weak[name])
  );
}

function readParts<T extends string>(
  reader: PolicyReader,
  root: Cursor,
  name: 'levels' | 'models',
  words: readonly T[],
): Record<T, Part> {
  const at = reader.map(root, name);
  if (at) reader.only(at, words);
  const parts: Partial<Record<T, Part>> = {};
  for (const word of words) {
    const part = at && reader.map(at, word);
    if (!part) {
      reader.error(
        root.get(name) ?? root,
        `A gap: ${word} can be chosen, and nothing says what it means. Add it below "${name}".`,
        `${name}.${word}`,
      );
      continue;
    }
    parts[word] = readPart(reader, part);
  }
  return parts as Record<T, Part>;
}

function readPart(reader: PolicyReader, at: Cursor): Part {
  reader.only(at, ['means', 'roles', 'cadence', 'authority', 'escalation', 'checklists', 'rooms']);
  const means = reader.text(at, 'means');
  if (!at.get('means')) reader.error(at, 'Say what it means, in one sentence (means).');
  const cadence = reader.map(at, 'cadence');
  if (cadence) reader.only(cadence, Audience.options);
  const one = (each: Cursor, wanted: string, names: readonly string[]): boolean => {
    if (each.kind !== 'map') reader.error(each, wanted);
    else reader.only(each, names);
    return each.kind === 'map';
  };
  return {
    line: at.line,
    title: at.path.slice(at.path.lastIndexOf('.') + 1),
    means: means ?? '',
    substance: {
      roles: reader.allOf(at, 'roles', Role.options),
      cadence: Audience.options.flatMap((audience) => {
        const minutes = cadence && reader.number(cadence, audience, { min: 1, max: 10_080 });
        return minutes ? [{ audience, minutes }] : [];
      }),
      authority: reader.list(at, 'authority').flatMap((each) => {
        if (!one(each, 'An authority is what, role and perhaps second.', ['what', 'role', 'second'])) return [];
        const what = reader.text(each, 'what');
        const role = reader.oneOf(each, 'role', Role.options);
        const second = reader.oneOf(each, 'second', Role.options);
        if (!each.get('what') || !each.get('role')) reader.error(each, 'An authority wants what and role.');
        if (second !== null && second === role)
          reader.error(each.get('second'), 'The second person cannot be the first: name another role.');
        return what && role ? [{ what, role, second }] : [];
      }),
      escalation: reader.list(at, 'escalation').flatMap((each) => {
        if (!one(each, 'An escalation is minutes, waitsFor and to.', ['minutes', 'waitsFor', 'to'])) return [];
        const minutes = reader.number(each, 'minutes', { min: 1, max: 10_080 });
        const waitsFor = reader.oneOf(each, 'waitsFor', EscalationWait.options);
        const to = reader.text(each, 'to');
        if (!each.get('minutes') || !each.get('waitsFor') || !each.get('to'))
          reader.error(each, 'An escalation wants minutes, waitsFor and to.');
        return minutes && waitsFor && to ? [{ minutes, waitsFor, to }] : [];
      }),
      checklists: reader.list(at, 'checklists').flatMap((each) => {
        if (!one(each, 'A checklist is a title and points.', ['title', 'points'])) return [];
        const title = reader.text(each, 'title');
        const points = reader.texts(each, 'points');
        if (!title || points.length === 0) reader.error(each, 'A checklist wants a title and points.');
        return title ? [{ title, points }] : [];
      }),
      rooms: reader.texts(at, 'rooms'),
    },
  };
}

/** What a level and a model ask for together: an audience hears as often as the more frequent of them says. */
export function substanceOf(policy: ResponsePolicy, level: ResponseLevel, model: ResponseModel): Substance {
  const [a, b] = [policy.levels[level].substance, policy.models[model].substance];
  const unique = <T>(items: readonly T[], key: (item: T) => string): T[] =>
    [...new Map(items.toReversed().map((item) => [key(item), item])).values()].toReversed();
  const roles = new Set([...b.roles, ...a.roles]);
  return {
    roles: Role.options.filter((role) => roles.has(role)),
    cadence: Audience.options.flatMap((audience) => {
      const each = [...a.cadence, ...b.cadence].filter((one) => one.audience === audience);
      return each.length === 0 ? [] : [{ audience, minutes: Math.min(...each.map(({ minutes }) => minutes)) }];
    }),
    authority: unique([...b.authority, ...a.authority], ({ what }) => what),
    escalation: unique(
      [...a.escalation, ...b.escalation].toSorted((x, y) => x.minutes - y.minutes),
      ({ minutes, waitsFor, to }) => `${minutes} ${waitsFor} ${to}`,
    ),
    checklists: unique([...b.checklists, ...a.checklists], ({ title }) => title),
    rooms: [...new Set([...a.rooms, ...b.rooms])],
  };
}

/** A rule that holds. */
export interface ResponseFired {
  rule: string;
  line: number;
  gives: string;
  because: string;
  why: string;
}

export interface ResponseProposal {
  level: ResponseLevel;
  model: ResponseModel;
  /** The rules on the level that hold, the highest first; empty when none does. */
  levelFired: ResponseFired[];
  /** The rule on the model that decides; null when none holds. */
  modelFired: ResponseFired | null;
  /** Sentences on what is not known and would raise it. */
  unknown: string[];
}

/** What the policy proposes for these facts. */
export function proposeResponse(policy: ResponsePolicy, facts: ResponseFacts): ResponseProposal {
  const unknown = new Set<string>();
  const fired = policy.levelRules.flatMap((rule) => {
    const said = holding(rule.when, facts, null);
    if (said.every(({ holds }) => holds !== false) && said.some(({ holds }) => holds === null))
      for (const { holds, words } of said)
        if (holds === null) unknown.add(`${capital(words)}; it decides whether this is ${responseName(rule.gives)}.`);
    return said.every(({ holds }) => holds === true) ? [firedOf(rule, said)] : [];
  });
  const place = (level: string): number => ResponseLevel.options.indexOf(level as ResponseLevel);
  fired.sort((a, b) => place(b.gives) - place(a.gives) || a.line - b.line);
  const top = fired[0]?.gives as ResponseLevel | undefined;
  const level = top && place(top) > place(policy.levelOtherwise) ? top : policy.levelOtherwise;
  const decided = policy.modelRules
    .map((rule) => ({ rule, said: holding(rule.when, facts, level) }))
    .find(({ said }) => said.every(({ holds }) => holds === true));
  return {
    level,
    model: decided?.rule.gives ?? policy.modelOtherwise,
    levelFired: fired,
    modelFired: decided ? firedOf(decided.rule, decided.said) : null,
    unknown: [...unknown].slice(0, 5),
  };
}

interface Said {
  /** Null when it is not known. */
  holds: boolean | null;
  words: string;
}

function firedOf({ id, line, gives, why }: Rule<string>, said: readonly Said[]): ResponseFired {
  const words = said.map((each) => each.words);
  const because = words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
  return { rule: id, line, gives, because: capital(because), why };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const DOMAIN_NAMES: Record<Domain, string> = {
  'e-commerce': 'e-commerce',
  'store-operations': 'store operations',
  'cloud-erp': 'cloud ERP',
  identity: 'identity',
  'data-platform': 'the data platform',
};

function holding(when: Conditions, facts: ResponseFacts, level: ResponseLevel | null): Said[] {
  const said: Said[] = [];
  const add = (holds: boolean | null, words: string): void => void said.push({ holds, words });
  const { stores, reach } = facts;
  if (when.severity) {
    const order = Severity.options;
    add(order.indexOf(facts.severity) <= order.indexOf(when.severity), `it is ${facts.severity}`);
  }
  if (when.level && level !== null)
    add(
      ResponseLevel.options.indexOf(level) >= ResponseLevel.options.indexOf(when.level),
      `the response is at ${responseName(level)}${level === 'business-continuity' ? ' level' : ''}`,
    );
  if (when.domains) {
    const touched = facts.domains.filter((domain) => when.domains!.includes(domain));
    add(touched.length > 0, `it is in ${touched.map((domain) => DOMAIN_NAMES[domain]).join(' and ')}`);
  }
  if (when.domainsTouched)
    add(
      facts.domains.length >= when.domainsTouched,
      `${facts.domains.length} domains are touched (${facts.domains.map((domain) => DOMAIN_NAMES[domain]).join(', ')})`,
    );
  for (const [least, is, what] of [
    [when.businessServices, reach?.businessServices, 'business services'],
    [when.services, reach?.services, 'services'],
  ] as const)
    if (least !== undefined)
      add(
        is === undefined ? null : is >= least,
        is === undefined ? `what it reaches is not known` : `it reaches ${is} ${what}`,
      );
  for (const [least, scale] of [
    [when.stores, 1],
    [when.storesShare, Math.max(1, stores?.total ?? 1)],
  ] as const)
    if (least !== undefined)
      add(
        stores === null ? null : (stores.cannotSell + stores.perhaps) / scale >= least,
        stores === null
          ? 'how many stores can sell is not known'
          : `${stores.cannotSell} of ${stores.total} stores cannot sell${stores.perhaps > 0 ? ` (${stores.perhaps} more are not heard of)` : ''}`,
      );
  if (when.regions)
    add(
      stores === null ? null : stores.regions >= when.regions,
      stores === null ? 'how many stores can sell is not known' : `stores of ${stores.regions} regions cannot sell`,
    );
  for (const name of ['data', 'security'] as const) {
    const least = when[name];
    if (least)
      add(
        SUSPICIONS.indexOf(facts[name]) >= SUSPICIONS.indexOf(least),
        `${name === 'data' ? 'wrong or lost data are' : 'a breach is'} ${facts[name]}`,
      );
  }
  if (when.hours)
    add(
      facts.office === (when.hours === 'office'),
      facts.office ? 'headquarters are at work' : 'headquarters are not at work',
    );
  if (when.lasting) add(facts.lasting >= when.lasting, `it has lasted ${formatDuration(facts.lasting * 60_000)}`);
  if (when.runbooks)
    add(facts.runbook !== null && when.runbooks.includes(facts.runbook), `the runbook ${facts.runbook} fits`);
  return said;
}

/** What a rule asks for, in words. */
function asked(when: Conditions): string {
  const list = (words: readonly string[]): string =>
    words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  const worse = (text: string, isWorst: boolean): string => (isWorst ? text : `${text} or worse`);
  const parts = [
    when.level && `the level is ${responseName(when.level)}${when.level === 'business-continuity' ? '' : ' or higher'}`,
    when.severity && `it is ${worse(when.severity, when.severity === 'SEV1')}`,
    when.domains && `it is in ${list(when.domains.map((domain) => DOMAIN_NAMES[domain]))}`,
    when.domainsTouched && `${when.domainsTouched} or more domains are touched`,
    when.businessServices && `it reaches ${when.businessServices} or more business services`,
    when.services && `it reaches ${when.services} or more services`,
    when.stores && `${when.stores} or more stores cannot sell`,
    when.storesShare && `${Math.round(when.storesShare * 100)} % or more of the stores cannot sell`,
    when.regions && `stores of ${when.regions} or more regions cannot sell`,
    when.data && `data are ${when.data === 'suspected' ? 'suspected or known' : 'known'} to be wrong or lost`,
    when.security && `a breach is ${when.security === 'suspected' ? 'suspected or known' : 'known'}`,
    when.hours && (when.hours === 'office' ? 'headquarters are at work' : 'headquarters are not at work'),
    when.lasting && `it has lasted ${formatDuration(when.lasting * 60_000)} or longer`,
    when.runbooks && `the runbook that fits best is ${list(when.runbooks)}`,
  ];
  return parts.filter((part) => typeof part === 'string').join(', and ');
}

export const responsePolicy: PolicyKind<ResponsePolicy> = {
  title: 'Response level and model',
  summary: 'How many are called, who leads them, who hears how often, and who may say yes.',
  file: 'response.yaml',
  parse,
  tables: (policy) => {
    const part = (word: ResponseLevel | ResponseModel, { line, means, substance }: Part) => ({
      line,
      cells: [
        capital(responseName(word)),
        means,
        ...['Roles to fill', 'Updates', 'Escalation'].map(
          (title) =>
            substanceLines(substance)
              .find((each) => each.title === title)
              ?.lines.join('; ') ?? '',
        ),
      ],
    });
    const rules = (list: readonly Rule<ResponseLevel | ResponseModel>[], rest: ResponseLevel | ResponseModel) => [
      ...list.map(({ gives, when, why, id, line }) => ({
        line,
        cells: [capital(responseName(gives)), asked(when), why, id],
      })),
      { line: 0, cells: [capital(responseName(rest)), 'anything else', '', 'otherwise'] },
    ];
    const means = ['What', 'Means', 'Roles to fill', 'Updates', 'Escalation'];
    return [
      {
        title: 'Level',
        note: 'Of the rules that hold the one with the highest level decides.',
        columns: ['Level', 'When', 'Because', 'Rule'],
        rows: rules(policy.levelRules, policy.levelOtherwise),
      },
      {
        title: 'Model',
        note: 'From top to bottom: the first rule that holds decides.',
        columns: ['Model', 'When', 'Because', 'Rule'],
        rows: rules(policy.modelRules, policy.modelOtherwise),
      },
      {
        title: 'What a level means',
        note: '',
        columns: means,
        rows: ResponseLevel.options.map((level) => part(level, policy.levels[level])),
      },
      {
        title: 'What a model means',
        note: 'It is added to what the level asks for.',
        columns: means,
        rows: ResponseModel.options.map((model) => part(model, policy.models[model])),
      },
      {
        title: 'Who may say yes',
        note: '',
        columns: ['Where', 'To what', 'Who', 'With'],
        rows: [
          ...ResponseLevel.options.map((level) => [level, policy.levels[level]] as const),
          ...ResponseModel.options.map((model) => [model, policy.models[model]] as const),
        ].flatMap(([word, { line, substance }]) =>
          substance.authority.map(({ what, role, second }) => ({
            line,
            cells: [capital(responseName(word)), what, roleName(role), second === null ? '' : roleName(second)],
          })),
        ),
      },
    ];
  },
};
