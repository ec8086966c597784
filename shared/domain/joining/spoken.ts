/** A console's id as words to be compared over the telephone. Pure. */

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aiou';

/**
 * Four words of five letters, consonants and vowels in turn, for the 16 hexadecimal digits of an id: the whole of it, so
 * that two consoles with the same words are the same. The id itself where it is no such number.
 */
export function spoken(console: string): string {
  if (!/^[0-9a-f]{16}$/.test(console)) return console;
  return [0, 4, 8, 12].map((at) => word(Number.parseInt(console.slice(at, at + 4), 16))).join(' ');
}

function word(number: number): string {
  return (
    CONSONANTS[(number >> 12) & 15]! +
    VOWELS[(number >> 10) & 3]! +
    CONSONANTS[(number >> 6) & 15]! +
    VOWELS[(number >> 4) & 3]! +
    CONSONANTS[number & 15]!
  );
}
