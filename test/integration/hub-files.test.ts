/** The configurations that are shipped, as they are: only addresses, folders and passwords are the test's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { HubConfig } from '../../electron/engine/sync/config.ts';
import { tryHub } from '../../electron/engine/sync/running.ts';
import { AUTHORITY, SERVER } from '../support/certificates.ts';
import { answer } from '../support/cli.ts';
import { enrol, folder, note, peer, type Peer } from '../support/exchange.ts';
import { startShippedHub } from '../support/hubs.ts';
import { linkTo, type Linked } from '../support/links.ts';
import { freePort, missing, until } from '../support/servers.ts';

const RUN = fileURLToPath(new URL('../../electron/setup/run.mjs', import.meta.url));
const links: Linked[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.stop();
});
function pair(): [Peer, Peer] {
  const both: [Peer, Peer] = [peer(Date.now), peer(Date.now)];
  enrol(both[0], both[1]);
  enrol(both[1], both[0]);
  return both;
}
const has = (who: Peer, of: Peer) => who.store.log.tip(of.store.console)?.seq === of.store.head!.seq;

/** The files that a server with TLS needs. */
function files(): { CERT: string; KEY: string; ca: string } {
  const directory = folder();
  const put = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  return { CERT: put('cert.pem', SERVER.cert), KEY: put('key.pem', SERVER.key), ca: put('ca.pem', AUTHORITY) };
}

describe.skipIf(missing('nats-server'))('the shipped configuration', () => {
  it('of a hub for trying lets consoles meet', async () => {
    const hub = await startShippedHub('local.conf');
    const [here, there] = pair();
    for (const who of [here, there]) links.push(linkTo(hub.hub, who));
    note(here, 'i00000001', 'hello');
    await until('it to arrive', () => has(there, here) && has(here, there));
    expect(there.store.hash()).toBe(here.store.hash());
  });

  it('is started by npm run hub, and a command line alone sends over it what it was asked to', async () => {
    const [port, data] = [await freePort(), folder()];
    const hub = spawn(process.execPath, [RUN, 'hub', '--port', String(port), '--data', join(data, 'hub')], {
      stdio: 'ignore',
    });
    const over = once(hub, 'close');
    try {
      const mine = join(data, 'console');
      const { organisation } = await answer('organisation.found', ['Acme', '--console', 'War room'], { data: mine });
      await answer('hub.set', [`nats://127.0.0.1:${port}`, organisation], { data: mine });
      const { state, waiting } = await answer('link.show', ['--wait', '30'], { data: mine });
      expect([state, waiting]).toEqual(['connected', 0]);
    } finally {
      hub.kill();
      await over;
    }
  });

  it('of one server and of a store lets headquarters, the web and the store meet, and nobody without the password', async () => {
    const { ca, ...certificate } = files();
    const [web, leaves] = [await freePort(), await freePort()];
    const hub = await startShippedHub('server.conf', {
      ...certificate,
      WEB: `127.0.0.1:${web}`,
      LEAVES: `127.0.0.1:${leaves}`,
      PASSWORD: 'right',
      LEAF_PASSWORD: 'between',
    });
    const leaf = await startShippedHub('leaf.conf', {
      HUB: `tls://stores:between@localhost:${leaves}`,
      HUB_CA: ca,
      ...certificate,
      PASSWORD: 'within',
    });
    const peers = [peer(Date.now), peer(Date.now), peer(Date.now)] as const;
    for (const one of peers) for (const other of peers) if (one !== other) enrol(one, other);
    const [office, away, till] = peers;
    const user = 'holdfast';
    links.push(
      linkTo(`tls://localhost:${hub.port}`, office, { ca, user, secret: 'right' }),
      linkTo(`wss://localhost:${web}`, away, { ca, user, secret: 'right' }),
      linkTo(`tls://localhost:${leaf.port}`, till, { ca, user, secret: 'within', edge: 'store-112' }),
    );
    for (const one of peers) note(one, 'i00000001', 'hello');
    await until('all to be together', () => peers.every((who) => peers.every((of) => who === of || has(who, of))));

    const config = HubConfig.parse({ url: `tls://localhost:${hub.port}`, organisation: 'acme', ca, user });
    expect((await tryHub(config, 'wrong')).message).toMatch(/refuses this console's credentials/);
  });

  it('of three servers keeps each stream on all of them', async () => {
    const { ca, ...certificate } = files();
    const [ports, routes] = await Promise.all([
      Promise.all([freePort(), freePort(), freePort()]),
      Promise.all([freePort(), freePort(), freePort()]),
    ]);
    const PEERS = routes.map((port) => `nats-route://hub:among@127.0.0.1:${port}`);
    await Promise.all(
      routes.map((port, index) =>
        startShippedHub(
          `cluster-${index + 1}.conf`,
          { ...certificate, ROUTES: `127.0.0.1:${port}`, PEERS, ROUTE_PASSWORD: 'among', PASSWORD: 'right' },
          ports[index],
        ),
      ),
    );
    const url = ports.map((port) => `tls://localhost:${port}`).join(',');
    const config = HubConfig.parse({ url, organisation: 'acme', ca, user: 'holdfast', replicas: 3 });
    const report = await until('the three to agree', async () => {
      const one = await tryHub(config, 'right');
      return one.ok ? one : null;
    });
    expect(report.message).toMatch(/its stream holds 0 messages on 3 servers\.$/);
  });

  it('says all that differs in its first lines, and nothing is forgotten here', () => {
    const all = readdirSync(new URL('../../assets/hub/', import.meta.url)).filter((name) => name.endsWith('.conf'));
    expect(all.toSorted()).toEqual([
      'cluster-1.conf',
      'cluster-2.conf',
      'cluster-3.conf',
      'leaf.conf',
      'local.conf',
      'server.conf',
    ]);
  });
});
