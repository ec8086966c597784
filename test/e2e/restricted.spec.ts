/** A restricted incident from its declaration to a colleague at the same desktop, who learns only that there is one. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('a restricted incident is declared, read by its members, and unknown to whoever sits here next', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await holdfast.done('access.grant', { to: 'ana-kovac', role: 'keeper' });
  for (const person of ['ana-kovac', 'raj-menon'])
    await holdfast.done('access.secret', { person, secret: `seven lemons of ${person}` });
  await holdfast.done('access.unlock', { person: 'ana-kovac', secret: 'seven lemons of ana-kovac' });

  await page.keyboard.press('Control+Shift+I');
  const declare = page.getByRole('dialog', { name: 'Declare an incident' });
  await declare.getByLabel('What is wrong').fill('Payroll is on a forum');
  await declare.getByRole('checkbox', { name: 'only some people may read it' }).check();
  await page.keyboard.press('Control+Enter');
  await expect(declare).toContainText('Name somebody who reads it');
  await declare.getByRole('combobox', { name: 'Who reads it, besides you' }).fill('Li Wen');
  await page.keyboard.press('Enter');
  await declare.getByRole('combobox', { name: 'Whom others may ask' }).fill('Ana Kov');
  await page.keyboard.press('Enter');
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');

  const part = page.getByRole('region', { name: 'Restriction' });
  await expect(page.getByRole('heading', { name: /RES-0001/ })).toContainText('Payroll is on a forum');
  await expect(part).toContainText('Li Wen');
  await expect(part).toContainText('readable on this console only; others ask Ana Kovač');
  await expect(part).toContainText('Looked: Ana Kovač');
  await part.getByRole('button', { name: 'Change' }).click();
  const change = page.getByRole('dialog', { name: 'Who reads this incident' });
  await change.getByRole('combobox', { name: /that read it/ }).fill('Platform and Id');
  await page.keyboard.press('Enter');
  await change.getByLabel('Reason').fill('they own the forum');
  await page.keyboard.press('Enter');
  await expect(part).toContainText(/platform/i);
  await expectAccessible(page);

  // What is being written about it is on no disk in the clear.
  const composer = page.getByRole('textbox', { name: 'Write in the timeline' });
  await composer.fill('the clerk at the desk is asked tonight');
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('clerk at the desk');
  await composer.fill('');

  // The next person at the same desktop: the open room closes by itself, and nothing of it is anywhere.
  await holdfast.done('access.lock', {});
  await expect(page.getByText('There is no such incident.')).toBeVisible();
  await expect(page.locator('body')).not.toContainText('Payroll');
  await holdfast.done('incident.list', { all: true });
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page.getByText('1 restricted incident is running; ask Ana Kovač.')).toBeVisible();
  await expect(page.locator('body')).not.toContainText('Payroll');
});
