/** One field that finds and runs anything. */
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

async function find({ page }: Console, text: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.keyboard.type(text);
  await expect(page.getByRole('combobox', { name: 'Find and run anything' })).toHaveValue(text);
}

test('finds services, people, incidents, runbooks and stores, and goes to them', async ({ holdfast }) => {
  const { page } = holdfast;
  const { id, label } = await holdfast.done('incident.declare', { title: 'Tills are slow' });
  const { services } = await holdfast.done('estate.map', {});
  const [person] = await holdfast.done('estate.people', {});
  const [store] = await holdfast.done('estate.stores', {});
  const [runbook] = await holdfast.done('runbook.list', {});
  const service = services.find(({ name }) => name === 'Checkout API') ?? services[0]!;
  const cases: [string, string, string][] = [
    [service.name, service.name, 'map'],
    [label, 'Tills are slow', 'incident'],
    [person!.name, person!.name, 'estate'],
    [store!.name, store!.name, 'estate'],
    [runbook!.title, runbook!.title, 'runbooks'],
  ];
  for (const [text, shown, screen] of cases) {
    await find(holdfast, text);
    await expect(page.getByRole('option', { selected: true })).toContainText(shown);
    await page.keyboard.press('Enter');
    await page.locator(`html[data-ready="${screen}"]`).waitFor({ state: 'attached' });
    await expect(page.getByRole('main')).toContainText(shown);
  }
  expect(id).toBeTruthy();
});

test('asks for what a command needs, piece by piece, and shows where it lands', async ({ holdfast }) => {
  const { page } = holdfast;
  await holdfast.done('incident.declare', { title: 'Tills are slow', severity: 'SEV3' });
  await find(holdfast, 'set the severity');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { selected: true })).toContainText('Tills are slow');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { name: /SEV1/ })).toBeVisible();
  await page.keyboard.type('sev1');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Why?' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('option', { name: /SEV1/ })).toBeVisible();
  await page.keyboard.type('sev1');
  await page.keyboard.press('Enter');
  await page.keyboard.type('forty stores cannot sell');
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  await expect(page.getByRole('main')).toContainText('forty stores cannot sell');
  const [incident] = await holdfast.done('incident.list', {});
  expect(incident!.severity).toBe('SEV1');
});

test('refuses in the same place, in one sentence, and goes on', async ({ holdfast }) => {
  const { page } = holdfast;
  await holdfast.done('incident.declare', { title: 'Tills are slow' });
  await find(holdfast, 'correct when an incident');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('option', { selected: true })).toContainText('Tills are slow');
  await page.keyboard.press('Enter');
  const when = page.getByRole('textbox', { name: 'When did it start?' });
  await when.fill('half past');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toBeVisible();
  await when.fill('20m ago');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Why?' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
  const [incident] = await holdfast.done('incident.list', {});
  expect(incident!.declaredAt - incident!.startedAt).toBeGreaterThan(19 * 60_000);
});

test('does nothing dangerous without being told twice', async ({ holdfast }) => {
  const { page } = holdfast;
  await find(holdfast, 'leave the demonstration');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('Remove the invented estate');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect((await holdfast.done('status', {})).estate.demonstration).toBe(true);
});
