/** Stores by keyboard: who can still sell, where the others are, one of them on the phone, and what it says. */
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

/** The demonstration in the middle of its outage: Ireland West sells from its own servers, three stores are not heard of. */
async function outage(holdfast: Console): Promise<void> {
  await holdfast.done('sources.change', {
    source: 'demonstration',
    config: { scenario: 'scenario.yaml', from: 'PT20M', speed: 1 },
  });
  await expect
    .poll(async () => {
      const { stores } = await holdfast.done('store.list', { region: 'ie-west' });
      return stores.filter(({ selling }) => selling === 'fallback').length;
    })
    .toBe(11);
}

async function goToStores({ page }: Console): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await page.locator('html[data-ready="stores"]').waitFor({ state: 'attached' });
}

test('a regional outage is seen at a glance, walked by keyboard, and a store’s word is taken down', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await outage(holdfast);
  await goToStores(holdfast);
  const { answer } = await holdfast.done('store.list', {});
  await expect(page.getByText(answer, { exact: true })).toBeVisible();
  const west = page.getByRole('region', { name: 'Ireland West' });
  await expect(west.locator('[data-selling="fallback"][data-store]')).toHaveCount(11);
  await expect(
    page.getByRole('region', { name: 'Germany North' }).locator('[data-store][data-selling="sells"]'),
  ).toHaveCount(32);

  await page.keyboard.press('n');
  const focused = page.locator('[data-store]:focus');
  await expect(focused).toHaveAttribute('data-selling', /fallback|unknown/);
  const id = (await focused.getAttribute('data-store'))!;
  await page.keyboard.press('Enter');
  const store = page.locator(`[data-store-page="${id}"]`);
  const shown = await holdfast.done('store.show', { store: id });
  await expect(store).toContainText(shown.phone!);
  await expect(store).toContainText('sells from its own server');
  await expect(store.locator('[data-part="wan"]')).toHaveText('down');
  await expect(store.locator('[data-opening]')).toContainText(/open|closed/);
  await expect(store).toContainText(`${shown.alike.stores} of 14 stores of Ireland West are like this`);
  await expect(store.getByRole('button', { name: /WAN|wan/ }).first()).toBeVisible();

  await page.keyboard.press('r');
  const form = page.getByRole('dialog', { name: /Report on/ });
  await form.getByRole('group', { name: 'Tills' }).getByRole('radio', { name: 'not said' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await form.getByLabel('Transactions waiting').fill('1,250');
  await form.getByLabel('Age of the oldest').fill('25m');
  await page.keyboard.press('Enter');
  await expect(form.getByRole('alert')).toContainText('what was heard');
  await form.getByLabel('What was heard').fill('All tills are dead since the fire alarm');
  await page.keyboard.press('Enter');
  await expect(form).toHaveCount(0);
  await expect(store.locator('[data-part="pos"]')).toHaveText('down');
  await expect(store.locator('[data-part="buffered"]')).toHaveText('1,250');
  await expect(store).toContainText('All tills are dead since the fire alarm');
  await expect(page.locator(`[data-store="${id}"]`)).toHaveAttribute('data-selling', 'cannot');
  await expect(page.locator(`[data-store="${id}"]`)).toHaveAttribute('data-reported', 'true');
  expect((await holdfast.done('store.show', { store: id })).state.pos).toMatchObject({ value: 'down', from: 'report' });

  await page.keyboard.press('Escape');
  await expect(store).toHaveCount(0);
  await expect(page.locator(`[data-store="${id}"]`)).toBeFocused();
});

test('stores are found by number, filtered, and read as a table', async ({ holdfast }) => {
  const { page } = holdfast;
  await goToStores(holdfast);
  await page.keyboard.press('/');
  await page.keyboard.type('112');
  await expect(page.locator('[data-store]')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-store-page="store-112"]')).toBeVisible();
  await page.getByLabel('Find a store').fill('');
  await page.getByLabel('Region').selectOption('azores');
  await expect(page.locator('[data-store]')).toHaveCount(8);
  await page.getByRole('button', { name: /^Table/ }).click();
  await expect(
    page
      .getByRole('grid', { name: 'Stores' })
      .getByRole('row', { name: /Ponta Delgada|Angra|Horta/ })
      .first(),
  ).toBeVisible();
});

for (const theme of ['dark', 'light'] as const) {
  test(`the grid, a store and its form are accessible in the ${theme} theme`, async ({ holdfast }) => {
    const { page } = holdfast;
    await holdfast.done('settings.set', { theme });
    await expect(page.locator(`html[data-theme="${theme}"]`)).toBeAttached();
    await outage(holdfast);
    await goToStores(holdfast);
    await expectAccessible(page);
    await page.keyboard.press('n');
    await page.keyboard.press('Enter');
    await expect(page.locator('[data-store-page]')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('r');
    await expect(page.getByRole('dialog', { name: /Report on/ })).toBeVisible();
    await expectAccessible(page);
  });
}
