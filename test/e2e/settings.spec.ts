/** Settings count at once, are kept, and what is refused says so beside it. */
import { expect, test } from './console.ts';

test('theme, density, zone and person count at once and are there after a restart', async ({ open, folder }) => {
  const first = await open({ demonstration: true });
  const { page } = first;
  const [person] = await first.done('estate.people', {});
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('radio', { name: 'Light' }).click({ force: true });
  await expect(page.locator('html[data-theme="light"]')).toBeAttached();
  await page.getByRole('radio', { name: 'Compact' }).click({ force: true });
  await expect(page.locator('html[data-density="compact"]')).toBeAttached();
  await page.getByRole('combobox', { name: 'Zone of headquarters' }).fill('tokyo');
  await page.getByRole('option', { name: 'Asia/Tokyo' }).click();
  await expect(page.getByRole('banner')).toContainText(/JST|UTC\+0?9/);
  await page.getByRole('combobox', { name: 'Acting as' }).fill(person!.name);
  await page
    .getByRole('option', { name: new RegExp(person!.name) })
    .first()
    .click();
  await expect(page.getByRole('banner')).toContainText(person!.name);
  await first.close();

  const second = await open({ folder });
  await expect(second.page.locator('html[data-theme="light"][data-density="compact"]')).toBeAttached();
  await expect(second.page.getByRole('banner')).toContainText(person!.name);
  const { id } = await second.done('incident.declare', { title: 'Who says this' });
  expect((await second.done('incident.show', { incident: id })).declaredBy.id).toBe(person!.id);
});

test('the tables can be rebuilt and the demonstration left, told twice', async ({ holdfast }) => {
  const { page } = holdfast;
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('button', { name: 'Rebuild the tables from the log' }).click();
  await expect(page.getByText(/ops replayed in .* are what they were/)).toBeVisible();
  await page.getByRole('button', { name: 'Leave the demonstration' }).click();
  await expect(page.getByRole('button', { name: 'Stay' })).toBeFocused();
  await page.getByRole('button', { name: 'Leave the demonstration' }).click();
  await expect(page.getByText('Nothing is known yet.')).toBeVisible();
  await expect(page.getByText('DEMONSTRATION', { exact: true })).toHaveCount(0);
});
