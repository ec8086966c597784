/** An update from the facts to the clipboard, and the numbers to call, by keyboard and without a network. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('an update is written, read and sent by keyboard, and whom to call stands beside it', async ({ holdfast }) => {
  const { page, app } = holdfast;
  const { id } = await holdfast.done('incident.declare', {
    title: 'Checkout failing',
    severity: 'SEV1',
    services: ['checkout-api'],
    businessServices: ['checkout'],
    commander: 'ana-kovac',
    startedAt: (await holdfast.done('status', {})).now - 4 * 60_000,
  });
  await holdfast.done('settings.set', { actingAs: 'li-wen' });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('row', { name: /Checkout failing/ }).click();
  const owed = page.getByRole('grid', { name: 'Updates due' });
  await expect(owed.getByRole('row')).toHaveCount(5);
  await expect(owed.getByRole('row').first()).toContainText(/due in \d+ min/);

  await page.keyboard.press('/');
  await page.keyboard.type('update execs');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'INC-0001: updates' });
  const words = dialog.getByRole('textbox', { name: 'Words for executives' });
  await expect(words).toHaveValue(/SEV1 · INC-0001 Checkout failing/);
  await expect(dialog.getByRole('region', { name: 'Facts' })).toContainText('what is hurt, in business words');
  await expectAccessible(page);
  await words.fill('We roll back now.');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(dialog.getByText(/Reviewed by Li Wen/)).toBeVisible();
  await words.focus();
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(dialog.getByRole('status')).toHaveText(/^Copied/);
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('We roll back now.');
  await expect(dialog.getByRole('region', { name: 'Went out' })).toContainText('We roll back now.');
  const [sent] = (await holdfast.done('update.list', { incident: id })).audiences[0]!.sent;
  expect(sent).toMatchObject({ text: 'We roll back now.', channel: 'copied', reviewedBy: { id: 'li-wen' } });

  await dialog.getByText('Public status').click();
  const open = dialog.getByRole('textbox', { name: 'Words for public status' });
  await open.fill('The Checkout API is down.');
  await page.keyboard.press('ControlOrMeta+Enter');
  await expect(dialog.getByText(/internal name \("Checkout API"\)/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  await page.getByRole('grid', { name: 'Updates due' }).getByRole('row').first().focus();
  await page.keyboard.press('b');
  const calls = page.getByRole('dialog', { name: 'INC-0001: whom to call' });
  await expect(calls.getByRole('row', { name: /Ana Kovač/ }).first()).toContainText('+49 171 3920001');
  await expectAccessible(page);
});
