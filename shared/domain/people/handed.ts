/** What passes from one person to another, in words. */
import { roleName } from '../timeline.ts';
import type { Role } from '../words.ts';

/** "command and 2 asks". @param asks how many */
export function handedWords(roles: readonly { role: Role }[], asks: number): string {
  const parts = roles.map(({ role }) => (role === 'commander' ? 'command' : `the role of ${roleName(role)}`));
  if (asks > 0) parts.push(asks === 1 ? 'an ask' : `${asks} asks`);
  return parts.length < 2 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)!}`;
}
