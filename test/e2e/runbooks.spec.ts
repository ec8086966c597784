/** A runbook of the team's own in the room: evidence, branches, a reach guard, and a file that changes in mid-run. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

const TEXT = `---
id: own-slow
title: Checkout is slow, our way
version: 1.0.0
summary: What we do when customers wait at checkout.
match:
  services: [checkout-api]
owner: operations
minutes: 30
---
## 1. Look at the queue {#look type=check role=operations minutes=2 evidence="queue depth"}

How many wait, and since when.

## 2. Is it the release? {#which type=decision role=commander minutes=3}

- [Yes, it began with the release](#rollback)
- [No](#settle)

## 3. Roll back {#rollback role=operations minutes=6 reversible=yes}

Take the release before this one.

## 4. Let it settle {#settle type=wait role=operations minutes=5 reach=1 until="the queue is empty"}

## 5. Tell them {#tell type=message role=communications audience=engineers minutes=1}

> Checkout is quick again since ‹14:05›.
`;

test('a runbook is gone through by its branches, with one key each, and a newer text is offered', async ({
  folder,
  open,
}) => {
  await mkdir(join(folder, 'runbooks'), { recursive: true });
  const file = join(folder, 'runbooks', 'own-slow.md');
  await writeFile(file, TEXT);
  const holdfast = await open({ demonstration: true });
  const { page } = holdfast;
  const { id: incident, label } = await holdfast.done('incident.declare', {
    title: 'Checkout waits',
    services: ['checkout-api'],
  });
  const { run } = await holdfast.done('incident.run', { incident, runbook: 'own-slow' });
  for (const key of ['g', 'i']) await page.keyboard.press(key);
  await page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
  await page.getByRole('row').filter({ hasText: 'Checkout waits' }).click();
  const region = page.getByRole('region', { name: 'Runbook Checkout is slow, our way' });
  await expect(region).toContainText('0/5');
  await expect(region).toContainText('about 11–17 min left');
  const row = (n: number) => region.getByRole('row').nth(n);

  await row(0).focus();
  await page.keyboard.press('d');
  const asked = page.getByRole('dialog', { name: 'This step is done' });
  await expect(asked.getByRole('button', { name: 'Done' })).toBeDisabled();
  await page.keyboard.type('412 since 13:50');
  await page.keyboard.press('Enter');
  await expect(row(0)).toContainText('412 since 13:50');
  await expect(row(1)).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(row(1).getByRole('button', { name: /^Yes, it began/ })).toBeFocused();
  await expectAccessible(page);
  await expect(row(1)).not.toContainText('#rollback');
  await page.keyboard.press('2');
  await expect(row(1)).toContainText('→ No');
  await expect(row(2)).toContainText('not needed');
  await expect(row(3)).toBeFocused();
  await expect(region).toContainText('2/4');

  // More services are reached than the step allows.
  await expect(row(3)).toContainText(/\d+ services are reached, and it stops at more than 1/);
  await page.keyboard.press('Enter');
  const guard = page.getByRole('dialog', { name: 'Start this step' });
  await expect(guard).toContainText('services are reached');
  await page.keyboard.type('waiting harms nobody');
  await page.keyboard.press('Enter');
  await expect(row(3)).toContainText('overruled by');
  await expect(row(3)).toContainText(/4:\d\d to wait/);
  await expect(row(3)).toBeFocused();
  // The button that asks goes with its row's keys; left unanswered it gives the focus back.
  await page.keyboard.press('s');
  await page.getByRole('dialog', { name: 'Skip this step: why?' }).press('Escape');
  await expect(row(3)).toBeFocused();
  // What is typed while the palette opens is the palette's, also where the row has a key of that name.
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('sf');
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('sf');
  await page.keyboard.press('Escape');
  await expect(row(3)).toBeFocused();

  await writeFile(
    file,
    TEXT.replace('version: 1.0.0', 'version: 1.1.0').replace(
      'Take the release before this one.',
      'Take the last release that was good.',
    ),
  );
  await expect(region).toContainText('Another version 1.1.0 is on disk.');
  await region.getByRole('button', { name: 'See what changes' }).click();
  const diff = page.getByRole('dialog', { name: /version 1\.1\.0 instead of 1\.0\.0/ });
  await expect(diff).toContainText('+ Take the last release that was good.');
  await expect(diff).toContainText('4 of its steps are the same; 3 of them keep how they ended');
  await expectAccessible(page);
  await diff.getByRole('button', { name: 'Go on with the newer text' }).click();
  const newer = page.getByRole('region', { name: 'Runbook Checkout is slow, our way' }).nth(1);
  await expect(newer).toContainText('version 1.1.0');
  await expect(newer).toContainText('2/4');
  await expect(region.first()).toContainText('version 1.1.0 goes on instead of 1.0.0');
  const { runs } = await holdfast.done('incident.show', { incident });
  expect(runs.map(({ id, state, continues }) => [id === run, state, continues])).toEqual([
    [true, 'ended', null],
    [false, 'running', run],
  ]);

  for (const key of ['g', 'r']) await page.keyboard.press(key);
  await page.locator('html[data-ready="runbooks"]').waitFor({ state: 'attached' });
  await page.getByRole('row').filter({ hasText: 'Checkout is slow, our way' }).click();
  await expect(page.getByRole('region', { name: 'Ways through it' })).toContainText('2, 11–17 min');
  await expect(page.getByRole('region', { name: 'Used in' })).toContainText(label);
  await expectAccessible(page);
  await writeFile(file, TEXT.replace('(#settle)', '(#setle)'));
  await expect(page.getByRole('list', { name: 'Problems in the file' })).toContainText(
    'own-slow.md:15 which.branches: There is no step "setle"',
  );
});
