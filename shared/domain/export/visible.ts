/**
 * Words that people wrote, made safe to be read in a document. Invariant: what is shown is what is there: a character that
 * is invisible, reorders others or belongs to no text is shown by its code, never dropped and never obeyed; emoji and
 * scripts that need joiners keep them.
 */

/** Controls, directional marks and overrides, zero-width and filler characters, tags, private variation. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- finding them is the point
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/gu;
const JOINER = /[\u200c\u200d]/;
const BEFORE_EMOJI = /[\p{Extended_Pictographic}\u{fe0f}\u{1f3fb}-\u{1f3ff}]$/u;
const AFTER_EMOJI = /^\p{Extended_Pictographic}/u;
/** Scripts whose spelling needs joiners and non-joiners. */
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}]$/u;
const HAN = /\p{Script=Han}$/u;
/** More marks on one letter than any language sets: they would run over the lines around. */
const PILE = /(\p{M}{6})(\p{M}+)/gu;

/** `text` with everything that hides or misleads shown as [U+202E]; line breaks are kept, each as one line feed. */
export function visible(text: string): string {
  const plain = text.toWellFormed().replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n');
  return plain
    .replace(HIDDEN, (character, at: number) => (belongs(character, plain, at) ? character : code(character)))
    .replace(PILE, (_, some: string, more: string) => `${some}[+${[...more].length} marks]`);
}

/** The same on one line. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

function belongs(character: string, text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 2), at);
  if (JOINER.test(character)) {
    return JOINING.test(before) || (BEFORE_EMOJI.test(before) && AFTER_EMOJI.test(text.slice(at + 1, at + 3)));
  }
  return character >= '\u{e0100}' && character <= '\u{e01ef}' && HAN.test(before);
}

function code(character: string): string {
  return `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`;
}

/** For HTML, in text and in quoted attributes. */
export function html(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** One line of Markdown that shows `text` as it is. */
export function markdownLine(text: string): string {
  return escapeMarkdown(visibleLine(text));
}

/** Lines of Markdown that show `text` as it is, line by line, inside whatever `prefix` puts them. */
export function markdownLines(text: string, prefix: string): string {
  const lines = visible(text)
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [, space = '', words = ''] = /^([ \t]*)(.*)$/.exec(line)!;
      return words === '' ? '' : `${'&nbsp;'.repeat(space.replaceAll('\t', '    ').length)}${escapeMarkdown(words)}`;
    });
  // A backslash breaks the line within a paragraph; at its end it would be shown.
  return lines
    .map((line, index) => (line === '' ? prefix.trimEnd() : `${prefix}${line}${lines[index + 1] ? '\\' : ''}`))
    .join('\n');
}

/** CommonMark and GFM: what means something anywhere, and what does at the beginning of a line. */
function escapeMarkdown(line: string): string {
  return line
    .replace(/[&<>]/g, (character) => ENTITIES[character]!)
    .replace(/[\\`*{}[\]|~$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^([-+=#])/, '\\$1')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2');
}

/**
 * A cell of CSV after RFC 4180. What a spreadsheet would take for a formula begins with an apostrophe, so that it is
 * shown and not run.
 */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = visible(value);
  const safe = /^[\s'"]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\n\r']/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** JSON whose text hides nothing: what would be invisible is escaped; read back it is the same value. */
export function json(value: unknown): string {
  return JSON.stringify(value).replace(HIDDEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
