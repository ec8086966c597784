/** Search as one types: names first, then what was written; filters, marks, pages, and the way to what was found. */
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';
import { withStore, writeOps } from '../support/other-consoles.ts';

async function toSearch({ page }: Console): Promise<void> {
  await page.keyboard.press('/');
  await page.locator('html[data-ready="search"]').waitFor({ state: 'attached' });
  await expect(page.getByRole('searchbox', { name: 'Search the record' })).toBeFocused();
}

const found = ({ page }: Console) => page.getByRole('grid', { name: 'Found' }).getByRole('row');
const field = ({ page }: Console) => page.getByRole('searchbox', { name: 'Search the record' });

/** An incident with something to find in it. */
async function story(console_: Console): Promise<string> {
  const { id: incident } = await console_.done('incident.declare', { title: 'Tills are slow in Köln' });
  await console_.done('incident.say', {
    incident,
    text: 'The payment provider confirms an outage <b>in</b> the second region',
  });
  await console_.done('incident.decide', {
    incident,
    text: 'Ask the provider for a callback',
    reason: 'nobody answers',
  });
  await console_.done('incident.severity', { incident, severity: 'SEV1', reason: 'provider is down' });
  await console_.done('incident.say', { incident, text: '決済サービスが停止しました' });
  return incident;
}

test('answers at every letter, names first, marks what was found, and opens it by keyboard', async ({ holdfast }) => {
  const { page } = holdfast;
  await story(holdfast);
  await toSearch(holdfast);
  await expect(page.getByText('Everything that was written, decided, asked or named is found here.')).toBeVisible();
  for (const theme of ['dark', 'light'] as const) {
    await holdfast.done('settings.set', { theme });
    await expectAccessible(page);
  }
  await page.keyboard.type('prov');
  await expect(found(holdfast).last()).toContainText(
    'The payment provider confirms an outage <b>in</b> the second region',
  );
  await expect(found(holdfast).last().locator('mark')).toHaveText(['prov']);
  const kinds = await found(holdfast).evaluateAll((rows) =>
    rows.map((row) => row.textContent!.match(/^(service|runbook|note|decision|state)/)?.[0]),
  );
  expect(kinds.slice(-3)).toEqual(['state', 'decision', 'note']);
  expect(kinds.slice(0, -3)).not.toContain('note');
  for (const theme of ['dark', 'light'] as const) {
    await holdfast.done('settings.set', { theme });
    await expectAccessible(page);
  }
  await page.keyboard.type('ider callb');
  await expect(found(holdfast)).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await expect(found(holdfast).first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(field(holdfast)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  await expect(page.getByRole('main')).toContainText('Tills are slow in Köln');
  await expect(
    page.getByRole('grid', { name: 'Timeline' }).getByRole('row', { name: /Ask the provider for a callback/ }),
  ).toBeFocused();

  await page.keyboard.press('Escape');
  await page.locator('html[data-ready="search"]').waitFor({ state: 'attached' });
  await expect(field(holdfast)).toHaveValue('provider callb');
  await expect(found(holdfast).first()).toBeFocused();
});

test('opens services, runbooks, people and incidents where they are shown', async ({ holdfast }) => {
  const { page } = holdfast;
  await story(holdfast);
  const [person] = await holdfast.done('estate.people', {});
  const cases: [string, string, string][] = [
    ['checkout api', 'map', 'Checkout API'],
    ['checkout slow', 'runbooks', 'Checkout is slow or failing'],
    [person!.name, 'estate', person!.name],
    ['tills koln', 'incident', 'Tills are slow in Köln'],
  ];
  for (const [text, screen, shown] of cases) {
    await page.keyboard.press('g');
    await page.keyboard.press('/');
    await expect(field(holdfast)).toBeFocused();
    await page.keyboard.type(text);
    await expect(found(holdfast).first()).toContainText(shown);
    await page.keyboard.press('Enter');
    await page.locator(`html[data-ready="${screen}"]`).waitFor({ state: 'attached' });
    await expect(page.getByRole('main')).toContainText(shown);
  }
});

test('is narrowed down by who, kind, incident and time, all by keyboard', async ({ holdfast }) => {
  const { page } = holdfast;
  const incident = await story(holdfast);
  const [person] = await holdfast.done('estate.people', {});
  await holdfast.done('settings.set', { actingAs: person!.id });
  await holdfast.done('incident.say', { incident, text: 'provider promises an update' });
  const { id: other } = await holdfast.done('incident.declare', { title: 'Other' });
  await holdfast.done('incident.say', {
    incident: other,
    text: 'provider is fine here',
    eventTime: Date.now() - 40 * 86_400_000,
  });
  await toSearch(holdfast);
  await page.keyboard.type('provider');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Notes');
  await expect(page.getByRole('combobox', { name: 'What' })).toHaveValue('entry:note');
  await expect(found(holdfast)).toHaveCount(3);
  await page.keyboard.press('Tab');
  await page.keyboard.type(person!.name.slice(0, 5));
  await page
    .getByRole('option', { name: new RegExp(person!.name) })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await expect(found(holdfast)).toHaveCount(2);
  await page.getByRole('combobox', { name: 'Incident' }).fill('tills');
  await page.keyboard.press('Enter');
  await expect(found(holdfast)).toHaveText([/provider promises an update/]);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Clear incident' }).click();
  await page.getByRole('combobox', { name: 'When' }).selectOption('Last 30 days');
  await expect(found(holdfast)).toHaveText([/provider promises an update/]);
  await page.getByRole('combobox', { name: 'When' }).selectOption('Between…');
  await page.getByLabel('To', { exact: true }).fill(new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10));
  await expect(found(holdfast)).toHaveText([/provider is fine here/]);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Search everything' }).click();
  await expect(found(holdfast).first()).toBeVisible();
  await field(holdfast).fill('zebra crossing');
  await expect(page.getByText('Nothing has all of these words in it.')).toBeVisible();
});

test('finds words in other scripts and shows markup as what it is', async ({ open }) => {
  const console_ = await open();
  const { page } = console_;
  await story(console_);
  await toSearch(console_);
  await field(console_).fill('停止');
  await expect(found(console_)).toHaveText([/決済サービスが停止しました/]);
  await expect(found(console_).locator('mark')).toHaveText(['停止']);
  await field(console_).fill('"<b>in" OR zebra*');
  await expect(page.getByText('Nothing has all of these words in it.')).toBeVisible();
  await field(console_).fill('<b>in</b>');
  const note = found(console_).filter({ hasText: 'payment provider confirms' });
  await expect(note.locator('mark')).toHaveText(['b', 'in', 'b']);
  await expect(note.locator('b')).toHaveCount(0);
});

test('pages through ten thousand answers and takes in what is written meanwhile', async ({ open, folder }) => {
  withStore(folder, (store) => {
    const declared = { number: 1, title: 'Long night', severity: 'SEV1', services: [], businessServices: [] };
    writeOps(store, (tx) => {
      tx.append({ scope: 'i1', type: 'incident.declare', payload: declared });
      for (let n = 0; n < 10_200; n++)
        tx.append({ scope: 'i1', type: 'entry.note', payload: { text: `wagon load ${n}` } });
    });
  });
  const console_ = await open({ folder });
  const { page } = console_;
  await toSearch(console_);
  await page.keyboard.type('wagon');
  await expect(page.getByRole('status').filter({ hasText: 'Still reading the log' })).toHaveCount(0, {
    timeout: 60_000,
  });
  await expect(found(console_).first()).toContainText('wagon load 10199');
  await page.keyboard.press('ArrowDown');
  const grid = page.getByRole('grid', { name: 'Found' });
  let last = 0;
  while (last < 10_200) {
    await page.keyboard.press('End');
    await expect.poll(async () => Number(await grid.getAttribute('aria-rowcount'))).toBeGreaterThan(last);
    const now = Number(await grid.getAttribute('aria-rowcount'));
    if (now === last) break;
    last = now;
    if (!(await page.getByText('more below').isVisible())) break;
  }
  expect(last).toBe(10_200);
  await page.keyboard.press('End');
  await expect(found(console_).last()).toBeFocused();
  await expect(found(console_).last()).toContainText('wagon load 0');
  await console_.done('incident.say', { incident: 'i1', text: 'wagon is empty' });
  await expect(page.getByText('10,201 found')).toBeVisible();
  await expect(found(console_).last()).toBeFocused();
  await page.keyboard.press('Home');
  await expect(found(console_).first()).toContainText('wagon is empty');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  await expect(
    page.getByRole('grid', { name: 'Timeline' }).getByRole('row', { name: /wagon load 0(?!\d)/ }),
  ).toBeFocused();
});

test('the palette leads on to it with what was typed', async ({ holdfast }) => {
  const { page } = holdfast;
  await story(holdfast);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('callback');
  await expect(page.getByRole('option', { name: 'Search the record for “callback”' })).toBeVisible();
  await page.keyboard.press('End');
  await page.getByRole('option', { name: 'Search the record for “callback”' }).click();
  await expect(field(holdfast)).toHaveValue('callback');
  await expect(found(holdfast)).toHaveText([/Ask the provider for a callback/]);
});
