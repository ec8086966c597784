/** Large bundles: how far they are is seen, they can be stopped, and what was stopped goes on; and what came after an op. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import type { BundleWork } from '../../shared/contract/exports.ts';
import type { z } from 'zod';
import { done, enrolIn, inStore, newFolder, openOn, refused, reply } from '../support/engines.ts';

type Work = z.infer<typeof BundleWork>;

/** Two folders of which `here` counts the ops of `there`, which wrote `notes` in one incident. */
function folders(notes: number, text = (n: number): string => `note ${n}`): { there: string; here: string } {
  const [there, here] = [newFolder(), newFolder()];
  enrolIn(here, there);
  inStore(there, (store) => {
    const author = { actor: 'mo', zone: 'UTC' };
    for (let begin = 0; begin < notes; begin += 5000)
      store.commit(author, (tx) => {
        for (let n = begin; n < Math.min(notes, begin + 5000); n++)
          tx.append({ scope: 'i1', type: 'entry.note', payload: { text: text(n) } });
      });
  });
  return { there, here };
}

/** Resolves with what is going on once `when` holds for it; each change is looked at. */
function during(engine: Engine, when: (work: Work) => boolean): Promise<Work> {
  return new Promise((resolve) => {
    const stop = engine.onChanged(({ keys }) => {
      if (!keys.includes('bundles')) return;
      void done(engine, 'bundle.work', {}).then((works) => {
        const found = works.find(when);
        if (!found) return;
        stop();
        resolve(found);
      });
    });
  });
}

const ops = async (engine: Engine) => (await done(engine, 'status', {})).ops;

describe('a large bundle', () => {
  it('says how far it is, can be stopped with a consistent log, and goes on where it stopped', async () => {
    const { there, here } = folders(20_000);
    const from = await openOn(there);
    const file = join(newFolder(), 'all.holdfast');
    const writing = during(from, ({ doing, ops }) => doing === 'export' && ops > 0);
    await done(from, 'bundle.export', { to: file });
    expect(await writing).toMatchObject({ file: 'all.holdfast', opsInAll: 20_000, stopping: false });

    const into = await openOn(here);
    const before = await ops(into);
    const half = during(into, ({ doing, ops }) => doing === 'import' && ops > 0);
    const importing = done(into, 'bundle.import', { file });
    expect(await half).toMatchObject({ opsInAll: 20_000, stopping: false });
    expect(await done(into, 'bundle.stop', {})).toEqual({ stopped: 1 });
    const taken = await importing;
    expect(taken).toMatchObject({ stopped: true, quarantined: 0, left: 0 });
    expect(taken.messages[0]).toBe(
      'It was stopped before its end: what was taken stays and counts. Take the bundle again to go on from there.',
    );
    expect(taken.applied).toBeGreaterThan(0);
    expect(taken.applied).toBeLessThan(20_000);
    expect(await ops(into)).toBe(before + taken.applied);
    expect((await done(into, 'record.verify', {})).findings).toEqual([]);
    expect(await done(into, 'bundle.work', {})).toEqual([]);
    expect(await refused(into, 'bundle.stop', {})).toBe('No bundle is read or written just now.');

    expect(await done(into, 'bundle.import', { file })).toMatchObject({
      stopped: false,
      applied: 20_000 - taken.applied,
      known: taken.applied,
    });
    expect((await done(into, 'rebuild', {})).same).toBe(true);
    expect((await done(into, 'record.verify', {})).findings).toEqual([]);
  });

  it('that is stopped while it is looked through or written leaves nothing behind', async () => {
    const { there, here } = folders(10_000);
    const from = await openOn(there);
    const folder = newFolder();
    const begun = during(from, ({ doing }) => doing === 'export');
    const writing = reply(from, 'bundle.export', { to: join(folder, 'all.holdfast') });
    await done(from, 'bundle.stop', { id: (await begun).id });
    expect(await writing).toMatchObject({
      ok: false,
      code: 'refused',
      message: 'all.holdfast was not written: somebody stopped it.',
    });
    expect(readdirSync(folder)).toEqual([]);

    const file = join(folder, 'all.holdfast');
    await done(from, 'bundle.export', { to: file });
    const into = await openOn(here);
    const before = await ops(into);
    const looking = during(into, ({ doing }) => doing === 'check');
    const taking = reply(into, 'bundle.import', { file });
    await looking;
    await done(into, 'bundle.stop', {});
    expect(await taking).toMatchObject({
      ok: false,
      message: 'Nothing of all.holdfast was taken: somebody stopped it.',
    });
    expect(await ops(into)).toBe(before);
    expect(existsSync(file)).toBe(true);
    expect(await done(into, 'bundle.import', { file })).toMatchObject({ applied: 10_000 });
  });

  it('of 32 MB needs no more memory than a small one', async () => {
    // Hex of a number does not pack to nothing, and nothing of it repeats.
    const noise = (n: number): string => {
      let [text, x] = ['', n + 1];
      while (text.length < 8000) text += (x = Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) + n).toString(36);
      return text;
    };
    const { there, here } = folders(4000, noise);
    const from = await openOn(there);
    const file = join(newFolder(), 'all.holdfast');
    const { bytes } = await done(from, 'bundle.export', { to: file });
    expect(bytes).toBeGreaterThan(12_000_000);
    const into = await openOn(here);
    const before = process.memoryUsage().rss;
    let most = 0;
    into.onChanged(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    });
    expect(await done(into, 'bundle.import', { file })).toMatchObject({ applied: 4000 });
    expect(most).toBeLessThan(200 * 1024 ** 2);
  });
});

describe('what came after an op', () => {
  it('is written for whoever has that head, whatever console it came from', async () => {
    const { there, here } = folders(1200);
    const from = await openOn(there);
    const folder = newFolder();
    const first = await done(from, 'bundle.export', { to: join(folder, 'first.holdfast') });
    const into = await openOn(here);
    await done(into, 'bundle.import', { file: first.path });
    const { id } = await done(into, 'incident.declare', { title: 'Tills offline', severity: 'SEV2' });
    const { consoles } = await done(into, 'record.verify', {});
    const head = consoles.find(({ ops }) => ops >= 1200)!.head!.id;
    await done(into, 'incident.say', { incident: id, text: 'all of them' });

    const made = await done(into, 'bundle.export', { to: join(folder, 'after.holdfast'), after: head.slice(0, 8) });
    expect(made).toMatchObject({ contents: { of: 'since' } });
    const inside = await done(into, 'bundle.inspect', { file: made.path });
    // Of the other console nothing came after its head.
    expect(inside.consoles.map(({ console }) => console)).toEqual([(await done(into, 'status', {})).console]);
    expect(inside.period!.first).toBeLessThanOrEqual(inside.period!.last);
    expect(inside.maker).toMatchObject({ access: 'own' });
    expect(await refused(into, 'bundle.export', { to: folder, after: 'AAAAAAAAAA' })).toMatch(/^after: no op here has/);
    expect(await refused(into, 'bundle.export', { to: folder, after: head, incident: id })).toMatch(/choose one/);
  });
});
