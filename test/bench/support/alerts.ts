/**
 * A server with the shape of Alertmanager's `/api/v2/alerts`. Invariant: every answer is a generation of its own, and each alert
 * in it says in its summary which one, so that whoever reads it can tell what has arrived.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Firing {
  service: string;
  severity: 'warning' | 'error' | 'critical';
}

export interface AlertServer {
  url: string;
  /** How many answers were given, and how many alerts with them. */
  readonly answers: number;
  readonly sent: number;
  stop(): Promise<void>;
}

/** @param firing the alerts of an answer, by its number from 1 */
export async function serveAlerts(firing: (answer: number) => readonly Firing[]): Promise<AlertServer> {
  let answers = 0;
  let sent = 0;
  const send = (response: ServerResponse): void => {
    const alerts = firing(++answers);
    sent += alerts.length;
    const now = Date.now();
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        alerts.map(({ service, severity }) => ({
          fingerprint: `f-${service}`,
          labels: { alertname: 'ErrorRatio', service, severity },
          annotations: { summary: `answer ${answers}` },
          startsAt: new Date(now - 1000).toISOString(),
          updatedAt: new Date(now).toISOString(),
          endsAt: new Date(now + 300_000).toISOString(),
          receivers: [{ name: 'all' }],
          status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
        })),
      ),
    );
  };
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/v2/alerts')) send(response);
    else {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ versionInfo: { version: '0.28.0' }, cluster: { status: 'ready' } }));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get answers() {
      return answers;
    },
    get sent() {
      return sent;
    },
    stop: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
