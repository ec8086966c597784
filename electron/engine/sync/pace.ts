/** How fast something goes and how long the rest takes. Invariant: it says nothing before it was watched for a while. */

/** What is told of is the speed over about so long, ms. */
const WINDOW_MS = 5000;
/** Watched for less than this, a speed is no figure yet, ms. */
const LEAST_MS = 500;

export class Speed {
  readonly #seen: { at: number; done: number }[] = [];

  /** `done` by `at`, ms of any clock that only goes forward. */
  at(at: number, done: number): void {
    // What began anew is no speed.
    if (done < (this.#seen.at(-1)?.done ?? 0)) this.#seen.splice(0);
    this.#seen.push({ at, done });
    while (this.#seen.length > 2 && this.#seen[1]!.at < at - WINDOW_MS) this.#seen.shift();
  }

  /** Forgets what was seen: nothing goes on. */
  rest(): void {
    this.#seen.splice(0);
  }

  /** A second; null when it is not known. */
  get perSecond(): number | null {
    const [first, last] = [this.#seen[0], this.#seen.at(-1)];
    if (!first || !last || last.at - first.at < LEAST_MS) return null;
    return ((last.done - first.done) / (last.at - first.at)) * 1000;
  }

  /** How long `left` more take, ms; null when it is not known. */
  lasting(left: number): number | null {
    const speed = this.perSecond;
    return speed === null || speed <= 0 ? null : (left / speed) * 1000;
  }
}
