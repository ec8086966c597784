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

test('drift says how to begin when nothing is learned', async ({ holdfast }) => {
  const { page } = holdfast;
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.locator('html[data-ready="estate"]').waitFor({ state: 'attached' });
  await page.keyboard.press('6');
  await expect(page.getByText(/No source learns calls between services/)).toBeVisible();
  await expectAccessible(page);
});
