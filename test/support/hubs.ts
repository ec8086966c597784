/** nats-servers that end with the test that started them. */
import { afterEach } from 'vitest';
import { startNats, startShipped, type Nats, type NatsOptions } from './nats.ts';
import { freePort } from './servers.ts';

const servers: Nats[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** A server with JetStream for this test. */
export async function startHub(options: NatsOptions = {}): Promise<Nats> {
  const server = await startNats(options);
  servers.push(server);
  return server;
}

/** A server with a configuration that is shipped, for this test. */
export async function startShippedHub(...[file, settings, port]: Parameters<typeof startShipped>): Promise<Nats> {
  const server = await startShipped(file, settings, port);
  servers.push(server);
  return server;
}

/** Three servers that keep each stream on all of them, named `n0` to `n2`. */
export async function startCluster(): Promise<Nats[]> {
  const routes = await Promise.all([freePort(), freePort(), freePort()]);
  const started = routes.map((port, index) =>
    startHub({
      config: [
        `server_name: n${index}`,
        `cluster { name: hub, listen: "127.0.0.1:${port}", routes: [${routes.map((each) => `"nats://127.0.0.1:${each}"`).join(', ')}] }`,
      ].join('\n'),
    }),
  );
  return Promise.all(started);
}
