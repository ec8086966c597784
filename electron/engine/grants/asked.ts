/** Which window or command line asked for an emergency access: only there may it be opened, whoever else comes by. */
import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';

const key = (grant: string): string => `breakglass.asked:${grant}`;
const callerOf = ({ caller }: Context): string =>
  caller === null ? 'nobody' : createHash('sha256').update(caller.id).digest('hex');

export function rememberAsking(context: Context, grant: string): void {
  context.store.setMeta(key(grant), callerOf(context));
}

export function askedHere(context: Context, grant: string): boolean {
  return context.store.meta(key(grant)) === callerOf(context);
}
