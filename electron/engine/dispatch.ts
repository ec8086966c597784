/**
 * Invariant: nothing runs that is not in the table, for which the session lacks the capability, or whose input its schema
 * refuses, looked at in this order; whatever goes wrong comes back as a value.
 */
import { Refusal, type Reply } from '../../shared/contract/spec.ts';
import { table, type Name } from '../../shared/contract/table.ts';
import { pass } from './access/gate.ts';
import type { Context, Handler } from './context.ts';
import { settleExpired, underGrants } from './grants/force.ts';
import { storageRefusal } from './store/failure.ts';

type AnyHandler = (context: Context, input: unknown) => unknown;

const loaded = new Map<Name, Promise<AnyHandler>>();

export function isName(name: string): name is Name {
  return Object.hasOwn(table, name);
}

/** The handler of a command or query, loaded at its first use. */
export function handlerOf(name: Name): Promise<AnyHandler> {
  let handler = loaded.get(name);
  if (!handler) {
    handler = load(name);
    loaded.set(name, handler);
  }
  return handler;
}

async function load(name: Name): Promise<AnyHandler> {
  const module =
    table[name].kind === 'command'
      ? ((await import(`./commands/${name}.ts`)) as { default: Handler<Name> })
      : ((await import(`./queries/${name}.ts`)) as { default: Handler<Name> });
  return module.default as AnyHandler;
}

/** Runs one call. Never throws. */
export async function dispatch(name: string, input: unknown, context: Context): Promise<Reply> {
  try {
    if (!isName(name)) throw new Refusal('bad_input', `There is no command or query "${name.slice(0, 60)}".`);
    const spec = table[name];
    if (spec.kind === 'command') settleExpired(context);
    context.session = underGrants(context, spec.capability, input);
    pass(context, spec, input);
    const parsed = spec.input.safeParse(input ?? {});
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const where = issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
      throw new Refusal('bad_input', `${where}${issue.message}.`);
    }
    const handler = await handlerOf(name);
    const value = await handler(context, parsed.data);
    if (context.store.keyring.all().length > 0 && looksCount(spec)) {
      const { recordLooks } = await import('./restricted/look.ts');
      recordLooks(context, name, parsed.data, value);
    }
    return { ok: true, value };
  } catch (error) {
    return failure(error);
  }
}

/** Reading counts as a look at a restricted incident; what changes one is in the record by itself. */
const looksCount = ({ kind, audited }: (typeof table)[Name]): boolean => kind === 'query' || !audited;

/** An error as the reply that crosses the border. */
export function failure(error: unknown): Reply<never> {
  const refusal = error instanceof Refusal ? error : storageRefusal(error);
  if (refusal) return { ok: false, code: refusal.code, message: refusal.message, retryable: refusal.retryable };
  console.error(error);
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code: 'internal', message: `Something went wrong inside: ${message}`, retryable: false };
}
