/** Opening the browser by the process that can, by messages. Invariant: every request gets one answer. */
import type { FromBrowser, ToBrowser } from '../../../../shared/contract/browsing.ts';

export class BrowserClient {
  readonly #send: (message: ToBrowser) => void;
  readonly #waiting = new Map<number, (problem: string | null) => void>();
  #next = 0;

  constructor(send: (message: ToBrowser) => void) {
    this.#send = send;
  }

  receive({ id, problem }: FromBrowser): void {
    this.#waiting.get(id)?.(problem);
    this.#waiting.delete(id);
  }

  /** @throws when it can't be opened */
  readonly browse = (url: string): Promise<void> => {
    const id = this.#next++;
    return new Promise((done, failed) => {
      this.#waiting.set(id, (problem) => (problem === null ? done() : failed(new Error(problem))));
      this.#send({ type: 'browse', id, url });
    });
  };
}
