/**
 * A disk that takes nothing, said until it takes something again. Invariant: whoever writes nothing just now sees it too, since
 * what sources and other consoles tell is not kept meanwhile either.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How often it is tried again, ms, and with how much. */
const TRY_MS = 5000;
const TRY_BYTES = 256 * 1024;

export class Refusing {
  readonly #directory: string;
  readonly #changed: () => void;
  #warning: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @param changed told when `warning` is another */
  constructor(directory: string, changed: () => void) {
    this.#directory = directory;
    this.#changed = changed;
  }

  /** One sentence for everybody; null while the disk takes what it is given. */
  get warning(): string | null {
    return this.#warning;
  }

  /** @param warning what everybody is told until the disk takes something again */
  refused(warning: string): void {
    this.#say(warning);
    this.#timer ??= setInterval(() => this.#try(), TRY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #say(warning: string | null): void {
    if (warning === this.#warning) return;
    this.#warning = warning;
    this.#changed();
  }

  #try(): void {
    const path = join(this.#directory, 'room.part');
    try {
      writeFileSync(path, Buffer.alloc(TRY_BYTES), { flush: true });
      this.stop();
      this.#say(null);
    } catch {
      // It takes nothing yet.
    } finally {
      rmSync(path, { force: true });
    }
  }
}
