/** Printing by the process that has windows, by messages. Invariant: every document gets one answer. */
import type { FromPrinter, ToPrinter } from '../../../shared/contract/printing.ts';
import { Refusal } from '../../../shared/contract/spec.ts';

export class PrintClient {
  readonly #send: (message: ToPrinter) => void;
  readonly #waiting = new Map<number, { done: (pdf: Uint8Array) => void; failed: (error: Error) => void }>();
  #next = 0;

  constructor(send: (message: ToPrinter) => void) {
    this.#send = send;
  }

  receive({ id, pdf, problem }: FromPrinter): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (pdf) waiting?.done(pdf);
    else
      waiting?.failed(new Refusal('refused', `The PDF could not be printed: ${problem}. Export html and print that.`));
  }

  /** @throws Refusal when it can't be printed. */
  readonly print = (html: string): Promise<Uint8Array> => {
    const id = this.#next++;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#send({ type: 'print', id, html });
    });
  };
}
