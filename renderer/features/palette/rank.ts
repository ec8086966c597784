/**
 * Which of many entries a few typed letters mean. Pure. Every typed word must be found; the start of the title beats the
 * start of a word, that beats the initials, that beats the middle of a word; shorter titles win a tie.
 */
import { plain } from '../../ui/match.ts';

export interface Searchable {
  title: string;
  /** Searched as well, with less weight. */
  also?: string;
}

const PENALTY_ALSO = 40;

/** How well `word` is found in lower-case `text`: 0 is best, null is not at all. */
function place(word: string, text: string): number | null {
  if (text.startsWith(word)) return 0;
  const at = text.indexOf(word);
  if (at < 0) return null;
  for (let from = at; from >= 0; from = text.indexOf(word, from + 1)) {
    if (!/[\p{L}\p{N}]/u.test(text[from - 1]!)) return 8;
  }
  return 24;
}

function initials(text: string): string {
  return text
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => part[0] ?? '')
    .join('');
}

/** Lower is better; null when a word is not found. */
export function score(query: string, entry: Searchable): number | null {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const title = plain(entry.title);
  const also = plain(entry.also ?? '');
  let total = Math.min(title.length, 80) / 10;
  for (const word of words) {
    const inTitle = place(word, title);
    const found = inTitle ?? (initials(title).startsWith(word) && word.length > 1 ? 16 : null);
    const elsewhere = found ?? (also === '' ? null : place(word, also));
    if (elsewhere === null) return null;
    total += found === null ? elsewhere + PENALTY_ALSO : found;
  }
  return total;
}

/** The best `limit` entries for the query, best first; entries that score alike keep their order. */
export function rank<T extends Searchable>(query: string, entries: readonly T[], limit: number): T[] {
  if (query.trim() === '') return entries.slice(0, limit);
  return entries
    .flatMap((entry, index) => {
      const value = score(query, entry);
      return value === null ? [] : [{ entry, value, index }];
    })
    .toSorted((a, b) => a.value - b.value || a.index - b.index)
    .slice(0, limit)
    .map(({ entry }) => entry);
}
