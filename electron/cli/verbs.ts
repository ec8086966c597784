/** Which command or query a command line means. Invariant: a verb means exactly one entry of the contract's table. */
import { table, type Name } from '../../shared/contract/table.ts';
import type { CliSpec, Spec } from '../../shared/contract/spec.ts';
import { nearest } from '../../shared/domain/nearest.ts';
import { fieldsOf, type Field } from './fields.ts';
import { UsageError } from './usage.ts';

export interface Verb {
  name: Name;
  spec: Spec & { cli: CliSpec };
  words: readonly string[];
  fields: Field[];
  positionals: { field: Field; rest: boolean }[];
}

/** Every entry of the table that the command line has, in the order of the table. */
export const VERBS: readonly { name: Name; spec: Spec & { cli: CliSpec } }[] = Object.entries(
  table as Record<string, Spec>,
).flatMap(([name, spec]) => (spec.cli ? [{ name: name as Name, spec: { ...spec, cli: spec.cli } }] : []));

/** The fields and positionals of a verb. */
export function describe({ name, spec }: (typeof VERBS)[number]): Verb {
  const fields = fieldsOf(spec.input);
  const positionals = (spec.cli.positionals ?? []).map((written) => {
    const rest = written.endsWith('...');
    const member = rest ? written.slice(0, -3) : written;
    const field = fields.find((candidate) => candidate.name === member);
    if (!field) throw new TypeError(`${name}: the positional ${member} is no member of the input`);
    return { field, rest };
  });
  return { name, spec, words: spec.cli.verb.split(' '), fields, positionals };
}

/**
 * The verb at the beginning of `words`, and how many of them it took.
 * @throws UsageError that names what was probably meant.
 */
export function findVerb(words: readonly string[]): { verb: Verb; taken: number } {
  let found: (typeof VERBS)[number] | null = null;
  let taken = 0;
  for (const candidate of VERBS) {
    const wanted = candidate.spec.cli.verb.split(' ');
    if (wanted.length > taken && wanted.every((word, index) => words[index] === word)) {
      found = candidate;
      taken = wanted.length;
    }
  }
  if (found) return { verb: describe(found), taken };
  throw new UsageError(unknown(words));
}

function unknown(words: readonly string[]): string {
  const all = VERBS.map(({ spec }) => spec.cli.verb);
  const group = all.filter((verb) => verb.startsWith(`${words[0]} `));
  if (group.length > 0 && words.length === 1) return `"${words[0]}" needs a second word: ${secondWords(group)}.`;
  const typed = words.slice(0, 2).join(' ').slice(0, 60);
  const meant = all.find((verb) => verb === words[1]) ?? nearest(typed, all) ?? nearest(words[0]!, all);
  if (meant !== null) return `There is no verb "${typed}". Did you mean "${meant}"?`;
  if (group.length > 0) return `There is no verb "${typed}". With "${words[0]}" go ${secondWords(group)}.`;
  return `There is no verb "${typed}". \`help\` lists all of them.`;
}

function secondWords(verbs: readonly string[]): string {
  return verbs.map((verb) => verb.slice(verb.indexOf(' ') + 1)).join(', ');
}
