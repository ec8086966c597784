/** What two texts have in common, line by line. Pure. */

export interface DiffLine {
  mark: ' ' | '+' | '-';
  text: string;
  /** Line in the newer text, 1-based; null for a line that is gone. */
  line: number | null;
}

/** More lines than this are compared only where they begin and end alike. */
const MOST = 2000;

/** The lines of both texts in one list: those that are gone before those that came. */
export function diffLines(older: string, newer: string): DiffLine[] {
  const [a, b] = [older.split('\n'), newer.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const found: DiffLine[] = [];
  const same = (text: string, line: number): void => void found.push({ mark: ' ', text, line });
  for (let i = 0; i < start; i++) same(a[i]!, i + 1);
  const common = x.length > MOST || y.length > MOST ? [] : longest(x, y);
  let [i, j] = [0, 0];
  for (const [p, q] of [...common, [x.length, y.length] as const]) {
    for (; i < p; i++) found.push({ mark: '-', text: x[i]!, line: null });
    for (; j < q; j++) found.push({ mark: '+', text: y[j]!, line: start + j + 1 });
    if (i < x.length && j < y.length) same(y[j]!, start + j + 1);
    i++;
    j++;
  }
  for (let k = 0; k < end; k++) same(b[b.length - end + k]!, b.length - end + k + 1);
  return found;
}

/** Places of a longest common subsequence. */
function longest(x: readonly string[], y: readonly string[]): [number, number][] {
  const width = y.length + 1;
  const lengths = new Uint16Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--)
    for (let j = y.length - 1; j >= 0; j--)
      lengths[i * width + j] =
        x[i] === y[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < x.length && j < y.length;) {
    if (x[i] === y[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** Only what changed, with `around` lines on each side; null stands for lines that are left out. */
export function condensed(lines: readonly DiffLine[], around = 2): (DiffLine | null)[] {
  const near = lines.map((_, at) =>
    lines.slice(Math.max(0, at - around), at + around + 1).some(({ mark }) => mark !== ' '),
  );
  const shown: (DiffLine | null)[] = [];
  for (const [at, line] of lines.entries()) {
    if (near[at]) shown.push(line);
    else if (shown.at(-1) !== null) shown.push(null);
  }
  return shown;
}
