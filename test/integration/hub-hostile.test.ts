/** What a hub and those who write to it can do wrong: nothing that should not be is applied, nothing is lost, one sentence each. */
import { randomBytes } from 'node:crypto';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Link } from '../../electron/engine/sync/link.ts';
import { Places } from '../../electron/engine/sync/places.ts';
import type { Arrived } from '../../electron/engine/sync/transport.ts';
import { MemoryPlace } from '../support/memory-transport.ts';
import { streamConfig } from '../../electron/engine/sync/nats.ts';
import { pack, unpack } from '../../electron/engine/sync/wire.ts';
import { linkTo, QUICK, type Linked } from '../support/links.ts';
import { enrol, note, notes, peer, segmentsOf } from '../support/exchange.ts';
import { startHub } from '../support/hubs.ts';
import { publishRaw, setStream } from '../support/nats.ts';
import { freePort, missing, until } from '../support/servers.ts';
import type { Slice } from '../../shared/ops/segment.ts';

const STREAM = streamConfig({ organisation: 'acme', place: 'hub', domain: null, where: '', replicas: 1 });
const links: Linked[] = [];
afterEach(async () => {
  for (const link of links.splice(0)) await link.stop();
});
function link(...[url, who, options]: Parameters<typeof linkTo>): Linked {
  const one = linkTo(url, who, options);
  links.push(one);
  return one;
}
function pair() {
  const [here, there] = [peer(Date.now), peer(Date.now)];
  enrol(here, there);
  enrol(there, here);
  return [here, there] as const;
}
const has = (who: ReturnType<typeof peer>, of: ReturnType<typeof peer>) =>
  who.store.log.tip(of.store.console)?.seq === of.store.head!.seq;

describe.skipIf(missing('nats-server'))('a hub that cannot be trusted', () => {
  it('is given again what it lost when it was wiped, also what others wrote who are away', async () => {
    const hub = await startHub();
    const [here, there] = pair();
    const [one, other] = [link(hub.hub, here), link(hub.hub, there)];
    notes(here, 'i00000001', 30);
    notes(there, 'i00000001', 40);
    await until('both to have all', () => has(here, there) && has(there, here));
    await other.stop();
    const empty = await startHub();
    await one.stop();
    await hub.stop();
    link(empty.hub, here);
    // A newcomer learns from the new hub what the console that is away wrote.
    const late = peer(Date.now);
    enrol(late, here);
    enrol(late, there);
    link(empty.hub, late);
    await until('the newcomer to have all', () => has(late, here) && has(late, there));
    expect(late.check().findings).toEqual([]);
  });

  it('is given again what it lost when it was set back to an old backup, and nothing is doubled', async () => {
    const hub = await startHub();
    await setStream(hub, { ...STREAM, duplicate_window: 100_000_000 });
    const [here, there] = pair();
    const [one, other] = [link(hub.hub, here), link(hub.hub, there)];
    notes(here, 'i00000001', 30);
    notes(there, 'i00000001', 20);
    await until('both to have all', () => has(here, there) && has(there, here));
    const [kept, backup] = [join(hub.directory, 'data'), join(hub.directory, 'backup')];
    await hub.kill();
    cpSync(kept, backup, { recursive: true });
    await hub.restart();
    notes(here, 'i00000001', 10);
    note(there, 'i00000001', 'after the backup');
    await until('both to have all', () => has(here, there) && has(there, here));
    await until('all to have left', () => [one, other].every(({ places }) => places[0]!.waiting === 0));
    await one.stop();
    await hub.kill();
    rmSync(kept, { recursive: true });
    renameSync(backup, kept);
    await hub.restart();
    // Further ops take the numbers that the lost ones had.
    await until('the link to stand', () => other.state === 'connected');
    for (let n = 0; n < 15; n++) {
      note(there, 'i00000001', `after the restoration ${n}`);
      await until('it to have left', () => other.places[0]!.waiting === 0);
    }
    link(hub.hub, here);

    const late = peer(Date.now);
    enrol(late, here);
    enrol(late, there);
    link(hub.hub, late);
    await until('the newcomer to have all', () => has(late, here) && has(late, there), 20_000);
    await until('both to have all', () => has(here, there) && has(there, here));
    for (const { store } of [here, there, late]) expect(store.entryCount('i00000001')).toBe(76);
    for (const each of [here, there, late]) expect(each.check().findings).toEqual([]);
    expect(late.store.quarantined()).toBe(0);
  });

  it('hands the same messages over again, long after it forgot their ids: they change nothing', async () => {
    const hub = await startHub();
    await setStream(hub, { ...STREAM, duplicate_window: 100_000_000 });
    const [here, there] = pair();
    const reader = link(hub.hub, here);
    link(hub.hub, there);
    for (let n = 0; n < 20; n++) note(there, 'i00000001', `note ${n}`);
    await until('all to be here', () => has(here, there));
    const [hash, ops] = [here.store.hash(), here.store.opCount];
    const bodies = segmentsOf(there).map((segment) => pack(segment as unknown as Slice));
    await publishRaw(hub, `holdfast.acme.hub.ops.${there.store.console}`, [
      ...bodies,
      ...bodies.toReversed(),
      ...bodies,
    ]);
    note(there, 'i00000001', 'after them');
    await until('what came after them to be here', () => has(here, there));
    expect(here.store.opCount).toBe(ops + 1);
    expect(here.store.hash()).not.toBe(hash);
    expect(here.store.quarantined()).toBe(0);
    expect(reader.refused).toEqual([]);
  });

  it('hands over forged, truncated, foreign and swollen messages, which are named and left out', async () => {
    const hub = await startHub();
    const [here, there] = pair();
    note(there, 'i00000001', 'genuine');
    const segment = segmentsOf(there)[0]! as unknown as Slice;
    const stranger = peer(Date.now);
    note(stranger, 'i00000001', 'from elsewhere');
    const forged = structuredClone(segment);
    (forged.ops.at(-1) as unknown as { payload: { text: string } }).payload.text = 'changed on the way';
    const reordered = { ...segment, ops: segment.ops.toReversed() };
    const bomb = Buffer.concat([Buffer.from([0x48, 0x46, 1, 1]), zstdCompressSync(Buffer.alloc(64 * 1024 * 1024))]);
    const reader = link(hub.hub, here);
    await until('the link to stand', () => reader.state === 'connected');
    const subject = `holdfast.acme.hub.ops.${there.store.console}`;
    const whole = pack(segment);
    await publishRaw(hub, subject, [
      Buffer.from('hello'),
      whole.subarray(0, whole.length - 20),
      bomb,
      pack(forged),
      pack(reordered),
      pack(segmentsOf(stranger)[0] as unknown as Slice),
    ]);
    await publishRaw(hub, `holdfast.acme.hub.ops.${stranger.store.console}`, [
      pack(segmentsOf(stranger)[0] as unknown as Slice),
    ]);
    await until('all to be looked at', () => reader.refused.length >= 7);
    expect(here.store.log.tip(there.store.console)).toBeNull();
    expect(here.store.log.tip(stranger.store.console)).toBeNull();
    const said = reader.refused.join('\n');
    expect(said).toMatch(/It is no message of Holdfast/);
    expect(said).toMatch(/cut off or changed on the way/);
    expect(said).toMatch(/unpacks to more than 16 MiB/);
    expect(said).toMatch(/addressed as from console/);
    expect(said).toMatch(/which is not enrolled here/);
    expect(here.store.quarantined()).toBeGreaterThan(0);

    // What is genuine is taken all the same, and what waited is taken once its console counts.
    await publishRaw(hub, subject, [whole]);
    await until('the genuine op to be taken', () => has(here, there));
    enrol(here, stranger);
    await until('the stranger to be welcome', () => has(here, stranger));
    expect(here.check().findings).toEqual([]);
  });

  it('is full: ops wait here, it is said, and they leave when there is room', async () => {
    const hub = await startHub();
    await setStream(hub, { ...STREAM, max_bytes: 40_000 });
    const [here] = pair();
    const one = link(hub.hub, here);
    await until('the link to stand', () => one.state === 'connected');
    for (let n = 0; n < 60; n++) note(here, 'i00000001', `${n} ${randomBytes(3000).toString('hex')}`);
    await until('it to say that it is full', () => /full/.test(one.places[0]!.problem ?? ''), 15_000);
    expect(one.places[0]!.waiting).toBeGreaterThan(0);
    expect(one.state).not.toBe('cut-off');
    await setStream(hub, { ...STREAM, max_bytes: -1 });
    await until('nothing to wait', () => one.places[0]!.waiting === 0);
  });

  it('refuses credentials, and says so; with the right ones the link stands', async () => {
    const hub = await startHub({ config: 'authorization { user: "holdfast", password: "right" }' });
    const [here] = pair();
    const wrong = link(hub.hub, here, { user: 'holdfast', secret: 'wrong' });
    await until('it to be said', () => /credentials/.test(wrong.places[0]!.problem ?? ''));
    await wrong.stop();
    const right = link(hub.hub, here, { user: 'holdfast', secret: 'right' });
    await until('the link to stand', () => right.state === 'connected');
    expect(right.places[0]!.problem).toBeNull();
  });

  it('is reached over a websocket', async () => {
    const port = await freePort();
    await startHub({ config: `websocket { listen: "127.0.0.1:${port}", no_tls: true }` });
    const [here, there] = pair();
    link(`ws://127.0.0.1:${port}`, here);
    link(`ws://127.0.0.1:${port}`, there);
    notes(here, 'i00000001', 5);
    await until('ops to arrive', () => has(there, here));
    expect(there.store.hash()).toBe(here.store.hash());
  });

  it('that stops answering is late, then cut off, by our own clock', async () => {
    const hub = await startHub();
    const [here] = pair();
    const one = link(hub.hub, here);
    await until('the link to stand', () => one.state === 'connected');
    hub.freeze();
    await until('it to be late', () => one.state === 'late');
    await until('it to be cut off', () => one.state === 'cut-off');
    hub.thaw();
    await until('the link to stand again', () => one.state === 'connected');
    expect(one.places[0]!.roundTripMs).toBeLessThan(1500);
  });
});

describe('a place that lies about its numbers', () => {
  const lies: Record<string, (honest: Arrived, n: number) => Arrived> = {
    'that they go backwards': (one, n) => ({ ...one, seq: 1000 - n }),
    'that they are far ahead': (one) => ({ ...one, seq: one.seq + 1e12 }),
    'that it is always the first': (one) => ({ ...one, seq: 1 }),
    'that more is behind them for ever': (one) => ({ ...one, pending: 1e9 }),
    'that they are no numbers': (one) => ({ ...one, seq: Number.NaN, pending: -5 }),
  };
  it.each(Object.keys(lies))('%s: nothing is lost, nothing doubled', async (what) => {
    const place = new MemoryPlace();
    const [here, there] = pair();
    const open = (lying: boolean) => async () => {
      const transport = place.open();
      if (!lying) return transport;
      const read = transport.read.bind(transport);
      let n = 0;
      transport.read = async function* (after, signal) {
        for await (const one of read(after > place.messages.length ? 0 : after, signal)) yield lies[what]!(one, n++);
      };
      const newestOf = transport.newestOf.bind(transport);
      // It claims to have what it was never given.
      transport.newestOf = async (console) => {
        const newest = await newestOf(console);
        return newest && { ...newest, seq: 1e9, body: place.messages[0]!.body };
      };
      return transport;
    };
    const ends = [here, there].map((who, index) => {
      const link = new Link({
        ...{ name: 'hub', kind: 'hub' as const, where: 'memory', open: open(index === 0), pace: QUICK, now: Date.now },
        ...{ store: who.store, identity: who.identity, places: new Places(who.store.db) },
        ...{ changed: () => undefined, refused: () => undefined, heard: () => undefined, here: () => 1 },
        opened: () => () => undefined,
      });
      who.store.onCommit(() => link.poke());
      link.start();
      return link;
    });
    for (let n = 0; n < 25; n++) {
      note(here, 'i00000001', `here ${n}`);
      note(there, 'i00000001', `there ${n}`);
    }
    await until('both to have all', () => has(here, there) && has(there, here));
    for (const link of ends) await link.stop();
    for (const { store } of [here, there]) expect(store.entryCount('i00000001')).toBe(50);
    for (const each of [here, there]) expect(each.check().findings).toEqual([]);
  });
});

describe('a message', () => {
  it('gives back the slice that was packed', () => {
    const one = peer(Date.now);
    note(one, 'i00000001', 'x');
    const segment = segmentsOf(one)[0]! as unknown as Slice;
    expect(unpack(pack(segment))).toEqual(segment);
  });
});
