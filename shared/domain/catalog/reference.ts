/**
 * Entity references: `[kind:][namespace/]name`, case-insensitive. Invariant: a `Ref` is lower-case and complete, so that
 * two references to the same entity have the same text.
 */
export interface Ref {
  kind: string;
  namespace: string;
  name: string;
}

/** A name or namespace as Backstage allows it: runs of letters and digits, joined by single `-`, `_` or `.`; 63 at most. */
const NAME = /^[a-z0-9]+([-_.][a-z0-9]+)*$/i;
const NAMESPACE = /^[a-z0-9]+(-[a-z0-9]+)*$/i;
const KIND = /^[a-z][a-z0-9]*$/i;

export const isName = (text: string): boolean => text.length <= 63 && NAME.test(text);
export const isNamespace = (text: string): boolean => text.length <= 63 && NAMESPACE.test(text);

export const formatRef = ({ kind, namespace, name }: Ref): string => `${kind}:${namespace}/${name}`;

export function makeRef(kind: string, namespace: string, name: string): Ref {
  return { kind: kind.toLowerCase(), namespace: namespace.toLowerCase(), name: name.toLowerCase() };
}

/**
 * What a reference may mean, most likely first: more than one when it leaves out the kind and the field allows several.
 * Null when the text is no reference.
 */
export function parseRef(text: string, defaults: { kinds: readonly string[]; namespace: string }): Ref[] | null {
  const match = /^\s*(?:([^:/\s]+):)?(?:([^:/\s]+)\/)?([^:/\s]+)\s*$/.exec(text);
  if (!match) return null;
  const [, kind, namespace = defaults.namespace, name] = match;
  if (!isName(name!) || !isNamespace(namespace) || (kind !== undefined && !KIND.test(kind))) return null;
  return (kind === undefined ? defaults.kinds : [kind]).map((each) => makeRef(each, namespace, name!));
}

/** A complete reference such as `component:default/checkout`. Null when the text is anything else. */
export function parseFullRef(text: string): Ref | null {
  const match = /^([^:/]+):([^:/]+)\/([^:/]+)$/.exec(text);
  return match ? makeRef(match[1]!, match[2]!, match[3]!) : null;
}

/** The shortest text that means `ref` in a field whose default kinds and namespace are these. */
export function shortRef(ref: Ref, defaults: { kinds: readonly string[]; namespace: string }): string {
  const kind = defaults.kinds.length === 1 && defaults.kinds[0] === ref.kind ? '' : `${ref.kind}:`;
  const namespace = defaults.namespace === ref.namespace ? '' : `${ref.namespace}/`;
  return `${kind}${namespace}${ref.name}`;
}
