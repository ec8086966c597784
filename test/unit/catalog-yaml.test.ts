import { describe, expect, it } from 'vitest';
import { parseYaml, type YamlDocument } from '../../shared/domain/catalog/yaml.ts';

interface Complaint {
  line: number;
  field: string;
  message: string;
}

function parse(text: string): { documents: YamlDocument[]; complaints: Complaint[] } {
  const complaints: Complaint[] = [];
  const documents = [...parseYaml(text, (line, field, message) => complaints.push({ line, field, message }))];
  return { documents, complaints };
}

const values = (text: string) => parse(text).documents.map(({ root, error }) => error?.line ?? root?.json());

describe('documents of a YAML file', () => {
  it('are cut at their markers, whatever stands before', () => {
    expect(values('a: 1\n---\nb: 2\n--- # third\nc: 3\n...\n# only a comment\n---\n---\n--- {d: 4}\n')).toEqual([
      { a: 1 },
      { b: 2 },
      { c: 3 },
      { d: 4 },
    ]);
  });

  it.each([
    ['an unclosed quote', 'b: "x'],
    ['an unclosed list', 'b: [1, 2'],
    ['an unclosed map', 'b: {x: 1'],
    ['a tab that indents', 'b:\n\tx: 1'],
    ['a key that is no key', 'b: 1\nx'],
    ['a bad escape', 'b: "\\q"'],
  ])('cost nothing but themselves when there is %s', (_, broken) => {
    const { documents } = parse(`a: 1\n---\nz: 2\n---\n${broken}\n---\nc: 3\n`);
    expect(documents.map(({ error }) => error !== null)).toEqual([false, false, true, false]);
    expect(documents[2]!.error!.line).toBeGreaterThanOrEqual(5);
    expect(documents[2]!.error!.line).toBeLessThanOrEqual(7);
    expect(documents[2]!.error!.message).toMatch(/^This is not valid YAML: .+\.$/);
    expect(documents[3]!.root?.json()).toEqual({ c: 3 });
  });

  it.each([
    ['quote', 'a: 1\nb: "x\nc: 2\nd: 3\n', 2],
    ['quote in a list', "a: 1\nb:\n  - 'x\nc: 2\n", 3],
    ['bracket', 'a: 1\nb: [1, 2\nc: 2\n', 2],
    ['brace', 'a: 1\nb: {c: [1, {d: 2}]\ne: 3\n', 2],
  ])('name the line where a %s was opened that is never closed', (_, text, line) => {
    expect(parse(text).documents[0]!.error?.line).toBe(line);
  });

  it('keep their line numbers with carriage returns, a byte order mark and directives', () => {
    const text = '\uFEFF%YAML 1.2\r\n---\r\na: 1\r\n---\r\nb:\r\n  c: 2\r\n';
    const [first, second] = parse(text).documents;
    expect(first!.root!.json()).toEqual({ a: 1 });
    expect(second!.root!.get('b')!.get('c')!.line).toBe(6);
  });

  it('know the line of every value, inside block texts too', () => {
    const [document] = parse('a:\n  - b: |\n      one\n      two\n    c: 3\n').documents;
    const [item] = document!.root!.get('a')!.items();
    expect([item!.line, item!.get('b')!.line, item!.get('b')!.textLine, item!.get('c')!.line]).toEqual([2, 2, 3, 5]);
    expect(item!.get('c')!.path).toBe('a[0].c');
  });
});

describe('values', () => {
  it('are read as the person typed them where text is wanted', () => {
    const [document] = parse(
      'phone: 0664123456\nversion: 1.10\nyes: yes\nempty:\nquoted: "0x1F"\nflag: true\n',
    ).documents;
    const text = (name: string) => document!.root!.members().get(name)!.text();
    expect(['phone', 'version', 'yes', 'empty', 'quoted', 'flag'].map(text)).toEqual([
      '0664123456',
      '1.10',
      'yes',
      null,
      '0x1F',
      'true',
    ]);
  });

  it('that a double cannot hold stay text', () => {
    expect(values('big: 123456789012345678901\ninf: .inf\nnan: .nan\nodd: "\\ud800x"')).toEqual([
      { big: '123456789012345678901', inf: '.inf', nan: '.nan', odd: '\uFFFDx' },
    ]);
  });

  it('that stand twice are told, and the first is used', () => {
    const { documents, complaints } = parse('a:\n  b: 1\n  b: 2\n');
    expect(documents[0]!.root!.json()).toEqual({ a: { b: 1 } });
    expect(complaints).toEqual([{ line: 3, field: 'a.b', message: '"b" stands twice; the first is used.' }]);
  });

  it('may be shared and merged', () => {
    expect(values('base: &base {x: 1, y: 2}\none: {<<: *base, y: 3}\ntwo: *base\n"<<": text')).toEqual([
      { base: { x: 1, y: 2 }, one: { y: 3, x: 1 }, two: { x: 1, y: 2 }, '<<': 'text' },
    ]);
  });

  it('named __proto__ are members like any other', () => {
    const [document] = parse('__proto__: {polluted: yes}\nconstructor: 1').documents;
    const json = document!.root!.json() as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('hostile documents', () => {
  const laughs = ['a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
  for (let n = 1; n < 12; n++)
    laughs.push(
      `a${n}: &a${n} [${Array<string>(9)
        .fill(`*a${n - 1}`)
        .join(', ')}]`,
    );

  it('whose aliases multiply are refused in one sentence, and their siblings kept', () => {
    const { documents } = parse(`good: 1\n---\n${laughs.join('\n')}\n---\nalso: good\n`);
    expect(documents[1]!.error!.message).toMatch(/aliases of this document expand to more than 1000000 characters/);
    expect([documents[0]!.root!.json(), documents[2]!.root!.json()]).toEqual([{ good: 1 }, { also: 'good' }]);
  });

  it('whose aliases contain themselves, or stand for nothing, are refused', () => {
    expect(parse('a: &x [*x]').documents[0]!.error!.message).toBe('The alias "*x" contains itself.');
    expect(parse('a: 1\nb: *x').documents[0]!.error).toEqual({
      line: 2,
      message: 'The alias "*x" stands for nothing before it.',
    });
  });

  it('that are nested without end are refused', () => {
    for (const text of [
      '['.repeat(100_000),
      '{a: '.repeat(100_000),
      Array.from({ length: 5000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'),
    ]) {
      expect(parse(text).documents[0]!.error).not.toBeNull();
    }
  });

  it('that are larger than a document may be are refused in one sentence', () => {
    const { documents } = parse(`a: ${'x'.repeat(1_100_000)}\n---\nb: 1`);
    expect(documents[0]!.error).toEqual({
      line: 1,
      message: 'This document has 1074 KiB; one document has at most 1024 KiB.',
    });
    expect(documents[1]!.root!.json()).toEqual({ b: 1 });
  });

  it('cost time in proportion to their size', () => {
    const started = performance.now();
    const [wide] = parse(Array.from({ length: 20_000 }, (_, n) => `key${n}: value`).join('\n')).documents;
    expect(wide!.root!.members().size).toBe(20_000);
    const [shared] = parse(`a: &a 1\nb: [${Array<string>(10_000).fill('*a').join(', ')}]`).documents;
    expect(shared!.root!.get('b')!.items()).toHaveLength(10_000);
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
