/**
 * Takes a descriptor apart. Invariant: every member is either taken by a field or kept as written, so that nothing a
 * person wrote is lost between import and export; a value of ours that makes no sense is told and kept.
 */
import { Link } from '../estate.ts';
import type { Json } from '../../ops/canonical.ts';
import { HOLDFAST, parseList } from './annotations.ts';
import type { Draft, DraftKind, Relation, Use } from './draft.ts';
import { parseDuration } from './duration.ts';
import { compare, quote, type Place, type Problems } from './problems.ts';
import { isName, isNamespace, makeRef, parseRef, type Ref } from './reference.ts';
import type { Cursor } from './yaml.ts';

const ID = /^[a-z0-9][a-z0-9._-]{0,97}$/;
/** Metadata of the catalog's own bookkeeping: changes with every reading, means nothing here. */
const VOLATILE = new Set(['etag', 'generation']);
const UNSAFE_LINK = /^\s*(javascript|data|vbscript|file):/i;

export class Reader {
  readonly file: string;
  readonly root: Cursor;
  readonly ref: Ref;
  /** `metadata.name` as written. */
  readonly name: string;
  readonly place: Place;
  readonly uses: Use[] = [];
  readonly #problems: Problems;
  readonly #metadata: Cursor;
  readonly #spec: Cursor | null;
  readonly #annotations: Cursor | null;
  readonly #taken = {
    metadata: new Set(['name', 'annotations', 'labels', 'links', 'tags', 'uid']),
    spec: new Set<string>(),
    annotations: new Set<string>(),
  };
  /** Texts of references that lead nowhere, and values that make no sense: put back by name. */
  readonly #texts: Record<string, string> = {};

  constructor(root: Cursor, head: Head, file: string, problems: Problems) {
    this.root = root;
    this.file = file;
    this.ref = head.ref;
    this.name = head.name;
    this.place = { file, line: root.line };
    this.#problems = problems;
    this.#metadata = root.get('metadata')!;
    this.#spec = this.#map(root.get('spec'));
    this.#annotations = this.#map(this.#metadata.get('annotations'));
  }

  #map(cursor: Cursor | null): Cursor | null {
    if (cursor && cursor.kind !== 'map') {
      this.error(cursor, 'This wants names with values below it; it is left out.');
      return null;
    }
    return cursor;
  }

  error(at: Cursor, message: string, field = at.path): void {
    this.#problems.error({ file: this.file, line: at.line }, field, message);
  }

  warning(at: Cursor, message: string, field = at.path): void {
    this.#problems.warning({ file: this.file, line: at.line }, field, message);
  }

  /** For parsers of values inside values. */
  readonly complain = (line: number, field: string, message: string): void => {
    this.#problems.error({ file: this.file, line }, field, message);
  };

  // Members of metadata and spec

  metadata(name: string): Cursor | null {
    this.#taken.metadata.add(name);
    return this.#metadata.get(name);
  }

  spec(name: string): Cursor | null {
    this.#taken.spec.add(name);
    return this.look(name);
  }

  /** A member of `spec` that no field holds: it stays as written. */
  look(name: string): Cursor | null {
    return this.#spec?.get(name) ?? null;
  }

  /** Text of a member, trimmed; a member that is no text is told and counts as missing. */
  text(cursor: Cursor | null): string | null {
    if (!cursor) return null;
    const text = cursor.text();
    if (text === null) this.error(cursor, 'This wants plain text.');
    return text?.trim() || null;
  }

  /** A member of `spec` that must be one of some words, in any case; what it is not is told and kept. */
  specChecked<T>(name: string, parse: (cursor: Cursor) => T | undefined, wants: string): T | null {
    const cursor = this.spec(name);
    if (!cursor) return null;
    const value = parse(cursor);
    if (value !== undefined) return value;
    this.error(cursor, `${quote(cursor.text() ?? JSON.stringify(cursor.json()))} is no ${wants}.`);
    this.#taken.spec.delete(name);
    return null;
  }

  /** A list of texts; one text counts as a list of one. */
  texts(cursor: Cursor | null): Cursor[] {
    if (!cursor) return [];
    if (cursor.kind === 'list') return cursor.items().filter((item) => item.kind !== 'null');
    return [cursor];
  }

  /** A list of words that are no references. */
  words(cursor: Cursor | null): string[] {
    return [...new Set(this.texts(cursor).flatMap((item) => this.text(item) ?? []))];
  }

  // Annotations

  /** An annotation of ours, by its name without the prefix. */
  annotation(name: string): Cursor | null {
    this.#taken.annotations.add(HOLDFAST + name);
    return this.#annotations?.get(HOLDFAST + name) ?? null;
  }

  annotationText(name: string): string | null {
    return this.text(this.annotation(name));
  }

  annotationList(name: string): string[] {
    return parseList(this.annotationText(name) ?? '');
  }

  /** An annotation's value as `parse` understands it; when it does not, that is told and the text is kept. */
  annotationChecked<T>(name: string, parse: (text: string) => T | undefined, wants: string): T | null {
    const cursor = this.annotation(name);
    const text = this.text(cursor);
    if (text === null) return null;
    const value = parse(text);
    if (value !== undefined) return value;
    this.error(cursor!, `${quote(text)} is no ${wants}.`);
    this.keepAnnotation(name);
    return null;
  }

  /** Has an annotation of ours kept as written although it was looked at. */
  keepAnnotation(name: string, text?: string): void {
    if (text === undefined) this.#taken.annotations.delete(HOLDFAST + name);
    else this.#texts[HOLDFAST + name] = text;
  }

  minutes(name: string): number | null {
    return this.annotationChecked(name, minutesOf, 'duration such as PT15M');
  }

  // References

  /** Notes the references of a list or of one text. */
  refer(cursor: Cursor | null, relation: Relation, kinds: readonly string[], keep: Use['keep'], inverse = false): void {
    for (const item of this.texts(cursor)) this.referTo(item, refText(item), relation, kinds, keep, inverse);
  }

  /** Notes one reference. */
  referTo(
    at: Cursor,
    text: string | null,
    relation: Relation,
    kinds: readonly string[],
    keep: Use['keep'],
    inverse = false,
  ): void {
    const use = this.use(at, text, relation, kinds, keep, inverse);
    if (use) this.uses.push(use);
  }

  use(
    at: Cursor,
    text: string | null,
    relation: Relation,
    kinds: readonly string[],
    keep: Use['keep'],
    inverse = false,
  ): Use | null {
    const targets =
      text === null || text.length > 300 ? null : parseRef(text, { kinds, namespace: this.ref.namespace });
    if (!targets) {
      this.error(
        at,
        `${quote(text ?? JSON.stringify(at.json()))} is no reference such as ${kinds[0]}:default/name; it is left out.`,
      );
      return null;
    }
    return {
      relation,
      inverse,
      targets,
      text: text!.trim(),
      place: { file: this.file, line: at.line },
      field: at.path,
      keep,
    };
  }

  // What every descriptor has

  id(): string | null {
    const cursor = this.annotation('id');
    const text = this.text(cursor);
    if (text === null || ID.test(text)) return text;
    this.error(
      cursor!,
      `${quote(text)} is no id: lower-case letters, digits, . _ - and at most 98 of them; it is left out.`,
    );
    return null;
  }

  renamedFrom(): Ref[] {
    const cursor = this.annotation('renamed-from');
    return this.annotationList('renamed-from').flatMap((text) => {
      const refs = parseRef(text, { kinds: [this.ref.kind], namespace: this.ref.namespace });
      if (!refs) this.error(cursor!, `${quote(text)} is no name of an entity.`);
      return refs ?? [];
    });
  }

  uid(): string | null {
    return this.#metadata.get('uid')?.text()?.slice(0, 200) ?? null;
  }

  #record(cursor: Cursor | null): Record<string, string> {
    const record: [string, string][] = [];
    for (const [name, value] of this.#map(cursor)?.members() ?? []) {
      if (value.kind === 'null') record.push([name, '']);
      else if (value.kind === 'scalar') record.push([name, value.text()!]);
      else this.error(value, 'This wants plain text; it is left out.');
    }
    return Object.fromEntries(record.sort(([a], [b]) => compare(a, b)));
  }

  #links(): Link[] {
    return this.texts(this.#metadata.get('links')).flatMap((item) => {
      const url = item.get('url')?.text()?.trim();
      if (!url || UNSAFE_LINK.test(url)) {
        this.error(
          item,
          url ? `A link must not lead to ${quote(url)}; it is left out.` : 'A link wants a url; it is left out.',
        );
        return [];
      }
      const [title, icon, type] = ['title', 'icon', 'type'].map((name) => item.get(name)?.text()?.trim());
      return [{ title: title || url, url, ...(icon ? { icon } : {}), ...(type ? { type } : {}) }];
    });
  }

  /** What no field has taken. */
  #rest(): Record<string, unknown> {
    const others = (cursor: Cursor | null, taken: ReadonlySet<string>): Record<string, Json> =>
      Object.fromEntries(
        [...(cursor?.members() ?? [])]
          .filter(([name, value]) => !taken.has(name) && !VOLATILE.has(name) && value.kind !== 'null')
          .map(([name, value]) => [name, value.json()] as const)
          .sort(([a], [b]) => compare(a, b)),
      );
    const annotations = Object.entries(this.#record(this.#metadata.get('annotations'))).filter(
      ([name]) => !this.#taken.annotations.has(name),
    );
    return {
      uid: this.uid(),
      labels: this.#record(this.#metadata.get('labels')),
      annotations: { ...Object.fromEntries(annotations), ...this.#texts },
      metadata: others(this.#metadata, this.#taken.metadata),
      spec: others(this.#spec, this.#taken.spec),
      links: this.#links(),
      tags: this.words(this.#metadata.get('tags')),
    };
  }

  /** The draft of this descriptor; `fields` are those that its kind adds to what every descriptor has, `metadata` and `spec` among them joined to what is left over. */
  draft(
    kind: DraftKind,
    fields: Record<string, unknown>,
    more: Partial<Pick<Draft, 'refine' | 'targets'>> = {},
  ): Draft {
    const id = this.id();
    const renamedFrom = this.renamedFrom();
    const rest = this.#rest();
    const merged: Record<string, unknown> = { ...rest, ...fields };
    for (const part of ['metadata', 'spec'])
      merged[part] = { ...(rest[part] as object), ...(fields[part] as object | undefined) };
    return {
      kind,
      ref: this.ref,
      place: this.place,
      id,
      uid: this.uid(),
      renamedFrom,
      fields: merged,
      uses: this.uses,
      refine: [],
      targets: [],
      ...more,
    };
  }
}

/** Minutes of a duration. */
export function minutesOf(text: string): number | undefined {
  const seconds = parseDuration(text);
  return seconds === null ? undefined : seconds / 60;
}

/** A reference as text; the old form with kind, namespace and name as members is one too. */
function refText(cursor: Cursor): string | null {
  if (cursor.kind !== 'map') return cursor.text();
  const [kind, namespace, name] = ['kind', 'namespace', 'name'].map((member) => cursor.get(member)?.text());
  return name ? `${kind ? `${kind}:` : ''}${namespace ? `${namespace}/` : ''}${name}` : null;
}

export interface Head {
  apiVersion: string;
  kind: string;
  name: string;
  ref: Ref;
}

/** What a document says it is, as far as that can be made out; also of documents that are broken further down. */
export function headOf(root: Cursor | null): Partial<Head> {
  const metadata = root?.get('metadata');
  const apiVersion = root?.get('apiVersion')?.text()?.trim();
  const kind = root?.get('kind')?.text()?.trim();
  const name = metadata?.get('name')?.text()?.trim();
  const namespace = metadata?.get('namespace')?.text()?.trim() || 'default';
  const complete = kind !== undefined && name !== undefined && isName(name) && isNamespace(namespace);
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    ...(kind === undefined ? {} : { kind }),
    ...(name === undefined ? {} : { name }),
    ...(complete ? { ref: makeRef(kind, namespace, name) } : {}),
  };
}
