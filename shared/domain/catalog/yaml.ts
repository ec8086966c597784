/**
 * YAML text as documents whose every value knows its line. Invariants: a broken document never costs the ones beside it,
 * and no document makes us spend more than in proportion to its size. Hence each document is cut out and parsed by itself
 * (a line that begins with `---` ends a document whatever stands before it: YAML 1.2.2, 9.1.2), aliases are weighed before
 * they are followed, and the library's own quadratic checks (unique keys, alias look-up) are done here in one pass.
 */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLParseError,
} from 'yaml';
import type { Json } from '../../ops/canonical.ts';
import { MAX_ALIAS_EXPANSION, MAX_DOCUMENT, MAX_NESTING } from './limits.ts';
import { quote } from './problems.ts';

/** Told of what is wrong inside a document that can be read all the same. */
export type Complain = (line: number, field: string, message: string) => void;

export interface YamlDocument {
  /** Null when the document is empty, or too broken to show anything. */
  root: Cursor | null;
  /** First line of its content, 1-based. */
  line: number;
  /** Why it cannot be used; `root` then shows what could be made out. */
  error: { line: number; message: string } | null;
}

/** The documents of a file, in order; empty ones are left out. Never throws. */
export function* parseYaml(text: string, complain: Complain): Generator<YamlDocument> {
  for (const segment of splitDocuments(text.startsWith('\uFEFF') ? text.slice(1) : text))
    yield parseSegment(segment, complain);
}

/** Text that holds one YAML value, such as an annotation; `firstLine` is the line of the file where it begins. */
export function parseYamlValue(text: string, firstLine: number, complain: Complain): YamlDocument {
  return parseSegment({ text, line: firstLine }, complain);
}

interface Segment {
  text: string;
  /** Line of the file where it begins, 1-based. */
  line: number;
}

/** Cuts at document markers; directives and comments stay with the document that follows them. */
function splitDocuments(text: string): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  let startLine = 1;
  let content = false;
  let marker = false;
  let line = 1;
  for (let at = 0; at < text.length; line++) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    const mark = markerAt(text, at);
    if (mark === '---' && (content || marker)) {
      if (content) segments.push({ text: text.slice(start, at), line: startLine });
      start = at;
      startLine = line;
      content = false;
    } else if (mark === '...') {
      if (content) segments.push({ text: text.slice(start, at), line: startLine });
      start = end;
      startLine = line + 1;
      content = marker = false;
    }
    if (mark === '---') marker = true;
    if (mark !== '...' && !content) content = hasContent(text, mark ? at + 3 : at, end, marker);
    at = end;
  }
  if (content) segments.push({ text: text.slice(start), line: startLine });
  return segments;
}

function markerAt(text: string, at: number): '---' | '...' | null {
  const first = text.charCodeAt(at);
  if (first !== 0x2d && first !== 0x2e) return null;
  const mark = text.slice(at, at + 3);
  if (mark !== '---' && mark !== '...') return null;
  const next = text[at + 3];
  return next === undefined || next === ' ' || next === '\t' || next === '\n' || next === '\r' ? mark : null;
}

function hasContent(text: string, from: number, end: number, afterMarker: boolean): boolean {
  const line = text.slice(from, end).trim();
  // A directive begins its line.
  return line !== '' && !line.startsWith('#') && (afterMarker || text[from] !== '%');
}

function parseSegment(segment: Segment, complain: Complain): YamlDocument {
  const tooMuch = excess(segment.text);
  if (tooMuch !== null) return { root: null, line: segment.line, error: { line: segment.line, message: tooMuch } };
  const counter = new LineCounter();
  const lineOf = (offset: number) => segment.line + Math.max(counter.linePos(offset).line, 1) - 1;
  try {
    const document = parseDocument(segment.text, {
      lineCounter: counter,
      prettyErrors: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    const contents = document.contents as Node | null;
    const source: Source = { lineOf, targets: new Map(), complain };
    const root = contents && !isEmpty(contents) ? new Cursor(contents, contents.range?.[0] ?? 0, source, '') : null;
    const line = root ? root.line : segment.line;
    const [broken] = document.errors;
    if (broken) {
      const at = lineOf(opening(document, broken) ?? broken.pos[0]);
      return {
        root,
        line,
        error: { line: at, message: `This is not valid YAML: ${sentence(broken.message, broken.code)}` },
      };
    }
    if (segment.text.includes('*') && contents) {
      const refused = linkAliases(contents, source);
      if (refused) return { root: null, line, error: { line: lineOf(refused.offset), message: refused.message } };
    }
    return { root, line, error: null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      root: null,
      line: segment.line,
      error: { line: segment.line, message: TOO_DEEP },
    };
  }
}

/** Why a document is not even looked at, or null. Brackets inside of texts count too: no text has hundreds that are never closed. */
function excess(text: string): string | null {
  if (text.length > MAX_DOCUMENT) {
    return `This document has ${Math.round(text.length / 1024)} KiB; one document has at most ${MAX_DOCUMENT / 1024} KiB.`;
  }
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === 0x5b || char === 0x7b) depth++;
    else if (char === 0x5d || char === 0x7d) depth--;
    if (depth > MAX_NESTING) return TOO_DEEP;
  }
  return null;
}

const TOO_DEEP = 'This is nested too deeply to be read.';

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source;
}

/** Of a quote or bracket that is never closed: where it was opened, because the parser notices only at the end. */
function opening(document: Document.Parsed, { message, pos }: YAMLParseError): number | null {
  const quote = /closing .quote/i.test(message);
  const bracket = /^(Flow|Expected flow) (map|seq)/i.test(message);
  if (!quote && !bracket) return null;
  let start: number | null = null;
  const consider = (node: Node) => {
    if (node.range && node.range[0] <= pos[0] && (start === null || node.range[0] > start)) start = node.range[0];
  };
  visit(document, {
    Scalar: (_, node) => (quote && node.type?.startsWith('QUOTE') ? consider(node) : undefined),
    Collection: (_, node) => (bracket && node.flow && (node.range?.[1] ?? 0) >= pos[0] ? consider(node) : undefined),
  });
  return start;
}

function sentence(message: string, code: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab indents this line, where YAML wants spaces.';
  if (/call stack/i.test(message)) return 'it is nested too deeply to be read.';
  const text = message.split('\n')[0]!.trim();
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

/** Finds what each alias stands for, and refuses a document whose aliases expand to far more than it holds. */
function linkAliases(root: Node, source: Source): { offset: number; message: string } | null {
  const anchors = new Map<string, Node>();
  const weights = new Map<Node, number>();
  let refused: { offset: number; message: string } | null = null;
  let expansion = 0;

  const weigh = (node: Node | null): number => {
    if (refused || !node) return 1;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      const weight = target && weights.get(target);
      if (!target || weight === undefined) {
        const why = target ? 'contains itself' : 'stands for nothing before it';
        refused = { offset: node.range?.[0] ?? 0, message: `The alias ${quote(`*${node.source}`)} ${why}.` };
        return 1;
      }
      source.targets.set(node, target);
      expansion += weight;
      if (expansion > MAX_ALIAS_EXPANSION) {
        const offset = node.range?.[0] ?? 0;
        refused = {
          offset,
          message: `The aliases of this document expand to more than ${MAX_ALIAS_EXPANSION} characters; it is refused.`,
        };
      }
      return weight;
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) anchors.set(node.anchor, node);
    let weight = 1;
    if (isScalar(node)) weight += typeof node.value === 'string' ? node.value.length : 10;
    else if (isSeq(node)) for (const item of node.items) weight += weigh(item as Node);
    else if (isMap(node)) {
      for (const { key, value } of node.items as Pair<Node, Node | null>[]) weight += weigh(key) + weigh(value);
    }
    weights.set(node, weight);
    return weight;
  };
  weigh(root);
  return refused;
}

interface Source {
  lineOf(offset: number): number;
  targets: Map<Alias, Node>;
  complain: Complain;
}

/** A value of a document, with the way to it. */
export class Cursor {
  readonly #node: Node | null;
  readonly #offset: number;
  readonly #source: Source;
  #members: Map<string, Cursor> | null = null;
  /** Names of the members on the way here, joined by dots; items by their number in brackets. */
  readonly path: string;

  /** `offset` is where the value stands, or where it would stand if it had been written. */
  constructor(node: Node | null, offset: number, source: Source, path: string) {
    this.#node = isAlias(node) ? (source.targets.get(node) ?? null) : node;
    this.#offset = offset;
    this.#source = source;
    this.path = path;
  }

  /** Line of the file where the value begins, 1-based. */
  get line(): number {
    return this.#source.lineOf(this.#offset);
  }

  /** Line of the file where the text of the value begins: of a block scalar that is the line below its `|`. */
  get textLine(): number {
    const block = isScalar(this.#node) && (this.#node.type === 'BLOCK_LITERAL' || this.#node.type === 'BLOCK_FOLDED');
    return block ? this.line + 1 : this.line;
  }

  get kind(): 'map' | 'list' | 'scalar' | 'null' {
    if (isMap(this.#node)) return 'map';
    if (isSeq(this.#node)) return 'list';
    return isScalar(this.#node) && this.#node.value !== null ? 'scalar' : 'null';
  }

  /** The members of a map, the first of those that share a name; empty for anything else. */
  members(): ReadonlyMap<string, Cursor> {
    if (this.#members) return this.#members;
    const members = new Map<string, Cursor>();
    this.#members = members;
    if (!isMap(this.#node)) return members;
    const merged: Cursor[] = [];
    for (const { key, value } of this.#node.items as Pair<Node, Node | null>[]) {
      const name = isScalar(key) ? scalarText(key) : null;
      const start = key.range?.[0] ?? this.#offset;
      const member = new Cursor(value, value?.range?.[0] ?? start, this.#source, this.#below(name ?? '?'));
      if (name === null)
        this.#source.complain(this.#source.lineOf(start), this.path, 'A name here is not plain text; it is left out.');
      else if (name === '<<' && isScalar(key) && key.type === 'PLAIN') merged.push(member);
      else if (!members.has(name)) members.set(name, member);
      else
        this.#source.complain(
          this.#source.lineOf(start),
          this.#below(name),
          `${quote(name)} stands twice; the first is used.`,
        );
    }
    for (const from of merged.flatMap((each) => (each.kind === 'list' ? each.items() : [each]))) {
      for (const [name, { node, offset }] of from.#raw()) {
        if (!members.has(name)) members.set(name, new Cursor(node, offset, this.#source, this.#below(name)));
      }
    }
    return members;
  }

  #raw(): [string, { node: Node | null; offset: number }][] {
    return [...this.members()].map(([name, member]) => [name, { node: member.#node, offset: member.#offset }]);
  }

  #below(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** A member that is there and not null. */
  get(name: string): Cursor | null {
    const member = this.members().get(name);
    return member && member.kind !== 'null' ? member : null;
  }

  /** The items of a list; empty for anything else. */
  items(): Cursor[] {
    if (!isSeq(this.#node)) return [];
    return (this.#node.items as (Node | null)[]).map(
      (item, n) => new Cursor(item, item?.range?.[0] ?? this.#offset, this.#source, `${this.path}[${n}]`),
    );
  }

  /** A scalar as the person typed it: `0664 1234` and `1.10` are no numbers here. Null for anything else. */
  text(): string | null {
    return isScalar(this.#node) ? scalarText(this.#node) : null;
  }

  /** A scalar as a number, whether or not it stands in quotes. Null for anything else and for NaN and infinities. */
  number(): number | null {
    const text = this.text()?.trim() ?? '';
    return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;
  }

  /** The value as JSON; numbers that a double cannot hold stay text. */
  json(): Json {
    if (isMap(this.#node))
      return Object.fromEntries([...this.members()].map(([name, member]) => [name, member.json()]));
    if (isSeq(this.#node)) return this.items().map((item) => item.json());
    if (!isScalar(this.#node)) return null;
    const { value } = this.#node;
    if (value === null || typeof value === 'boolean') return value;
    if (
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (!Number.isInteger(value) || Number.isSafeInteger(value))
    )
      return value;
    return scalarText(this.#node);
  }
}

function scalarText({ value, source }: { value: unknown; source?: string }): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value.toWellFormed();
  return (
    source ??
    (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : null)
  );
}
