import {
  openSync,
  closeSync,
  copyFileSync,
  ftruncateSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { done, enrolIn, newFolder, openOn, refused } from '../support/engines.ts';

/** Two consoles that have each other's key, an incident with a secret in it, and a third that neither knows. */
async function consoles() {
  const [here, there, stranger] = [newFolder(), newFolder(), newFolder()];
  for (const folder of [here, there, stranger]) loadIdentity(folder);
  enrolIn(here, there);
  enrolIn(there, here);
  const [a, b, c] = [await openOn(here), await openOn(there), await openOn(stranger)];
  const { id } = await done(a, 'incident.declare', { title: 'Tills offline', severity: 'SEV2' });
  await done(a, 'incident.say', { incident: id, text: 'the safe code is 4711' });
  await done(c, 'incident.declare', { title: 'Another house', severity: 'SEV4' });
  const { path } = await done(b, 'bundle.export', { to: join(newFolder(), 'hello.holdfast') });
  await done(a, 'bundle.import', { file: path });
  return { here, a, b, c, incident: id };
}

describe('a sealed bundle', () => {
  it('is read by those it is sealed for, twice without harm, and is one sentence to everybody else', async () => {
    const { here, a, b, c, incident } = await consoles();
    const to = join(newFolder(), 'sealed.holdfast');
    const made = await done(a, 'bundle.export', { to, incident, for: ['store 112'] });
    expect(made.sealedFor).toHaveLength(2);
    expect(readFileSync(to).includes('safe code')).toBe(false);
    expect(readdirSync(here).filter((name) => name.includes('sealing'))).toEqual([]);
    expect(await refused(c, 'bundle.inspect', { file: to })).toMatch(
      /^sealed\.holdfast is sealed for 2 other consoles \(.*\), not for this one: ask whoever made it to seal it for /,
    );
    expect((await done(b, 'bundle.inspect', { file: to })).sealedFor).toEqual(made.sealedFor);
    expect((await done(b, 'bundle.import', { file: to })).applied).toBeGreaterThan(0);
    expect(await done(b, 'bundle.import', { file: to })).toMatchObject({ applied: 0, quarantined: 0 });
    // Overlapping, in the clear and by whoever made it.
    const whole = await done(a, 'bundle.export', { to: join(newFolder(), 'whole.holdfast') });
    await done(b, 'bundle.import', { file: whole.path });
    expect((await done(a, 'bundle.import', { file: to })).applied).toBe(0);
    const story = await done(b, 'incident.timeline', { incident, limit: 10 });
    expect(story.entries.filter(({ text }) => text === 'the safe code is 4711')).toHaveLength(1);
  });

  it('that was changed, cut off, put together anew or is two gigabytes of nothing is refused, and nothing is taken', async () => {
    const { a, b, incident } = await consoles();
    for (let n = 0; n < 30; n++) {
      await done(a, 'incident.say', { incident, text: randomBytes(6000).toString('base64') });
    }
    const to = join(newFolder(), 'sealed.holdfast');
    await done(a, 'bundle.export', { to, for: ['all'] });
    const good = readFileSync(to);
    const before = (await done(b, 'status', {})).ops;
    const body = good.indexOf(10) + 1;
    const spoilt = (change: (bytes: Buffer) => Buffer): string => {
      const file = join(newFolder(), 'spoilt.holdfast');
      writeFileSync(file, change(Buffer.from(good)));
      return file;
    };
    const flip = (at: number) => (bytes: Buffer) => {
      bytes[at]! ^= 1;
      return bytes;
    };
    const broken =
      /^spoilt\.holdfast .*(damaged|cut off|changed|does not open|sealed in a way|is no bundle).*Nothing of it was taken\.$/;
    const changes = [
      flip(body),
      flip(good.length - 1),
      flip(good.indexOf('ephemeral') + 14),
      flip(good.indexOf('recipients') + 40),
      (bytes: Buffer) => bytes.subarray(0, -1),
      (bytes: Buffer) => bytes.subarray(0, body),
      (bytes: Buffer) => bytes.subarray(0, body + 8),
      (bytes: Buffer) => Buffer.concat([bytes, bytes.subarray(body)]),
      (bytes: Buffer) => Buffer.concat([bytes.subarray(0, body), bytes.subarray(body + 65_552)]),
      (bytes: Buffer) => bytes.subarray(0, body + 65_552),
    ];
    for (const [index, change] of changes.entries())
      expect(await refused(b, 'bundle.import', { file: spoilt(change) }), String(index)).toMatch(broken);
    const huge = join(newFolder(), 'spoilt.holdfast');
    copyFileSync(to, huge);
    const handle = openSync(huge, 'r+');
    ftruncateSync(handle, 2 * 1024 ** 3);
    closeSync(handle);
    expect(statSync(huge).size).toBe(2 * 1024 ** 3);
    const memory = process.memoryUsage().rss;
    expect(await refused(b, 'bundle.import', { file: huge })).toMatch(broken);
    expect(process.memoryUsage().rss - memory).toBeLessThan(200 * 1024 ** 2);
    expect((await done(b, 'status', {})).ops).toBe(before);
    expect((await done(b, 'bundle.import', { file: to })).applied).toBeGreaterThan(0);
  });

  it('is not made for a console whose key is not known, nor for nobody', async () => {
    const [here, there] = [newFolder(), newFolder()];
    loadIdentity(there);
    enrolIn(here, there);
    const a = await openOn(here);
    await done(a, 'incident.declare', { title: 'Tills offline', severity: 'SEV2' });
    const to = join(newFolder(), 'sealed.holdfast');
    expect(await refused(a, 'bundle.export', { to, for: ['store 112'] })).toMatch(
      /^Nothing can be sealed for store 112 yet/,
    );
    expect(await refused(a, 'bundle.export', { to, for: ['all'] })).toMatch(/^No other enrolled console has said/);
    expect(await refused(a, 'bundle.export', { to, for: ['store 113'] })).toMatch(
      /^for: there is no enrolled console "store 113"/,
    );
  });
});
