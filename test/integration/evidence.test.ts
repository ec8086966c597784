/** Files that are attached to a timeline, on real consoles and over a real hub. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Objm } from '@nats-io/obj';
import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { done, enrolIn, newFolder, openOn, refused } from '../support/engines.ts';
import { startHub } from '../support/hubs.ts';
import { missing, until } from '../support/servers.ts';

const PICTURE = randomBytes(700_000);
const HASH = createHash('sha256').update(PICTURE).digest('hex');
const declare = (engine: Engine) =>
  done(engine, 'incident.declare', { title: 'Checkout is failing', severity: 'SEV2' });
function file(name: string, content: string | Uint8Array = PICTURE): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

describe('evidence', () => {
  it('is kept as it was, readable nowhere on the disk, told in the timeline, and saved where it is wanted', async () => {
    const data = newFolder();
    const engine = await openOn(data);
    const { id } = await declare(engine);
    const path = file('queue depth.log', 'orders waiting: 5120\n'.repeat(2000));
    const added = await done(engine, 'evidence.add', { incident: id, path, text: 'before the rollback' });
    expect(added).toMatchObject({ name: 'queue depth.log', size: 42_000, state: 'here', text: 'before the rollback' });
    const [line] = (await done(engine, 'incident.timeline', { incident: id })).entries;
    expect(line).toMatchObject({ summary: 'attached queue depth.log', text: 'before the rollback' });
    for (const name of readdirSync(join(data, 'evidence')))
      expect(readFileSync(join(data, 'evidence', name)).includes('orders waiting')).toBe(false);

    const out = newFolder();
    const saved = await done(engine, 'evidence.save', { incident: id, file: 'queue depth.log', to: out });
    expect(saved.path).toBe(join(out, 'queue depth.log'));
    expect(readFileSync(saved.path)).toEqual(readFileSync(path));
    expect(await refused(engine, 'evidence.save', { incident: id, file: added.sha256.slice(0, 8), to: out })).toMatch(
      /is there already/,
    );
    expect(await refused(engine, 'evidence.save', { incident: id, file: 'other.log', to: out })).toBe(
      'Nothing attached here is called "other.log"; there is queue depth.log.',
    );

    const check = async () => (await done(engine, 'evidence.check', { incident: id })).map(({ verdict }) => verdict);
    expect(await check()).toEqual(['good']);
    writeFileSync(join(data, 'evidence', added.file), 'something else');
    expect(await check()).toEqual(['damaged']);
    expect(await done(engine, 'evidence.list', { incident: id })).toMatchObject([
      {
        state: 'elsewhere',
        problem: expect.stringMatching(/no longer what was attached: its hash is wrong\. Fetch it again\.$/),
      },
    ]);

    await done(engine, 'incident.undo', { incident: id });
    expect(await done(engine, 'evidence.list', { incident: id })).toEqual([]);
  });

  it('is refused in one sentence when it is a folder, empty, too large or not there', async () => {
    const data = newFolder();
    const engine = await openOn(data);
    const { id } = await declare(engine);
    const add = (path: string) => refused(engine, 'evidence.add', { incident: id, path });
    expect(await add(newFolder())).toMatch(/it is no file/);
    expect(await add(join(data, 'keys', 'console.pem'))).toMatch(/whose keys must not leave it/);
    expect(await add(file('empty.txt', ''))).toMatch(/it is empty/);
    expect(await add(file('large.bin', Buffer.alloc(25 * 1024 * 1024 + 1)))).toMatch(/at most 25\.0 MiB are taken/);
    expect(await add('/nowhere/at/all.png')).toMatch(/can't be attached/);
    expect(await done(engine, 'evidence.list', { incident: id })).toEqual([]);
  });
});

describe('evidence in a bundle', () => {
  it('goes with it when that is asked for, is checked by its hash, and is kept only where something names it', async () => {
    const [one, other] = [newFolder(), newFolder()];
    enrolIn(one, other);
    const here = await openOn(one);
    const { id } = await declare(here);
    const added = await done(here, 'evidence.add', { incident: id, path: file('queue.png') });
    await done(here, 'evidence.add', { incident: id, path: file('gone.png', randomBytes(10)) });
    const [gone] = await done(here, 'evidence.list', { incident: id });
    rmSync(join(one, 'evidence', gone!.file));
    const to = newFolder();
    const bare = await done(here, 'bundle.export', { to: join(to, 'bare.holdfast'), incident: id });
    expect(bare.evidence).toBeUndefined();
    const full = await done(here, 'bundle.export', { to: join(to, 'full.holdfast'), withEvidence: true });
    expect(full.evidence).toEqual({ files: 1, bytes: 700_028, missing: 1 });

    // Its maker does not count yet: nothing names the file.
    const there = await openOn(other);
    expect(await done(there, 'bundle.inspect', { file: full.path })).toMatchObject({
      evidence: { files: 1, bytes: 700_028 },
    });
    expect((await done(there, 'bundle.import', { file: full.path })).messages).toContain(
      'The content of 1 attached file was left out: nothing that counts here names it.',
    );
    expect(existsSync(join(other, 'evidence'))).toBe(false);
    await there.close();
    enrolIn(other, one);
    const again = await openOn(other);
    await done(again, 'bundle.import', { file: bare.path });
    const state = async () =>
      (await done(again, 'evidence.list', { incident: id })).find(({ name }) => name === 'queue.png')?.state;
    expect(await state()).toBe('elsewhere');
    const took = async () => (await done(again, 'bundle.import', { file: full.path })).messages.at(-1);
    expect(await took()).toBe('The content of 1 attached file was taken.');
    expect(await took()).toBe('The content of 1 attached file was here already.');
    expect(await state()).toBe('here');
    const saved = await done(again, 'evidence.save', { incident: id, file: added.sha256, to: newFolder() });
    expect(readFileSync(saved.path).equals(PICTURE)).toBe(true);

    const lines = gunzipSync(readFileSync(full.path)).toString().split('\n');
    const at = lines.findIndex((line) => line.startsWith('{"piece"'));
    lines[at] = JSON.stringify({ piece: randomBytes(700_028).toString('base64') });
    const forged = join(to, 'forged.holdfast');
    writeFileSync(forged, gzipSync(lines.join('\n')));
    expect(await refused(again, 'bundle.import', { file: forged })).toBe(
      'forged.holdfast holds an attached file that is not what it is said to be. Nothing of it was taken.',
    );
  });
});

describe.skipIf(missing('nats-server'))('evidence over a hub', () => {
  it('comes on request, waits while cut off, is not taken when it was changed, and is given again to a hub that lost it', async () => {
    const hub = await startHub();
    const [one, other] = [newFolder(), newFolder()];
    enrolIn(one, other);
    enrolIn(other, one);
    const [here, there] = [await openOn(one, { poll: true }), await openOn(other, { poll: true })];
    for (const engine of [here, there]) await done(engine, 'hub.set', { url: hub.hub, organisation: 'acme-retail' });
    const { id } = await declare(here);
    await done(here, 'evidence.add', { incident: id, path: file('queue.png') });
    const seen = async () => (await done(there, 'evidence.list', { incident: id }).catch(() => []))[0];
    const listed = await until('it to be told of there', seen);
    expect(listed).toMatchObject({ name: 'queue.png', size: 700_000, state: 'elsewhere', sha256: HASH });
    expect(existsSync(join(other, 'evidence'))).toBe(false);

    const bucket = await connect({ servers: hub.hub });
    const objects = await new Objm(jetstream(bucket)).create('holdfast-acme-retail-hub');
    await until('the hub to have it', async () => (await objects.info(listed.file)) !== null);
    expect(Buffer.from((await objects.getBlob(listed.file))!).includes(PICTURE.subarray(1000, 1100))).toBe(false);
    await objects.putBlob({ name: listed.file }, Buffer.from('something else'));
    const ask = () => done(there, 'evidence.fetch', { incident: id, file: 'queue.png' });
    expect(await ask()).toMatchObject({
      state: 'elsewhere',
      problem: 'What the hub keeps as queue.png is another file, or was changed: its hash is wrong. It was not taken.',
    });
    expect(existsSync(join(other, 'evidence'))).toBe(false);
    await objects.delete(listed.file);
    await bucket.close();

    await hub.kill();
    await until('the link to be cut off', async () => (await done(there, 'status', {})).link.state === 'cut-off');
    expect(await ask()).toMatchObject({ state: 'waiting' });
    await hub.restart();
    for (const engine of [here, there]) await done(engine, 'hub.retry', {});
    await until('both to be connected', async () =>
      (await Promise.all([here, there].map((engine) => done(engine, 'status', {})))).every(
        ({ link }) => link.state === 'connected',
      ),
    );
    await until('it to be here', async () => (await ask()).state === 'here');
    const out = newFolder();
    const saved = await done(there, 'evidence.save', { incident: id, file: HASH.slice(0, 6), to: out });
    expect(readFileSync(saved.path).equals(PICTURE)).toBe(true);
  });
});
