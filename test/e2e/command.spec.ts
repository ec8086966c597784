/** Running the room: handing over on the other's word, the commander's clock, taking back, and how few keys each takes. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

const composer = (page: Page) => page.getByRole('textbox', { name: 'Write in the timeline' });
const timeline = (page: Page) => page.getByRole('grid', { name: 'Timeline' });
const due = (page: Page) => page.getByRole('grid', { name: 'Due', exact: true });
const roles = (page: Page) => page.getByRole('list', { name: 'Roles' });

async function inRoom(console_: Console): Promise<string> {
  await console_.done('settings.set', { actingAs: 'ana-kovac' });
  const { id } = await console_.done('incident.declare', {
    title: 'Checkout refuses cards',
    severity: 'SEV2',
    services: ['checkout-api'],
    businessServices: ['checkout'],
  });
  const { page } = console_;
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
  await page.getByRole('grid', { name: 'Incidents' }).getByText('Checkout refuses cards').click();
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  return id;
}

/** Presses keys one by one and says how many there were. */
async function press(page: Page, ...keys: string[]): Promise<number> {
  for (const key of keys) await page.keyboard.press(key);
  return keys.length;
}

test('command is handed over on the other’s word, the last minute is taken back, and each takes few keys', async ({
  holdfast,
}) => {
  const { page } = holdfast;
  const id = await inRoom(holdfast);

  // A role: three keys.
  expect(await press(page, 'r', 'c', '1')).toBeLessThanOrEqual(3);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(roles(page)).toContainText('Ana Kovač');

  // A decision: two keys beyond its text.
  const key = await press(page, 'd');
  await page.keyboard.type('roll back 4.18 because errors began with it');
  expect(key + (await press(page, 'Enter'))).toBeLessThanOrEqual(2);
  await expect(timeline(page)).toContainText('roll back 4.18');
  await expect(composer(page)).toHaveValue('');

  // Taken back in the empty line; both stay to be read.
  await page.keyboard.press('Control+z');
  await expect(timeline(page)).toContainText('taken back');
  await expect(timeline(page)).toContainText('roll back 4.18');
  await page.keyboard.type('/sev 1');
  await page.keyboard.press('Enter');
  await expect(timeline(page)).toContainText('severity SEV2 → SEV1');
  await page.keyboard.type('/undo');
  await page.keyboard.press('Enter');
  await expect(timeline(page)).toContainText('severity SEV1 → SEV2');

  // Objections, asked and answered, become part of the decision.
  await page.keyboard.type('/propose @raj-menon @li-wen fail over payments');
  await page.keyboard.press('Enter');
  const proposal = page.getByRole('grid', { name: 'Proposals' });
  await expect(proposal).toContainText('Any strong objection?');
  await page.keyboard.type('/object @raj-menon receipts would be lost');
  await page.keyboard.press('Enter');
  await expect(proposal).toContainText('objects: receipts would be lost');
  await proposal.getByRole('row').focus();
  await press(page, 'n', 'Enter');
  await expect(proposal).toHaveCount(0);
  await expect(timeline(page)).toContainText('no objection from Li Wen');

  // A handover: asked with its briefing, taken only by whoever was asked.
  await page.keyboard.press('h');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('to whom?');
  await page.keyboard.type('raj');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Briefing' })).toContainText('Cost so far');
  await expect(dialog).toContainText('Ana Kovač keeps it until Raj Menon accepts.');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(due(page)).toContainText('Raj Menon is asked to take command');
  await expect(roles(page)).toContainText('Ana Kovač');
  await due(page).getByRole('row').filter({ hasText: 'is asked to take command' }).focus();
  await page.keyboard.press('i');
  await expect(due(page).getByRole('button', { name: /I take it/ })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(roles(page)).toContainText('Raj Menon');
  await expect(page.getByText(/Raj Menon took over; Ana Kovač can be asked until/)).toBeVisible();

  // Somebody away is said to be so, and who comes next takes it with one key.
  await holdfast.done('incident.ask', { incident: id, text: 'call the bank', owner: 'mo-haas', minutes: 10 });
  await holdfast.done('person.away', { person: 'mo-haas', until: '2d', reason: 'holiday' });
  const away = due(page).getByRole('row').filter({ hasText: 'Mo Haas is away' });
  await away.focus();
  await expect(away).toContainText('next on the rota');
  await page.keyboard.press('Enter');
  await expect(away).toHaveCount(0);

  // The checklist and another role's view.
  await page.keyboard.press('t');
  await page.getByRole('grid', { name: 'Checklist' }).getByRole('row').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /Checklist: commander 1\/9/ })).toBeVisible();
  await expectAccessible(page);
  await press(page, 'l', 'l');
  await expect(page.getByRole('button', { name: /As communications/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show all kinds' })).toBeVisible();
});
