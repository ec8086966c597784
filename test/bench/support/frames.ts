/**
 * How a map moves, and how long its frames take. Invariant: every map is moved by the same journey at the same speed by the clock, not
 * by the frame, so that one that is slow does not get an easier way; and time is what passed between two frames.
 */

/** Moves at a rate: `zoom` natural logarithm per second about the middle, `x` and `y` CSS pixels per second. */
export interface Leg {
  seconds: number;
  zoom: number;
  x: number;
  y: number;
}

/** From the whole map down to where names can be read, across, out again and over the whole; ten seconds. */
export const JOURNEY: readonly Leg[] = [
  { seconds: 2, zoom: 1.1, x: 0, y: 0 },
  { seconds: 2, zoom: 0, x: -500, y: -150 },
  { seconds: 1.5, zoom: -0.8, x: 0, y: 0 },
  { seconds: 1.5, zoom: 0, x: 300, y: 200 },
  { seconds: 1.5, zoom: 0.9, x: 0, y: 0 },
  { seconds: 1.5, zoom: -1.2, x: 100, y: -100 },
];

/**
 * Runs in the page. Moves what `window.moveMap` moves and gives the times between frames, ms.
 * `moveMap(factor, dx, dy)` zooms by a factor about the middle and pans by CSS pixels. What is waited for is kept in the page: who
 * waits from outside does not keep it from being collected.
 */
export function travel(journey: readonly Leg[]): Promise<number[]> {
  const page = window as unknown as {
    moveMap(factor: number, dx: number, dy: number): void;
    travelled: Promise<number[]>;
  };
  const { moveMap } = page;
  page.travelled = new Promise((resolve) => {
    const times: number[] = [];
    let last: number | null = null;
    let began = 0;
    const frame = (now: number): void => {
      if (last === null) began = now;
      else {
        const step = now - last;
        times.push(step);
        let at = (last - began) / 1000;
        let left = step / 1000;
        for (const { seconds, zoom, x, y } of journey) {
          if (at >= seconds) {
            at -= seconds;
            continue;
          }
          const part = Math.min(left, seconds - at);
          moveMap(Math.exp(zoom * part), x * part, y * part);
          left -= part;
          at = 0;
          if (left <= 0) break;
        }
        if (left > 0) {
          resolve(times);
          return;
        }
      }
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  return page.travelled;
}
