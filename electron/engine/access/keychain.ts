/** The system's keychain as the engine uses it: by messages to the process that can reach it. */
import type { FromKeychain, ToKeychain } from '../../../shared/contract/keychain.ts';
import { plainSealer, type Sealer } from '../sources/credentials.ts';

export class Keychain {
  readonly #send: (message: ToKeychain) => void;
  readonly #waiting = new Map<number, { done: (value: string) => void; failed: (error: Error) => void }>();
  #next = 0;

  constructor(send: (message: ToKeychain) => void) {
    this.#send = send;
  }

  receive({ id, ok, value }: FromKeychain): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (ok) waiting?.done(value);
    else waiting?.failed(new Error(value));
  }

  #ask(what: ToKeychain['what'], text: string): Promise<string> {
    const id = this.#next++;
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#send({ type: 'keychain', id, what, text });
    });
  }

  #available: Promise<boolean> | null = null;
  /** Whether the platform has a real one. Asked once. */
  isAvailable(): Promise<boolean> {
    this.#available ??= this.#ask('available', '').then((answer) => answer === 'yes');
    return this.#available;
  }

  /** Opens and closes with the keychain. */
  readonly sealer: Sealer = {
    name: 'keychain',
    seal: (text) => this.#ask('seal', text),
    open: (sealed) => this.#ask('open', sealed),
  };

  /** Closes with the keychain where there is one, else with `other`: not at all, unless one is given. */
  fallingBack(other: Sealer = plainSealer): Sealer {
    let name = this.sealer.name;
    return {
      get name() {
        return name;
      },
      seal: async (text) => {
        const sealer = (await this.isAvailable()) ? this.sealer : other;
        name = sealer.name;
        return sealer.seal(text);
      },
      open: (sealed) => this.sealer.open(sealed),
    };
  }
}
