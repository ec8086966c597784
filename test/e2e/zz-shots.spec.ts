import { test, expect } from './console.ts';
import { expectAccessible } from './accessible.ts';

test('shots', async ({ holdfast }) => {
  test.setTimeout(120_000);
  const { page } = holdfast;
  await holdfast.done('sources.change', {
    source: 'demonstration',
    config: { scenario: 'scenario.yaml', from: 'PT10M', every: 1 },
  });
  await expect
    .poll(async () => (await holdfast.done('health', { only: 'failing' })).services.length, { timeout: 20_000 })
    .toBeGreaterThan(2);
  const { id } = await holdfast.done('incident.declare', {
    title: 'Checkout failing',
    services: ['checkout-api', 'payments-api'],
    businessServices: ['checkout'],
  });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page
    .getByRole('row', { name: /Checkout failing/ })
    .first()
    .click();
  await page.getByRole('region', { name: 'Suggested next' }).getByRole('row').first().focus();
  await page.screenshot({ path: '/tmp/hf/restore-shots/0-suggested.png' });
  await page.keyboard.press('f');
  await page.waitForTimeout(300);
  await page.screenshot({ path: '/tmp/hf/restore-shots/0b-look.png' });
  await page.keyboard.press('Escape');
  await page.waitForTimeout(200);
  await page.getByRole('region', { name: 'Restoration' }).scrollIntoViewIfNeeded();
  await page.screenshot({ path: '/tmp/hf/restore-shots/1-proposed.png' });
  await page.getByRole('button', { name: 'Adopt this plan' }).click();
  await page.getByRole('region', { name: 'Restoration' }).getByRole('row').first().focus();
  await page.keyboard.press('Enter');
  await page.screenshot({ path: '/tmp/hf/restore-shots/2-adopted.png' });
  await page.keyboard.press('p');
  await page.waitForTimeout(400);
  await page.screenshot({ path: '/tmp/hf/restore-shots/3-full.png' });
  await page.setViewportSize({ width: 1920, height: 1080 }).catch(() => {});
  await page.screenshot({ path: '/tmp/hf/restore-shots/3b-full.png' });
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await holdfast.done('incident.run', { incident: id, runbook: 'store-wan-outage' });
  await holdfast.done('cleanup.add', {
    incident: id,
    kind: 'orders',
    title: 'Orders stuck between shop and ERP',
    count: 214,
    moneyMinor: 1_070_000,
    currency: 'EUR',
    owner: 'ana-kovac',
    dueAt: Date.now() + 3_600_000,
  });
  await holdfast.done('incident.state', { incident: id, status: 'resolved' });
  await page.getByRole('region', { name: 'Cleanup' }).scrollIntoViewIfNeeded();
  await page.getByRole('region', { name: 'Cleanup' }).getByRole('row').first().focus();
  await page.screenshot({ path: '/tmp/hf/restore-shots/4-cleanup.png' });
  await page.keyboard.press('d');
  await page.screenshot({ path: '/tmp/hf/restore-shots/5-counts.png' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('e');
  await page.screenshot({ path: '/tmp/hf/restore-shots/6-form.png' });
  await page.keyboard.press('Escape');
  await page.keyboard.press('.');
  await page.waitForTimeout(300);
  await expectAccessible(page);
  await holdfast.done('settings.set', { theme: 'light' });
  await page.waitForTimeout(300);
  await page.screenshot({ path: '/tmp/hf/restore-shots/7-light.png' });
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.waitForTimeout(500);
  await page.screenshot({ path: '/tmp/hf/restore-shots/8-situation.png' });
});
