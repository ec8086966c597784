/**
 * Bytes as text that people read, say and type: groups of six characters, the sixth of which checks the five before it and
 * which group it is. Invariant: one wrong character, two neighbours or two groups exchanged are found, and in which group.
 *
 * The letters are Crockford's base 32: no I, L, O, U; reading takes them for what they were mistaken for.
 */

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Characters of a group before its check. */
const DATA = 5;

export type Ungrouped =
  | { ok: true; bytes: Uint8Array }
  /** One sentence that says where. */
  | { ok: false; message: string };

export function group(bytes: Uint8Array): string {
  const values = [...toDigits(bytes)];
  while (values.length % DATA !== 0) values.push(0);
  const groups: string[] = [];
  for (let at = 0; at < values.length; at += DATA) {
    const data = values.slice(at, at + DATA);
    groups.push([...data, checkOf(data, at / DATA)].map((value) => DIGITS[value]).join(''));
  }
  return groups.join('-');
}

/** Reads what `group` wrote, however it is spaced; up to four zero bytes that filled the last group may follow. */
export function ungroup(text: string): Ungrouped {
  const characters = text
    .toUpperCase()
    .replaceAll(/[\s\-–—_.]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  const values = [...characters].map((character) => DIGITS.indexOf(character));
  const strange = values.indexOf(-1);
  if (strange >= 0) {
    const character = [...characters][strange]!;
    return {
      ok: false,
      message: `Group ${Math.floor(strange / (DATA + 1)) + 1} holds "${character}", which is in no code.`,
    };
  }
  const data: number[] = [];
  for (let at = 0, index = 0; at < values.length; at += DATA + 1, index++) {
    const part = values.slice(at, at + DATA);
    const shown = characters.slice(at, at + DATA + 1);
    if (shown.length <= DATA)
      return {
        ok: false,
        message: `The code ends in the middle of group ${index + 1} (${shown}): characters are missing.`,
      };
    if (checkOf(part, index) !== values[at + DATA])
      return {
        ok: false,
        message: `Group ${index + 1} (${shown}) is mistyped, or a character or group before it is missing or too many.`,
      };
    data.push(...part);
  }
  return { ok: true, bytes: fromDigits(data) };
}

/** A polynomial in the group's digits and its place over the field of 32 elements. */
function checkOf(data: readonly number[], index: number): number {
  let sum = 0;
  for (const value of [(index % 31) + 1, ...data]) sum = times2(sum ^ value);
  return sum;
}

/** Times the generator of the field, modulo x⁵ + x² + 1. */
function times2(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? (doubled ^ 0b100101) & 31 : doubled;
}

function* toDigits(bytes: Uint8Array): Generator<number> {
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      yield (held >> bits) & 31;
    }
    held &= (1 << bits) - 1;
  }
  if (bits > 0) yield (held << (5 - bits)) & 31;
}

function fromDigits(values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const value of values) {
    held = (held << 5) | value;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 255);
    held &= (1 << bits) - 1;
  }
  return Uint8Array.from(bytes);
}
