/**
 * Words as search sees them: upper and lower case, accents, widths of letters and invisible characters do not count, and
 * a word is found by its beginning. Invariants: the index, the query and what is marked on screen are made of words by
 * this one file, so that whatever is found can be marked; places are in characters of the text that was given.
 *
 * Scripts that are written without spaces (Chinese, Japanese, Thai, …) have no words to split at. A run of their letters
 * becomes every pair of neighbours, so that any part of it of two letters or more is found wherever it stands.
 */

/** A word of a text, folded, with where it stands: [start, end). */
export interface Token {
  word: string;
  start: number;
  end: number;
  /** The last letter of a run without spaces, by itself: to be found by one letter, never asked for. */
  tail: boolean;
  /** The end of what the first `length` characters of the folded word come from. */
  endOf(length: number): number;
}

/** Longest word that is kept apart; what is longer is known by its beginning. */
const LONGEST = 64;

/** Letters, numbers, their marks, and invisible characters that stand inside a word without dividing it. */
const RUN = /[[\p{L}\p{N}\p{M}\p{Cf}]--[\u{200c}]]+/gv;
const PLAIN = /^[a-z0-9]*$/i;
const UNSPACED =
  /[[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]&&[\p{L}\p{N}\p{M}]]/v;
/** A letter with the marks on it; the two half-width ones are letters to Unicode. */
const CLUSTER = /[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f]*|[\p{M}\uff9e\uff9f]+/gu;
/** Marks that people leave out when they type: of Latin, Greek, Cyrillic, Hebrew and Arabic. */
const ACCENTS =
  /[\u{1dc0}-\u{1dff}\u{1ab0}-\u{1ace}\u{300}-\u{36f}\u{483}-\u{487}\u{591}-\u{5c7}\u{610}-\u{61a}\u{64b}-\u{65f}\u{670}]/gu;
const NO_WORD = /[^\p{L}\p{N}\p{M}]/gu;
/** Letters that are no other letter with an accent, as they are typed without their key. */
const SPELT: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
  ـ: '',
};
const SPELT_OUT = new RegExp(`[${Object.keys(SPELT).join('')}]`, 'gu');

function fold(cluster: string): string {
  return cluster
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(SPELT_OUT, (letter) => SPELT[letter]!)
    .replace(NO_WORD, '');
}

/** The words of a text in their order. */
export function* tokens(text: string): Generator<Token> {
  for (const { 0: run, index } of text.matchAll(RUN)) {
    if (PLAIN.test(run)) {
      const word = run.slice(0, LONGEST).toLowerCase();
      yield { word, start: index, end: index + run.length, tail: false, endOf: (length) => index + length };
    } else yield* unfolded(run, index);
  }
}

/** The words of a run of letters that is not plain ASCII. */
function* unfolded(run: string, from: number): Generator<Token> {
  const letters: { folded: string; start: number; end: number; unspaced: boolean }[] = [];
  for (const { 0: cluster, index } of run.matchAll(CLUSTER)) {
    const end = from + index + cluster.length;
    const folded = fold(cluster);
    const before = letters.at(-1);
    if (folded !== '') letters.push({ folded, start: from + index, end, unspaced: UNSPACED.test(folded) });
    else if (before !== undefined) before.end = end;
  }
  const token = (first: number, last: number, tail = false): Token => {
    const part = letters.slice(first, last + 1);
    return {
      word: part
        .map(({ folded }) => folded)
        .join('')
        .slice(0, LONGEST),
      start: part[0]!.start,
      end: part.at(-1)!.end,
      tail,
      endOf(length) {
        let done = 0;
        return (part.find(({ folded }) => (done += folded.length) >= length) ?? part.at(-1)!).end;
      },
    };
  };
  for (let first = 0; first < letters.length;) {
    const { unspaced } = letters[first]!;
    let last = first;
    while (letters[last + 1]?.unspaced === unspaced) last++;
    if (!unspaced || first === last) yield token(first, last);
    else {
      for (let at = first; at < last; at++) yield token(at, at + 1);
      yield token(last, last, true);
    }
    first = last + 1;
  }
}

/** The words of a text, folded, as the index keeps them. */
export function words(text: string): string[] {
  return Array.from(tokens(text.normalize('NFC')), ({ word }) => word);
}

/** The words that somebody asks for, each once: a text holds them when it has words that begin with them. */
export function asked(text: string): string[] {
  const found = new Set<string>();
  for (const { word, tail } of tokens(text.normalize('NFC'))) if (!tail) found.add(word);
  return [...found];
}

export type Range = [start: number, end: number];

/** The places in `text` of what begins with one of `wanted` (`asked` words): [start, end) of the part that matches. */
export function matches(text: string, wanted: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const { word, start, endOf } of tokens(text)) {
    const best = longestBeginning(word, wanted);
    if (best === 0) continue;
    const last = found.at(-1);
    const end = endOf(best);
    // Pairs of a run without spaces overlap.
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

function longestBeginning(word: string, wanted: readonly string[]): number {
  let best = 0;
  for (const each of wanted) if (each.length > best && word.startsWith(each)) best = each.length;
  return best;
}

export interface Excerpt {
  excerpt: string;
  marks: Range[];
}

/** At most `length` characters of `text` in one line, around the first match, with the matches in them. */
export function excerpt(text: string, wanted: readonly string[], length = 160): Excerpt {
  const line = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (line.length <= length) return { excerpt: line, marks: matches(line, wanted) };
  const first = firstMatch(line, wanted);
  const from = Math.max(0, Math.min(first - Math.floor(length / 3), line.length - length));
  const start = from === 0 ? 0 : wordBreak(line, from, first);
  const end = wholeLetter(line, start + length);
  const shown = (start > 0 ? '… ' : '') + line.slice(start, end) + (end < line.length ? ' …' : '');
  return { excerpt: shown, marks: matches(shown, wanted) };
}

/** Something whose folded form differs from more than its case. */
const FOREIGN = /[[\p{L}\p{N}\p{M}]--[\x00-\x7f]]/v;

/** Where the first match begins, or the first that is spelt as it was asked; 0 when there is none. */
function firstMatch(line: string, wanted: readonly string[]): number {
  // Folded words are letters, numbers and marks, nothing of which means anything in a pattern.
  const asSpelt =
    wanted.length === 0 ? -1 : line.search(new RegExp(`(?<![\\p{L}\\p{N}\\p{M}])(?:${wanted.join('|')})`, 'iu'));
  if (asSpelt >= 0 || !FOREIGN.test(line)) return Math.max(0, asSpelt);
  for (const { word, start } of tokens(line)) if (longestBeginning(word, wanted) > 0) return start;
  return 0;
}

/** After the first space between `from` and `until`; where there is none, at a whole letter. */
function wordBreak(line: string, from: number, until: number): number {
  const space = line.indexOf(' ', from);
  return space >= 0 && space < until ? space + 1 : wholeLetter(line, from);
}

/** `at`, or one less where it would tear a letter of two code units apart. */
function wholeLetter(line: string, at: number): number {
  return (line.charCodeAt(at) & 0xfc00) === 0xdc00 ? at - 1 : at;
}
