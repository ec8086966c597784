/**
 * Where the browser comes back to: a server of this machine alone, for one sign-in. Invariant: only what carries the sign-in's own
 * `state` ends the waiting, once; whatever else knocks gets a page that says so, and changes nothing.
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Refusal } from '../../../../shared/contract/spec.ts';

const PATH = '/callback';

export interface Return {
  /** With the provider's answer. */
  url: URL;
  /** What the browser shows. */
  say(title: string, text: string): void;
}

export class Loopback {
  readonly #server: Server;
  /** To which the provider sends the browser. */
  readonly redirect: string;
  #expected: { state: Buffer; take(back: Return): void } | null = null;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.redirect = `http://127.0.0.1:${port}${PATH}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response));
  }

  /** @throws Refusal when the port is taken */
  static open(port: number | null): Promise<Loopback> {
    const server = createServer({ requestTimeout: 5000, headersTimeout: 5000, maxHeaderSize: 32_768 });
    server.maxConnections = 20;
    return new Promise((done, fail) => {
      server.once('error', (error: NodeJS.ErrnoException) =>
        fail(
          new Refusal(
            'refused',
            error.code === 'EADDRINUSE'
              ? `Port ${port}, to which the browser comes back, is taken by another program or sign-in: end that, or set another port.`
              : `The browser could not come back to this machine: ${error.message}.`,
            { retryable: true, cause: error },
          ),
        ),
      );
      server.listen(port ?? 0, '127.0.0.1', () => {
        const address = server.address();
        done(new Loopback(server, typeof address === 'object' && address ? address.port : 0));
      });
    });
  }

  /** What comes back with `state`. @throws the signal's reason when it is aborted before */
  returned(state: string, signal: AbortSignal): Promise<Return> {
    return new Promise((done, fail) => {
      const stop = (): void => fail(signal.reason as Error);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      this.#expected = {
        state: Buffer.from(state),
        take: (back) => {
          signal.removeEventListener('abort', stop);
          this.#expected = null;
          done(back);
        },
      };
    });
  }

  close(): void {
    this.#server.close();
    // Answers that are under way are a few hundred bytes.
    setTimeout(() => this.#server.closeAllConnections(), 1000).unref();
  }

  #answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const say = (status: number, title: string, text: string): void => {
      response.writeHead(status, {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        connection: 'close',
      });
      response.end(page(title, text));
    };
    // A name that somebody else's server was made to mean this machine is not ours.
    if (headers.host !== new URL(this.redirect).host) return say(421, 'Not here', 'Nothing is served under this name.');
    const asked = new URL(url, this.redirect);
    if (method !== 'GET' || asked.pathname !== PATH) return say(404, 'Nothing here', 'Go back to Holdfast.');
    const expected = this.#expected;
    const state = Buffer.from(asked.searchParams.get('state') ?? '');
    if (!expected || state.length !== expected.state.length || !timingSafeEqual(state, expected.state))
      return say(400, 'Not this sign-in', 'This is not the sign-in that Holdfast waits for. Begin again there.');
    expected.take({ url: asked, say: (title, text) => say(200, title, text) });
  }
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const plain = (text: string): string => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]!);

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Holdfast: ${plain(title)}</title>
<style>html{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:32em;margin:15vh auto;padding:0 1em}</style>
<h1>${plain(title)}</h1><p>${plain(text)}</p></html>
`;
}
