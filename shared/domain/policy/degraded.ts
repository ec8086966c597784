/**
 * Controlled degradations, agreed before they are needed. Invariant: each has an owner, something that calls for it and something that
 * ends it, and does not call for itself again the moment it ends.
 */
import { quote } from '../catalog/problems.ts';
import type { Cursor } from '../catalog/yaml.ts';
import {
  conditionText,
  exitText,
  type Condition,
  type Estimate,
  type MetricCondition,
  type Mode,
  type Of,
  type Purpose,
  type StoresCondition,
} from '../degraded/conditions.ts';
import { easingText } from '../degraded/figures.ts';
import { roleName } from '../timeline.ts';
import { Health, Role, ServiceKind } from '../words.ts';
import type { PolicyKind } from './policy.ts';
import { PolicyReader } from './reader.ts';

const FILE = 'degraded.yaml';
const MODE = ['id', 'title', 'effect', 'owner', 'when', 'exit', 'avoids', 'buffers', 'businessServices'];
/** More than this cannot be chosen from at night. */
const MAX_MODES = 40;
/** Samples of a metric reach three hours back; a hold must fit well within them. */
const MAX_MINUTES = 120;
/** A service of a kind is looked at for each condition; more than this is no rule any more. */
const MAX_CONDITIONS = 10;

export type DegradedModes = readonly Mode[];

class ModeReader {
  readonly #reader: PolicyReader;

  constructor(reader: PolicyReader) {
    this.#reader = reader;
  }

  modes(root: Cursor): Mode[] {
    const reader = this.#reader;
    reader.only(root, ['modes']);
    const items = reader.list(root, 'modes');
    if (!root.get('modes'))
      reader.error(root, 'This policy has no "modes": a list of what may be given up on purpose.', 'modes');
    if (items.length > MAX_MODES)
      reader.error(items[MAX_MODES]!, `There are ${items.length} modes; nobody chooses from more than ${MAX_MODES}.`);
    const taken = new Map<string, number>();
    return items.flatMap((at) => this.#mode(at, taken) ?? []);
  }

  #mode(at: Cursor, taken: Map<string, number>): Mode | null {
    const reader = this.#reader;
    if (at.kind !== 'map') {
      reader.error(at, 'A mode is names with values, beginning with "- id: limit-order-promises".');
      return null;
    }
    reader.only(at, MODE);
    const id = reader.id(at, taken);
    const title = this.#needed(at, 'title', 100, `The mode ${id} has no title.`);
    const effect = this.#needed(at, 'effect', 1000, `The mode ${id} does not say what it gives up: write an "effect".`);
    const owner = reader.oneOf(at, 'owner', Role.options);
    if (!at.get('owner'))
      reader.error(at, `The mode ${id} has no owner: name the role that answers for it.`, `${at.path}.owner`);
    const when = this.#conditions(at, 'when', `Nothing calls for the mode ${id}: write conditions under "when".`);
    const exit = this.#conditions(at, 'exit', `Nothing ends the mode ${id}: write conditions under "exit".`);
    this.#contradictions(when, exit, at);
    const avoids = this.#estimate(at, 'avoids');
    const buffers = this.#estimate(at, 'buffers');
    if ((avoids?.high ?? 0) + (buffers?.high ?? 0) > 1)
      reader.error(at.get('buffers'), `The mode ${id} avoids and buffers more than all of what would be lost.`);
    if (title === null || effect === null || owner === null) return null;
    const businessServices = reader.texts(at, 'businessServices', 100);
    return { id, title, effect, owner, when, exit, avoids, buffers, businessServices, line: at.line };
  }

  #needed(at: Cursor, name: string, max: number, missing: string): string | null {
    if (!at.get(name)) this.#reader.error(at, missing, `${at.path}.${name}`);
    return this.#reader.text(at, name, max);
  }

  #conditions(at: Cursor, name: Purpose, missing: string): Condition[] {
    const reader = this.#reader;
    const items = reader.list(at, name);
    if (items.length === 0) reader.error(at.get(name) ?? at, missing, `${at.path}.${name}`);
    if (items.length > MAX_CONDITIONS)
      reader.error(items[MAX_CONDITIONS]!, `There are ${items.length} conditions; write at most ${MAX_CONDITIONS}.`);
    return items.flatMap((item) => this.#condition(item, name) ?? []);
  }

  #condition(at: Cursor, purpose: Purpose): Condition | null {
    const reader = this.#reader;
    if (at.kind !== 'map') {
      reader.error(at, 'A condition is names with values, such as { service: odoo, health: failing, minutes: 5 }.');
      return null;
    }
    const about = ['metric', 'health', 'stores'].filter((name) => at.get(name));
    if (about.length !== 1) {
      reader.error(at, 'A condition is about one of "metric", "health" and "stores".');
      return null;
    }
    if (!at.get('minutes'))
      reader.error(at, 'Say for how many "minutes" it must hold; 0 is at once.', `${at.path}.minutes`);
    const minutes = reader.number(at, 'minutes', { max: MAX_MINUTES }) ?? 0;
    if (about[0] === 'stores') return this.#stores(at, purpose, minutes);
    const of = this.#of(at, about[0]!);
    return about[0] === 'metric' ? this.#metric(at, of, minutes) : this.#health(at, of, purpose, minutes);
  }

  #of(at: Cursor, about: string): Of | null {
    const reader = this.#reader;
    const service = reader.text(at, 'service', 200);
    const kind = reader.oneOf(at, 'kind', ServiceKind.options);
    if (Boolean(at.get('service')) === Boolean(at.get('kind')))
      reader.error(at, `Say whose ${about} it is: a "service", or a "kind" of service; one of the two.`);
    return service !== null ? { service } : kind !== null ? { kind } : null;
  }

  #metric(at: Cursor, of: Of | null, minutes: number): MetricCondition | null {
    const reader = this.#reader;
    reader.only(at, ['service', 'kind', 'metric', 'above', 'below', 'clear', 'minutes']);
    const metrics = reader.texts(at, 'metric', 200);
    const wide = { min: -1e15, max: 1e15 };
    const above = reader.number(at, 'above', wide);
    const below = reader.number(at, 'below', wide);
    if (Boolean(at.get('above')) === Boolean(at.get('below')))
      reader.error(at, 'A metric is "above" or "below" a number; write one of the two.');
    const limit = above ?? below;
    const side = above !== null ? ('above' as const) : ('below' as const);
    const clear = reader.number(at, 'clear', wide) ?? limit;
    if (limit === null || clear === null || of === null || metrics.length === 0) return null;
    if (side === 'above' ? clear > limit : clear < limit)
      reader.error(
        at.get('clear'),
        `${clear} is on the wrong side: what is ${side} ${limit} is clear again ${side === 'above' ? 'at that or less' : 'at that or more'}.`,
      );
    return { on: 'metric', of, metrics, side, limit, clear, minutes, line: at.line };
  }

  #health(at: Cursor, of: Of | null, purpose: Purpose, minutes: number): Condition | null {
    const reader = this.#reader;
    reader.only(at, ['service', 'kind', 'health', 'minutes']);
    const words = Health.options.filter((word) => word !== 'unknown' && (purpose === 'exit' || word !== 'healthy'));
    const health = reader.oneOf(at, 'health', words);
    return health === null || of === null ? null : { on: 'health', of, health, minutes, line: at.line };
  }

  #stores(at: Cursor, purpose: Purpose, minutes: number): StoresCondition | null {
    const reader = this.#reader;
    const name = purpose === 'when' ? 'atLeast' : 'atMost';
    reader.only(at, ['stores', name, 'minutes']);
    const selling = reader.oneOf(at, 'stores', ['cannot', 'fallback'] as const);
    const member = at.get(name);
    if (!member)
      reader.error(at, `Say how many: "${name}: 5" stores, or "${name}: 10%" of them.`, `${at.path}.${name}`);
    const isShare = (member?.text()?.trim() ?? '').endsWith('%');
    const share = isShare ? reader.share(at, name) : null;
    const count = isShare ? null : reader.number(at, name, { min: purpose === 'when' ? 1 : 0, max: 1e6, whole: true });
    if (selling === null) return null;
    if (share !== null) return { on: 'stores', selling, limit: { share }, minutes, line: at.line };
    return count === null ? null : { on: 'stores', selling, limit: { count }, minutes, line: at.line };
  }

  /** "10%", or [5%, 15%]: from low to high. */
  #estimate(at: Cursor, name: 'avoids' | 'buffers'): Estimate | null {
    const reader = this.#reader;
    const member = at.get(name);
    if (!member) return null;
    const items = member.kind === 'list' ? member.items() : [member];
    const shares = items.map((item) => {
      const text = item.text()?.trim() ?? '';
      const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
      const value = percent ? Number(percent[1]) / 100 : (item.number() ?? Number.NaN);
      if (!(value >= 0 && value <= 1)) reader.error(item, `${quote(text)} is no share: write "10%", or 0.1.`);
      return value;
    });
    const [low, high = low] = shares;
    if (shares.length > 2 || low === undefined || high === undefined)
      reader.error(member, `An estimate is from low to high, such as ${name}: [5%, 15%].`);
    else if (low > high) reader.error(member, `The low end of this estimate is above its high end.`);
    else return { low, high };
    return null;
  }

  /** What ends it must not lie where it is called for. */
  #contradictions(when: readonly Condition[], exit: readonly Condition[], at: Cursor): void {
    for (const end of exit) {
      for (const begin of when) {
        const same =
          end.on === 'metric' &&
          begin.on === 'metric' &&
          JSON.stringify(end.of) === JSON.stringify(begin.of) &&
          end.metrics.some((metric) => begin.metrics.includes(metric));
        if (!same || end.side === begin.side) continue;
        if (begin.side === 'above' ? end.limit > begin.clear : end.limit < begin.clear)
          this.#reader.error(
            lineOf(at, end.line),
            `It may end ${end.side} ${end.limit} while it is called for ${begin.side} ${begin.limit} and clear only at ${begin.clear} (line ${begin.line}): it would begin again at once.`,
          );
      }
    }
  }
}

/** The exit condition that stands in `line`. */
function lineOf(at: Cursor, line: number): Cursor {
  return (
    at
      .get('exit')
      ?.items()
      .find((item) => item.line === line) ?? at
  );
}

function parse(text: string): ReturnType<PolicyKind<DegradedModes>['parse']> {
  const reader = new PolicyReader(FILE, text);
  const { root } = reader;
  const modes = root ? new ModeReader(reader).modes(root) : [];
  return reader.result(() => modes);
}

export const degradedPolicy: PolicyKind<DegradedModes> = {
  title: 'Degraded modes',
  summary:
    'What may be given up on purpose so that the rest holds, what calls for it, and what must hold before it ends.',
  file: FILE,
  parse,
  tables: (modes) => [
    {
      title: 'Modes',
      note: 'Any of what stands under "called for by" proposes it; all of what stands under "may end when" must hold. What is not heard of is neither.',
      columns: ['mode', 'what is given up', 'owner', 'called for by', 'may end when', 'effect on estimates'],
      rows: modes.map((mode) => ({
        line: mode.line,
        cells: [
          mode.title,
          mode.effect,
          roleName(mode.owner),
          mode.when.map((one) => conditionText(one, 'when', (id) => id)).join('; or '),
          exitText(mode, (id) => id),
          easingText({ avoids: sharesOf(mode.avoids), buffers: sharesOf(mode.buffers) }),
        ],
      })),
    },
  ],
};

/** Low, likely (the middle) and high of an estimate. */
export function sharesOf(estimate: Estimate | null): [number, number, number] | null {
  return estimate === null ? null : [estimate.low, (estimate.low + estimate.high) / 2, estimate.high];
}
