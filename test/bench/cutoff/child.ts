/** One of ten consoles: meets the others, writes while the hub is gone, and says when it has everything of all. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { openEngine } from '../../../electron/engine/engine.ts';
import type { Input, Name, Output } from '../../../shared/contract/table.ts';
import { ASSETS } from '../../support/estates.ts';

const SIX_HOURS = 6 * 3_600_000;
const [data, hub, number] = process.argv.slice(2) as [string, string, string];
let behind = SIX_HOURS;
const now = () => Date.now() - behind;
const engine = await openEngine({ data, assets: ASSETS, version: '0.1.0', modules: [], poll: true, now });

async function call<K extends Name>(name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await engine.call(name, input);
  if (!reply.ok) throw new Error(`${name}: ${reply.message}`);
  return reply.value as Output<K>;
}

/** Ops that people wrote, of all or of one console: what a console says by itself about the parts that it holds comes on top. */
const db = new Database(join(data, 'holdfast.db'), { readonly: true });
const all = db.prepare<[], number>("SELECT count(*) FROM op WHERE type <> 'record.held'").pluck();
const own = db
  .prepare<[string], number>(
    "SELECT count(*) FROM op WHERE type <> 'record.held' AND console = (SELECT n FROM console WHERE id = ?)",
  )
  .pluck();

const until = async (fact: () => Promise<boolean>) => {
  while (!(await fact())) await new Promise((resolve) => setTimeout(resolve, 100));
};

await call('hub.set', { url: hub, organisation: 'acme' });
const { id } = await call('incident.declare', { title: `Seen by console ${number}`, severity: 'SEV2' });
await until(async () => {
  const { link, ops } = await call('status', {});
  // Nine enrolments by the first, one by each of the others, and everybody's incident.
  return link.state === 'connected' && link.waiting === 0 && ops >= 28;
});
process.send!({ connected: true });

process.on('message', ({ write, expect, end }: { write?: number; expect?: number; end?: boolean }) => {
  if (write) void writeAll(write);
  if (expect) void converge(expect);
  if (end) void engine.close().then(() => process.exit(0));
});

async function writeAll(count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    behind = SIX_HOURS * (1 - n / count);
    await call('incident.say', {
      incident: id,
      text: `Note ${n} of console ${number}: the queue is falling, cash only.`,
    });
  }
  behind = 0;
  const wrote = own.get((await call('status', {})).console)!;
  process.send!({ wrote, before: process.resourceUsage().maxRSS * 1024 });
}

async function converge(total: number): Promise<void> {
  await until(async () => all.get()! >= total);
  process.send!({
    converged: performance.timeOrigin + performance.now(),
    peak: process.resourceUsage().maxRSS * 1024,
  });
}
