/** What a person says of a service by keyboard: how it is, that work on it was announced; and whom it reaches. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('health is set by hand, seen as such wherever it shows, and withdrawn; the panel says whom it reaches and why', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.locator('html[data-ready="map"]').waitFor({ state: 'attached' });
  await page.keyboard.press('/');
  await page.keyboard.type('Order PostgreSQL');
  await page.keyboard.press('Enter');
  const panel = page.getByTestId('service-panel');
  await expect(panel.getByRole('heading', { name: 'Order PostgreSQL' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: /service/i })).not.toBeFocused();

  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog', { name: 'Health of Order PostgreSQL by hand' });
  await expect(dialog.getByLabel('How is this known?')).toBeFocused();
  await page.keyboard.type('declared by phone, store 112');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(panel.getByText(/^by hand, .*, until /)).toBeVisible();
  const word = await holdfast.done('health.by-hand', {});
  expect(word).toMatchObject([{ id: 'order-postgres', health: 'failing', reason: 'declared by phone, store 112' }]);

  const reaches = panel.getByRole('region', { name: 'Reaches', exact: true });
  await expect(reaches).toContainText('7 services for certain (2 directly)');
  await reaches.getByRole('button', { name: 'Why Online checkout is reached' }).click();
  await expect(reaches.getByRole('listitem').filter({ hasText: /^Web shop needs \(hard, sync\)$/ })).toBeVisible();
  await expectAccessible(page);

  await page.keyboard.press('m');
  const work = page.getByRole('dialog', { name: 'Maintenance of Order PostgreSQL' });
  await expect(work.getByLabel('What is done?')).toBeFocused();
  await page.keyboard.type('new disks');
  await page.keyboard.press('Enter');
  await expect(work).toBeHidden();
  // A person's word is never noise, so the work does not hide it.
  await expect(panel.getByText(/^in maintenance, and counts until /)).toBeVisible();

  await page.keyboard.press('h');
  await page.getByRole('button', { name: 'Withdraw, let the sources speak' }).press('Enter');
  await expect(panel.getByText(/^by hand, /)).toBeHidden();
  expect(await holdfast.done('health.by-hand', {})).toEqual([]);
});

test('the estate shows drift and announced work: planned, moved and ended by keyboard', async ({ holdfast }) => {
  const { page } = holdfast;
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.locator('html[data-ready="estate"]').waitFor({ state: 'attached' });
  await page.keyboard.press('6');
  await expect(page.getByText(/No source learns calls between services/)).toBeVisible();
  await expectAccessible(page);

  await page.keyboard.press('7');
  await expect(page.getByText('No work is announced.')).toBeVisible();
  await page.keyboard.press('p');
  const dialog = page.getByRole('dialog', { name: 'Plan maintenance' });
  await expect(dialog.getByLabel('What is done?')).toBeFocused();
  await page.keyboard.type('new disks');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Order PostgreSQL');
  await page.keyboard.press('Enter');
  await dialog.getByLabel('Starts').focus();
  await page.keyboard.type('soon');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/"soon" is no time; write it like 30m/)).toBeVisible();
  await dialog.getByLabel('Starts').fill('now');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row', { name: /new disks/ });
  await expect(row).toContainText('going on');
  await expect(page.getByText(/going on, (59|60) min left/)).toBeVisible();

  await page.getByLabel('Ends instead').fill('3h');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/going on, 2 h 59 left|going on, 3 h 00 left|going on, 3 h left/)).toBeVisible();
  await expectAccessible(page);
  await row.focus();
  await page.keyboard.press('e');
  await expect(page.getByText('over, ended before it was planned to')).toBeVisible();
  await expect(row).toContainText('over');
  expect(await holdfast.done('maintenance.list', {})).toEqual([]);
});
