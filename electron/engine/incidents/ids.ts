/** Ids for what people create. Invariant: unguessable, sortable by time, valid as op scope and entity id. */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** `prefix` + 9 characters of time (ms, base 32) + 8 random ones: `i0k3v9…`. */
export function newId(prefix: string, now: number): string {
  let time = '';
  for (let rest = Math.max(0, Math.floor(now)), i = 0; i < 9; i++, rest = Math.floor(rest / 32))
    time = ALPHABET[rest % 32] + time;
  const random = [...randomBytes(8)].map((byte) => ALPHABET[byte % 32]).join('');
  return `${prefix}${time}${random}`;
}
