/** What an outage costs, as a commander sees it during the demonstration's bad evening. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('an incident tells its money, how the figure is made, and the curve behind it', async ({ holdfast }) => {
  const { page } = holdfast;
  const player = (await holdfast.done('sources.list', {})).find(({ type }) => type === 'player')!;
  await holdfast.done('sources.change', { source: player.id, config: { ...player.config, from: 'PT10M' } });
  const { id } = await holdfast.done('incident.declare', {
    title: 'Checkout failing',
    severity: 'SEV1',
    services: ['checkout-api'],
    businessServices: ['checkout'],
    startedAt: (await holdfast.done('status', {})).now - 4 * 60_000,
  });
  await expect
    .poll(async () => (await holdfast.done('impact', { incident: id })).businessServices[0]?.share.likely ?? 0)
    .toBeGreaterThan(0.4);

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(page.getByRole('row', { name: /Checkout failing/ }).getByText(/^−€ /)).toBeVisible();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const money = page.getByTestId('incident-money');
  await expect(money).toContainText(/−€ [\d,.k]+ so far/);
  await expect(money).toContainText(/−€ [\d,.k]+\/min/);

  await money.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'How this figure is made' });
  await expect(dialog.getByText(/Demonstration player measures \d+ % less than usual/)).toBeVisible();
  await expect(dialog.getByRole('rowheader', { name: 'Measured orders' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  const impact = page.getByRole('region', { name: 'Impact' });
  await impact.getByRole('button', { name: 'Actual against usual' }).click();
  const curve = impact.getByRole('figure', { name: /Online checkout/ });
  await expect(curve.locator('svg.recharts-surface').first()).toBeVisible();
  await expect(curve.getByText(/orders a minute, last 3 h/)).toBeVisible();
  await expect(curve.getByRole('list', { name: 'Marks' })).toContainText('INC-0001 declared');
  await curve.getByRole('button', { name: 'Table' }).click();
  await expect(curve.getByRole('columnheader', { name: 'Usual' })).toBeVisible();
  await expectAccessible(page);
});
