/** The map at other times than now, its named views, its groups and its pictures, in the demonstration's bad evening. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('the map tells what it was like then, what changed since, and comes back as it was kept and on paper', async ({
  holdfast,
}) => {
  const { page, folder } = holdfast;
  const player = (await holdfast.done('sources.list', {})).find(({ type }) => type === 'player')!;
  await holdfast.done('sources.change', { source: player.id, config: { ...player.config, from: 'PT10M', every: 1 } });
  await expect
    .poll(async () => (await holdfast.done('health', { only: 'failing' })).services.map(({ id }) => id))
    .toEqual(expect.arrayContaining(['checkout-api', 'payments-api']));
  await holdfast.done('incident.declare', { title: 'Checkout failing', services: ['checkout-api'] });
  await holdfast.done('health.declare', {
    subject: 'edge-dns',
    health: 'failing',
    reason: 'declared by phone',
    minutes: 60,
  });

  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.locator('html[data-ready=map]').waitFor({ state: 'attached' });
  const canvas = page.getByTestId('map-canvas');
  const counted = page.getByTestId('count-line');
  const bar = page.getByTestId('moment-bar');
  // The path begins at what is ranked first, and that is said.
  await expect(page.getByRole('list', { name: 'Legend' })).toContainText('failing path from Checkout API');

  // Replay: nothing was hurt before the first change; the word by hand is the last one.
  await canvas.focus();
  await page.keyboard.press('r');
  const scrubber = bar.getByRole('slider', { name: 'Instant that is shown' });
  await expect(scrubber).toBeEnabled();
  const failing = (): Promise<number> =>
    bar
      .getByTestId('moment-counts')
      .innerText()
      .then((text) => Number(/(\d+) failing/.exec(text)?.[1] ?? 0));
  const atEnd = await failing();
  expect(atEnd).toBeGreaterThan(2);
  await expect(bar.getByTestId('moment-change')).toContainText(/changed \d\d:\d\d .*: /);
  await canvas.focus();
  await page.keyboard.press(',');
  await expect(bar).toContainText('before now');
  await page.keyboard.press(',');
  await expect.poll(failing).toBe(atEnd - 1);
  await scrubber.focus();
  await page.keyboard.press('Home');
  await expect.poll(failing).toBe(0);
  await expectAccessible(page);
  await canvas.focus();
  await page.keyboard.press('n');
  await expect(bar).toBeHidden();

  // Compare with the declaration: only what somebody said since is another.
  await page.keyboard.press('c');
  await expect(bar.getByRole('combobox', { name: 'Now against when' })).toContainText('INC-0001 was declared');
  await expect(bar.getByTestId('moment-counts')).toContainText(/[1-9]\d* worse/);
  await bar.getByRole('button', { name: 'Only what changed' }).click();
  await expect(counted).toContainText('changed since then');
  await expectAccessible(page);
  await canvas.focus();
  await page.keyboard.press('n');
  await expect(counted).toContainText('showing all');

  // Table and tree carry the same facts.
  await page.keyboard.press('t');
  await expect(page.getByRole('row', { name: /Checkout API/ })).toContainText(/probable cause · changed \d\d:\d\d/);
  await page.keyboard.press('y');
  await expect(page.getByRole('treeitem', { name: /Mobile app/ })).toBeVisible();
  await page.keyboard.press('y');
  await page.locator('html[data-ready=map]').waitFor({ state: 'attached' });

  // Groups: what is put together is counted with what hurts in it.
  await page.getByLabel('Group by', { exact: true }).selectOption('domain');
  await expect(counted).toContainText(/75 of them in 5 groups/);
  await canvas.focus();
  await page.keyboard.press('b');
  const dialog = page.getByRole('dialog', { name: 'Bookmarks of the map' });
  await expect(dialog.getByLabel('Keep this view as')).toBeFocused();
  await page.keyboard.type('By domain');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(canvas).toBeFocused();
  await page.getByLabel('Group by', { exact: true }).selectOption('none');
  await expect(counted).not.toContainText('groups');
  await canvas.focus();
  await page.keyboard.press('1');
  await expect(counted).toContainText(/75 of them in 5 groups/);

  // Pictures of exactly that, into a folder that was chosen.
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  await holdfast.app.evaluate(({ dialog: native }, to) => {
    native.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [to] });
  }, pictures);
  await canvas.focus();
  await page.keyboard.press('e');
  const save = page.getByRole('dialog', { name: 'Save a picture of the map' });
  for (const format of ['SVG', 'PNG']) {
    await save.getByRole('button', { name: format }).click();
    await expect(save.getByText(new RegExp(`Saved as .*\\.${format.toLowerCase()}`))).toBeVisible();
    const path = (await save.locator('output b').innerText()).trim();
    expect(existsSync(path)).toBe(true);
    const bytes = readFileSync(path);
    if (format === 'PNG') expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    else expect(bytes.toString()).toMatch(/<title>75 services, 149 dependencies, showing all, as of /);
  }
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(save).toBeHidden();
});
