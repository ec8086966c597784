/** Runs of runbooks against real files: branches, guards and evidence as commands, and a file that changes in mid-run. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import { done, inStore, newFolder, openOn, refused } from '../support/engines.ts';
import { cli } from '../support/cli.ts';

const TEXT = `---
id: slow
title: Slow checkout
version: 1.0.0
---
## 1. Look {#look type=check minutes=2 evidence="queue depth; oldest job"}

## 2. The release? {#which type=decision minutes=3}

- [Yes, the release](#approve)
- [No](#settle)

## 3. May we roll back? {#approve type=approval minutes=2 reversible=no approves=rollback}

## 4. Roll back {#rollback minutes=6}

## 5. Let it settle {#settle type=wait minutes=5 until="the queue is empty"}

## 6. Better? {#better type=decision minutes=1 reach=1}

- [Yes](#end)
- [No, look again](#look)
`;

async function started(options: { now?: () => number } = {}) {
  const data = newFolder();
  const folder = join(data, 'runbooks');
  mkdirSync(folder);
  const file = join(folder, 'slow.md');
  writeFileSync(file, TEXT);
  inStore(data, (store) =>
    store.commit({ actor: 'system', zone: 'UTC' }, (tx) =>
      tx.append({
        scope: ESTATE,
        type: 'estate.put',
        payload: { kind: 'person', id: 'ana', fields: { name: 'Ana' } },
      }),
    ),
  );
  const engine = await openOn(data, options);
  const { id: incident } = await done(engine, 'incident.declare', { title: 'Checkout slow', commander: 'ana' });
  const { run } = await done(engine, 'incident.run', { incident, runbook: 'slow' });
  const step = (
    input: { step: string; state: 'doing' | 'done' | 'failed' | 'open' | 'skipped' } & Record<string, unknown>,
  ) => done(engine, 'incident.step', { incident, ...input });
  const no = (input: { step: string; state: 'doing' | 'done' } & Record<string, unknown>) =>
    refused(engine, 'incident.step', { incident, ...input });
  return { data, file, engine, incident, run, step, no };
}

const runs = async (engine: Engine, incident: string) => (await done(engine, 'incident.show', { incident })).runs;
const stepOf = async (engine: Engine, incident: string, id: string) =>
  (await runs(engine, incident)).at(-1)!.steps.find((step) => step.id === id)!;

describe('a run', () => {
  it('wants evidence, a branch, an approval and its time; each refusal says what to do', async () => {
    let now = 1_760_000_000_000;
    const { engine, incident, step, no } = await started({ now: () => now });
    expect(await no({ step: 'look', state: 'done' })).toBe(
      '"Look" wants evidence before it is done: queue depth; oldest job; overrule it with a reason to go on all the same.',
    );
    await step({ step: 'look', state: 'doing', evidence: ['412'] });
    expect(await no({ step: 'look', state: 'done' })).toContain('oldest job;');
    expect(await step({ step: 'look', state: 'done', evidence: ['Oldest job: 13:02, an import'] })).toEqual({
      next: 'which',
    });
    expect((await stepOf(engine, incident, 'look')).attached.map(({ what, value }) => `${what}: ${value}`)).toEqual([
      'queue depth: 412',
      'oldest job: 13:02, an import',
    ]);

    expect(await no({ step: 'which', state: 'done' })).toBe(
      '"The release?" is a decision: say which branch: approve (Yes, the release), settle (No).',
    );
    expect(await no({ step: 'which', state: 'done', branch: 'maybe' })).toContain('has no branch "maybe"');
    expect(await no({ step: 'look', state: 'done', branch: 'approve' })).toContain('is no decision with branches');
    expect(await step({ step: 'which', state: 'done', branch: 'yes, the release' })).toEqual({ next: 'approve' });

    await step({ step: 'approve', state: 'skipped', reason: 'nobody answers' });
    expect(await no({ step: 'rollback', state: 'doing' })).toBe(
      '"Roll back" waits for its approval: "May we roll back?" (approve) is not done.',
    );
    expect(await no({ step: 'rollback', state: 'done', overrule: true, reason: 'hurry' })).toContain(
      'waits for its approval',
    );
    await done(engine, 'settings.set', { actingAs: 'ana' });
    await step({ step: 'approve', state: 'done' });
    await done(engine, 'settings.set', { actingAs: null });
    await step({ step: 'rollback', state: 'done' });

    await step({ step: 'settle', state: 'doing' });
    now += 60_000;
    expect(await no({ step: 'settle', state: 'done' })).toContain('is not over yet (until the queue is empty)');
    now += 240_000;
    expect(await step({ step: 'settle', state: 'done' })).toEqual({ next: 'better' });

    // Nobody has named a service, so that nobody knows how many are reached.
    expect(await no({ step: 'better', state: 'done', branch: 'end' })).toContain(
      'How many services are reached is not known',
    );
    await step({ step: 'better', state: 'done', branch: 'end', overrule: true, reason: 'seen with our own eyes' });
    const [run] = await runs(engine, incident);
    expect(run).toMatchObject({ state: 'finished', next: null, done: 6, total: 6 });
    expect(run!.steps[5]!.overruled).toMatchObject([{ guard: 'reach', reason: 'seen with our own eyes' }]);
    const { entries } = await done(engine, 'incident.timeline', { incident });
    expect(entries.map(({ summary }) => summary)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^step done: The release\? – Yes, the release/)]),
    );
    expect(entries.find(({ summary }) => summary.includes('Better?'))!.text).toContain(
      'Guard overruled: services reached',
    );
  });

  it('leads past what a branch makes superfluous, and opens a loop again', async () => {
    const { engine, incident, step } = await started();
    for (const state of ['skipped', 'failed'] as const)
      expect(await refused(engine, 'incident.step', { incident, step: 'look', state })).toBe(
        `A step that is ${state} needs a reason.`,
      );
    await step({ step: 'look', state: 'done', evidence: ['1', '2'] });
    await step({ step: 'which', state: 'done', branch: 'settle' });
    const needless = async () =>
      (await runs(engine, incident))[0]!.steps.filter(({ needed }) => !needed).map(({ id }) => id);
    expect(await needless()).toEqual(['approve', 'rollback']);
    await step({ step: 'settle', state: 'done' });
    expect(await step({ step: 'better', state: 'done', branch: 'look', overrule: true, reason: 'seen' })).toEqual({
      next: 'look',
    });
    const [run] = await runs(engine, incident);
    expect(run!.steps.map(({ id, state }) => `${id} ${state}`)).toEqual([
      ...['look open', 'which open', 'approve open', 'rollback open', 'settle open', 'better open'],
    ]);
    expect(run!.steps[0]!.reason).toContain('leads back to “Look”');
    expect(await needless()).toEqual([]);
  });

  it('keeps its text when the file changes, and goes on with the newer one when somebody says so', async () => {
    const { engine, file, incident, run, step } = await started();
    await step({ step: 'look', state: 'done', evidence: ['1', '2'] });
    await step({ step: 'which', state: 'done', branch: 'settle', reason: 'no release today' });
    await step({ step: 'settle', state: 'doing' });
    expect((await runs(engine, incident))[0]).toMatchObject({ newer: 'same', onDisk: '1.0.0' });
    expect(await refused(engine, 'incident.run.renew', { incident, run })).toContain(
      'is the one that this run began with',
    );

    writeFileSync(
      file,
      TEXT.replace('1.0.0', '1.1.0').replace('{#settle type=wait minutes=5', '{#settle type=wait minutes=9'),
    );
    const [old] = await runs(engine, incident);
    expect(old).toMatchObject({ newer: 'changed', version: '1.0.0', onDisk: '1.1.0', ended: null });
    expect(old!.steps.find(({ id }) => id === 'settle')!.minutes).toBe(5);
    const diff = await done(engine, 'incident.run.diff', { incident, run });
    expect(diff).toMatchObject({ from: '1.0.0', to: '1.1.0' });
    expect(diff.steps.filter(({ change }) => change !== 'same')).toMatchObject([
      {
        id: 'settle',
        change: 'changed',
        state: 'doing',
        lines: expect.arrayContaining([{ sign: '+', text: 'minutes: 9' }]),
      },
    ]);

    const { run: newer, carried } = await done(engine, 'incident.run.renew', { incident, run });
    expect(carried).toBe(2);
    const [before, after] = await runs(engine, incident);
    expect(before).toMatchObject({
      state: 'ended',
      ended: { reason: 'version 1.1.0 goes on instead of 1.0.0', continuedBy: newer },
    });
    expect(after).toMatchObject({ id: newer, continues: run, newer: 'same', next: 'settle', done: 2 });
    expect(after!.steps.map(({ state }) => state)).toEqual(['done', 'done', 'open', 'open', 'open', 'open']);
    expect(after!.steps[1]).toMatchObject({ branch: 'settle', reason: 'no release today', at: before!.steps[1]!.at });
    expect(after!.steps[0]!.attached.map(({ value }) => value)).toEqual(['1', '2']);
    expect(await refused(engine, 'incident.step', { incident, run, step: 'better', state: 'doing' })).toContain(
      'was ended',
    );
    // Taken-over steps can be opened again like any other.
    await step({ step: 'which', state: 'done', branch: 'approve' });
    expect(await stepOf(engine, incident, 'which')).toMatchObject({ branch: 'approve', conflict: null });
    expect((await done(engine, 'rebuild', {})).same).toBe(true);

    rmSync(file);
    expect((await runs(engine, incident))[1]).toMatchObject({ newer: 'gone', onDisk: null });
    expect(await refused(engine, 'incident.run.renew', { incident, run: newer })).toContain('is gone');
    await done(engine, 'incident.run.end', { incident, run: newer, reason: 'begun by mistake' });
    expect((await runs(engine, incident))[1]).toMatchObject({ state: 'ended', next: null });
  });
});

describe('the library', () => {
  it('lets the team’s own runbook stand instead of ours and says so, and reads further folders that are chosen', async () => {
    const data = newFolder();
    mkdirSync(join(data, 'runbooks'));
    const more = newFolder();
    writeFileSync(join(data, 'runbooks', 'ours.md'), TEXT.replace('id: slow', 'id: checkout-slowdown'));
    writeFileSync(join(more, 'late.md'), TEXT.replace('id: slow', 'id: late'));
    const engine = await openOn(data);
    const list = () => done(engine, 'runbook.list', {});
    const own = (await list()).find(({ id }) => id === 'checkout-slowdown')!;
    expect(own).toMatchObject({ from: 'own', title: 'Slow checkout' });
    expect(own.overrides).toMatch(/assets\/runbooks\/checkout-slowdown\.md$/);
    expect((await list()).some(({ id }) => id === 'late')).toBe(false);
    await done(engine, 'settings.set', { runbookFolders: [more] });
    expect((await list()).find(({ id }) => id === 'late')).toMatchObject({ from: more, overrides: null });

    const told = new Promise<void>((tell) =>
      engine.onChanged(({ keys }) => {
        if (keys.includes('runbooks')) tell();
      }),
    );
    writeFileSync(join(more, 'late.md'), TEXT.replace('id: slow', 'id: later'));
    await told;
    expect((await list()).some(({ id }) => id === 'later')).toBe(true);

    const { id: incident } = await done(engine, 'incident.declare', { title: 'Checkout slow' });
    await done(engine, 'incident.run', { incident, runbook: 'later' });
    const shown = await done(engine, 'runbook.show', { runbook: 'later' });
    expect(shown.usedIn).toMatchObject([{ incident, version: '1.0.0', state: 'running' }]);
    expect(shown.ways.ways.map(({ minutes }) => minutes)).toEqual([19, 11]);
  });
});

describe('the command line', () => {
  it('explains mistakes with their lines and fails, and walks every branch', async () => {
    const folder = newFolder();
    const data = newFolder();
    writeFileSync(join(folder, 'slow.md'), TEXT);
    writeFileSync(
      join(folder, 'bad.md'),
      TEXT.replace('id: slow', 'id: bad').replace('(#settle)', '(#setle)').replace('type=check', 'type=chek'),
    );
    const good = await cli(['runbook', 'lint', 'slow.md'], { data, cwd: folder });
    expect([good.status, good.stdout]).toEqual([0, '1 runbook: no errors, no warnings.\n']);
    const bad = await cli(['runbook', 'lint', '.'], { data, cwd: folder });
    expect(bad.status).toBe(1);
    expect(bad.stdout).toContain(`${join(folder, 'bad.md')}:6: look.type: "chek" is none of manual, check,`);
    expect(bad.stdout).toContain(
      `${join(folder, 'bad.md')}:8: which.branches: There is no step "setle"; write "settle"`,
    );
    expect((await cli(['runbook', 'lint', 'missing.md'], { data, cwd: folder })).stderr).toContain(
      'missing.md cannot be read',
    );

    const test = await cli(['runbook', 'test', 'slow.md'], { data, cwd: folder });
    expect(test.status).toBe(0);
    expect(test.stdout).toContain('look → which [Yes, the release] → approve → rollback → settle → better [Yes]');
    expect(test.stdout).toMatch(/^WAY 1: 6 STEPS, 19 MIN$/m);
    expect(test.stdout).toContain('better leads back to look');
  });
});
