/** The frame on every screen, and the home that it opens with. */
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

const SCREENS = [
  ['s', 'situation', 'Situation'],
  ['m', 'map', 'Map'],
  ['i', 'incidents', 'Incidents'],
  ['h', 'stores', 'Stores'],
  ['e', 'estate', 'Estate'],
  ['r', 'runbooks', 'Runbooks'],
  ['o', 'sources', 'Sources'],
  ['c', 'record', 'Record'],
  ['t', 'settings', 'Settings'],
] as const;

async function go({ page }: Console, key: string, screen: string): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press(key);
  await page.locator(`html[data-ready="${screen}"]`).waitFor({ state: 'attached' });
}

for (const theme of ['dark', 'light'] as const) {
  test(`every screen is reached by keyboard, says DEMONSTRATION and is accessible in the ${theme} theme`, async ({
    holdfast,
  }) => {
    const { page } = holdfast;
    await holdfast.done('settings.set', { theme });
    await expect(page.locator(`html[data-theme="${theme}"]`)).toBeAttached();
    for (const [key, screen, title] of SCREENS) {
      await go(holdfast, key, screen);
      await expect(page.getByRole('banner').getByRole('heading', { name: title })).toBeVisible();
      await expect(page.getByRole('banner').getByText('DEMONSTRATION', { exact: true })).toBeVisible();
      await expectAccessible(page);
    }
    // The last of them is longer than its window: it is read to the end without a mouse.
    await expect(page.getByText('Schema of the data')).not.toBeInViewport();
    await page.keyboard.press('End');
    await expect(page.getByText('Schema of the data')).toBeInViewport();
    await page.keyboard.press('Home');
    await expect(page.getByText('Theme')).toBeInViewport();
  });
}

test('the home shows business services, services, stores by region and what waits', async ({ holdfast }) => {
  const { page } = holdfast;
  const situation = await holdfast.done('situation', {});
  for (const { name } of situation.businessServices) await expect(page.getByText(name, { exact: true })).toBeVisible();
  for (const { region } of situation.stores) await expect(page.getByText(region.name, { exact: true })).toBeVisible();
  const { services } = situation;
  await expect(page.getByRole('heading', { name: 'Services', exact: true }).locator('..')).toContainText(
    String(services.byHealth.healthy),
  );
  await holdfast.done('incident.declare', { title: 'Tills are slow', severity: 'SEV3' });
  const row = page.getByRole('grid', { name: 'Open incidents' }).getByRole('row', { name: /Tills are slow/ });
  await expect(row).toContainText('nobody commands');
  await expect(page.getByRole('grid', { name: 'Needs you' })).toContainText('nobody commands');
});

test('an empty console says what will be here and how to fill it', async ({ open }) => {
  const { page } = await open();
  await expect(page.getByText('Nothing is known yet.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Import catalog' })).toBeFocused();
  await expect(page.getByText('DEMONSTRATION', { exact: true })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Load the demonstration' }).click();
  await expect(page.getByText('DEMONSTRATION', { exact: true })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Business services' })).toBeVisible();
});

test('? lists the keys that work here', async ({ holdfast }) => {
  const { page } = holdfast;
  await go(holdfast, 'o', 'sources');
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await expect(help).toContainText('Add a source');
  await expect(help).toContainText('Declare an incident');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.locator('html[data-ready="situation"]')).toBeAttached();
});

test('clocks show headquarters and where the incident is, each with its zone', async ({ open }) => {
  const console_ = await open({ demonstration: true, env: { TZ: 'America/New_York' } });
  const { page } = console_;
  const { label } = await console_.done('incident.declare', { title: 'Tills are slow' });
  await console_.done('settings.set', { headquartersZone: 'Asia/Tokyo' });
  const strip = page.getByRole('banner');
  await expect(strip).toContainText(/HQ \d\d:\d\d (JST|UTC\+0?9(:00)?)/);
  await expect(strip).toContainText(new RegExp(`${label} \\d\\d:\\d\\d E[SD]T`));
});
