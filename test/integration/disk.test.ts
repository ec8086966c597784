import { closeSync, openSync, readdirSync, statfsSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import type { Reply } from '../../shared/contract/spec.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';
import { smallDisk } from '../support/mount.ts';
import { until } from '../support/servers.ts';

const assets = new URL('../../assets/', import.meta.url).pathname;

async function open(data: string): Promise<Engine> {
  const engine = await openEngine({ data, assets, version: 'test', modules: [] });
  onTestFinished(() => engine.close());
  return engine;
}

async function done<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = (await engine.call(name, input)) as Reply<Output<K>>;
  if (!reply.ok) throw new Error(reply.message);
  return reply.value;
}

/** Fills a file system to its last block. */
function fill(directory: string): string {
  const file = join(directory, 'ballast');
  const handle = openSync(file, 'w');
  for (const size of [1 << 16, 1 << 12, 512]) {
    try {
      for (;;) writeSync(handle, Buffer.alloc(size));
    } catch {
      continue;
    }
  }
  closeSync(handle);
  expect(statfsSync(directory).bfree).toBe(0);
  return file;
}

async function recorded(context: TestContext) {
  const disk = smallDisk(context, 8 << 20);
  const engine = await open(join(disk.path, 'data'));
  const { id } = await done(engine, 'incident.declare', { title: 'Checkout failing' });
  await done(engine, 'incident.say', { incident: id, text: 'before' });
  return { disk, engine, id };
}

describe('a full disk', () => {
  it('refuses in one sentence, stays readable, keeps nothing of half a command, and goes on when there is space', async (context) => {
    const { disk, engine, id } = await recorded(context);
    const ballast = fill(disk.path);
    const text = 'during '.repeat(2000);
    let refused: Reply | null = null;
    // A little may still fit into the space that the write-ahead log already has.
    for (let n = 0; n < 200 && !refused; n++) {
      const reply = await engine.call('incident.say', { incident: id, text: `${n} ${text}` });
      if (!reply.ok) refused = reply;
    }
    expect(refused).toMatchObject({
      ok: false,
      code: 'storage',
      retryable: true,
      message: expect.stringMatching(/^The disk is full: nothing of this was saved/),
    });
    const full = 'The disk is full: nothing can be saved. Free some space.';
    expect((await done(engine, 'status', {})).warnings).toContain(full);
    const shown = await done(engine, 'incident.show', { incident: id });
    const { entries } = await done(engine, 'incident.timeline', { incident: id, limit: 1000 });
    expect(shown.title).toBe('Checkout failing');
    expect(await engine.call('backup.create', {})).toMatchObject({ ok: false, code: 'storage' });

    unlinkSync(ballast);
    await done(engine, 'incident.say', { incident: id, text: 'after' });
    const after = await done(engine, 'incident.timeline', { incident: id, limit: 1000 });
    expect(after.total).toBe(entries.length + 1);
    expect(after.entries[0]).toMatchObject({ text: 'after' });
    expect(await done(engine, 'record.verify', {})).toMatchObject({ ok: true });
    await until('the warning to go', async () => !(await done(engine, 'status', {})).warnings.includes(full));
    expect(readdirSync(join(disk.path, 'data', 'backups')).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('can be opened and read, and says that nothing can be saved', async (context) => {
    const { disk, engine, id } = await recorded(context);
    await engine.close();
    fill(disk.path);
    const again = await open(join(disk.path, 'data'));
    expect(await done(again, 'incident.show', { incident: id })).toMatchObject({ title: 'Checkout failing' });
    const reply = await again.call('incident.say', { incident: id, text: 'x'.repeat(10_000) });
    expect(reply).toMatchObject({ ok: false, code: 'storage' });
  });
});
