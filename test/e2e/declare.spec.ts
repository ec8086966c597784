/** Declaring: in seconds, by keyboard, from anywhere. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('a declaration takes one combination, a title and Enter, and ends in the composer', async ({ holdfast }) => {
  const { page } = holdfast;
  await page.keyboard.press('Control+Shift+I');
  await page.keyboard.type('Checkout refuses cards');
  await expect(page.getByRole('textbox', { name: 'What is wrong' })).toHaveValue('Checkout refuses cards');
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  await expect(page.getByRole('main').locator('textarea')).toBeFocused();
  await page.keyboard.type('the first note');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toContainText('the first note');
  const [incident] = await holdfast.done('incident.list', {});
  expect(incident).toMatchObject({ title: 'Checkout refuses cards', severity: 'SEV2', status: 'declared' });
});

test('nothing that is typed while the dialog still opens is lost or taken for a key of the screen', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await page.evaluate(() => {
    const press = (key: string, held: KeyboardEventInit = {}): boolean =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held }));
    press('I', { ctrlKey: true, shiftKey: true });
    for (const key of 'g i') press(key);
  });
  await expect(page.getByRole('textbox', { name: 'What is wrong' })).toHaveValue('g i');
  await expect(page.locator('html[data-ready="situation"]')).toBeAttached();
});

test('a declaration typed to its end before the dialog has opened is made', async ({ holdfast }) => {
  const { page } = holdfast;
  await page.evaluate(() => {
    const press = (key: string, held: KeyboardEventInit = {}): boolean =>
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...held }));
    press('I', { ctrlKey: true, shiftKey: true });
    for (const key of 'No cards') press(key);
    press('Enter');
  });
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  const [incident] = await holdfast.done('incident.list', {});
  expect(incident!.title).toBe('No cards');
});

test('a service that is not well is declared from its row, with who commands and how bad it is', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  const situation = await holdfast.done('situation', {});
  const sick = situation.unhealthy[0]!;
  const [person] = await holdfast.done('estate.people', {});
  const row = page
    .getByRole('grid', { name: 'Services that are not healthy' })
    .getByRole('row', { name: new RegExp(sick.name) });
  await row.focus();
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog', { name: 'Declare an incident' });
  await expect(dialog.getByRole('textbox', { name: 'What is wrong' })).toHaveValue(new RegExp(sick.name));
  await expect(dialog.getByRole('button', { name: `Remove ${sick.name}` })).toBeVisible();
  await page.keyboard.press('Alt+1');
  await dialog.getByRole('combobox', { name: 'Commander' }).focus();
  await page.keyboard.type(person!.name.slice(0, 6));
  await expect(page.getByRole('option').first()).toContainText(person!.name);
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('combobox', { name: 'Commander' })).toHaveValue(new RegExp(person!.name));
  await page.keyboard.press('Control+Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  const [incident] = await holdfast.done('incident.list', {});
  expect(incident).toMatchObject({
    severity: 'SEV1',
    commander: { id: person!.id },
    services: [{ id: sick.id }],
  });
});

test('what is missing or refused stands in the dialog, and nothing typed is lost', async ({ holdfast }) => {
  const { page } = holdfast;
  await page.getByRole('button', { name: 'Declare', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Declare an incident' });
  const title = dialog.getByRole('textbox', { name: 'What is wrong' });
  await title.fill(' ');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('Say in a few words');
  await expect(title).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(await holdfast.done('incident.list', {})).toEqual([]);
});

test('what is hurt is proposed with severity and response, and two presses declare it so; less needs a reason', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  await holdfast.done('health.declare', { subject: 'checkout', health: 'failing', reason: 'by phone', minutes: 600 });
  await page.keyboard.press('Control+Shift+I');
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  const [first] = await holdfast.done('incident.list', {});
  expect(first).toMatchObject({ title: 'Online checkout failing', severity: 'SEV1' });
  const { response } = await holdfast.done('incident.proposal', { incident: first!.id });
  expect(response).toMatchObject({ inForce: { level: 'platform', model: 'command' }, open: false });

  await page.keyboard.press('Control+Shift+I');
  const dialog = page.getByRole('dialog', { name: 'Declare an incident' });
  await expect(dialog).toContainText('Proposed: Online checkout (tier 1) is failing.');
  await page.keyboard.press('Alt+3');
  await page.keyboard.press('Enter');
  const reason = dialog.getByRole('textbox', { name: 'Why lower than proposed' });
  await expect(reason).toBeFocused();
  await expectAccessible(page);
  await reason.fill('the test shop');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  const incidents = await holdfast.done('incident.list', {});
  expect(incidents.map(({ severity }) => severity).sort()).toEqual(['SEV1', 'SEV3']);
});
