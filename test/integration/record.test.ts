import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openEngine, type Engine } from '../../electron/engine/engine.ts';
import type { Input, Name, Output } from '../../shared/contract/table.ts';

const assets = new URL('../../assets/', import.meta.url).pathname;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-record-'));
  cleanups.push(() => rmSync(directory, { recursive: true }));
  return directory;
}

async function open(data: string): Promise<Engine> {
  const engine = await openEngine({ data, assets, version: 'test' });
  cleanups.push(() => engine.close());
  return engine;
}

async function call<K extends Name>(engine: Engine, name: K, input: Input<K>): Promise<Output<K>> {
  const reply = await engine.call(name, input);
  if (!reply.ok) throw new Error(reply.message);
  return reply.value as Output<K>;
}

async function incident(engine: Engine, notes: number): Promise<string> {
  const { id } = await call(engine, 'incident.declare', { title: 'Checkout failing' });
  for (let n = 0; n < notes; n++)
    await call(engine, 'incident.say', { incident: id, text: `note ${n} ${'y'.repeat(3000)}` });
  return id;
}

describe('the record', () => {
  it('verifies itself in the background and remembers the result', async () => {
    const data = folder();
    const engine = await open(data);
    await incident(engine, 5);
    expect(await call(engine, 'record.verify', {})).toMatchObject({ ok: true, ops: 6 });
    expect((await call(engine, 'record.show', {})).verified).toMatchObject({ ok: true, ops: 6 });
    await engine.close();
    expect((await call(await open(data), 'record.show', {})).verified).toMatchObject({ ok: true });
  });

  it('says in its status when the record was tampered with', async () => {
    const engine = await open(folder());
    await incident(engine, 3);
    const { dataDir } = await call(engine, 'status', {});
    const { default: Database } = await import('better-sqlite3');
    const db = new Database(join(dataDir, 'holdfast.db'));
    db.exec(`UPDATE op SET actor = 'mo' WHERE seq = 2`);
    db.close();
    expect(await call(engine, 'record.verify', {})).toMatchObject({ ok: false });
    expect((await call(engine, 'status', {})).warnings.join()).toMatch(/does not verify: Op 2/);
  });

  it('restores from a backup when a person asks, and keeps what was written since', async () => {
    const data = folder();
    const first = await open(data);
    await incident(first, 3);
    const backup = await call(first, 'backup.create', {});
    await call(first, 'incident.say', { incident: '1', text: 'after the backup' });
    expect(await call(first, 'backup.preview', { backup: backup.file })).toMatchObject({
      ops: 5,
      salvaged: 1,
      missing: [],
    });
    let restarted = false;
    first.onRestart(() => (restarted = true));
    await call(first, 'backup.restore', { backup: backup.file });
    expect(restarted).toBe(true);
    await first.close();
    const second = await open(data);
    expect((await call(second, 'record.show', {})).restored).toMatchObject({
      ops: 5,
      salvaged: 1,
      missing: [],
      cause: expect.stringContaining('asked'),
    });
    expect((await call(second, 'incident.timeline', { incident: '1' })).entries[0]).toMatchObject({
      text: 'after the backup',
    });
    expect(await call(second, 'record.verify', {})).toMatchObject({ ok: true });
  });

  it('mends a database that was overwritten, by itself, and says what it did', async () => {
    const data = folder();
    const first = await open(data);
    await incident(first, 20);
    await call(first, 'backup.create', {});
    await first.close();
    const handle = openSync(join(data, 'holdfast.db'), 'r+');
    writeSync(handle, Buffer.from('this is no database'), 0, 19, 0);
    closeSync(handle);
    const second = await open(data);
    const { restored } = await call(second, 'record.show', {});
    expect(restored).toMatchObject({ ops: 21, missing: [], cause: expect.stringContaining('no database any more') });
    expect(readFileSync(join(restored!.replaced!, 'holdfast.db')).toString('latin1', 0, 19)).toBe(
      'this is no database',
    );
    expect((await call(second, 'incident.list', {}))[0]).toMatchObject({ title: 'Checkout failing' });
    await second.close();
    expect((await call(await open(data), 'record.show', {})).restored!.at).toBe(restored!.at);
  });

  it('goes on without a backup when the disk for them is gone, and says so until it works again', async () => {
    const data = folder();
    const engine = await open(data);
    await incident(engine, 1);
    const elsewhere = join(data, 'second-disk');
    await call(engine, 'backup.plan', { directory: elsewhere });
    rmSync(elsewhere, { recursive: true });
    writeFileSync(elsewhere, 'a file is in the way');
    expect(await engine.call('backup.create', {})).toMatchObject({ ok: false, code: 'storage' });
    expect((await call(engine, 'status', {})).warnings.join()).toMatch(/last backup failed/);
    rmSync(elsewhere);
    mkdirSync(elsewhere);
    const backup = await call(engine, 'backup.create', {});
    expect(backup.path.startsWith(elsewhere) && existsSync(backup.path)).toBe(true);
    expect((await call(engine, 'status', {})).warnings.join()).not.toMatch(/backup failed/);
  });

  it('refuses to restore what is no backup', async () => {
    const data = folder();
    const engine = await open(data);
    await incident(engine, 1);
    writeFileSync(join(data, 'x.db'), 'nonsense');
    expect(await engine.call('backup.restore', { backup: join(data, 'x.db') })).toMatchObject({ ok: false });
    expect(await engine.call('backup.restore', { backup: 'nowhere' })).toMatchObject({ ok: false, code: 'not_found' });
  });
});
