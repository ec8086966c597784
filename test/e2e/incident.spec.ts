/** The incident room: everything by a few keys, everything visible where it lands, nothing lost. */
import type { Page } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';
import { append, withEngine } from './seed.ts';

const MINUTE = 60_000;

/** An incident on the demonstration estate, with its room open. */
async function inRoom(console_: Console, title = 'Checkout refuses cards'): Promise<string> {
  const { id } = await console_.done('incident.declare', {
    title,
    severity: 'SEV2',
    services: ['checkout-api'],
    businessServices: ['checkout'],
  });
  await enter(console_.page, title);
  return id;
}

async function enter(page: Page, title: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
  await page.getByRole('grid', { name: 'Incidents' }).getByText(title).click();
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
}

const timeline = (page: Page) => page.getByRole('grid', { name: 'Timeline' });
const composer = (page: Page) => page.getByRole('textbox', { name: 'Write in the timeline' });
const column = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Writes a line and waits until it was taken. */
async function write(page: Page, line: string): Promise<void> {
  await composer(page).fill(line);
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue('');
}

test('a role is assigned with three keys, from reading and from writing', async ({ holdfast }) => {
  const { page } = holdfast;
  const id = await inRoom(holdfast);
  const roles = page.getByRole('list', { name: 'Roles' });
  await expect(column(page, 'Next').getByText('Nobody commands.')).toBeVisible();
  // At once, before the dialog can have the focus.
  await Promise.all(['r', 'c', '1'].map((key) => page.keyboard.press(key)));
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(column(page, 'Next').getByText('Nobody commands.')).toHaveCount(0);

  await composer(page).fill('half a sentence');
  await page.keyboard.press('Control+Shift+A');
  await expect(page.getByRole('dialog', { name: 'Assign a role' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('m');
  const dialog = page.getByRole('dialog', { name: 'Communications: who?' });
  await expect(dialog.getByRole('option').first()).toContainText(/communications lead/i);
  await expectAccessible(page);
  await page.keyboard.press('1');
  await expect(dialog).toHaveCount(0);
  await expect(composer(page)).toHaveValue('half a sentence');

  await page
    .getByRole('list', { name: 'Roles' })
    .getByRole('button', { name: /Scribe/ })
    .click();
  await page.keyboard.type('selma');
  await expect(page.getByRole('option').first()).toContainText('Selma Okafor');
  await page.keyboard.press('Enter');
  await expect(roles).toContainText('Selma Okafor');
  const { roles: kept } = await holdfast.done('incident.show', { incident: id });
  expect(kept.filter(({ person }) => person !== null).map(({ role }) => role)).toEqual([
    'commander',
    'communications',
    'scribe',
  ]);
  await expect(timeline(page)).toContainText('communications lead: ');
});

test('an ask has one owner and one clock, and lives through acknowledged, late, handed over and done', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  const id = await inRoom(holdfast);
  await page.keyboard.press('a');
  await page.keyboard.type('raj');
  await expect(page.getByRole('option', { name: /Raj Menon/ })).toBeVisible();
  await page.keyboard.press('Enter');
  await page.keyboard.type('10m check the queue depth');
  await expect(page.getByText('Ask Raj Menon, 10 min: check the queue depth')).toBeVisible();
  await page.keyboard.press('Enter');

  const asks = page.getByRole('grid', { name: 'Open asks' });
  const ask = asks.getByRole('row', { name: /queue depth/ });
  await expect(ask).toContainText('not acknowledged');
  await expect(ask).toContainText(/9:5\d/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('1');
  await expect(ask).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(ask).toContainText('has it');
  await page.keyboard.press('e');
  await expect(ask).toContainText(/(19|20):\d\d/);
  await page.keyboard.press('o');
  await expect(page.getByRole('dialog', { name: 'Hand over to whom?' })).toBeVisible();
  await page.keyboard.type('mo haas');
  await page.keyboard.press('Enter');
  await expect(ask).toContainText('Mo Haas');
  await expect(ask).toContainText('not acknowledged');

  await holdfast.done('incident.ask', {
    incident: id,
    text: 'call the provider',
    owner: 'jo-lindqvist',
    minutes: 0.01,
  });
  await expect(asks.getByRole('row', { name: /call the provider/ })).toContainText('overdue');
  await expect(asks.getByRole('row').first()).toContainText('call the provider');

  await ask.focus();
  await page.keyboard.press('Enter');
  await expect(ask).toContainText('has it');
  await page.keyboard.press('Enter');
  await expect(ask).toHaveCount(0);
  await expect(column(page, 'Next').getByRole('button', { name: '1 finished' })).toBeVisible();
  await expect(timeline(page)).toContainText('done: check the queue depth');
  await expectAccessible(page);
});

test('a decision takes two keys beyond its words, and a line that is not understood stays and says why', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await inRoom(holdfast);
  await page.keyboard.press('d');
  await page.keyboard.type('roll back 4.18 because errors began with it');
  await page.keyboard.press('Enter');
  await expect(timeline(page).getByRole('row').first()).toContainText('DECISION', { ignoreCase: true });
  await expect(timeline(page).getByRole('row').first()).toContainText('errors began with it');

  await page.keyboard.type('/aks @raj 10m look');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('/aks is no command. Did you mean /ask?');
  await expect(composer(page)).toHaveValue('/aks @raj 10m look');
  await expectAccessible(page);
});

test('an entry says when it happened, when it was entered, and what it said before', async ({ holdfast }) => {
  const { page } = holdfast;
  const id = await inRoom(holdfast);
  await write(page, '/at -20m PSP confirms the outage');
  const entry = timeline(page).getByRole('row', { name: /PSP/ });
  await expect(entry).toContainText(/entered \d\d:\d\d/);

  await entry.focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Correct this entry' });
  await dialog.getByRole('textbox', { name: 'When it happened' }).fill('25:00');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await expect(dialog.getByRole('button', { name: /Correct/ }).last()).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'When it happened' }).fill('-25m');
  await dialog.getByRole('textbox', { name: 'Words' }).fill('PSP confirms slow answers');
  await dialog.getByRole('textbox', { name: /Why/ }).fill('they called back');
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);
  const corrected = timeline(page).getByRole('row', { name: /note PSP confirms slow answers/ });
  await expect(corrected).toContainText('(they called back)');
  await expect(corrected.locator('del')).toHaveText('PSP confirms the outage');
  await expect(timeline(page)).toContainText('corrected “PSP confirms the outage”');
  const { entries } = await holdfast.done('incident.timeline', { incident: id, kinds: ['note'] });
  expect(Math.abs(Date.now() - 25 * MINUTE - entries[0]!.eventTime)).toBeLessThan(MINUTE);
});

test('a suggested runbook says why, starts, and is worked through with reasons where a step was not done', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  const id = await inRoom(holdfast, 'Checkout is slow in the promotion');
  const suggested = page.getByRole('region', { name: 'Suggested runbooks' });
  await expect(suggested.getByRole('listitem').first()).toContainText('the title says');
  await suggested.getByRole('button', { name: 'Start' }).first().click();
  const steps = page.getByRole('grid', { name: /^Steps of/ });
  const [first, second, third] = [
    steps.getByRole('row').nth(0),
    steps.getByRole('row').nth(1),
    steps.getByRole('row').nth(2),
  ];
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(first).toContainText('doing');
  await page.keyboard.press('Enter');
  await expect(first).toContainText('done');
  await expect(second).toBeFocused();
  await page.keyboard.press('s');
  const skip = page.getByRole('dialog', { name: 'Skip this step: why?' });
  await expect(skip.getByRole('button', { name: 'Skip' })).toBeDisabled();
  await page.keyboard.type('no promotion is running');
  await page.keyboard.press('Enter');
  await expect(second).toContainText('skipped');
  await expect(second).toContainText('no promotion is running');
  await third.focus();
  await page.keyboard.press('f');
  await page.keyboard.type('no access');
  await page.keyboard.press('Enter');
  await expect(third).toContainText('failed');
  const { runs } = await holdfast.done('incident.show', { incident: id });
  expect(runs[0]!.steps.slice(0, 3).map(({ state, reason }) => [state, reason])).toEqual([
    ['done', null],
    ['skipped', 'no promotion is running'],
    ['failed', 'no access'],
  ]);
  await expectAccessible(page);
});

test('the state goes on with one key, back with a reason, and is not resolved over open asks by accident', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  const id = await inRoom(holdfast);
  const state = page.getByRole('list', { name: 'State' }).locator('[aria-current=step]');
  await page.keyboard.press('.');
  await expect(state).toContainText('mitigating');
  await page.keyboard.press('.');
  await expect(state).toContainText('monitoring');
  await page.keyboard.press(',');
  const why = page.getByRole('dialog', { name: 'Back to mitigating: why?' });
  await expect(why.getByRole('button', { name: /Back to mitigating/ })).toBeDisabled();
  await page.keyboard.type('errors are back');
  await page.keyboard.press('Enter');
  await expect(state).toContainText('mitigating');
  await expect(timeline(page)).toContainText('errors are back');

  await write(page, '/ask @raj 5m look');
  await page.keyboard.press('Escape');
  await page.keyboard.press('.');
  await expect(state).toContainText('monitoring');
  await page.keyboard.press('.');
  const open = page.getByRole('dialog', { name: 'Resolve with this still open?' });
  await expect(open).toContainText('1 ask is open');
  await page.keyboard.press('Enter');
  await expect(state).toContainText('resolved');
  expect((await holdfast.done('incident.show', { incident: id })).status).toBe('resolved');

  await page.keyboard.press('v');
  await page.keyboard.press('1');
  await expect(page.getByRole('button', { name: /^SEV1, change/ })).toBeVisible();
  await page.keyboard.press('v');
  await page.keyboard.press('4');
  await expect(page.getByRole('dialog', { name: 'Lower SEV1 to SEV4: why?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^SEV1, change/ })).toBeVisible();
});

test('what is being written survives another screen, a dead data engine and a reload, and a command lays a note aside', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await inRoom(holdfast);
  await composer(page).fill('the third shard is');
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.locator('html[data-ready="situation"]').waitFor({ state: 'attached' });
  await enter(page, 'Checkout refuses cards');
  await expect(composer(page)).toHaveValue('the third shard is');

  process.kill((await holdfast.enginePid())!, 'SIGKILL');
  await composer(page).focus();
  await page.keyboard.press('End');
  await page.keyboard.type(' down');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toHaveValue('');
  await expect(timeline(page).getByText('the third shard is down')).toHaveCount(1);

  await composer(page).fill('and the fourth');
  await page.reload();
  await holdfast.ready();
  await enter(page, 'Checkout refuses cards');
  await expect(composer(page)).toHaveValue('and the fourth');
  await page.keyboard.press('d');
  await expect(composer(page)).toHaveValue('/decide ');
  await page.keyboard.type('fail over');
  await page.keyboard.press('Enter');
  await expect(timeline(page)).toContainText('fail over');
  await expect(composer(page)).toHaveValue('and the fourth');
  // Chromium alone would write it 5 s to a minute later, and a power cut takes it until then.
  await composer(page).focus();
  await page.keyboard.type(', and the fifth');
  const pages = join(holdfast.folder, 'window', 'Local Storage', 'leveldb');
  const kept = () => readdirSync(pages).some((name) => readFileSync(join(pages, name)).includes('and the fifth'));
  await expect.poll(kept, { timeout: 4000 }).toBe(true);
});

test('two answers to one question stand side by side until one is kept', async ({ folder, open }) => {
  const id = await withEngine(
    folder,
    async (done) => (await done('incident.declare', { title: 'Tills offline', severity: 'SEV2' })).id,
  );
  append(folder, (tx) => {
    const severity = tx.headIds('incident', id, id, 'severity');
    const commander = tx.headIds('incident', id, id, 'role:commander');
    tx.append({
      scope: id,
      type: 'incident.severity',
      payload: { severity: 'SEV1', reason: 'every store' },
      base: severity,
    });
    tx.append({
      scope: id,
      type: 'incident.severity',
      payload: { severity: 'SEV3', reason: 'two tills' },
      base: severity,
    });
    tx.append({
      scope: id,
      type: 'incident.role',
      payload: { role: 'commander', person: 'ana-kovac' },
      base: commander,
    });
    tx.append({
      scope: id,
      type: 'incident.role',
      payload: { role: 'commander', person: 'raj-menon' },
      base: commander,
    });
  });
  const holdfast = await open({ demonstration: true });
  const { page } = holdfast;
  await enter(page, 'Tills offline');
  const conflicts = page.getByRole('region', { name: 'Conflicts' });
  await expect(conflicts).toContainText('SEV1 counts until one is kept: the highest severity');
  await expect(conflicts).toContainText('two tills');
  await expectAccessible(page);
  await expect(page.getByRole('button', { name: /SEV1.*change the severity/ })).toContainText('or SEV3?');
  await expect(page.getByRole('list', { name: 'Roles' })).toContainText('Ana Kovač or Raj Menon?');
  await page.keyboard.press('c');
  // Two commanders go before all else.
  const first = conflicts.getByRole('row').first();
  await expect(first).toBeFocused();
  await expect(first).toContainText('who commands');
  await page.keyboard.press('j');
  await page.keyboard.press('2');
  await expect(conflicts.getByRole('button', { name: /Keep SEV/ })).toHaveCount(0);
  await conflicts.getByRole('button', { name: 'Keep Raj Menon' }).click();
  await expect(conflicts).toHaveCount(0);
  expect(await holdfast.done('incident.show', { incident: id })).toMatchObject({
    severity: 'SEV3',
    commander: { id: 'raj-menon' },
    conflictList: [],
  });
  await expect(timeline(page)).toContainText('kept over SEV1 by Ana Kovač');
});

test('a long timeline opens on its newest entry, holds few rows, keeps the reader’s place and finds the oldest', async ({
  folder,
  open,
}) => {
  const id = await withEngine(folder, async (done) => (await done('incident.declare', { title: 'The long night' })).id);
  const began = Date.now() - 8000 * 1000;
  for (let batch = 0; batch < 8; batch++) {
    append(folder, (tx) => {
      for (let n = batch * 1000; n < (batch + 1) * 1000; n++) {
        tx.append({
          scope: id,
          type: n === 3 ? 'entry.decision' : 'entry.note',
          payload: { text: `entry ${n} ${'words '.repeat(n % 30)}` },
          eventTime: began + n * 1000,
        });
      }
    });
  }
  const holdfast = await open({ demonstration: true });
  const { page } = holdfast;
  await enter(page, 'The long night');
  await expect(timeline(page).getByText(/^entry 7999/)).toBeVisible();
  const rows = timeline(page).getByRole('row');
  expect(await rows.count()).toBeLessThan(80);

  await page.keyboard.press('2');
  await expect(rows.first()).toBeFocused();
  for (let n = 0; n < 40; n++) await page.keyboard.press('j');
  const reading = timeline(page).locator('[role=row]:focus');
  await expect(reading).toHaveAttribute('aria-rowindex', '41');
  const words = (await reading.innerText()).split('\n').find((line) => line.startsWith('entry'))!;
  const place = (await reading.boundingBox())!.y;
  await holdfast.done('incident.say', { incident: id, text: 'written meanwhile' });
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible();
  await expect(reading).toContainText(words);
  expect(Math.abs((await reading.boundingBox())!.y - place)).toBeLessThan(2);
  await page.getByRole('button', { name: '1 new' }).click();
  await expect(timeline(page).getByText('written meanwhile')).toBeVisible();

  await page.getByRole('button', { name: 'Decisions', exact: true }).click();
  await expect(timeline(page).getByRole('row')).toHaveCount(1);
  await expect(timeline(page)).toContainText('entry 3');
  await page.getByRole('button', { name: 'Show all kinds' }).click();
  await expect(timeline(page).getByText('written meanwhile')).toBeVisible();
});

test('the list shows what runs, finds, filters and opens by keyboard, in both themes', async ({ holdfast }) => {
  const { page } = holdfast;
  const { id } = await holdfast.done('incident.declare', { title: 'Warehouse sync late', severity: 'SEV3' });
  await holdfast.done('incident.declare', { title: 'Sign-in fails', severity: 'SEV1' });
  const { id: old } = await holdfast.done('incident.declare', { title: 'Yesterday’s trouble', severity: 'SEV2' });
  await holdfast.done('incident.state', { incident: old, status: 'resolved' });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const list = page.getByRole('grid', { name: 'Incidents' });
  await expect(list.getByRole('row').nth(1)).toContainText('Sign-in fails');
  await expect(list).not.toContainText('Yesterday’s trouble');
  await page.getByText('Resolved 1').click();
  await expect(list).toContainText('Yesterday’s trouble');
  await page.getByText('All 3').click();
  await page.keyboard.press('Escape');
  await page.locator('html[data-ready="situation"]').waitFor({ state: 'attached' });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
  await page.keyboard.press('/');
  await page.keyboard.type('sync');
  await expect(list.getByRole('row')).toHaveCount(2);
  for (const theme of ['dark', 'light'] as const) {
    await holdfast.done('settings.set', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await expectAccessible(page);
  }
  await page.keyboard.press('Tab');
  await list.getByRole('row').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  await expect(page.getByRole('heading', { level: 2 }).first()).toContainText('Warehouse sync late');
  for (const theme of ['dark', 'light'] as const) {
    await holdfast.done('settings.set', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await expectAccessible(page);
  }
  expect((await holdfast.done('incident.show', { incident: id })).title).toBe('Warehouse sync late');
});
