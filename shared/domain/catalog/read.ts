/**
 * The text of one file as drafts. Invariant: a document that cannot be used is told with its line and costs nothing but
 * itself; when it can be made out what it was about, that is told too, so that it is not taken for deleted.
 */
import { BACKSTAGE_KINDS } from './backstage.ts';
import type { Draft } from './draft.ts';
import { PLAIN_KINDS } from './plain.ts';
import { quote, type Problems } from './problems.ts';
import { formatRef, type Ref } from './reference.ts';
import { headOf, Reader, type Head } from './reader.ts';
import { parseYaml, type YamlDocument } from './yaml.ts';

const BACKSTAGE = /^backstage\.io\//i;
const PLAIN = /^holdfast\.dev\//i;
const BACKSTAGE_VERSIONS = ['backstage.io/v1alpha1', 'backstage.io/v1beta1'];

export type ReadDocument =
  | { outcome: 'draft'; draft: Draft }
  /** Broken; `ref` is what it was about, null when that cannot be told. */
  | { outcome: 'lost'; ref: string | null }
  /** Not about an estate. */
  | { outcome: 'foreign' }
  /** Of a kind that estates do not have; told. */
  | { outcome: 'skipped' };

/** The documents of a file, one by one; problems go to `problems` under the name `file`. Never throws. */
export function* readCatalogText(file: string, text: string, problems: Problems): Generator<ReadDocument> {
  let foreignTold = false;
  for (const document of parseYaml(text, (line, field, message) => problems.error({ file, line }, field, message))) {
    const read = readDocument(file, document, problems);
    if (read.outcome === 'foreign' && !foreignTold) {
      foreignTold = true;
      const { apiVersion } = headOf(document.root);
      const why = apiVersion === undefined ? 'It has no apiVersion' : `Its apiVersion is ${quote(apiVersion)}`;
      problems.warning(
        { file, line: document.line },
        'apiVersion',
        `${why}, so it is no part of an estate and left out.`,
      );
    }
    yield read;
  }
}

function readDocument(file: string, { root, line, error }: YamlDocument, problems: Problems): ReadDocument {
  const head = headOf(root);
  const lost = (at: number, field: string, message: string): ReadDocument => {
    problems.error({ file, line: at }, field, message);
    return { outcome: 'lost', ref: head.ref ? formatRef(head.ref) : null };
  };
  if (error) return lost(error.line, '', `${error.message.replace(/\.$/, '')}; this document is left out.`);
  if (root === null) return { outcome: 'foreign' };
  const { apiVersion } = head;
  const plain = apiVersion !== undefined && PLAIN.test(apiVersion);
  if (apiVersion === undefined && looksLikeDescriptor(head)) {
    return lost(
      line,
      'apiVersion',
      'apiVersion is missing (backstage.io/v1alpha1 or holdfast.dev/v1); this document is left out.',
    );
  }
  if (apiVersion === undefined || (!plain && !BACKSTAGE.test(apiVersion))) return { outcome: 'foreign' };
  if (head.kind === undefined) return lost(line, 'kind', 'The kind is missing; this document is left out.');

  const kinds = plain ? PLAIN_KINDS : BACKSTAGE_KINDS;
  const read = Object.hasOwn(kinds, head.kind.toLowerCase()) ? kinds[head.kind.toLowerCase()] : undefined;
  const kindLine = root.get('kind')?.line ?? line;
  if (!read) {
    problems.warning(
      { file, line: kindLine },
      'kind',
      `The kind ${quote(head.kind)} has no place in an estate; this document is left out.`,
    );
    return { outcome: 'skipped' };
  }
  const versions = plain ? ['holdfast.dev/v1'] : BACKSTAGE_VERSIONS;
  if (!versions.includes(apiVersion.toLowerCase())) {
    problems.warning(
      { file, line: root.get('apiVersion')!.line },
      'apiVersion',
      `${quote(apiVersion)} is not known; it is read as ${versions[0]}.`,
    );
  }
  if (head.name === undefined)
    return lost(root.get('metadata')?.line ?? line, 'metadata.name', 'The name is missing; this document is left out.');
  if (!head.ref) {
    const message = `${quote(head.name)} is no name: letters and digits joined by - _ or . and at most 63 of them; this document is left out.`;
    return lost(root.get('metadata')!.get('name')!.line, 'metadata.name', message);
  }
  return { outcome: 'draft', draft: read(new Reader(root, complete(head as Head, plain), file, problems)) };
}

/** Plain kinds know no namespaces. */
function complete(head: Head, plain: boolean): Head {
  const ref: Ref = plain ? { ...head.ref, namespace: 'default' } : head.ref;
  return { ...head, ref };
}

function looksLikeDescriptor({ kind = '', ref }: Partial<Head>): boolean {
  const lower = kind.toLowerCase();
  return ref !== undefined && (Object.hasOwn(BACKSTAGE_KINDS, lower) || Object.hasOwn(PLAIN_KINDS, lower));
}
