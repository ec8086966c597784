/**
 * How far is meeting at a hub from what the hub itself can do?
 *
 * `catchup_ratio`: 100,000 ops that wait on one console, until they are applied and durable on another, both in processes of
 * their own, over a local nats-server; against publishing the same ops as JSON, one to a message, pipelined and
 * acknowledged, and consuming them in the other process. That is what a hub without segments would do with the same ops,
 * and it verifies and stores nothing. The bytes of our own segments, published and consumed raw, are told as
 * `raw_segments_ms`: a hundred large messages that nobody unpacks, checks or writes are no work for anybody, so there is no
 * limit on that.
 *
 * `wire_ratio`: bytes of message bodies per op to bytes of its JSON, over the whole catch-up.
 *
 * `latency_ratio`: one op while both are live, from when its author's command is done (signed and on the disk) until it is
 * applied at the other console; against publishing the same JSON under a message id to a stream of the same kind until the
 * other process has it from the same kind of consumer, in turn. The worse of the two ratios at p50 and at p99.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { jetstream, jetstreamManager, StorageType } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { loadIdentity, rawKey } from '../../electron/engine/access/identity.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { bare } from '../../electron/engine/store/log.ts';
import { Store } from '../../electron/engine/store/store.ts';
import { HubConfig } from '../../electron/engine/sync/config.ts';
import { Places } from '../../electron/engine/sync/places.ts';
import { Running } from '../../electron/engine/sync/running.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { fillDemonstration } from '../support/estates.ts';
import { startNats } from '../support/nats.ts';
import { atLeast, atMost, bench, median, progress, quantile, told } from './support/report.ts';

const OPS = 100_000;
const LIVE = 400;
const WARM = 40;
const author = { actor: 'system', zone: 'Europe/Berlin' };
const CHILD = fileURLToPath(new URL('sync/child.ts', import.meta.url));
/** Monotonic and the same for every process of this machine, ms: wall clocks are set while a run goes on. */
const clock = () => Number(process.hrtime.bigint()) / 1e6;

await bench('sync', 3, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  try {
    progress(`Writing ${OPS.toLocaleString('en')} ops …`);
    await fillDemonstration(join(folder, 'here'), OPS, 1);
    const ours: number[] = [];
    const raw: number[] = [];
    const segments: number[] = [];
    const latencies = { ours: [] as number[], raw: [] as number[] };
    let wire = 0;
    let rss = 0;
    for (let run = 1; run <= runs; run++) {
      progress(`Run ${run} of ${runs} …`);
      const one = await oneRun(folder, run);
      ours.push(one.oursMs);
      raw.push(one.rawMs);
      segments.push(one.segmentsMs);
      latencies.ours.push(...one.live);
      latencies.raw.push(...one.rawLive);
      ({ wire, rss } = one);
    }
    const ratio = (q: number) => quantile(latencies.ours, q) / quantile(latencies.raw, q);
    return {
      figures: [
        atLeast('catchup_ratio', median(raw) / median(ours), '×', 0.33),
        atMost('wire_ratio', wire, '×', 0.6),
        atMost('latency_ratio', Math.max(ratio(0.5), ratio(0.99)), '×', 3),
        told('catchup_ms', median(ours), 'ms'),
        told('catchup_ops_per_s', OPS / (median(ours) / 1000), '/s'),
        told('raw_ms', median(raw), 'ms'),
        told('raw_segments_ms', median(segments), 'ms'),
        told('latency_p50_ms', quantile(latencies.ours, 0.5), 'ms'),
        told('latency_p99_ms', quantile(latencies.ours, 0.99), 'ms'),
        told('raw_p50_ms', quantile(latencies.raw, 0.5), 'ms'),
        told('raw_p99_ms', quantile(latencies.raw, 0.99), 'ms'),
        told('receiver_rss_mb', rss / 1024 / 1024, 'MiB'),
      ],
      runs,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

interface Run {
  oursMs: number;
  rawMs: number;
  segmentsMs: number;
  wire: number;
  rss: number;
  live: number[];
  rawLive: number[];
}

async function oneRun(folder: string, run: number): Promise<Run> {
  const server = await startNats();
  const here = join(folder, 'here');
  const there = join(folder, `there-${run}`);
  const opened = openDatabase(here);
  const identity = loadIdentity(here);
  const store = new Store(opened, identity, Date.now);
  enrolThere(there, { console: identity.console, key: rawKey(identity.publicKey).toString('base64url') });
  const { console, publicKey } = loadIdentity(there);
  store.commit(author, (tx) =>
    tx.append({
      scope: ESTATE,
      type: 'console.enrol',
      payload: { console, key: rawKey(publicKey).toString('base64url'), name: 'there' },
    }),
  );
  const ops = store.opCount;
  new Places(store.db).forget('hub');

  const other = child('console', server.hub, there, String(ops + 1));
  await other.told('ready');
  const began = clock();
  const running = new Running({
    config: HubConfig.parse({ url: server.hub, organisation: 'bench' }),
    secret: async () => null,
    store,
    identity,
    places: new Places(store.db),
    now: Date.now,
    changed: () => undefined,
    refused: (sentence) => progress(sentence),
    opened: () => () => undefined,
  });
  const { caughtUp, rss } = await other.told('caughtUp');
  const oursMs = caughtUp! - began;

  const connection = await connect({ servers: server.hub });
  const manager = await jetstreamManager(connection);
  const { state } = await manager.streams.info('holdfast-bench-hub', { subjects_filter: '>' });
  const bodies: Uint8Array[] = [];
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await manager.direct.getMessage('holdfast-bench-hub', { seq });
    if (message) bodies.push(message.data);
  }
  const sent = bodies.reduce((sum, body) => sum + body.length, 0);
  const texts: Buffer[] = [];
  let json = 0;
  for (const op of store.log.all()) {
    const text = Buffer.from(JSON.stringify(bare(op)));
    json += text.length;
    texts.push(text);
  }

  const rawMs = await rawCatchUp(server.hub, connection, 'raw-ops', texts);
  const segmentsMs = await rawCatchUp(server.hub, connection, 'raw-segments', bodies);

  // Live, in turn with a bare stream of its own.
  await manager.streams.add({ name: 'raw-live', subjects: ['raw.live'], storage: StorageType.File });
  const reader = child('raw', server.hub, 'raw-live', '0');
  await reader.told('ready');
  const js = jetstream(connection);
  const live: number[] = [];
  const rawLive: number[] = [];
  for (let n = -WARM; n < LIVE; n++) {
    const op = store.commit(author, (tx) =>
      tx.append({ scope: 'i00000001', type: 'entry.note', payload: { text: `Note ${n}: queue depth is falling.` } }),
    );
    const written = clock();
    running.poke();
    const { at } = await other.told('at');
    if (n >= 0) live.push(at! - written);
    const text = JSON.stringify(op);
    const published = clock();
    const stored = js.publish('raw.live', text, { msgID: op.id });
    const heard = await reader.told('at');
    if (n >= 0) rawLive.push(heard.at! - published);
    await stored;
  }
  await reader.end();
  await other.end();
  await running.stop();
  await connection.close();
  opened.close();
  await server.stop();
  rmSync(there, { recursive: true });
  return { oursMs, rawMs, segmentsMs, wire: sent / json, rss: rss!, live, rawLive };
}

/** From the first publication until all are acknowledged here and read in another process, ms. */
async function rawCatchUp(
  hub: string,
  connection: NatsConnection,
  name: string,
  bodies: readonly Uint8Array[],
): Promise<number> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name, subjects: [`raw.${name}`], storage: StorageType.File });
  const reader = child('raw', hub, name, String(bodies.length));
  await reader.told('ready');
  const js = jetstream(connection);
  const began = clock();
  const flying: Promise<unknown>[] = [];
  for (const body of bodies) {
    if (flying.length >= 512) await flying.shift();
    flying.push(js.publish(`raw.${name}`, body));
  }
  await Promise.all(flying);
  const { caughtUp } = await reader.told('caughtUp');
  await reader.end();
  return Math.max(clock(), caughtUp!) - began;
}

function enrolThere(data: string, { console, key }: { console: string; key: string }): void {
  const opened = openDatabase(data);
  const store = new Store(opened, loadIdentity(data), Date.now);
  store.commit(author, (tx) =>
    tx.append({ scope: ESTATE, type: 'console.enrol', payload: { console, key, name: 'here' } }),
  );
  opened.close();
}

interface Told {
  ready?: boolean;
  caughtUp?: number;
  rss?: number;
  at?: number;
}

/** A process on the other side, and what it tells. */
function child(...args: string[]): { told(what: keyof Told): Promise<Told>; end(): Promise<void> } {
  const process_: ChildProcess = fork(CHILD, args, { execArgv: [] });
  const told: Told[] = [];
  let wake: () => void = () => {};
  process_.on('message', (message: Told) => {
    told.push(message);
    wake();
  });
  const gone = new Promise<void>((resolve) => process_.once('exit', () => resolve()));
  process.once('exit', () => process_.kill('SIGKILL'));
  return {
    async told(what) {
      for (;;) {
        const found = told.findIndex((message) => message[what] !== undefined);
        if (found >= 0) return told.splice(found, 1)[0]!;
        await Promise.race([
          new Promise<void>((resolve) => (wake = resolve)),
          gone.then(() => {
            throw new Error('the other side ended');
          }),
        ]);
      }
    },
    async end() {
      process_.send('end');
      await gone;
    },
  };
}
