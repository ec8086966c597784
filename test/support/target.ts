/** A server that does what it is told to, good or bad, and remembers every request that it carried out. */
import { createServer as createTls, type ServerOptions } from 'node:https';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach } from 'vitest';

export interface Received {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export interface Target {
  url: string;
  port: number;
  /** Every request that came. */
  received: Received[];
  /** Keys of the requests whose effect happened, each once. */
  effects: string[];
  /** Answers the next requests; afterwards 200. */
  next(...answers: Behaviour[]): void;
  stop(): Promise<void>;
}

/** `lost`: the effect happens and the connection is cut before an answer. `hang`: no answer until `release`. */
export type Behaviour =
  | { status: number; body?: string; headers?: Record<string, string> }
  | 'lost'
  | 'cut'
  | 'hang'
  | ((request: Received, response: ServerResponse) => void);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

export async function target(options: { port?: number; tls?: ServerOptions; host?: string } = {}): Promise<Target> {
  const received: Received[] = [];
  const effects: string[] = [];
  const plans: Behaviour[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Received = {
        method: request.method!,
        path: request.url!,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      received.push(one);
      const plan = plans.shift() ?? { status: 200, body: '{"done":true}' };
      const key = request.headers['idempotency-key'];
      const happens = typeof plan === 'function' || plan === 'lost' || (typeof plan === 'object' && plan.status < 300);
      if (happens && typeof key === 'string' && !effects.includes(key)) effects.push(key);
      if (typeof plan === 'function') plan(one, response);
      else if (plan === 'lost' || plan === 'cut') request.socket.destroy();
      else if (plan !== 'hang') {
        response.writeHead(plan.status, plan.headers ?? { 'content-type': 'application/json' });
        response.end(plan.body ?? '');
      }
    });
  };
  const server: Server = options.tls ? createTls(options.tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections();
      server.close(() => resolve());
    });
  cleanups.push(stop);
  return {
    url: `${options.tls ? 'https' : 'http'}://${options.host ?? '127.0.0.1'}:${port}`,
    port,
    received,
    effects,
    next: (...answers) => void plans.push(...answers),
    stop,
  };
}
