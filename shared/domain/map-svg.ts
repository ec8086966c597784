/**
 * The dependency map as an SVG document, for the screen's export and the command line alike. Invariant: it stands on its own (no
 * script, no font, no reference to anything outside), every dependency that it is given is drawn, and whatever a name holds is text.
 */
import { breakList } from './break-list.ts';
import { STORES } from './layout/lanes.ts';
import { type MapLayout, SIZES } from './layout/layout.ts';
import type { Health } from './words.ts';

export interface SvgBox {
  name: string;
  /** Second line. */
  note: string;
  health: Health;
  /** 1–3; null when not known. */
  tier: number | null;
  /** A closed group: drawn as a stack. */
  group: boolean;
  /** It was changed shortly before. */
  changed: boolean;
}

export interface SvgLine {
  from: number;
  to: number;
  soft: boolean;
  mode: 'sync' | 'async' | 'batch';
  /** Dependencies that it stands for. */
  weight: number;
  /** `hurt`: on the failing path; `risk`: a healthy service that stands on something hurt. */
  path: 'quiet' | 'risk' | 'hurt';
}

export interface SvgMap {
  layout: MapLayout;
  /** In the order of the layout's nodes and edges. */
  boxes: readonly SvgBox[];
  lines: readonly SvgLine[];
  laneTitles: readonly string[];
  /** One line on top: what is shown and as of when. */
  title: string;
  theme: 'dark' | 'light';
}

interface Paper {
  ground: string;
  raised: string;
  text: string;
  quiet: string;
  line: string;
  accent: string;
  health: Record<Health, string>;
}

const PAPER: Record<SvgMap['theme'], Paper> = {
  dark: {
    ground: '#101418',
    raised: '#181d23',
    text: '#e8ebee',
    quiet: '#a3adb8',
    line: '#68737f',
    accent: '#6fb1ff',
    health: {
      healthy: '#8b96a2',
      'early-warning': '#6fb1ff',
      degraded: '#f2a33a',
      failing: '#ff6b5e',
      unknown: '#c3b4e6',
    },
  },
  light: {
    ground: '#ffffff',
    raised: '#f3f5f7',
    text: '#14181c',
    quiet: '#54606c',
    line: '#7c8792',
    accent: '#1560bd',
    health: {
      healthy: '#5d6873',
      'early-warning': '#1560bd',
      degraded: '#a85800',
      failing: '#c1261b',
      unknown: '#65509b',
    },
  },
};

const HALF_WIDTH = SIZES.width / 2;
const HALF_HEIGHT = SIZES.height / 2;
const MARGIN = 40;
const HEAD = 84;
const FOOT = 56;
const DASH = { sync: '', async: ' stroke-dasharray="7 4"', batch: ' stroke-dasharray="1.5 4"' } as const;
const WORD: Record<Health, string> = {
  healthy: 'healthy',
  'early-warning': 'early warning',
  degraded: 'degraded',
  failing: 'failing',
  unknown: 'unknown',
};
const HEALTHS = Object.keys(WORD) as Health[];

export function mapSvg({ layout, boxes, lines, laneTitles, title, theme }: SvgMap): string {
  const paper = PAPER[theme];
  const { bounds } = layout;
  const left = bounds.x0 - MARGIN;
  const top = bounds.y0 - MARGIN - HEAD;
  const width = Math.max(bounds.x1 - bounds.x0 + 2 * MARGIN, 760);
  const height = bounds.y1 - bounds.y0 + 2 * MARGIN + HEAD + FOOT;
  const out: string[] = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${n(left)} ${n(top)} ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" font-family="Inter, system-ui, sans-serif" role="img">`,
    `<title>${xml(title)}</title>`,
    `<rect x="${n(left)}" y="${n(top)}" width="${n(width)}" height="${n(height)}" fill="${paper.ground}"/>`,
    text(left + MARGIN, top + 34, 18, 600, paper.text, title),
  ];
  // Lanes side by side are as high as the highest; the stores lie in a band across.
  const across = layout.lanes.filter(({ lane }) => lane !== STORES);
  const low = Math.min(...across.map(({ y0 }) => y0));
  const high = Math.max(...across.map(({ y1 }) => y1));
  layout.lanes.forEach((lane, i) => {
    const [y0, y1] = lane.lane === STORES ? [lane.y0, lane.y1] : [low, high];
    const x1 = lane.lane === STORES ? bounds.x1 : lane.x1;
    if (i % 2 === 1 || lane.lane === STORES)
      out.push(
        `<rect x="${n(lane.x0 - 24)}" y="${n(y0 - 32)}" width="${n(x1 - lane.x0 + 48)}" height="${n(y1 - y0 + 56)}" fill="${paper.raised}"/>`,
      );
    out.push(text(lane.x0, y0 - 12, 14, 600, paper.quiet, laneTitles[lane.lane] ?? ''));
  });
  for (const path of ['quiet', 'risk', 'hurt'] as const)
    lines.forEach((line, e) => {
      if (line.path === path) out.push(drawLine(layout, boxes, line, e, paper));
    });
  boxes.forEach((box, v) => out.push(drawBox(layout.x[v]!, layout.y[v]!, box, paper)));
  out.push(legend(left + MARGIN, top + height - 24, paper), '</svg>');
  return `${out.filter((part) => part !== '').join('\n')}\n`;
}

/** @param edge place of the line among the edges of the layout */
function drawLine(layout: MapLayout, boxes: readonly SvgBox[], line: SvgLine, edge: number, paper: Paper): string {
  const { from, to, soft, mode, weight, path } = line;
  const { x, y, layer, edgeBend, bendNext, bendLeft, bendRight, bendY } = layout;
  const parts: string[] = [];
  let middle: { x: number; y: number };
  let head: { x: number; y: number; back: number };
  if (layer[from] === layer[to]) {
    const start = { x: x[from]! + HALF_WIDTH, y: y[from]! - (from === to ? HALF_HEIGHT / 2 : 0) };
    const end = { x: x[to]! + HALF_WIDTH, y: y[to]! + (from === to ? HALF_HEIGHT / 2 : 0) };
    const out = Math.max(start.x, end.x) + 24 + Math.min(80, Math.abs(end.y - start.y) / 4);
    parts.push(`M${n(start.x)} ${n(start.y)}C${n(out)} ${n(start.y)} ${n(out)} ${n(end.y)} ${n(end.x)} ${n(end.y)}`);
    middle = { x: (start.x + end.x) / 8 + 0.75 * out, y: (start.y + end.y) / 2 };
    head = { ...end, back: 9 };
  } else {
    const rightward = layer[to]! > layer[from]!;
    const side = rightward ? HALF_WIDTH : -HALF_WIDTH;
    let at = { x: x[from]! + side, y: y[from]! };
    parts.push(`M${n(at.x)} ${n(at.y)}`);
    const curve = (next: { x: number; y: number }): void => {
      const half = n((at.x + next.x) / 2);
      parts.push(`C${half} ${n(at.y)} ${half} ${n(next.y)} ${n(next.x)} ${n(next.y)}`);
      at = next;
    };
    const start = at;
    let first: { x: number; y: number } | null = null;
    for (let b = edgeBend[edge]!; b >= 0; b = bendNext[b]!) {
      curve({ x: rightward ? bendLeft[b]! : bendRight[b]!, y: bendY[b]! });
      first ??= at;
      at = { x: rightward ? bendRight[b]! : bendLeft[b]!, y: bendY[b]! };
      parts.push(`H${n(at.x)}`);
    }
    const end = { x: x[to]! - side, y: y[to]! };
    curve(end);
    first ??= end;
    middle = { x: (start.x + first.x) / 2, y: (start.y + first.y) / 2 };
    head = { ...end, back: rightward ? -9 : 9 };
  }
  const hurt = path === 'quiet' ? null : boxes[to]!.health === 'failing' ? 'failing' : 'degraded';
  const colour = hurt === null ? paper.line : paper.health[hurt];
  const wide = path === 'hurt' ? 3 : soft ? 1 : 1.5;
  const faint = path === 'quiet' ? ` opacity="${soft ? 0.6 : 0.85}"` : '';
  const arrow = `M${n(head.x + head.back)} ${n(head.y - 4.5)}L${n(head.x)} ${n(head.y)}L${n(head.x + head.back)} ${n(head.y + 4.5)}`;
  const number =
    weight > 1
      ? `<rect x="${n(middle.x - 16)}" y="${n(middle.y - 9)}" width="32" height="18" fill="${paper.ground}"/>${text(middle.x, middle.y + 5, 13, 600, paper.text, `×${weight}`, 'middle')}`
      : '';
  return (
    `<g${faint}><path d="${parts.join('')}" fill="none" stroke="${colour}" stroke-width="${wide}"${DASH[mode]}/>` +
    `<path d="${arrow}${soft ? '' : 'Z'}" fill="${soft ? 'none' : colour}" stroke="${colour}"/></g>${number}`
  );
}

function drawBox(x: number, y: number, { name, note, health, tier, group, changed }: SvgBox, paper: Paper): string {
  const left = x - HALF_WIDTH;
  const top = y - HALF_HEIGHT;
  const colour = paper.health[health];
  const quiet = health === 'healthy';
  const rows = inTwo(name, NAME_PLACES);
  // What a group hides is told whole where its name leaves room.
  const notes = group
    ? breakList(note, (line) => shorten(line, NOTE_PLACES) === line, 3 - rows.length)
    : [shorten(quiet ? note : `${WORD[health]} · ${note}`, NOTE_PLACES)];
  const lines = rows.length + notes.length;
  const first = lines === 2 ? y - 6 : y - 14;
  const below = first + (lines === 2 ? 21 : rows.length * 17 + 2);
  const parts = [
    `<g><title>${xml(`${name}: ${WORD[health]}. ${note}`)}</title>`,
    group
      ? `<path d="M${n(left + 8)} ${n(top + SIZES.height + 4)}h${SIZES.width - 16}m-${SIZES.width - 24} 4h${SIZES.width - 32}" stroke="${quiet ? paper.line : colour}" fill="none"/>`
      : '',
    `<rect x="${n(left)}" y="${n(top)}" width="${SIZES.width}" height="${SIZES.height}" fill="${paper.raised}" stroke="${quiet ? paper.line : colour}" stroke-width="${health === 'failing' ? 2.5 : quiet ? 1 : 2}"${health === 'unknown' ? ' stroke-dasharray="3 2"' : ''}/>`,
    tier === 1 || tier === 2
      ? `<rect x="${n(left + 1)}" y="${n(top + 3)}" width="${tier === 1 ? 4 : 2}" height="${SIZES.height - 6}" fill="${paper.quiet}"/>`
      : '',
    mark(health, left + 20, y, colour),
    changed ? diamond(left + SIZES.width - 10, top + 10, paper) : '',
    ...rows.map((row, i) => text(left + 36, first + i * 17, 14, 600, paper.text, row)),
    ...notes.map((row, i) => text(left + 36, below + i * 17, 13, 400, paper.quiet, row)),
    '</g>',
  ];
  return parts.join('');
}

const diamond = (x: number, y: number, paper: Paper): string =>
  `<path d="M${n(x)} ${n(y - 7)}l7 7-7 7-7-7z" fill="${paper.accent}"/>`;

function mark(health: Health, x: number, y: number, colour: string): string {
  switch (health) {
    case 'healthy':
      return `<circle cx="${n(x)}" cy="${n(y)}" r="4" fill="${colour}"/>`;
    case 'early-warning':
      return `<circle cx="${n(x)}" cy="${n(y)}" r="5.5" fill="none" stroke="${colour}" stroke-width="1.5"/><path d="M${n(x)} ${n(y - 5.5)}a5.5 5.5 0 0 0 0 11z" fill="${colour}"/>`;
    case 'degraded':
      return `<path d="M${n(x)} ${n(y - 6.5)}l6.5 12h-13z" fill="${colour}"/>`;
    case 'failing':
      return `<rect x="${n(x - 6)}" y="${n(y - 6)}" width="12" height="12" fill="${colour}"/>`;
    case 'unknown':
      return text(x, y + 5, 15, 600, colour, '?', 'middle');
  }
}

function legend(x: number, y: number, paper: Paper): string {
  const parts: string[] = [];
  let at = x;
  for (const health of HEALTHS.toReversed()) {
    parts.push(mark(health, at + 6, y - 5, paper.health[health]), text(at + 18, y, 13, 400, paper.quiet, WORD[health]));
    at += 34 + WORD[health].length * 7.5;
  }
  const sample = (words: string, attributes: string): void => {
    parts.push(
      `<path d="M${n(at)} ${n(y - 5)}h28" fill="none" ${attributes}/>`,
      text(at + 34, y, 13, 400, paper.quiet, words),
    );
    at += 50 + words.length * 7.5;
  };
  sample('failing path', `stroke="${paper.health.failing}" stroke-width="3"`);
  sample('hard', `stroke="${paper.line}" stroke-width="1.5"`);
  sample('soft', `stroke="${paper.line}" stroke-width="1" opacity="0.6"`);
  sample('async', `stroke="${paper.line}" stroke-width="1.5"${DASH.async}`);
  sample('batch', `stroke="${paper.line}" stroke-width="1.5"${DASH.batch}`);
  parts.push(diamond(at + 7, y - 5, paper), text(at + 20, y, 13, 400, paper.quiet, 'changed in the last two hours'));
  return parts.join('');
}

function text(
  x: number,
  y: number,
  size: number,
  weight: number,
  fill: string,
  words: string,
  anchor?: 'middle',
): string {
  return `<text x="${n(x)}" y="${n(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}"${anchor ? ` text-anchor="${anchor}"` : ''} unicode-bidi="isolate">${xml(words)}</text>`;
}

/** Places in a line of a box, in whatever font a reader of the picture has. */
const NAME_PLACES = 21;
const NOTE_PLACES = 28;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Letters that take two places of a Latin one. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Extended_Pictographic}]/u;

/** A name on one line, or broken in two where a word ends; the second is cut where it does not fit. */
function inTwo(words: string, places: number): string[] {
  if (shorten(words, places) === words) return [words];
  let end = 0;
  for (const { index } of words.matchAll(/(?<=[-_./])(?=\S)|\s+/gu)) {
    const head = words.slice(0, index);
    if (shorten(head, places) !== head) break;
    end = index;
  }
  return end === 0 ? [shorten(words, places)] : [words.slice(0, end), shorten(words.slice(end).trimStart(), places)];
}

/** As much as fits into so many places, cut at characters as people count them. */
function shorten(words: string, places: number): string {
  let taken = 0;
  let kept = '';
  for (const { segment } of segmenter.segment(words)) {
    taken += WIDE.test(segment) ? 2 : 1;
    if (taken > places) return `${kept.trimEnd()}…`;
    kept += segment;
  }
  return kept;
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** Text for XML: markup escaped, and what XML 1.0 cannot hold replaced. */
function xml(words: string): string {
  return words
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
