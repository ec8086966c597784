/** Break-glass by keyboard on a locked console: a sealed code off the paper, work, its end, the review, and only then the close. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

const WORDS = 'seven lemons on a tram';

test('a sealed code opens a locked console by keys alone, everything is told, and the incident closes after the review', async ({
  holdfast,
  folder,
}) => {
  const { page } = holdfast;
  await holdfast.done('settings.set', { actingAs: 'ana-kovac' });
  const { id: incident } = await holdfast.done('incident.declare', {
    title: 'Payments slow',
    services: ['payments-api'],
    commander: 'ana-kovac',
  });
  const to = join(folder, 'sheet.html');
  await holdfast.done('breakglass.prepare', { to, count: 1, label: 'safe of headquarters' });
  const [code] = readFileSync(to, 'utf8').match(/\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/)!;
  await holdfast.done('access.grant', { to: 'ana-kovac', role: 'keeper' });
  await holdfast.done('access.secret', { person: 'ana-kovac', secret: WORDS });
  await holdfast.done('access.lock', {});
  expect((await holdfast.call('incident.say', { incident, text: 'x' })).ok).toBe(false);

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('break glass');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Break glass' });
  await expect(dialog.getByLabel('Who holds it')).toBeFocused();
  await page.keyboard.type('raj');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Incident')).toHaveValue(incident);
  await dialog.getByLabel('Declare and write').press('Space');
  await dialog.getByLabel('Reason').focus();
  await page.keyboard.type('Single sign-on is down');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('textbox', { name: 'Sealed code' })).toBeFocused();
  await page.keyboard.type(`${code.slice(0, -1)}${code.endsWith('7') ? '8' : '7'}`);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('mistyped');
  await expectAccessible(page);
  await dialog.getByRole('textbox', { name: 'Sealed code' }).fill('');
  await page.keyboard.type(code.toLowerCase().replaceAll('-', ' '));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  const strip = page.getByRole('button', { name: /EMERGENCY ACCESS\s+Raj Menon/ });
  await expect(strip).toContainText(/\d+:\d\d/);

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(strip).toBeVisible();
  await page.getByText('Payments slow').first().click();
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  await page.keyboard.press('w');
  await page.keyboard.type('Failing over by hand');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Failing over by hand').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Emergency access' })).toContainText('in force');
  await page.keyboard.press('Escape');
  await page.keyboard.press('q');
  await expect(page.getByRole('dialog', { name: /Who can say yes/ })).toContainText('+49 171 3920001');
  await page.keyboard.press('Enter');

  await strip.press('Enter');
  const detail = page.getByRole('article', { name: /^Emergency access BG-/ });
  await expect(detail.getByRole('region', { name: 'Done under it' })).toContainText('Failing over by hand');
  await expectAccessible(page);
  await detail.getByRole('button', { name: 'End it now' }).press('Enter');
  await page.keyboard.press('Enter');
  await expect(strip).toBeHidden();
  await expect(detail).toContainText('ended');

  await holdfast.done('access.unlock', { person: 'ana-kovac', secret: WORDS });
  await holdfast.done('incident.state', { incident, status: 'resolved' });
  const early = await holdfast.call('incident.close', { incident });
  expect(early.ok ? '' : early.message).toMatch(/nobody else has reviewed it/);
  await detail.getByRole('button', { name: 'Reviewed: proper' }).press('Enter');
  await page.keyboard.type('Looked at each act; the failover was agreed on the phone.');
  await page.keyboard.press('Enter');
  await expect(detail).toContainText('Looked at each act');
  await holdfast.done('incident.close', { incident });
});
