/**
 * Codes that people read aloud and type: base 32 without letters that look like digits, in groups of four, with two check
 * characters at the end. Invariant: one or two mistyped or swapped characters never make another code that looks right, so
 * that a slip of the finger is told apart from a guess.
 */

/** Crockford's alphabet: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VALUES = new Map<string, number>([
  ...[...ALPHABET].map((letter, value): [string, number] => [letter, value]),
  ['I', 1],
  ['L', 1],
  ['O', 0],
]);

/** Most data characters that the two check characters protect. */
const MAX_DATA = 29;

/** x · 2 in the field of 32 elements (polynomial x⁵ + x² + 1). */
function double(value: number): number {
  const shifted = value << 1;
  return shifted >= 32 ? (shifted ^ 0b100101) & 31 : shifted;
}

/** Sum of the symbols, and the sum in which each symbol has a weight of its own. */
function sums(symbols: readonly number[]): [plain: number, weighted: number] {
  let plain = 0;
  let weighted = 0;
  for (const symbol of symbols) {
    plain ^= symbol;
    weighted = double(weighted) ^ symbol;
  }
  return [plain, weighted];
}

/** The two check symbols with which both sums become zero. */
function checksOf(data: readonly number[]): [number, number] {
  for (let first = 0; first < 32; first++) {
    const [plain] = sums([...data, first]);
    if (sums([...data, first, plain])[1] === 0) return [first, plain];
  }
  throw new RangeError('no check characters');
}

/** `symbols` (0–31 each, at most 29) as a code: "K7QX-2M4P-09". */
export function encodeCode(symbols: readonly number[]): string {
  if (symbols.length === 0 || symbols.length > MAX_DATA) throw new RangeError(`a code holds 1 to ${MAX_DATA} symbols`);
  const letters = [...symbols, ...checksOf(symbols)].map((symbol) => ALPHABET[symbol]!).join('');
  return letters.replace(/(.{4})(?=.)/g, '$1-');
}

export type Typed = { ok: true; symbols: number[] } | { ok: false; why: string };

/** Reads what somebody typed; case, spaces and dashes do not matter. `length` is that of the data, without check characters. */
export function decodeCode(text: string, length: number): Typed {
  const symbols: number[] = [];
  for (const letter of text.toUpperCase().replace(/[\s\-–—.]/g, '')) {
    const value = VALUES.get(letter);
    if (value === undefined)
      return { ok: false, why: `A code holds no "${letter}": it is made of digits and letters.` };
    symbols.push(value);
  }
  const whole = length + 2;
  if (symbols.length !== whole)
    return { ok: false, why: `This code has ${whole} characters; ${symbols.length} were typed.` };
  const [plain, weighted] = sums(symbols);
  if (plain !== 0 || weighted !== 0)
    return { ok: false, why: 'The code is mistyped: its last two characters do not fit the others. Read it again.' };
  return { ok: true, symbols: symbols.slice(0, length) };
}

/** The first `count` symbols of some bytes: five bits each. */
export function symbolsOf(bytes: Uint8Array, count: number): number[] {
  if (bytes.length * 8 < count * 5) throw new RangeError('too few bytes');
  return Array.from({ length: count }, (_, index) => {
    const bit = index * 5;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    return (pair >> (11 - (bit & 7))) & 31;
  });
}

/** Numbers of so many bits each, packed in order, as symbols. */
export function packBits(fields: readonly { value: number; bits: number }[]): number[] {
  const bits: number[] = fields.flatMap(({ value, bits: width }): number[] => {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** width) throw new RangeError(`${value} in ${width} bits`);
    return Array.from({ length: width }, (_, index) => Math.floor(value / 2 ** (width - 1 - index)) % 2);
  });
  while (bits.length % 5 !== 0) bits.push(0);
  return Array.from({ length: bits.length / 5 }, (_, index) =>
    bits.slice(index * 5, index * 5 + 5).reduce((sum, bit) => sum * 2 + bit, 0),
  );
}

/** What `packBits` packed. */
export function unpackBits(symbols: readonly number[], widths: readonly number[]): number[] {
  const bits = symbols.flatMap((symbol) => [16, 8, 4, 2, 1].map((weight): number => (symbol & weight ? 1 : 0)));
  let at = 0;
  return widths.map((width) => {
    const value = bits.slice(at, at + width).reduce((sum, bit) => sum * 2 + bit, 0);
    at += width;
    return value;
  });
}
