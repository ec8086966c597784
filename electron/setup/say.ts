/** What set-up scripts tell a person. Invariant: everything goes to stderr, so that stdout stays a result. */

const interactive = process.stderr.isTTY && !process.env.CI;

export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** One sentence for the person, no stack: what is wrong and what to do. Scripts end with status 1 on it. */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem';
}

/**
 * Runs one long step and shows that it lives: on a terminal a line with the seconds, elsewhere a line every 15 s.
 * Silent when the step is over within 300 ms.
 */
export async function step<T>(label: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  let shown = false;
  const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
  const tick = (): void => {
    if (interactive) process.stderr.write(`\r\u001b[K${label} … ${seconds()}`);
    else say(shown ? `${label} … ${seconds()}` : `${label} …`);
    shown = true;
    timer = setTimeout(tick, interactive ? 1000 : 15_000);
  };
  let timer = setTimeout(tick, 300);
  const end = (word: string): void => {
    clearTimeout(timer);
    if (shown) process.stderr.write(`${interactive ? '\r\u001b[K' : ''}${label}: ${word}, ${seconds()}\n`);
  };
  try {
    const value = await work();
    end('done');
    return value;
  } catch (error) {
    end('failed');
    throw error;
  }
}
