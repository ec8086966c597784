/**
 * Text that fits: cut at characters as people count them, with an ellipsis, and measured once per text and width. A name
 * that begins as others do ("Store servers Cork", "Store servers Dublin") loses its middle, so that its end tells them apart.
 */
import { breakList } from '../../../../shared/domain/break-list.ts';
import { isolated } from '../model/isolated.ts';
import type { Context } from './marks.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Widths are rounded down to steps, so that zooming does not measure anew at every pixel. */
const STEP = 3;
const LIMIT = 30_000;

export class TextFitter {
  readonly #cut = new Map<string, string>();
  readonly #wrapped = new Map<string, readonly string[]>();

  /** `text`, or as much of it as fits into `width` CSS pixels in the context's font, which `font` names. */
  fit(context: Context, font: string, text: string, width: number): string {
    const room = Math.floor(width / STEP) * STEP;
    const key = `${font} ${room} ${text}`;
    const known = this.#cut.get(key);
    if (known !== undefined) return known;
    if (this.#cut.size > LIMIT) this.#cut.clear();
    const cut = shorten(context, text, room);
    this.#cut.set(key, cut);
    return cut;
  }

  /** As `fit`, with the ellipsis in the middle. */
  fitEnds(context: Context, font: string, text: string, width: number): string {
    const room = Math.floor(width / STEP) * STEP;
    const key = `${font} ${room} … ${text}`;
    const known = this.#cut.get(key);
    if (known !== undefined) return known;
    if (this.#cut.size > LIMIT) this.#cut.clear();
    const cut = shortenMiddle(context, text, room);
    this.#cut.set(key, cut);
    return cut;
  }

  /** A list with commas on so many lines, broken between its parts; parts that do not fit are left out whole, so that no number is cut. */
  list(context: Context, font: string, text: string, width: number, most: number): readonly string[] {
    const room = Math.floor(width / STEP) * STEP;
    const key = `${font} ${room} ${most} ${text}`;
    const known = this.#wrapped.get(key);
    if (known !== undefined) return known;
    if (this.#wrapped.size > LIMIT) this.#wrapped.clear();
    const lines = breakList(text, (line) => context.measureText(line).width <= room, most).map((line) =>
      shorten(context, line, room),
    );
    this.#wrapped.set(key, lines);
    return lines;
  }

  /** `text` on one line, or on two broken where a word ends; the second is cut where it does not fit. */
  wrap(context: Context, font: string, text: string, width: number): readonly string[] {
    const room = Math.floor(width / STEP) * STEP;
    const key = `${font} ${room} ${text}`;
    const known = this.#wrapped.get(key);
    if (known !== undefined) return known;
    if (this.#wrapped.size > LIMIT) this.#wrapped.clear();
    const lines = breakInTwo(context, text, room);
    this.#wrapped.set(key, lines);
    return lines;
  }
}

function breakInTwo(context: Context, text: string, room: number): readonly string[] {
  if (context.measureText(text).width <= room) return [text];
  let end = 0;
  for (const { index } of text.matchAll(/(?<=[-_./])(?=[^\s])|\s+/gu)) {
    if (context.measureText(text.slice(0, index)).width > room) break;
    end = index;
  }
  if (end === 0) return [shorten(context, text, room)];
  return [text.slice(0, end), shortenMiddle(context, text.slice(end).trimStart(), room)];
}

function shortenMiddle(context: Context, text: string, room: number): string {
  if (room < STEP) return '';
  if (context.measureText(text).width <= room) return text;
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  const keeping = (kept: number): string => {
    const head = Math.ceil(kept / 2);
    return `${characters.slice(0, head).join('').trimEnd()}…${characters
      .slice(characters.length - (kept - head))
      .join('')
      .trimStart()}`;
  };
  let low = 0;
  let high = characters.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(keeping(middle)).width <= room) low = middle;
    else high = middle - 1;
  }
  // So little is no name with two ends.
  return low < 4 ? shorten(context, text, room) : isolated(keeping(low));
}

function shorten(context: Context, text: string, room: number): string {
  if (room < STEP) return '';
  if (context.measureText(text).width <= room) return text;
  const characters = Array.from(segmenter.segment(text), ({ segment }) => segment);
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${characters.slice(0, middle).join('')}…`).width <= room) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? '' : isolated(`${characters.slice(0, low).join('').trimEnd()}…`);
}
