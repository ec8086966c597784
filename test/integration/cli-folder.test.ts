import { once } from 'node:events';
import { createReadStream, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answer, answerHere, cli, refusal, startCli } from '../support/cli.ts';
import { startConsole } from '../support/consoles.ts';
import { smallDisk } from '../support/mount.ts';
import { scratch } from '../support/scratch.ts';

describe('beside a console that is open', () => {
  it('the command line works on the same log, and each sees at once what the other wrote', async () => {
    const data = scratch();
    const console = await startConsole(data, '--demonstration');
    const { label } = await answer('incident.declare', ['Checkout failing', '--services', 'checkout-api'], { data });
    await Promise.all(Array.from({ length: 6 }, (_, n) => answer('incident.say', [label, `line ${n}`], { data })));
    const { entries } = await answer('incident.timeline', [label], { data });
    expect(
      entries
        .filter(({ type }) => type === 'entry.note')
        .map(({ summary }) => summary)
        .sort(),
    ).toEqual(Array.from({ length: 6 }, (_, n) => `line ${n}`));
    const ran = await cli(['health'], { data });
    expect(ran.stderr).not.toContain('nothing reads the sources');
    await console.close();

    expect(await answer('incident.show', [label], { data })).toMatchObject({ title: 'Checkout failing', entries: 7 });
    expect(await answer('record.verify', [], { data })).toMatchObject({ ok: true, findings: [] });
  });

  it('a command whose console died between commit and answer is done once, by the command line itself', async () => {
    const data = scratch();
    const { label } = await answerHere('incident.declare', ['Checkout failing'], data);
    const console = await startConsole(data, '--die-after', 'incident.say');
    const said = await answer('incident.say', [label, 'the one and only'], { data });
    await console.gone;
    const { entries } = await answer('incident.timeline', [label], { data });
    expect(entries.filter(({ type }) => type === 'entry.note')).toMatchObject([
      { id: said.entry, summary: 'the one and only' },
    ]);
  });

  it('a console that was killed leaves nothing that stands in the way', async () => {
    const data = scratch();
    const console = await startConsole(data);
    console.child.kill('SIGKILL');
    await console.gone;
    expect(await answer('status', [], { data })).toMatchObject({ writable: true, warnings: [] });
  });
});

describe('several command lines at once', () => {
  it('take turns, and nothing of any of them is lost', async () => {
    const data = scratch();
    const { label } = await answerHere('incident.declare', ['Checkout failing'], data);
    await Promise.all(Array.from({ length: 5 }, (_, n) => answer('incident.say', [label, `line ${n}`], { data })));
    const { entries } = await answerHere('incident.timeline', [label], data);
    expect(entries.filter(({ type }) => type === 'entry.note')).toHaveLength(5);
    expect(await answerHere('record.verify', [], data)).toMatchObject({ ok: true });
  });

  it('are served by the one that waits for sources', async () => {
    const data = scratch();
    await answerHere('sources.add', ['prometheus', '--id', 'prom', '--config.url', 'http://127.0.0.1:4'], data);
    const { ran, child } = startCli(['health', '--json', '--wait', '3600'], { data });
    onTestFinished(() => void child.kill('SIGKILL'));
    const { connectEngine } = await import('../../electron/engine/socket.ts');
    let remote = await connectEngine(data);
    while (!remote) remote = await connectEngine(data);
    remote.close();
    expect(await answer('status', [], { data })).toMatchObject({ writable: true });
    child.kill('SIGTERM');
    await ran;
  });
});

describe('a folder that another program holds', () => {
  it('is refused with its name, as something to try again', async () => {
    const data = scratch();
    await answerHere('status', [], data);
    const holder = new Database(join(data, 'lock.db'));
    holder.exec('BEGIN EXCLUSIVE');
    onTestFinished(() => void holder.close());
    expect(await refusal(['status'], { data })).toMatchObject({
      status: 1,
      code: 'storage',
      message: `Another Holdfast has the data folder ${data} open.`,
      retryable: true,
    });
  });

  it('is waited for while that program is about to go', async () => {
    const data = scratch();
    await answerHere('status', [], data);
    const holder = new Database(join(data, 'lock.db'));
    holder.exec('BEGIN EXCLUSIVE');
    const { child, ran } = startCli(['status', '--json'], { data });
    await once(child, 'spawn');
    holder.close();
    expect((await ran).status).toBe(0);
  });

  it('only for its database is refused without harm', async () => {
    const data = scratch();
    const { label } = await answerHere('incident.declare', ['x'], data);
    const other = new Database(join(data, 'holdfast.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN EXCLUSIVE');
    const refused = await refusal(['incident', 'say', label, 'y'], { data });
    expect(refused).toMatchObject({ status: 1, code: 'storage', retryable: true });
    expect(refused.message).toMatch(/locked/);
    other.exec('ROLLBACK');
    await answerHere('incident.say', [label, 'y'], data);
  });
});

describe('a database', () => {
  it('from the future is refused in a sentence and left as it is', async () => {
    const data = scratch();
    await answerHere('incident.declare', ['x'], data);
    const db = new Database(join(data, 'holdfast.db'));
    db.pragma('user_version = 9990');
    db.pragma('wal_checkpoint(TRUNCATE)');
    db.close();
    const before = await digest(join(data, 'holdfast.db'));
    const refused = await refusal(['status'], { data });
    expect(refused).toMatchObject({ status: 1, code: 'storage', retryable: false });
    expect(refused.message).toMatch(
      /^This data folder was written by a newer Holdfast \(format 9990, this one knows \d+\)\. Install the newer version; nothing was changed\.$/,
    );
    expect(await digest(join(data, 'holdfast.db'))).toBe(before);
  });

  it('that is no folder at all is refused', async () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, 'x');
    expect(await refusal(['status'], { data: file })).toMatchObject({ status: 1, code: 'storage' });
    expect(await refusal(['status'], { data: join(file, 'deeper') })).toMatchObject({ status: 1, code: 'storage' });
  });
});

describe('a read-only disk', () => {
  it('can be read in full; what would change it is refused in one sentence', async (context) => {
    const disk = smallDisk(context, 16 * 1024 * 1024);
    const data = join(disk.path, 'data');
    const { label } = await answerHere('incident.declare', ['Checkout failing'], data);
    disk.remount('ro');
    const status = await answer('status', [], { data });
    expect(status).toMatchObject({ writable: false, ops: 1 });
    expect(status.warnings.join(' ')).toMatch(/read-only/);
    expect(await answer('incident.show', [label], { data })).toMatchObject({ title: 'Checkout failing' });
    for (const args of [
      ['incident', 'say', label, 'x'],
      ['declare', 'y'],
    ]) {
      const refused = await refusal(args, { data });
      expect(refused).toMatchObject({ status: 1, code: 'storage', retryable: true });
      expect(refused.message).toMatch(/read-only/);
    }
    disk.remount('rw');
    await answer('incident.say', [label, 'x'], { data });
  });
});

describe('a full disk', () => {
  it('refuses what it cannot take, keeps what it had, and takes more when there is room again', async (context) => {
    const disk = smallDisk(context, 4 * 1024 * 1024);
    const data = join(disk.path, 'data');
    const { label } = await answerHere('incident.declare', ['Checkout failing'], data);
    const ballast = join(disk.path, 'ballast');
    fill(ballast);
    const long = 'x'.repeat(15_000);
    let taken = 0;
    let refused: Awaited<ReturnType<typeof refusal>> | null = null;
    while (refused === null && taken < 50) {
      const ran = await cli(['incident', 'say', label, long, '--json'], { data });
      if (ran.status === 0) taken++;
      else
        refused = {
          ...(JSON.parse(ran.stdout) as Awaited<ReturnType<typeof refusal>>),
          status: ran.status,
          stderr: ran.stderr,
        };
    }
    expect(refused).toMatchObject({ status: 1, code: 'storage', retryable: true });
    expect(refused!.message).toMatch(/full/);
    const shown = await answer('incident.show', [label], { data });
    expect(shown.entries).toBe(1 + taken);
    rmSync(ballast);
    await answer('incident.say', [label, long], { data });
    expect(await answer('record.verify', [], { data })).toMatchObject({ ok: true, ops: 2 + taken });
  });
});

function fill(path: string): void {
  let size = 1024 * 1024;
  for (;;) {
    try {
      writeFileSync(path, Buffer.alloc(size), { flag: 'a' });
    } catch {
      if (size === 1024) return;
      size = Math.max(1024, size / 4);
    }
  }
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return `${statSync(path).size} ${hash.digest('hex')} ${readdirSync(join(path, '..')).sort().join(' ')}`;
}
