/**
 * How long until a console that joins is of use, when the organisation has 1,000,000 ops behind it (some five years)?
 *
 * `useful_ms`: from entering the code until Situation shows the open incidents, over a local nats-server, in a process of
 * its own: fetch the snapshot, check and unpack it, start the engine again on it. Everything of a line's width comes on
 * top: `snapshot_mb` has to be fetched. `stream_ms`: the same without a snapshot, by reading every message.
 * `verified_ms`: from entering the code until every op, signature and table was verified behind.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadIdentity, rawKey } from '../../electron/engine/access/identity.ts';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';
import type { Name, Input, Output } from '../../shared/contract/table.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { ASSETS, fillDemonstration } from '../support/estates.ts';
import { startNats } from '../support/nats.ts';
import { atMost, bench, median, progress, told } from './support/report.ts';

const OPS = Number(process.env['HOLDFAST_OPS'] ?? 1_000_000);
const CHILD = fileURLToPath(new URL('newcomer/child.ts', import.meta.url));

await bench('newcomer', 1, async (runs) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const server = await startNats();
  try {
    progress(`Writing ${OPS.toLocaleString('en')} ops …`);
    const data = join(folder, 'founder');
    await fillDemonstration(data, OPS - 2, 1);
    found(data);
    const founder = await openEngine({ data, assets: ASSETS, version: '0.1.0', modules: [], poll: true });
    await call(founder, 'hub.set', { url: server.hub, organisation: 'acme' });
    progress('Sending them to the hub …');
    const sending = performance.now();
    await settled(founder);
    const sentMs = performance.now() - sending;
    const codes: string[] = [];
    for (let n = 0; n <= runs; n++) codes.push((await call(founder, 'console.invite', {})).code);
    await settled(founder);
    progress('A newcomer reads all of it …');
    const stream = await newcomer(join(folder, 'stream'), codes[0]!, OPS);
    const filled = await settled(founder);
    progress('Laying a snapshot out …');
    const began = performance.now();
    const snapshot = await call(founder, 'snapshot.share', {});
    const shareMs = performance.now() - began;
    await founder.close();
    const useful: number[] = [];
    const verified: number[] = [];
    const restarts: number[] = [];
    let rss = 0;
    for (let run = 1; run <= runs; run++) {
      progress(`Newcomer ${run} of ${runs} …`);
      const one = await newcomer(join(folder, `new-${run}`), codes[run]!, OPS);
      if (one.restarts !== 1) throw new Error('It did not go on from the snapshot.');
      useful.push(one.usefulMs);
      verified.push(one.verifiedMs);
      restarts.push(one.fetchedMs);
      rss = Math.max(rss, one.rss);
    }
    return {
      figures: [
        atMost('useful_ms', median(useful), 'ms', 30_000),
        told('fetched_ms', median(restarts), 'ms'),
        told('verified_ms', median(verified), 'ms'),
        told('stream_ms', stream.usefulMs, 'ms'),
        told('share_ms', shareMs, 'ms'),
        told('snapshot_mb', snapshot.bytes / 1e6, 'MB'),
        told('database_mb', snapshot.unpacked / 1e6, 'MB'),
        told('stream_mb', filled / 1e6, 'MB'),
        told('send_ms', sentMs, 'ms'),
        told('newcomer_peak_mb', rss / 1e6, 'MB'),
      ],
      runs,
    };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The organisation, which the demonstration alone would not be allowed to be. */
function found(data: string): void {
  const opened = openDatabase(data);
  const identity = loadIdentity(data);
  const { console, publicKey } = identity;
  new Store(opened, identity, Date.now).commit({ actor: 'system', zone: 'UTC' }, (tx) => {
    tx.append({ scope: ESTATE, type: 'organisation.found', payload: { organisation: 'acme', name: 'Acme' } });
    const key = rawKey(publicKey).toString('base64url');
    tx.append({ scope: ESTATE, type: 'console.enrol', payload: { console, key, name: 'War room' } });
  });
  opened.close();
}

async function call<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await engine.call(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value as Output<K>;
}

/** Waits until all is at the hub; the bytes that it holds. */
async function settled(engine: Engine): Promise<number> {
  for (;;) {
    const { places } = await call(engine, 'link.show', {});
    const [hub] = places;
    if (hub?.state === 'connected' && hub.waiting === 0 && hub.behind === 0) return hub.bytes ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Newcomer {
  usefulMs: number;
  fetchedMs: number;
  verifiedMs: number;
  restarts: number;
  rss: number;
}

function newcomer(data: string, code: string, ops: number): Promise<Newcomer> {
  return new Promise((resolve, reject) => {
    const child = fork(CHILD, [data, code, String(ops)], { execArgv: ['--max-semi-space-size=8'] });
    process.once('exit', () => child.kill('SIGKILL'));
    child.once('message', (told) => resolve(told as Newcomer));
    child.once('exit', (status) => reject(new Error(`the newcomer ended with ${status}`)));
  });
}
