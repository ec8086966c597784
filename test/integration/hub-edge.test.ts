/** A store with a server of its own, a leaf node with its own JetStream domain, whose way to headquarters is cut. */
import { afterEach, describe, expect, it } from 'vitest';
import { linkTo, type Linked } from '../support/links.ts';
import { enrol, note, peer, type Peer } from '../support/exchange.ts';
import { startHub } from '../support/hubs.ts';
import { startForwarder } from '../support/forwarder.ts';
import { freePort, missing, until } from '../support/servers.ts';

const links: Linked[] = [];
const stops: (() => void)[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.stop();
  for (const stop of stops.splice(0)) stop();
});

describe.skipIf(missing('nats-server'))('a store with a leaf node', () => {
  it('goes on together when the WAN is cut, as headquarters does, and all are one again afterwards', async () => {
    const leaves = await freePort();
    const hub = await startHub({ jetstream: 'domain: hub', config: `leafnodes { listen: "127.0.0.1:${leaves}" }` });
    const wan = await startForwarder(leaves);
    stops.push(wan.stop);
    const store = await startHub({
      jetstream: 'domain: store-112',
      config: `leafnodes { reconnect: 1, remotes: [{ url: "nats-leaf://127.0.0.1:${wan.port}" }] }`,
    });
    const peers = [peer(Date.now), peer(Date.now), peer(Date.now)] as const;
    const [office, till, back] = peers;
    for (const one of peers) for (const other of peers) if (one !== other) enrol(one, other);
    const atStore = [till, back].map((one) => linkTo(store.hub, one, { edge: 'store-112' }));
    const atOffice = linkTo(hub.hub, office);
    links.push(atOffice, ...atStore);
    const knows = (who: Peer, of: Peer) => who.store.log.tip(of.store.console)?.seq === of.store.head!.seq;
    const together = () => peers.every((who) => peers.every((of) => who === of || knows(who, of)));
    note(office, 'i00000001', 'before the cut');
    await until('all to be together', together);

    wan.cut();
    await until('the store to notice', () => atStore.every((one) => one.state === 'cut-off'));
    note(office, 'i00000001', 'headquarters goes on');
    note(till, 'i00000001', 'the till goes on');
    await until('the back office to hear the till through the leaf', () => knows(back, till));
    note(back, 'i00000001', 'and so does the back office');
    await until('the till to hear the back office', () => knows(till, back));
    expect(knows(office, till)).toBe(false);
    expect(atStore[0]!.places.find(({ kind }) => kind === 'store')!.state).toBe('connected');

    wan.mend();
    await until('all to be together again', together, 30_000);
    const hashes = new Set(peers.map((one) => one.store.hash()));
    expect(hashes.size).toBe(1);
    for (const one of peers) expect(one.check().findings).toEqual([]);
  }, 60_000);
});
