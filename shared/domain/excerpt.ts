/**
 * Finding words in text the way the index does: case and accents do not count, a word matches what begins with it.
 * Invariant: ranges are in characters of the text that was given, so that what is marked is what matched.
 */

const WORD = /[\p{L}\p{N}]+/gu;

/** Lower case without accents. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a text, folded. */
export function words(text: string): string[] {
  return folded(text).match(WORD) ?? [];
}

/** The places in `text` of words that begin with one of `wanted` (folded): [start, end) of the part that matches. */
export function matches(text: string, wanted: readonly string[]): [start: number, end: number][] {
  const found: [number, number][] = [];
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const word = folded(match[0]);
    const best = wanted.filter((each) => word.startsWith(each)).sort((a, b) => b.length - a.length)[0];
    if (best !== undefined) found.push([match.index, match.index + prefixLength(match[0], best.length)]);
  }
  return found;
}

/** How many characters of `word` fold to the first `length` folded ones. */
function prefixLength(word: string, length: number): number {
  let done = 0;
  let at = 0;
  for (const character of word) {
    if (done >= length && folded(character) !== '') break;
    done += folded(character).length;
    at += character.length;
  }
  return at;
}

export interface Excerpt {
  excerpt: string;
  marks: [start: number, end: number][];
}

/** At most `length` characters of `text` in one line, around the first match, with the matches in them. */
export function excerpt(text: string, wanted: readonly string[], length = 160): Excerpt {
  const line = text.replace(/\s+/gu, ' ').trim();
  const first = matches(line, wanted)[0]?.[0] ?? 0;
  const from = line.length <= length ? 0 : Math.max(0, Math.min(first - Math.floor(length / 3), line.length - length));
  const start = from === 0 ? 0 : line.indexOf(' ', from) + 1 || from;
  const shown = (start > 0 ? '… ' : '') + line.slice(start, start + length) + (start + length < line.length ? ' …' : '');
  return { excerpt: shown, marks: matches(shown, wanted) };
}
