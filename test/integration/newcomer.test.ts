/** A console that joins an organisation with years behind it, or was away for long: what lies at the hub spares it the reading. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import type { Label } from '../../electron/engine/snapshots/format.ts';
import { writeNote } from '../../electron/engine/snapshots/note.ts';
import { HubConfig } from '../../electron/engine/sync/config.ts';
import { connectHub } from '../../electron/engine/sync/connection.ts';
import { openPlace } from '../../electron/engine/sync/nats.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { done, inStore, newFolder, openOn } from '../support/engines.ts';
import { Storyteller } from '../support/estates.ts';
import { startNats, type Nats } from '../support/nats.ts';
import { missing, until } from '../support/servers.ts';

/** More than is read as quickly as a snapshot is taken. */
const OPS = 26_500;
const CAST = { services: ['checkout-api', 'stock'], businessServices: [], people: ['ana', 'raj'] };

/** Tells some years of incidents in a folder that no engine has open. */
function tell(data: string, ops: number): void {
  const opened = openDatabase(data);
  opened.db.pragma('synchronous = OFF');
  const start = Date.now() - 900 * 86_400_000;
  let now = start;
  const store = new Store(opened, loadIdentity(data), () => now);
  const teller = new Storyteller(7, CAST);
  for (let told = 0; told < ops; told += 500) {
    now = start + told * 2_000_000;
    store.commit({ actor: 'ana', zone: 'UTC' }, (tx) =>
      teller.tell(tx, now, 500, told + 1500 > ops ? 'open' : 'resolved'),
    );
  }
  opened.close();
}

const titles = async (engine: Engine) => (await done(engine, 'incident.list', {})).length;
const link = async (engine: Engine) => (await done(engine, 'link.show', {})).places[0]!;
const ops = async (engine: Engine) => (await done(engine, 'status', {})).ops;
const settled = (engine: Engine) =>
  until('everything to be at the hub and read', async () => {
    const { state, waiting, refilling, behind } = await link(engine);
    return state === 'connected' && waiting === 0 && refilling === 0 && behind === 0;
  });

/** An engine that is opened again whenever it asks for that, as the main process does. */
async function living(data: string): Promise<{ engine: Engine; restarts: number }> {
  const it = { engine: await openOn(data, { poll: true }), restarts: 0 };
  const watch = (engine: Engine) =>
    engine.onRestart(() => {
      setImmediate(async () => {
        await engine.close();
        it.engine = await openOn(data, { poll: true });
        watch(it.engine);
        it.restarts++;
      });
    });
  watch(it.engine);
  return it;
}

describe.skipIf(missing('nats-server'))('what lies at the hub', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-newcomer-'));
  const [war, away] = [join(folder, 'war'), join(folder, 'away')];
  let hub: Nats;

  /** The founder with its history, and a console that joined and has all of it. */
  beforeAll(async () => {
    hub = await startNats();
    let founder = await openOn(war);
    await done(founder, 'organisation.found', { name: 'Acme', organisation: 'acme', console: 'War room' });
    await founder.close();
    tell(war, OPS);
    founder = await openOn(war, { poll: true });
    await done(founder, 'hub.set', { url: hub.hub, organisation: 'acme' });
    await settled(founder);
    const second = await openOn(away, { poll: true });
    await done(second, 'console.join', { code: (await done(founder, 'console.invite', {})).code, name: 'Second' });
    await until('the request', async () => (await done(founder, 'console.requests', {})).length === 1);
    await done(founder, 'console.accept', { console: 'Second' });
    await until('the second to be in', async () => (await done(second, 'organisation.show', {})).standing === 'member');
    await settled(second);
    await second.close();
    await founder.close();
  }, 60_000);
  afterAll(async () => {
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('lets a newcomer work at once, read on from there, and verify behind; it takes none from a stranger', async () => {
    const founder = await openOn(war, { poll: true });
    // Made by another than who invites: what is in it has to say that its maker counts.
    const second = await openOn(away, { poll: true });
    await settled(second);
    const shared = await done(second, 'snapshot.share', {});
    expect(shared.ops).toBeGreaterThan(OPS);
    await second.close();
    await forge(hub);
    const { list } = await done(founder, 'snapshot.shared', {});
    expect(list!.map(({ maker, problem }) => [maker?.name, problem])).toEqual([
      ['Second', null],
      [expect.any(String), expect.stringMatching(/not known here yet/)],
      [undefined, expect.stringMatching(/did not sign/)],
    ]);
    await done(founder, 'incident.declare', { title: 'After the snapshot', severity: 'SEV2' });
    await settled(founder);

    const newcomer = await living(newFolder());
    await done(newcomer.engine, 'console.join', {
      code: (await done(founder, 'console.invite', {})).code,
      name: 'New',
    });
    await until('it to have gone on from the snapshot', async () => newcomer.restarts === 1);
    expect(await ops(newcomer.engine)).toBeGreaterThan(shared.ops);
    expect(await titles(newcomer.engine)).toBeGreaterThanOrEqual(2);
    expect((await done(newcomer.engine, 'situation', {})).incidents.length).toBeGreaterThan(0);
    expect((await done(newcomer.engine, 'record.show', {})).begun).toMatchObject({
      ...{ whole: false, ops: shared.ops },
      maker: { name: 'Second' },
    });
    await until('what came later', async () =>
      (await done(newcomer.engine, 'incident.list', {})).some(({ title }) => title === 'After the snapshot'),
    );
    await until(
      'the request, which it wrote before',
      async () => (await done(founder, 'console.requests', {})).length === 1,
    );
    await done(founder, 'console.accept', { console: 'New' });
    await until(
      'it to be let in',
      async () => (await done(newcomer.engine, 'organisation.show', {})).standing === 'member',
    );
    await settled(newcomer.engine);
    await until('all of it to be verified', async () => (await done(newcomer.engine, 'record.show', {})).begun!.whole);
    expect((await done(newcomer.engine, 'record.show', {})).verified!.ok).toBe(true);
    expect(newcomer.restarts).toBe(1);
    await settled(founder);
    expect(await ops(newcomer.engine)).toBe(await ops(founder));
  }, 60_000);

  it('stands for the messages that the hub let go: nothing is sent again, and who was away has it from there', async () => {
    let founder = await openOn(war, { poll: true });
    await done(founder, 'incident.declare', { title: 'While the second was away', severity: 'SEV2' });
    await settled(founder);
    await done(founder, 'snapshot.share', {});
    const hash = async () => (await founder.close(), inStore(war, (store) => store.hash()));
    await letGo(hub);
    const truth = await hash();

    founder = await openOn(war, { poll: true });
    await done(founder, 'incident.declare', { title: 'After that', severity: 'SEV3' });
    await settled(founder);
    expect((await link(founder)).refilling).toBe(0);
    const sent = await held(hub);
    expect(sent.messages).toBeLessThan(10);

    const second = await openOn(away, { poll: true });
    await until('what the hub let go', async () => (await ops(second)) >= (await ops(founder)));
    await settled(second);
    const list = (await done(second, 'incident.list', {})).map(({ title }) => title);
    expect(list).toEqual(expect.arrayContaining(['While the second was away', 'After that']));
    expect((await done(second, 'record.verify', {})).ok).toBe(true);
    await second.close();
    await founder.close();
    expect(truth).not.toBe('');
    expect(inStore(away, (store) => store.hash())).toBe(inStore(war, (store) => store.hash()));
    expect((await held(hub)).messages).toBe(sent.messages);
  }, 60_000);
});

/** Lays two files at the hub: one that a stranger signed, and one under a note that was changed. */
async function forge({ hub }: Nats): Promise<void> {
  const connection = await connectHub(
    HubConfig.parse({ url: hub, organisation: 'acme' }),
    null,
    new AbortController().signal,
  );
  const place = { organisation: 'acme', place: 'hub', domain: null, where: hub, replicas: 1 };
  const transport = await openPlace(connection, place);
  const stranger = loadIdentity(newFolder());
  const label = {
    ...{
      made: Date.now(),
      console: stranger.console,
      schema: 10,
      ops: 9_000_000,
      bytes: 100_000,
      sha256: 'ab'.repeat(32),
    },
    key: stranger.publicKey.export({ format: 'jwk' }).x!,
    organisationId: 'acme',
  } as unknown as Label;
  const note = writeNote(stranger, label);
  const content = async function* () {
    yield Buffer.from('{"holdfast":"snapshot"}\nnothing');
  };
  await transport.shelve('stranger.holdfast-snapshot', note, content());
  await transport.shelve('changed.holdfast-snapshot', note.replace('9000000', '8000000'), content());
  await transport.close();
  await connection.close();
}

const STREAM = 'holdfast-acme-hub';

async function held({ hub }: Nats): Promise<{ messages: number; first: number }> {
  const connection = await connect({ servers: hub });
  const { state } = await (await jetstreamManager(connection)).streams.info(STREAM);
  await connection.close();
  return { messages: state.messages, first: state.first_seq };
}

/** Makes the hub let go of all messages but the newest, as an administrator may who runs out of disk. */
async function letGo(server: Nats): Promise<void> {
  const connection = await connect({ servers: server.hub });
  const { streams } = await jetstreamManager(connection);
  await streams.update(STREAM, { max_msgs: 1, discard: 'old' });
  await until('the messages to be gone', async () => (await held(server)).messages === 1);
  await streams.update(STREAM, { max_msgs: -1, discard: 'new' });
  await connection.close();
}
