/** The link to a hub, seen and set from the window, with a real server that goes away. */
import { startNats } from '../support/nats.ts';
import { missing } from '../support/servers.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('a person sets a hub, sees that it is connected, and that it is cut off when it is', async ({ open }) => {
  test.skip(missing('nats-server'), 'nats-server is not installed');
  const hub = await startNats();
  const { page } = await open();
  const strip = page.getByRole('button', { name: /^link/ });
  await expect(strip).toHaveText(/no hub/);
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page.getByText('This console is alone')).toBeVisible();
  await page.keyboard.press('e');
  await page.getByLabel('Address').fill(hub.hub);
  await page.getByLabel('Organisation').fill('acme-retail');
  await page.getByRole('button', { name: 'Test' }).click();
  await expect(page.getByText(/The hub answers in/)).toBeVisible();
  await page.keyboard.press('Enter');
  await page.getByLabel('Organisation').press('Enter');
  await expect(page.getByRole('status').filter({ hasText: /^Connected/ })).toBeVisible();
  await expect(strip).toHaveText(/connected/);
  await expectAccessible(page);

  await hub.kill();
  await expect(page.getByRole('status').filter({ hasText: /^Cut off from the hub/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /cut off/ })).toBeVisible();
  await expectAccessible(page);
  await hub.restart();
  await page.keyboard.press('r');
  await expect(page.getByRole('status').filter({ hasText: /^Connected/ })).toBeVisible();
  await hub.stop();
});
