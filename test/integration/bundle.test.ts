import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { loadIdentity, rawKey } from '../../electron/engine/access/identity.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { done, enrolIn, inStore, newFolder, openOn, refused } from '../support/engines.ts';

async function story(engine: Engine, notes = 20): Promise<string> {
  const { id } = await done(engine, 'incident.declare', { title: 'Checkout failing', severity: 'SEV1' });
  const other = await done(engine, 'incident.declare', { title: 'Warehouse late' });
  for (let n = 0; n < notes; n++)
    await done(engine, 'incident.say', { incident: n % 2 === 0 ? id : other.id, text: `note ${n}` });
  return id;
}

/** Two folders with a key each, of which `here` counts the ops of `there`. */
function pair(): { there: string; here: string; console: string } {
  const there = newFolder();
  const here = newFolder();
  return { there, here, console: enrolIn(here, there) };
}

describe('a bundle of everything', () => {
  it('brings another console to the same incidents, twice without harm, and its record verifies', async () => {
    const { there, here, console } = pair();
    const from = await openOn(there);
    await story(from);
    const file = join(newFolder(), 'all.holdfast');
    expect(await done(from, 'bundle.export', { to: file })).toMatchObject({
      ops: 22,
      consoles: 1,
      contents: { of: 'everything' },
    });
    const into = await openOn(here);
    expect(await done(into, 'bundle.inspect', { file })).toMatchObject({
      ops: 22,
      consoles: [{ console, name: 'store 112', access: 'enrolled', fresh: 22, refused: 0 }],
    });
    const taken = await done(into, 'bundle.import', { file });
    expect(taken).toMatchObject({ applied: 22, known: 0, quarantined: 0, left: 0, messages: [] });
    expect(taken.incidents.map(({ name }) => name)).toEqual(['INC-0002 Warehouse late', 'INC-0001 Checkout failing']);
    expect(await done(into, 'bundle.import', { file })).toMatchObject({ applied: 0, known: 22 });
    expect(await done(into, 'record.verify', {})).toMatchObject({ ok: true, findings: [] });
    const timeline = await done(into, 'incident.timeline', { incident: '1' });
    expect(timeline.entries.map(({ summary }) => summary)).toEqual(
      (await done(from, 'incident.timeline', { incident: '1' })).entries.map(({ summary }) => summary),
    );
  });

  it('since an earlier one holds only what came after it, and may come first', async () => {
    const { there, here } = pair();
    const from = await openOn(there);
    await story(from, 1500);
    const folder = newFolder();
    const first = join(folder, 'first.holdfast');
    const second = join(folder, 'second.holdfast');
    await done(from, 'bundle.export', { to: first });
    await done(from, 'incident.say', { incident: '1', text: 'rolled back' });
    expect(await refused(from, 'bundle.export', { to: first })).toMatch(/first\.holdfast is there already/);
    expect(await done(from, 'bundle.export', { to: second, since: first })).toMatchObject({
      ops: 503,
      contents: { of: 'since' },
    });
    const into = await openOn(here);
    expect(await done(into, 'bundle.import', { file: second })).toMatchObject({ applied: 503, quarantined: 0 });
    expect((await done(into, 'record.verify', {})).findings).toEqual([]);
    expect(await done(into, 'bundle.import', { file: first })).toMatchObject({
      applied: 1000,
      known: 502,
      quarantined: 0,
    });
    const report = await done(into, 'record.verify', {});
    expect(report.findings).toEqual([]);
    expect(report.consoles.find(({ ops }) => ops === 1503)).toMatchObject({ signed: 1503 });
    expect(
      await refused(from, 'bundle.export', { to: join(folder, 'third.holdfast'), since: second, heads: {} }),
    ).toMatch(/choose one/);
  });

  it('takes the ops of a console that an op in the bundle enrols', async () => {
    const founder = newFolder();
    const member = newFolder();
    const newcomer = newFolder();
    loadIdentity(member);
    const fromMember = await openOn(member);
    await done(fromMember, 'incident.declare', { title: 'Store 112 offline' });
    const folder = newFolder();
    await done(fromMember, 'bundle.export', { to: join(folder, 'member.holdfast') });
    await fromMember.close();
    enrolIn(founder, member);
    const headquarters = await openOn(founder);
    await done(headquarters, 'bundle.import', { file: join(folder, 'member.holdfast') });
    await done(headquarters, 'bundle.export', { to: join(folder, 'all.holdfast') });
    await headquarters.close();
    enrolIn(newcomer, founder);
    const into = await openOn(newcomer);
    const inspection = await done(into, 'bundle.inspect', { file: join(folder, 'all.holdfast') });
    expect(inspection.consoles.map(({ access }) => access).sort()).toEqual(['enrolled', 'enrolled-by-it']);
    expect(await done(into, 'bundle.import', { file: join(folder, 'all.holdfast') })).toMatchObject({
      quarantined: 0,
      left: 0,
      incidents: [{ name: 'INC-0001 Store 112 offline' }],
    });
    expect((await done(into, 'record.verify', {})).findings).toEqual([]);
  });
});

describe('a bundle of one incident', () => {
  it('holds nothing of another, and can be worked on where the rest is missing', async () => {
    const { there, here } = pair();
    const from = await openOn(there);
    await story(from);
    const to = await done(from, 'bundle.export', { to: newFolder(), incident: 'INC-0001' });
    expect(to.path).toMatch(/inc-0001-checkout-failing-.*\.holdfast$/);
    expect(to).toMatchObject({ ops: 11, contents: { of: 'incident', label: 'INC-0001' } });
    const into = await openOn(here);
    expect(await done(into, 'bundle.import', { file: to.path })).toMatchObject({
      applied: 11,
      quarantined: 0,
      incidents: [{ name: 'INC-0001 Checkout failing' }],
    });
    expect(await done(into, 'incident.list', { all: true })).toHaveLength(1);
    await done(into, 'incident.severity', { incident: '1', severity: 'SEV2', reason: 'two tills work again' });
    expect((await done(into, 'incident.show', { incident: '1' })).severity).toBe('SEV2');
    expect((await done(into, 'record.verify', {})).findings).toEqual([]);
    expect((await done(into, 'rebuild', {})).same).toBe(true);
  });
});

describe('a bundle of a stranger', () => {
  it('is kept out with a sentence, and comes in when the console is enrolled', async () => {
    const there = newFolder();
    const here = newFolder();
    const from = await openOn(there);
    await story(from);
    const file = join(newFolder(), 'all.holdfast');
    await done(from, 'bundle.export', { to: file });
    const { console } = loadIdentity(there);
    const into = await openOn(here);
    expect(await done(into, 'bundle.import', { file })).toMatchObject({
      applied: 0,
      quarantined: 22,
      messages: [
        `Console ${console}, which made the bundle, is not enrolled here; its own ops do not count.`,
        expect.stringContaining(`Take the bundle again with --believe ${console}.`),
        `22 ops were kept out: Console ${console} is not enrolled here.`,
      ],
    });
    expect(await done(into, 'incident.list', { all: true })).toEqual([]);
    expect(await done(into, 'status', {})).toMatchObject({ quarantined: 22 });
    await into.close();
    await from.close();
    enrolIn(here, there);
    const again = await openOn(here);
    expect(await done(again, 'bundle.import', { file })).toMatchObject({ applied: 22, quarantined: 0 });
    expect(await done(again, 'status', {})).toMatchObject({ quarantined: 0 });
  });

  it('that is large does not fill the disk', async () => {
    const there = newFolder();
    loadIdentity(there);
    inStore(there, (store) =>
      store.commit({ actor: 'mo', zone: 'UTC' }, (tx) => {
        for (let n = 0; n < 5001; n++) tx.append({ scope: 'i1', type: 'entry.note', payload: { text: `note ${n}` } });
      }),
    );
    const from = await openOn(there);
    const file = join(newFolder(), 'all.holdfast');
    await done(from, 'bundle.export', { to: file });
    const into = await openOn(newFolder());
    const taken = await done(into, 'bundle.import', { file });
    expect(taken).toMatchObject({ applied: 0, quarantined: 0, left: 5001 });
    expect(taken.messages.at(-1)).toBe(
      '5001 ops were left out because they are too many to keep aside; take the bundle again when their consoles are enrolled.',
    );
  });
});

describe('writing a bundle', () => {
  it('leaves nothing behind when it fails, and nothing that was there is lost', async () => {
    const data = newFolder();
    const engine = await openOn(data);
    expect(await refused(engine, 'bundle.export', { to: join(data, 'x.holdfast') })).toBe(
      'There is nothing to write: the log is empty.',
    );
    await story(engine, 2);
    const folder = newFolder();
    const { console } = loadIdentity(data);
    const target = join(folder, 'kept.holdfast');
    writeFileSync(target, 'before');
    expect(await refused(engine, 'bundle.export', { to: target, replace: true, heads: { [console]: 999 } })).toBe(
      'There is nothing to write: no op came after these numbers.',
    );
    expect(readFileSync(target, 'utf8')).toBe('before');
    writeFileSync(join(folder, 'file'), '');
    expect(await refused(engine, 'bundle.export', { to: join(folder, 'file', 'x.holdfast') })).toMatch(
      /x\.holdfast was not written: a folder on the way to it is a file\.$/,
    );
    mkdirSync(join(folder, 'inner'));
    const { path } = await done(engine, 'bundle.export', { to: join(folder, 'inner') });
    expect(statSync(path).size).toBeGreaterThan(100);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(readdirSync(join(folder, 'inner'))).toHaveLength(1);
  });

  it('is a witness against a log whose end was cut off together with its signature', async () => {
    const data = newFolder();
    const engine = await openOn(data);
    await story(engine, 10);
    const { path } = await done(engine, 'bundle.export', { to: newFolder() });
    expect(await done(engine, 'record.verify', {})).toMatchObject({ ok: true, witnesses: { checked: 1, missing: 0 } });
    await engine.close();
    const { console } = loadIdentity(data);
    const db = new Database(join(data, 'holdfast.db'));
    db.pragma('foreign_keys = OFF');
    db.exec('DELETE FROM entry WHERE n > 8; DELETE FROM op WHERE seq > 8; DELETE FROM segment');
    db.close();
    const again = await openOn(data);
    await done(again, 'rebuild', {});
    const report = await done(again, 'record.verify', {});
    expect(report.findings.map(({ message }) => message)).toContain(
      `Bundle ${path.split('/').at(-1)} saw 12 ops of this console; the end was cut off since.`,
    );
    expect((await done(again, 'bundle.inspect', { file: path })).heads).toMatchObject([
      { console, seq: 12, state: 'ahead' },
    ]);
    expect(existsSync(join(data, 'witness.json'))).toBe(true);
  });

  it('by another console bears witness of ours too', async () => {
    const { there, here } = pair();
    const from = await openOn(there);
    await story(from, 5);
    const folder = newFolder();
    await done(from, 'bundle.export', { to: join(folder, 'a.holdfast') });
    const into = await openOn(here);
    await done(into, 'bundle.import', { file: join(folder, 'a.holdfast') });
    await done(into, 'bundle.export', { to: join(folder, 'b.holdfast') });
    await from.close();
    await into.close();
    const { console, publicKey } = loadIdentity(here);
    const payload = { console, key: rawKey(publicKey).toString('base64url'), name: 'headquarters' };
    inStore(there, (store) =>
      store.commit({ actor: 'ana', zone: 'UTC' }, (tx) => tx.append({ scope: ESTATE, type: 'console.enrol', payload })),
    );
    const again = await openOn(there);
    await done(again, 'bundle.import', { file: join(folder, 'b.holdfast') });
    expect((await done(again, 'record.verify', {})).witnesses).toEqual({ checked: 2, missing: 0 });
  });
});
