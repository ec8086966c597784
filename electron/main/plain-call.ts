/**
 * The queries that take no input, checked without a schema. Invariant: takes only what the schema of such a query takes, a
 * plain object without members; everything else is left to the schemas. A start asks nothing else before its first screen
 * stands, so the contract is read after it.
 */
import type { Name } from '../../shared/contract/table.ts';
import type { Checked } from './call.ts';

/** The names of the table's queries without input, written in by the build. */
declare const __HOLDFAST_PLAIN_QUERIES__: readonly Name[];

const names = new Set<unknown>(__HOLDFAST_PLAIN_QUERIES__);

/** Null when it is another call. */
export function plainCall(args: readonly unknown[]): Checked | null {
  const [name, input] = args;
  if (args.length !== 2 || !names.has(name) || !isEmpty(input)) return null;
  return { ok: true, name: name as Name, kind: 'query', input };
}

function isEmpty(input: unknown): boolean {
  return (
    typeof input === 'object' &&
    input !== null &&
    Object.getPrototypeOf(input) === Object.prototype &&
    Reflect.ownKeys(input).length === 0
  );
}
