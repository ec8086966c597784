/**
 * Alerts to services. Invariant: an alert belongs to every service one of whose matcher sets it satisfies whole, by
 * Prometheus' rules (an absent label is the empty string, expressions match the whole value); a pattern that is no
 * expression, or that could take for ever, matches nothing and is named.
 */
import type { AlertMatch } from '../../../shared/domain/estate.ts';
import type { MappedService } from './source.ts';

export type Labels = Readonly<Record<string, string>>;

/** Labels longer than this are matched by their beginning only. */
const MATCHED_LENGTH = 300;
const MAX_REPEATS = 4;

type Test = (labels: Labels) => boolean;

interface MatchSet {
  service: string;
  tests: Test[];
}

export class AlertIndex {
  /** Sets with an `=` matcher, by `label\nvalue` of the first of them. */
  readonly #byValue = new Map<string, MatchSet[]>();
  readonly #labels = new Set<string>();
  readonly #others: MatchSet[] = [];
  /** Names and ids of services, for alerts that say which service they mean by a label. */
  readonly #named = new Map<string, string>();
  readonly #nameLabels: readonly string[];
  /** One sentence for each matcher that can't be used. */
  readonly problems: string[] = [];

  /** @param nameLabels labels whose value is a service's id or name, tried when no matcher claims an alert */
  constructor(services: Iterable<MappedService>, nameLabels: readonly string[]) {
    this.#nameLabels = nameLabels;
    for (const { id, name, alertMatch } of services) {
      this.#named.set(name, id);
      for (const set of alertMatch) this.#add(id, set);
    }
    for (const { id } of services) this.#named.set(id, id);
  }

  #add(service: string, matchers: readonly AlertMatch[]): void {
    if (matchers.length === 0) return;
    const key = matchers.find(({ op, value }) => op === '=' && value !== '');
    const tests: Test[] = [];
    for (const matcher of matchers) {
      if (matcher === key) continue;
      const test = testOf(matcher);
      if (typeof test === 'string') {
        this.problems.push(`${service}: ${matcher.label}${matcher.op}${matcher.value.slice(0, 80)}: ${test}`);
        return;
      }
      tests.push(test);
    }
    const set = { service, tests };
    if (!key) {
      this.#others.push(set);
      return;
    }
    this.#labels.add(key.label);
    const place = `${key.label}\n${key.value}`;
    const list = this.#byValue.get(place);
    if (list) list.push(set);
    else this.#byValue.set(place, [set]);
  }

  /** Ids of the services that the alert belongs to, sorted; none when nobody claims it. */
  match(labels: Labels): string[] {
    const found = new Set<string>();
    const take = (sets: readonly MatchSet[]) => {
      for (const { service, tests } of sets)
        if (!found.has(service) && tests.every((test) => test(labels))) found.add(service);
    };
    for (const label of this.#labels) {
      const value = labels[label];
      if (value !== undefined) take(this.#byValue.get(`${label}\n${value}`) ?? []);
    }
    take(this.#others);
    if (found.size === 0) {
      for (const label of this.#nameLabels) {
        const service = this.#named.get(labels[label] ?? '');
        if (service !== undefined) {
          found.add(service);
          break;
        }
      }
    }
    return [...found].sort();
  }
}

/** The test of one matcher, or a sentence on why there is none. */
function testOf({ label, op, value }: AlertMatch): Test | string {
  const of = (labels: Labels) => labels[label] ?? '';
  if (op === '=') return (labels) => of(labels) === value;
  if (op === '!=') return (labels) => of(labels) !== value;
  const expression = compile(value);
  if (typeof expression === 'string') return expression;
  const matches: Test = (labels) => expression.test(of(labels).slice(0, MATCHED_LENGTH));
  return op === '=~' ? matches : (labels) => !matches(labels);
}

/** A fully anchored expression, or a sentence on why it is refused. RE2's leading flags `(?i)` and `(?s)` are understood. */
function compile(pattern: string): RegExp | string {
  const flags = /^\(\?([is]+)\)/.exec(pattern);
  const body = flags ? pattern.slice(flags[0].length) : pattern;
  const danger = explodes(body);
  if (danger) return danger;
  try {
    return new RegExp(`^(?:${body})$`, `u${[...new Set(flags?.[1] ?? '')].join('')}`);
  } catch {
    try {
      return new RegExp(`^(?:${body})$`, [...new Set(flags?.[1] ?? '')].join(''));
    } catch {
      return 'it is no regular expression';
    }
  }
}

/**
 * Whether a backtracking engine could take exponentially long: a repeated group that holds a repetition or alternatives,
 * or many repetitions side by side. Prometheus' own engine takes such patterns; ours would let one label stop the console.
 */
function explodes(pattern: string): string | null {
  const groups: { risky: boolean }[] = [{ risky: false }];
  let repeats = 0;
  let closed: { risky: boolean } | null = null;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const group = groups.at(-1)!;
    const after = closed;
    closed = null;
    if (char === '\\') at++;
    else if (char === '[') {
      for (at += pattern[at + 1] === '^' ? 3 : 2; at < pattern.length && pattern[at] !== ']'; at++)
        if (pattern[at] === '\\') at++;
    } else if (char === '(') groups.push({ risky: false });
    else if (char === ')' && groups.length > 1) {
      closed = groups.pop()!;
      if (closed.risky) groups.at(-1)!.risky = true;
    } else if (char === '|' || (char === '?' && pattern[at - 1] !== '(')) group.risky = true;
    else if (char === '*' || char === '+' || (char === '{' && /^\{\d+,\d*\}|^\{\d{2,}\}/.test(pattern.slice(at)))) {
      if (after?.risky) return 'it repeats a group that repeats or branches, which could take for ever';
      if (++repeats > MAX_REPEATS) return `it has more than ${MAX_REPEATS} repetitions, which could take very long`;
      group.risky = true;
    }
  }
  return null;
}
