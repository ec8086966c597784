/**
 * A sequence of the vertices in which as few edges as possible run backwards. Invariant: in a graph without cycles none
 * does, so that only what really is circular gets drawn against the grain.
 */
import type { Adjacency } from './adjacency.ts';

/**
 * Greedy sequence after Eades, Lin and Smyth ("A fast and effective heuristic for the feedback arc set problem", 1993):
 * sinks go to the end, sources to the beginning, and where only cycles are left the vertex with the largest surplus of
 * outgoing edges is taken for a source. Ties go to the smaller index. Self-loops must have been left out.
 * @returns place of every vertex; an edge runs backwards when its head has the smaller place
 */
export function sequence(vertices: number, out: Adjacency, into: Adjacency): Int32Array {
  const place = new Int32Array(vertices).fill(-1);
  const outs = new Int32Array(vertices);
  const ins = new Int32Array(vertices);
  const queue = new Int32Array(vertices);
  const queued = new Uint8Array(vertices);
  let first = 0;
  let last = vertices - 1;
  let head = 0;
  let tail = 0;

  const offer = (v: number): void => {
    if (queued[v] || (outs[v] !== 0 && ins[v] !== 0)) return;
    queued[v] = 1;
    queue[tail++] = v;
  };
  const take = (v: number): void => {
    for (let i = out.start[v]!; i < out.start[v + 1]!; i++) {
      const w = out.other[i]!;
      ins[w]!--;
      if (place[w]! < 0) offer(w);
    }
    for (let i = into.start[v]!; i < into.start[v + 1]!; i++) {
      const w = into.other[i]!;
      outs[w]!--;
      if (place[w]! < 0) offer(w);
    }
  };

  for (let v = 0; v < vertices; v++) {
    outs[v] = out.start[v + 1]! - out.start[v]!;
    ins[v] = into.start[v + 1]! - into.start[v]!;
  }
  for (let v = 0; v < vertices; v++) offer(v);
  let left: number[] | null = null;
  while (first <= last) {
    while (head < tail) {
      const v = queue[head++]!;
      place[v] = ins[v] === 0 ? first++ : last--;
      take(v);
    }
    if (first > last) break;
    left = left ? left.filter((v) => place[v]! < 0) : unplaced(place);
    let best = left[0]!;
    for (const v of left) if (outs[v]! - ins[v]! > outs[best]! - ins[best]!) best = v;
    queued[best] = 1;
    place[best] = first++;
    take(best);
  }
  return place;
}

function unplaced(place: Int32Array): number[] {
  const left: number[] = [];
  for (let v = 0; v < place.length; v++) if (place[v]! < 0) left.push(v);
  return left;
}
