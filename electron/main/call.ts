/**
 * What a page may ask. Invariant: only a name of the table, with an input that its schema takes whole; extra members are
 * refused. Loaded after the window is up, because it brings every schema of the contract.
 */
import type { Reply } from '../../shared/contract/spec.ts';
import { table, type Name } from '../../shared/contract/table.ts';

export type Checked =
  | { ok: true; name: Name; kind: 'command' | 'query'; input: unknown }
  | { ok: false; reply: Reply<never> };

/** Checks what came behind the channel's name: exactly a name of the table and its input. */
export function checkCall(args: readonly unknown[]): Checked {
  const [name, input] = args;
  if (args.length !== 2 || typeof name !== 'string') return badInput('A call is a name and an input.');
  if (!Object.hasOwn(table, name))
    return badInput(`There is no command or query ${JSON.stringify(name.slice(0, 60))}.`);
  const parsed = table[name as Name].input.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return badInput(`${[name, ...issue.path].join('.')}: ${issue.message}.`);
  }
  return { ok: true, name: name as Name, kind: table[name as Name].kind, input };
}

function badInput(message: string): Checked {
  return { ok: false, reply: { ok: false, code: 'bad_input', message, retryable: false } };
}
