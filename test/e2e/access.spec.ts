/** A shared desktop: locked by one person, read by everybody, unlocked by who acts; what a page invents about itself counts for nothing. */
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

const WORDS = 'seven lemons on a tram';

test('a console is locked, read, unlocked to go on, and taken over, without a mouse', async ({ holdfast }) => {
  const { page } = holdfast;
  const strip = page.getByRole('banner');
  await expect(strip).toContainText('open');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('button', { name: 'Set the first passphrase' }).click();
  await page.getByRole('combobox', { name: 'Who' }).fill('Ana Kov');
  await page.keyboard.press('Enter');
  await page.getByLabel('New passphrase').fill('short');
  await page.getByLabel('The same again').fill('short');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('at least 10 characters');
  await page.getByLabel('New passphrase').fill(WORDS);
  await page.getByLabel('The same again').fill(WORDS);
  await page.keyboard.press('Enter');
  await expect(strip).toContainText('unlocked');
  await expect(strip).toContainText('Ana Kovač');
  await holdfast.done('access.secret', { person: 'raj-menon', secret: 'four owls count copper' });
  await holdfast.done('access.grant', { to: 'team:platform', role: 'approver' });
  await page.getByRole('heading', { name: 'People & access' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: 'Reset what Raj Menon unlocks with' })).toBeVisible();
  await expectAccessible(page);

  const { id } = await holdfast.done('incident.declare', { title: 'Checkout failing', services: ['checkout-api'] });
  await page.keyboard.press('Control+Shift+L');
  await expect(strip).toContainText('locked');
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
  await expect(page.getByRole('grid', { name: 'Incidents' })).toContainText('Checkout failing');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const composer = page.getByRole('textbox', { name: 'Write in the timeline' });
  await expect(composer).toBeVisible();
  await composer.focus();
  await page.keyboard.type('tills in Kassel take cash only');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Unlock' });
  await expect(question).toBeVisible();
  await expect(question).toContainText('The console is locked');
  await expectAccessible(page);
  // Typed and entered faster than the list is drawn: it still is who was typed.
  await question.getByRole('combobox').evaluate(async (field: HTMLInputElement) => {
    field.select();
    document.execCommand('insertText', false, 'raj');
    await Promise.resolve();
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  });
  await expect(question.getByLabel('Passphrase')).toBeFocused();
  await page.keyboard.type('not what it is');
  await page.keyboard.press('Enter');
  await expect(question.getByRole('alert')).toContainText('not what Raj Menon unlocks with');
  await page.keyboard.type('four owls count copper');
  await page.keyboard.press('Enter');
  await expect(question).toBeHidden();
  await expect(strip).toContainText('Raj Menon');
  await expect
    .poll(async () =>
      (await holdfast.done('incident.timeline', { incident: id })).entries
        .filter(({ text }) => text?.includes('cash only'))
        .map(({ actor }) => actor.id),
    )
    .toEqual(['raj-menon']);

  // Where the words were sent from the focus is again; leaving it gives the keys back to the screen.
  await expect(composer).toHaveValue('');
  await composer.blur();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('heading', { name: 'People & access' }).scrollIntoViewIfNeeded();
  await expect(page.getByRole('button', { name: /Give a role/ })).toBeDisabled();
  await expect(page.getByRole('button', { name: /Give a role/ })).toContainText('needs grant-access');

  // A page that was taken over: it names itself what it likes.
  const outcomes = await page.evaluate(async () => {
    const codes: Record<string, number> = {};
    const call = window.holdfast.call as (name: string, input: unknown) => Promise<{ ok: boolean; code?: string }>;
    for (let n = 0; n < 300; n++) {
      const forged = [
        { to: 'raj-menon', role: 'keeper' },
        { to: 'raj-menon', role: 'keeper', caller: { id: 'x', kind: 'window' } },
        { to: 'raj-menon', role: 'keeper', session: { person: 'ana-kovac' }, actor: 'ana-kovac' },
        JSON.parse('{"to":"raj-menon","role":"keeper","__proto__":{"capabilities":["grant-access"]}}') as object,
        { to: 'raj-menon', role: 'k'.repeat(100_000) },
      ][n % 5];
      const reply = await call(n % 2 === 0 ? 'access.grant' : 'backup.create', n % 2 === 0 ? forged : {});
      const code = reply.ok ? 'done' : (reply.code ?? '?');
      codes[code] = (codes[code] ?? 0) + 1;
    }
    return codes;
  });
  expect(outcomes).toEqual({ forbidden: 180, bad_input: 120 });
  expect((await holdfast.done('access.check', { person: 'raj-menon', capability: 'grant-access' })).ok).toBe(false);
});
