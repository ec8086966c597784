/** A console that joins, and says when it could be worked with, and when all of it was verified. */
import { openEngine, type Engine } from '../../../electron/engine/engine.ts';
import type { Input, Name, Output } from '../../../shared/contract/table.ts';
import { ASSETS } from '../../support/estates.ts';

const [data, code, ops] = process.argv.slice(2) as [string, string, string];
const open = () => openEngine({ data, assets: ASSETS, version: '0.1.0', modules: [], poll: true });
let engine = await open();
let restarts = 0;
let fetched = 0;
/** Resolves when the engine is there again. */
let there: Promise<void> = Promise.resolve();
const watch = (one: Engine) =>
  one.onRestart(() => {
    fetched = performance.now();
    there = new Promise((resolve) =>
      setImmediate(async () => {
        await one.close();
        engine = await open();
        watch(engine);
        restarts++;
        resolve();
      }),
    );
  });
watch(engine);

async function call<K extends Name>(name: K, input: Input<K>): Promise<Output<K>> {
  for (;;) {
    await there;
    const reply = await engine.call(name, input);
    if (reply.ok) return reply.value as Output<K>;
    if (reply.code !== 'restarting') throw new Error(`${name}: ${reply.message}`);
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

const began = performance.now();
await call('console.join', { code, name: 'Newcomer' });
for (;;) {
  const { ops: held } = await call('status', {});
  if (held >= Number(ops) && (await call('situation', {})).incidents.length > 0) break;
  await pause();
}
const usefulMs = performance.now() - began;
let verifiedMs = 0;
if (restarts > 0) {
  while (!(await call('record.show', {})).begun!.whole) await pause();
  verifiedMs = performance.now() - began;
}
const rss = process.resourceUsage().maxRSS * 1024;
process.send!({ usefulMs, fetchedMs: fetched === 0 ? 0 : fetched - began, verifiedMs, restarts, rss }, () =>
  process.exit(0),
);
