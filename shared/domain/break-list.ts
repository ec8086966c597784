/**
 * Breaks a list with commas into lines. Invariant: a part stands whole or not at all, so that no number is cut; where parts are
 * left out, the last line says so.
 */

/** @param fits whether a line has room @param most lines; a single part that is too long stands alone on its line */
export function breakList(text: string, fits: (line: string) => boolean, most: number): string[] {
  const parts = text.split(', ');
  const lines: string[] = [];
  let line = '';
  for (const [i, part] of parts.entries()) {
    const onLast = lines.length === most - 1;
    const ending = i === parts.length - 1 ? '' : onLast ? ', …' : ',';
    const longer = line === '' ? part : `${line}, ${part}`;
    if (line === '' || fits(longer + ending)) line = longer;
    else if (onLast) return [...lines, `${line}, …`];
    else {
      lines.push(`${line},`);
      line = part;
    }
  }
  return [...lines, line];
}
