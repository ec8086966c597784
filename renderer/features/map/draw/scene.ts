/**
 * What is to be drawn, in flat arrays that the window and its worker share by copy. Invariant: every shown dependency is
 * one first leg; legs of several may go on together in one trunk, whose style is that of all it carries (hard if any is).
 */
import { type MapLayout, SIZES } from '../../../../shared/domain/layout/layout.ts';
import type { DependencyMode, DependencyStrength, ServiceKind } from '../../../../shared/domain/words.ts';

/** How the outline of a box tells the kind of its service. */
export const OUTLINE = { box: 0, round: 1, cut: 2, dashed: 3, stack: 4 } as const;

const OUTLINE_OF_KIND: Partial<Record<ServiceKind, number>> = {
  cache: OUTLINE.round,
  database: OUTLINE.round,
  'data-platform': OUTLINE.round,
  observability: OUTLINE.round,
  queue: OUTLINE.cut,
  'erp-connector': OUTLINE.cut,
  network: OUTLINE.cut,
  saas: OUTLINE.dashed,
};

export const outlineOf = (kind: ServiceKind): number => OUTLINE_OF_KIND[kind] ?? OUTLINE.box;

/** Strength and mode of a dependency in one number: bit 0 soft, from bit 1 the mode. */
export const styleOf = (strength: DependencyStrength, mode: DependencyMode): number =>
  (strength === 'soft' ? 1 : 0) | { sync: 0, async: 2, batch: 4 }[mode];
export const STYLES = 6;

/** What changes only with the estate or the filter. All arrays by service, edges by edge. */
export interface Cast {
  ids: string[];
  groups: string[];
  names: string[];
  /** 1 for a name that begins as another one does, so that its end tells them apart. */
  alike: Uint8Array;
  /** Second line of a box: tier and kind. */
  notes: string[];
  outline: Uint8Array;
  /** 1–3, 0 when not known. */
  tier: Uint8Array;
  lane: Uint8Array;
  /** What the lanes are called, by their number; and whether the last of them is the band of the stores. */
  laneTitles: readonly string[];
  stores: boolean;
  from: Int32Array;
  to: Int32Array;
  style: Uint8Array;
  /** How many dependencies of the estate each edge stands for. */
  weight: Uint32Array;
  /** Dependencies to hidden services: how many it needs, and how many need it. */
  hiddenNeeds: Uint16Array;
  hiddenNeededBy: Uint16Array;
}

/** What changes from minute to minute. */
export interface Live {
  /** Place in HEALTHS. */
  health: Uint8Array;
  /** QUIET, AT_RISK or HURT per edge. */
  edge: Uint8Array;
  /** Loudest health number behind the hidden dependencies, both sides together. */
  hiddenHealth: Uint8Array;
  /** 1 for what was changed shortly before. */
  changed: Uint8Array;
  /** What stands in the second line of a box instead of its tier and kind. */
  notes: ReadonlyMap<number, string>;
}

/** Lines: a curve from (x0, y0) to (x1, y1), then level to x2. The first legs come first, one per edge, then the trunks. */
export interface Lines {
  x0: Float32Array;
  y0: Float32Array;
  x1: Float32Array;
  y1: Float32Array;
  x2: Float32Array;
  style: Uint8Array;
  /** 1 when the line ends at its service, with an arrowhead. */
  arrow: Uint8Array;
  /** 1 for lines between boxes of one column: they bow out to the right. */
  bow: Uint8Array;
  /** QUIET, AT_RISK or HURT. */
  state: Uint8Array;
  /** Health number of the hurt service that a line leads to. */
  towards: Uint8Array;
}

export interface Scene {
  cast: Cast;
  layout: MapLayout;
  live: Live;
  lines: Lines;
}

export const HALF = { width: SIZES.width / 2, height: SIZES.height / 2 };

export function buildScene(cast: Cast, layout: MapLayout, live: Live): Scene {
  const m = cast.from.length;
  const bends = layout.bendY.length;
  const count = m + bends;
  const lines: Lines = {
    x0: new Float32Array(count),
    y0: new Float32Array(count),
    x1: new Float32Array(count),
    y1: new Float32Array(count),
    x2: new Float32Array(count),
    style: new Uint8Array(count),
    arrow: new Uint8Array(count),
    bow: new Uint8Array(count),
    state: new Uint8Array(count),
    towards: new Uint8Array(count),
  };
  const scene: Scene = { cast, layout, live, lines };
  const { x, y, layer, bendLeft, bendRight, bendY, bendNext, bendTarget, edgeBend } = layout;
  const lead = (line: number, x0: number, y0: number, rightward: boolean, bend: number, target: number): void => {
    lines.x0[line] = x0;
    lines.y0[line] = y0;
    if (bend >= 0) {
      lines.x1[line] = rightward ? bendLeft[bend]! : bendRight[bend]!;
      lines.y1[line] = bendY[bend]!;
      lines.x2[line] = rightward ? bendRight[bend]! : bendLeft[bend]!;
    } else {
      lines.x1[line] = x[target]! + (rightward ? -HALF.width : HALF.width);
      lines.y1[line] = y[target]!;
      lines.x2[line] = lines.x1[line]!;
      lines.arrow[line] = 1;
    }
  };
  const mixed = new Uint8Array(bends);
  const carried = new Uint8Array(bends);
  for (let e = 0; e < m; e++) {
    const from = cast.from[e]!;
    const to = cast.to[e]!;
    const first = edgeBend[e]!;
    lines.style[e] = cast.style[e]!;
    if (layer[from] === layer[to]) {
      lines.bow[e] = 1;
      lines.arrow[e] = 1;
      lines.x0[e] = x[from]! + HALF.width;
      lines.x1[e] = lines.x2[e] = x[to]! + HALF.width;
      lines.y0[e] = y[from]! - (from === to ? HALF.height / 2 : 0);
      lines.y1[e] = y[to]! + (from === to ? HALF.height / 2 : 0);
      continue;
    }
    const rightward = layer[to]! > layer[from]!;
    lead(e, x[from]! + (rightward ? HALF.width : -HALF.width), y[from]!, rightward, first, to);
    for (let b = first; b >= 0; b = bendNext[b]!) {
      const style = cast.style[e]!;
      if (!carried[b]) lines.style[m + b] = style;
      else if (lines.style[m + b]! >> 1 !== style >> 1) mixed[b] = 1;
      if (!(style & 1)) lines.style[m + b]! &= ~1;
      carried[b] = 1;
    }
  }
  for (let b = 0; b < bends; b++) {
    if (mixed[b]) lines.style[m + b]! &= 1;
    const target = bendTarget[b]!;
    const rightward = x[target]! > bendLeft[b]!;
    lead(m + b, rightward ? bendRight[b]! : bendLeft[b]!, bendY[b]!, rightward, bendNext[b]!, target);
  }
  setLive(scene, live);
  return scene;
}

/** Puts new healths into a scene; its lines follow. */
export function setLive(scene: Scene, live: Live): void {
  scene.live = live;
  const { cast, layout, lines } = scene;
  const m = cast.from.length;
  lines.state.fill(0);
  for (let e = 0; e < m; e++) {
    const state = live.edge[e]!;
    const towards = live.health[cast.to[e]!]!;
    lines.state[e] = state;
    lines.towards[e] = towards;
    if (state === 0) continue;
    for (let b = layout.edgeBend[e]!; b >= 0; b = layout.bendNext[b]!) {
      if (lines.state[m + b]! < state) lines.state[m + b] = state;
      lines.towards[m + b] = towards;
    }
  }
}

/** The lines that an edge is drawn with, from its service to its target. */
export function linesOf(scene: Scene, edge: number): number[] {
  const m = scene.cast.from.length;
  const path = [edge];
  for (let b = scene.layout.edgeBend[edge]!; b >= 0; b = scene.layout.bendNext[b]!) path.push(m + b);
  return path;
}

/** The service whose box is at a point of the map, or nearest to it within `reach` map units; -1 for none. */
export function serviceAt(scene: Scene, point: { x: number; y: number }, reach: number): number {
  const { x, y } = scene.layout;
  let best = -1;
  let least = reach;
  for (let v = 0; v < x.length; v++) {
    const dx = Math.abs(point.x - x[v]!) - HALF.width;
    const dy = Math.abs(point.y - y[v]!) - HALF.height;
    if (dx <= 0 && dy <= 0) return v;
    const distance = Math.max(dx, dy);
    if (distance < least) {
      least = distance;
      best = v;
    }
  }
  return best;
}
