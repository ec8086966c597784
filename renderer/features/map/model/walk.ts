/**
 * Walking the map by keyboard. Invariant: right follows what a service needs, left what needs it, up and down the others
 * that were to choose from at the last step; a step never leaves what is shown, and back is always one key away.
 */
import type { Graph } from './graph.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

/** The last step along a dependency: where it started and which way it went. */
export interface Trail {
  origin: number;
  direction: 'left' | 'right';
}

export interface Step {
  service: number;
  trail: Trail | null;
  /** Place among those to choose from, from 1, and how many there are. */
  place: number;
  of: number;
}

/**
 * The service that one key leads to, or null where there is none.
 * @param mask 1 for every service that is shown
 * @param position place of each service on the map, in map units
 */
export function walk(
  graph: Graph,
  mask: Uint8Array,
  position: (service: number) => { x: number; y: number },
  at: number,
  direction: Direction,
  trail: Trail | null,
): Step | null {
  if (direction === 'left' || direction === 'right') {
    const choices = ends(graph, mask, position, at, direction);
    if (choices.length === 0) return null;
    if (trail && trail.direction !== direction && choices.includes(trail.origin)) {
      return {
        service: trail.origin,
        trail: { origin: at, direction },
        place: choices.indexOf(trail.origin) + 1,
        of: choices.length,
      };
    }
    const height = position(at).y;
    let nearest = 0;
    for (let i = 1; i < choices.length; i++) {
      if (Math.abs(position(choices[i]!).y - height) < Math.abs(position(choices[nearest]!).y - height)) nearest = i;
    }
    return { service: choices[nearest]!, trail: { origin: at, direction }, place: nearest + 1, of: choices.length };
  }
  const choices = trail ? ends(graph, mask, position, trail.origin, trail.direction) : column(mask, position, at);
  const place = choices.indexOf(at) + (direction === 'down' ? 1 : -1);
  const service = choices[place];
  return service === undefined ? null : { service, trail, place: place + 1, of: choices.length };
}

/** Shown services at the other ends of a service's dependencies, top to bottom. */
function ends(
  graph: Graph,
  mask: Uint8Array,
  position: (service: number) => { x: number; y: number },
  at: number,
  direction: 'left' | 'right',
): number[] {
  const { start, other } = direction === 'right' ? graph.needs : graph.neededBy;
  const found = new Set<number>();
  for (let i = start[at]!; i < start[at + 1]!; i++) if (mask[other[i]!] && other[i] !== at) found.add(other[i]!);
  return [...found].sort((a, b) => position(a).y - position(b).y || position(a).x - position(b).x || a - b);
}

/** Shown services in the same column, top to bottom. */
function column(mask: Uint8Array, position: (service: number) => { x: number; y: number }, at: number): number[] {
  const { x } = position(at);
  const found: number[] = [];
  for (let v = 0; v < mask.length; v++) if (mask[v] && position(v).x === x) found.push(v);
  return found.sort((a, b) => position(a).y - position(b).y || a - b);
}

/** Where keys start when nothing is chosen: the shown service nearest to a point of the map. */
export function nearestTo(
  mask: Uint8Array,
  position: (service: number) => { x: number; y: number },
  point: { x: number; y: number },
): number | null {
  let best: number | null = null;
  let least = Infinity;
  for (let v = 0; v < mask.length; v++) {
    if (!mask[v]) continue;
    const { x, y } = position(v);
    const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
    if (distance < least) {
      least = distance;
      best = v;
    }
  }
  return best;
}
