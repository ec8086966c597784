/**
 * Secrets on the command line. Invariant: a secret is asked for at the terminal without showing it, or read from standard input;
 * it is never a word of the command, a variable of the environment, or written anywhere.
 */
import { UsageError } from './usage.ts';

/** Reads secrets one after another: `next` asks for the one that `prompt` names. */
export class SecretReader {
  #lines: string[] | null = null;

  /** @throws UsageError when standard input ends before it. */
  async next(prompt: string): Promise<string> {
    const line = await this.perhaps(prompt);
    if (line === '' && !this.asks)
      throw new UsageError(`${prompt} is missing: type it at a terminal, or give it as a line of standard input.`);
    return line;
  }

  /** Empty when nothing is typed, or standard input has no further line. */
  async perhaps(prompt: string): Promise<string> {
    if (process.stdin.isTTY) return typed(prompt);
    this.#lines ??= (await piped()).split(/\r?\n/);
    return this.#lines.shift() ?? '';
  }

  /** Whether it is a person who types. */
  get asks(): boolean {
    return process.stdin.isTTY;
  }
}

async function piped(): Promise<string> {
  let text = '';
  for await (const part of process.stdin.setEncoding('utf8')) text += String(part);
  return text;
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const ERASE = new Set(['\u007f', '\b']);

function typed(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(`${prompt}: `);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((done, fail) => {
    let text = '';
    const end = (): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const take = (part: string): void => {
      for (const letter of part) {
        if (letter === '\u0003') {
          end();
          fail(new UsageError('Nothing was done.'));
          return;
        }
        if (ENTER.has(letter)) {
          end();
          done(text);
          return;
        }
        if (ERASE.has(letter)) text = [...text].slice(0, -1).join('');
        else text += letter;
      }
    };
    stdin.on('data', take);
  });
}
