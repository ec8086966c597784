/** nats-servers that end with the test that started them. */
import { afterEach } from 'vitest';
import { startNats, type Nats, type NatsOptions } from './nats.ts';

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
