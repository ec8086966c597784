/**
 * What a person reads in a terminal. Invariant: colour only repeats what a word already says, and a line is a line
 * whatever stands in it. What came from outside has to be made `harmless` before it gets here.
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { HealthView, Named, Problem } from '../../shared/contract/common.ts';
import { formatDuration, formatWhen } from '../../shared/domain/times.ts';
import { healthName } from '../../shared/domain/timeline.ts';
import type { Health } from '../../shared/domain/words.ts';

export interface PageOptions {
  /** Width of the terminal; null when it is none, and nothing is cut off. */
  width: number | null;
  colour: boolean;
  /** ms */
  now: number;
  /** IANA zone in which times are shown. */
  zone: string;
}

type Style = Parameters<typeof styleText>[0];

const HEALTH: Record<Health, { mark: string; style: Style | null }> = {
  healthy: { mark: '●', style: null },
  'early-warning': { mark: '◐', style: 'blue' },
  degraded: { mark: '▲', style: 'yellow' },
  failing: { mark: '■', style: ['bold', 'red'] },
  unknown: { mark: '?', style: 'magenta' },
};

/** Worst first; not knowing is as loud as degraded. */
export const LOUDEST_FIRST: readonly Health[] = ['failing', 'degraded', 'unknown', 'early-warning', 'healthy'];

/** Sorts the loudest first. */
export const loudness = (health: Health): number => LOUDEST_FIRST.indexOf(health);

export interface Column<T> {
  title: string;
  cell: (row: T) => string;
  /** Numbers stand at the right. */
  right?: boolean;
}

export class Page {
  readonly #options: PageOptions;
  readonly #lines: string[] = [];

  constructor(options: PageOptions) {
    this.#options = options;
  }

  /** The moment that ages are told from, ms. */
  get now(): number {
    return this.#options.now;
  }

  /** IANA zone in which times are shown. */
  get zone(): string {
    return this.#options.zone;
  }

  /** Whether somebody reads it as it is written, and no program. */
  get terminal(): boolean {
    return this.#options.width !== null;
  }

  toString(): string {
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`;
  }

  /** One line; line breaks in `text` become spaces. */
  line(text = ''): this {
    this.#lines.push(text.replace(/\s*\n\s*/g, ' ').trimEnd());
    return this;
  }

  /** A heading, with an empty line before it unless it is the first thing on the page. */
  heading(text: string): this {
    if (this.#lines.length > 0) this.line();
    return this.line(this.style('bold', text.toUpperCase()));
  }

  /** Names and values, the values under each other; those without a value are left out. */
  facts(facts: readonly (readonly [name: string, value: string | null])[], indent = ''): this {
    const shown = facts.filter((fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== '');
    const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
    for (const [name, value] of shown) this.line(`${indent}${pad(name, width)}  ${value}`);
    return this;
  }

  /** Without a row, only `empty`. The last column is cut to the terminal's width. */
  table<T>(rows: readonly T[], columns: readonly Column<T>[], empty = 'None.', indent = ''): this {
    if (rows.length === 0) return this.line(indent + empty);
    const cells = rows.map((row) => columns.map((column) => column.cell(row).replace(/\s+/g, ' ')));
    const used = columns.map((_, index) => cells.some((row) => row[index] !== ''));
    const widths = columns.map(({ title }, index) =>
      Math.max(widthOf(title), ...cells.map((row) => widthOf(row[index]!))),
    );
    const put = (row: readonly string[]): void => {
      const parts = row
        .map((cell, index) => pad(cell, widths[index]!, columns[index]!.right))
        .filter((_, index) => used[index]);
      this.line(this.#fit(indent + parts.join('  ')));
    };
    if (columns.some(({ title }) => title !== '')) put(columns.map(({ title }) => this.style('dim', title)));
    for (const row of cells) put(row);
    return this;
  }

  /** Words that a person wrote, with their line breaks, indented. */
  prose(text: string, indent = '  '): this {
    for (const line of text.split('\n')) this.line(indent + line);
    return this;
  }

  #fit(line: string): string {
    const { width } = this.#options;
    return width === null || widthOf(line.trimEnd()) <= width ? line : cut(line, width);
  }

  style(style: Style, text: string): string {
    return this.#options.colour && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  }

  /** "■ failing". */
  health(health: Health): string {
    const { mark, style } = HEALTH[health];
    const text = `${mark} ${healthName(health)}`;
    return style === null ? text : this.style(style, text);
  }

  /** A health with its cause, source and age. */
  healthView(view: HealthView): string {
    const was = view.last === null ? '' : `, last ${healthName(view.last)}`;
    const parts = [
      view.since === null ? null : `since ${this.when(view.since)}`,
      view.reason,
      view.source === null ? null : `${view.source}${view.observedAt === null ? '' : `, ${this.age(view.observedAt)}`}`,
    ].filter((part) => part !== null && part !== '');
    return [`${this.health(view.health)}${was}`, ...parts].join(' · ');
  }

  /** "14:05 CET", "yesterday 23:50 CET". */
  when(at: number | null): string {
    return at === null ? '–' : formatWhen(at, this.#options.zone, this.#options.now);
  }

  /** "40 s ago", "in 4 min". */
  age(at: number | null): string {
    if (at === null) return 'never';
    const passed = this.#options.now - at;
    return passed >= 0 ? `${formatDuration(passed)} ago` : `in ${formatDuration(-passed)}`;
  }

  /** "38 min". */
  lasting(since: number, until: number | null = null): string {
    return formatDuration((until ?? this.#options.now) - since);
  }
}

/** Place, field and sentence of what is wrong in a file: `catalog.yaml:14: spec.owner: …`. */
export function problemLine({ file, line, field, message }: Problem): string {
  const place = line > 0 ? `${file}:${line}` : file;
  return [place, field, message].filter((part) => part !== '').join(': ');
}

export function named(one: Named | null): string {
  return one === null ? '–' : one.name;
}

export function names(list: readonly Named[]): string {
  return list.map(named).join(', ');
}

/** The first of them, and how many more there are; all are in `--json`. */
export function someNames(list: readonly Named[], most = 8): string {
  const more = list.length - most;
  return more > 1 ? `${names(list.slice(0, most))} and ${more.toLocaleString('en')} more` : names(list);
}

/** "70 healthy · 2 failing", the loudest first, those that are none left out. */
export function tally(page: Page, all: readonly Health[]): string {
  return LOUDEST_FIRST.flatMap((health) => {
    const n = all.filter((one) => one === health).length;
    return n === 0 ? [] : [`${n} ${page.health(health)}`];
  }).join(' · ');
}

/** "1 service", "2 services"; thousands apart. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/**
 * The same value with every text in it made harmless: control characters, and those that turn the direction of writing,
 * become a replacement mark. Line breaks and tabs stay.
 */
export function harmless<T>(value: T): T {
  if (typeof value === 'string') {
    return value.replaceAll('\r\n', '\n').replace(/(?![\n\t])[\p{Cc}\p{Bidi_C}]/gu, '\ufffd') as T;
  }
  if (Array.isArray(value)) return value.map(harmless) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, held]) => [harmless(key), harmless(held as unknown)]),
  ) as T;
}

const graphemes = new Intl.Segmenter('en');

/** In characters as a person counts them; colours are none. */
function widthOf(text: string): number {
  const bare = stripVTControlCharacters(text);
  return /^[ -~]*$/.test(bare) ? bare.length : Iterator.from(graphemes.segment(bare)).reduce((sum) => sum + 1, 0);
}

function pad(text: string, width: number, right = false): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
}

/** Cuts to `width` characters; colours are not counted and are all kept, so that they end. */
function cut(text: string, width: number): string {
  let left = width - 1;
  let out = '';
  for (const piece of text.split(COLOUR)) {
    if (piece.startsWith(ESCAPE)) out += piece;
    else for (const { segment } of graphemes.segment(piece)) if (left-- > 0) out += segment;
  }
  return `${out}…`;
}

const ESCAPE = String.fromCharCode(27);
const COLOUR = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`, 'u');
