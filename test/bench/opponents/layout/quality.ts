/** How well lines can be followed, counted the same way for whoever drew them: crossings and length. */

/** Corners from the one end to the other, any unit. */
export type Line = [number, number][];

export interface Quality {
  /** Places where two lines cross; a common end, a touch and a common stretch are none. Null when not counted. */
  crossings: number | null;
  /** Sum over all lines, in the unit of their corners. */
  length: number;
}

/** O(s · t) in straight pieces s and those t that share some of its width. */
export function quality(lines: readonly Line[], count: boolean): Quality {
  const pieces: { x0: number; y0: number; x1: number; y1: number; line: number }[] = [];
  let length = 0;
  lines.forEach((corners, line) => {
    for (let i = 1; i < corners.length; i++) {
      const [ax, ay] = corners[i - 1]!;
      const [bx, by] = corners[i]!;
      length += Math.hypot(bx - ax, by - ay);
      pieces.push(ax <= bx ? { x0: ax, y0: ay, x1: bx, y1: by, line } : { x0: bx, y0: by, x1: ax, y1: ay, line });
    }
  });
  if (!count) return { crossings: null, length };
  pieces.sort((a, b) => a.x0 - b.x0);
  let crossings = 0;
  for (let i = 0; i < pieces.length; i++) {
    const a = pieces[i]!;
    for (let j = i + 1; j < pieces.length && pieces[j]!.x0 < a.x1; j++) {
      const b = pieces[j]!;
      if (a.line !== b.line && cross(a, b)) crossings++;
    }
  }
  return { crossings, length };
}

type Piece = { x0: number; y0: number; x1: number; y1: number };

function cross(a: Piece, b: Piece): boolean {
  return sides(a, b) < 0 && sides(b, a) < 0;
}

/** Negative when the ends of `b` lie on different sides of `a`. */
function sides(a: Piece, b: Piece): number {
  const side = (x: number, y: number): number => Math.sign((a.x1 - a.x0) * (y - a.y0) - (a.y1 - a.y0) * (x - a.x0));
  return side(b.x0, b.y0) * side(b.x1, b.y1);
}
