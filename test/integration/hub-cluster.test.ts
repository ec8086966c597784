/** A hub of three servers, one of which is killed while it is the one that counts. */
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterEach, describe, expect, it } from 'vitest';
import type { Nats } from '../support/nats.ts';
import { startCluster } from '../support/hubs.ts';
import { missing, until } from '../support/servers.ts';
import { linkTo, type Linked } from '../support/links.ts';
import { AUTHOR, enrol, peer } from '../support/exchange.ts';

const links: Linked[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.stop();
});

const OPS = 20_000;
const BATCH = 20;

/** Who leads the stream, by the number of its server. */
async function leaderOf(cluster: readonly Nats[], stream: string): Promise<Nats | null> {
  for (const server of cluster) {
    try {
      const connection = await connect({ servers: server.hub, reconnect: false, timeout: 1000 });
      try {
        const { cluster: info } = await (await jetstreamManager(connection, { timeout: 1500 })).streams.info(stream);
        const found = cluster.findIndex((_, index) => info?.leader === `n${index}`);
        if (found >= 0) return cluster[found]!;
      } finally {
        await connection.close();
      }
    } catch {
      continue;
    }
  }
  return null;
}

describe.skipIf(missing('nats-server'))('a hub of three servers', () => {
  it('loses and doubles nothing when its leader is killed amid 20,000 ops and then all of it is restarted', async () => {
    const cluster = await startCluster();
    const url = cluster.map(({ hub }) => hub).join(',');
    const [here, there] = [peer(Date.now), peer(Date.now)];
    enrol(here, there);
    enrol(there, here);
    const [sending, reading] = [linkTo(url, here, { replicas: 3 }), linkTo(url, there, { replicas: 3 })];
    links.push(sending, reading);
    await until('both to be connected', () => [sending, reading].every((one) => one.state === 'connected'), 30_000);

    let killed: Nats | null = null;
    for (let n = 0; n < OPS; n += BATCH) {
      here.store.commit(AUTHOR, (tx) => {
        for (let i = 0; i < BATCH; i++)
          tx.append({ scope: 'i00000001', type: 'entry.note', payload: { text: `note ${n + i}` } });
      });
      sending.poke();
      if (n % 200 === 0) await new Promise(setImmediate);
      if (n === OPS / 2) {
        killed = await leaderOf(cluster, 'holdfast-acme-hub');
        await killed!.kill();
      }
    }
    const all = () => there.store.log.tip(here.store.console)?.seq === here.store.head!.seq;
    await until('all ops to arrive while a server is missing', all, 30_000);
    await killed!.restart();

    for (const server of cluster) await server.kill();
    await until('the link to be cut off', () => sending.state === 'cut-off', 20_000);
    here.store.commit(AUTHOR, (tx) =>
      tx.append({ scope: 'i00000001', type: 'entry.note', payload: { text: 'written alone' } }),
    );
    await Promise.all(cluster.map((server) => server.restart()));
    await until('what was written alone to arrive', all, 30_000);

    // Every op once and in its place, on both sides and in the stream.
    const ids = (peerHere: typeof here) => [...peerHere.store.log.ids(here.store.console, 1, OPS + 10).entries()];
    expect(ids(there)).toEqual(ids(here));
    expect(there.store.quarantined()).toBe(0);
    expect(there.check().findings).toEqual([]);
    expect(there.store.hash()).toBe(here.store.hash());
  }, 90_000);
});
