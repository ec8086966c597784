import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ESTATE_KINDS, type EstateKind } from '../../shared/domain/estate.ts';
import { component, documents, TestEstate, type Files } from '../support/catalog.ts';
import { catalogFiles } from '../support/catalog-arbitraries.ts';

const KINDS = Object.keys(ESTATE_KINDS) as EstateKind[];

/** What an estate says, without where each descriptor stood. */
function content(estate: TestEstate): unknown {
  return KINDS.map((kind) =>
    estate
      .all(kind)
      .map(({ at: _at, origin: _origin, ...entity }) => entity)
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
}

function imported(files: Files): TestEstate {
  const estate = new TestEstate();
  estate.import(files);
  return estate;
}

describe('any catalog', () => {
  it('imported again changes nothing', () => {
    fc.assert(
      fc.property(catalogFiles, (files) => {
        const estate = imported(files);
        expect(estate.import(files)).toMatchObject({ changes: [], counts: { dropped: 0 } });
      }),
      { numRuns: 80 },
    );
  });

  it('exported and imported again changes nothing, and makes the same estate elsewhere', () => {
    fc.assert(
      fc.property(catalogFiles, (files) => {
        const estate = imported(files);
        const exported = estate.exportedFiles();
        expect(estate.import(exported).diff).toEqual([]);
        expect(content(imported(exported))).toEqual(content(estate));
      }),
      { numRuns: 150 },
    );
  });

  it('exported twice is the same to the letter', () => {
    fc.assert(
      fc.property(catalogFiles, (files) => {
        const exported = imported(files).exportedFiles();
        expect(imported(exported).exportedFiles()).toEqual(exported);
      }),
      { numRuns: 60 },
    );
  });

  it('means the same in whatever order its files are read, when nothing is said twice', () => {
    fc.assert(
      fc.property(catalogFiles, (files) => {
        const estate = imported(files);
        const { 'one.yaml': one, 'two.yaml': two } = estateFiles(estate);
        expect(content(imported({ 'two.yaml': two!, 'one.yaml': one! }))).toEqual(
          content(imported({ 'one.yaml': one!, 'two.yaml': two! })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('becomes any other by its diff alone', () => {
    fc.assert(
      fc.property(catalogFiles, catalogFiles, (before, after) => {
        const estate = imported(before);
        estate.import(after);
        expect(estate.import(after).changes).toEqual([]);
      }),
      {
        numRuns: 80,
        examples: [
          // One uid twice, and the first of the two documents cannot be used.
          [
            { 'one.yaml': source('a', 'type: prometheus') },
            { 'one.yaml': documents(source('b', '{}'), source('payments', 'type: prometheus')) },
          ],
        ],
      },
    );
  });
});

const source = (name: string, spec: string) =>
  `apiVersion: holdfast.dev/v1\nkind: Source\nmetadata: { name: ${name}, uid: u-1 }\nspec: ${spec === '{}' ? spec : `{ ${spec} }`}\n`;

/** The export in two files, so that no descriptor is there twice. */
function estateFiles(estate: TestEstate): Files {
  const all = Object.values(estate.exportedFiles()).flatMap((text) => text.split(/^---\n/m));
  const half = Math.ceil(all.length / 2);
  return { 'one.yaml': all.slice(0, half).join('---\n'), 'two.yaml': all.slice(half).join('---\n') };
}

describe('a damaged catalog', () => {
  const around = (broken: string) => documents(component('before'), `${broken}\n`, component('after'));

  it('never throws, and never costs the documents around the damage', () => {
    const damage = fc
      .tuple(catalogFiles, fc.nat(), fc.nat(200), fc.string({ unit: 'binary', maxLength: 8 }))
      .map(([files, at, length, insert]) => {
        const text = Object.values(files).join('\n');
        const from = at % (text.length + 1);
        return text.slice(0, from) + insert + text.slice(from + length);
      });
    fc.assert(
      fc.property(damage, (text) => {
        const estate = imported({ 'a.yaml': around(text) });
        expect(estate.all('service').map(({ name }) => name)).toEqual(expect.arrayContaining(['before', 'after']));
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }), yamlish),
        (text) => {
          const estate = new TestEstate();
          const { problems } = estate.import({ 'a.yaml': around(text) });
          expect(estate.ids('service')).toEqual(expect.arrayContaining(['before', 'after']));
          for (const problem of problems) expect(problem.line).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 300, examples: [['...\n  %']] },
    );
  });
});

/** Texts made of the characters that mean something to YAML. */
const yamlish = fc
  .array(
    fc.constantFrom(
      'a',
      ': ',
      '- ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '|\n',
      '>\n',
      '#',
      '&a ',
      '*a',
      '!!x ',
      '? ',
      '%',
      '\t',
      '\r\n',
      '<<: ',
      '---\n',
      '...\n',
      'metadata:',
      'name: x\n',
      'kind: Component\n',
      'apiVersion: backstage.io/v1alpha1\n',
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));
