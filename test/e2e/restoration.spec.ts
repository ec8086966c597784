/** After the declaration: what is suggested, in which order things come back, and what is left to put right, by keyboard. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('what is suggested is taken, the plan is worked off through its gates, and nothing is closed while debt is open', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  const { id, label } = await holdfast.done('incident.declare', {
    title: 'Orders stand still',
    services: ['order-postgres', 'checkout-api'],
    businessServices: ['checkout'],
  });
  for (const subject of ['order-postgres', 'checkout-api'])
    await holdfast.done('health.declare', { subject, health: 'failing', reason: 'by phone', minutes: 60 });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('row', { name: /Orders stand still/ }).click();

  // One key takes what is suggested.
  const suggested = page.getByRole('region', { name: 'Suggested next' });
  await suggested.getByRole('row').filter({ hasText: 'as commander' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Roles' })).not.toContainText('Commander –');
  await suggested.getByRole('row').first().focus();
  await page.keyboard.press('x');
  await page.keyboard.type('not now');
  await page.keyboard.press('Enter');
  await expect
    .poll(async () =>
      (await holdfast.done('incident.workspace', { incident: id })).settled.map(({ verdict }) => verdict),
    )
    .toEqual(['dismissed', 'taken']);
  await page.keyboard.press('f');
  const look = page.getByRole('dialog', { name: `First look at ${label}` });
  await expect(look.getByRole('region', { name: 'Whom to call, where to look' })).toContainText('+49 40');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(look).toBeHidden();

  // The plan: nothing is worked by before somebody adopts it.
  const plan = page.getByRole('region', { name: 'Restoration' });
  await plan.getByRole('button', { name: 'Adopt this plan' }).click();
  await expect(plan).toContainText('adopted');
  await page.keyboard.press('p');
  const full = page.getByRole('dialog', { name: `Restoration plan of ${label}` });
  await expect(full.getByRole('row').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(full.getByRole('row').first()).toContainText('working');
  await page.keyboard.press('Enter');
  await page.keyboard.type('a test order went through');
  await page.keyboard.press('Enter');
  await expect(full.getByText('verified by hand').first()).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(full).toBeHidden();

  // What is given up on purpose: called for by what is measured, started by one key, ended early with a reason.
  const modes = page.getByRole('region', { name: 'Degraded modes' });
  await expect(modes).toContainText('Nothing is degraded on purpose');
  await holdfast.done('policy.set', {
    policy: 'degraded',
    text: `modes:
  - id: limit
    title: Limit order promises
    effect: No same-day slots are promised.
    owner: operations
    when: [{ service: checkout-api, health: failing, minutes: 0 }]
    exit: [{ service: checkout-api, health: healthy, minutes: 10 }]
    buffers: [10%, 30%]
`,
    reason: 'agreed in the review',
  });
  const mode = modes.getByRole('row').filter({ hasText: 'Limit order promises' });
  await expect(mode).toContainText('proposed');
  await expect(mode).toContainText('Checkout API failing');
  await mode.focus();
  await page.keyboard.press('Enter');
  await expect(mode).toContainText('on since');
  await expect(mode).toBeFocused();
  // Its colours once it has glowed.
  await mode.evaluate((row) => row.getAnimations({ subtree: true }).forEach((one) => one.finish()));
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('before its exit criteria are met');
  await page.keyboard.type('customers are told otherwise');
  await page.keyboard.press('Enter');
  await expect(modes).toContainText('Ended: Limit order promises.');

  // What is left to put right.
  const cleanup = page.getByRole('region', { name: 'Cleanup', exact: true });
  await cleanup.getByRole('button', { name: 'Add' }).click();
  const form = page.getByRole('dialog', { name: 'What is to be put right?' });
  await page.keyboard.type('Orders stuck between shop and ERP');
  await form.getByLabel('How many').fill('214');
  await page.keyboard.press('Control+Enter');
  await expect(form).toBeHidden();
  await expect(cleanup).toContainText('214 orders');
  await holdfast.done('incident.state', { incident: id, status: 'resolved' });
  await cleanup.getByRole('button', { name: 'Close the incident' }).click();
  await expect(cleanup.getByRole('alert')).toContainText('1 cleanup item is open');
  const item = cleanup.getByRole('row').filter({ hasText: 'Orders stuck' });
  await item.focus();
  await page.keyboard.press('d');
  const counts = page.getByRole('dialog', { name: 'How much of it is put right?' });
  await counts.getByLabel('Reconciled').fill('200');
  await page.keyboard.press('Enter');
  await expect(cleanup).toContainText('14 of 214 orders left');
  await item.focus();
  await page.keyboard.press('y');
  await page.keyboard.press('1');
  await page.keyboard.type('the bank answers next week');
  await page.keyboard.press('Enter');
  await expect(cleanup).toContainText('answers for 14');
  await cleanup.getByRole('button', { name: 'Close the incident' }).click();
  await expect(page.getByRole('list', { name: 'State' }).getByRole('button', { name: 'closed' })).toHaveAttribute(
    'aria-current',
    'step',
  );
  await expectAccessible(page);
});
