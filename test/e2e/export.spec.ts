/** The way out and the way in: an incident as a file that somebody reads, a bundle that another console takes. */
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

/** What the person will choose in the system's dialog, from here on. */
async function willChoose({ app }: Console, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
}

/** A folder for what leaves, removed with the console's own. */
const target = ({ folder }: Console): string => mkdtempSync(join(folder, 'out-'));

/** Drags files of this machine over the middle of the window, or lets them go there. */
async function drag({ page }: Console, type: 'dragover' | 'drop', paths: readonly string[]): Promise<void> {
  const input = await page.evaluateHandle(() =>
    Object.assign(document.createElement('input'), { type: 'file', multiple: true }),
  );
  await input.asElement()!.setInputFiles([...paths]);
  await input.evaluate((from, type) => {
    const dataTransfer = new DataTransfer();
    for (const file of (from as HTMLInputElement).files!) dataTransfer.items.add(file);
    const at = document.elementFromPoint(innerWidth / 2, innerHeight / 2)!;
    at.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  }, type);
}

async function inRoom(console_: Console): Promise<void> {
  const { id } = await console_.done('incident.declare', { title: 'Checkout failing <b>now</b>', severity: 'SEV1' });
  await console_.done('incident.say', { incident: id, text: 'PSP confirms' });
  await console_.page.keyboard.press('g');
  await console_.page.keyboard.press('i');
  await console_.page.locator('html[data-ready="incidents"]').waitFor({ state: 'attached' });
  await console_.page.getByRole('row', { name: /Checkout failing/ }).click();
  await console_.page.locator('html[data-ready="incident"]').waitFor({ state: 'attached' });
}

async function inBothThemes(console_: Console): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await console_.done('settings.set', { theme });
    await expect(console_.page.locator(`html[data-theme="${theme}"]`)).toBeAttached();
    await expectAccessible(console_.page);
  }
}

test('an incident leaves as PDF by keyboard, printed in a window that nobody sees', async ({ open }) => {
  const console_ = await open();
  const { page, app } = console_;
  await inRoom(console_);
  const folder = target(console_);
  await willChoose(console_, folder);
  await page.keyboard.press('x');
  const dialog = page.getByRole('dialog', { name: 'Export INC-0001' });
  await expect(dialog).toBeVisible();
  await inBothThemes(console_);
  await dialog.getByRole('button', { name: 'Choose a folder' }).press('Enter');
  await expect(dialog.getByRole('status')).toContainText('The record verified');
  const [name] = readdirSync(folder);
  expect(name).toBe('inc-0001-checkout-failing-b-now-b.pdf');
  const pdf = readFileSync(join(folder, name!));
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pdf.length).toBeGreaterThan(10_000);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  await inBothThemes(console_);

  await dialog.getByRole('button', { name: 'Choose a folder' }).click();
  await expect(dialog.getByRole('alert')).toContainText('is there already');
  await dialog.getByRole('button', { name: 'Write over it' }).click();
  await expect(dialog.getByRole('status')).toContainText('The record verified');
});

test('a printed page can load nothing, whatever is in it', async ({ open }) => {
  const console_ = await open();
  await inRoom(console_);
  await console_.app.evaluate(({ app, session }) => {
    const seen: string[] = [];
    app.on('web-contents-created', (_event, contents) => {
      seen.push(contents.session === session.defaultSession ? 'session of the console' : 'session of its own');
      seen.push(contents.session.isPersistent() ? 'kept' : 'thrown away');
      contents.session.webRequest.onCompleted(({ url }) => void seen.push(url));
    });
    Object.assign(globalThis, { seen });
  });
  await console_.done('incident.export', { incident: '1', format: 'pdf', to: target(console_) });
  const seen = await console_.app.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
  expect(new Set(seen)).toEqual(new Set(['session of its own', 'thrown away', 'holdfast://print/document']));
});

test('an exported incident comes into another console as what it is, and a bundle is looked into first', async ({
  open,
}) => {
  const console_ = await open();
  await inRoom(console_);
  const folder = target(console_);
  const json = await console_.done('incident.export', { incident: '1', format: 'json', to: folder });
  const bundle = await console_.done('bundle.export', { to: folder });
  await console_.close();

  const other = await open({ folder: target(console_) });
  await willChoose(other, json.path);
  await other.page.keyboard.press('Control+k');
  await other.page.keyboard.type('import a bundle or');
  await expect(other.page.getByRole('option', { name: /Import a bundle or an incident/ })).toBeVisible();
  await other.page.keyboard.press('Enter');
  const dialog = other.page.getByRole('dialog', { name: 'Import a bundle or an incident' });
  await dialog.getByRole('button', { name: 'Choose a file' }).click();
  await expect(dialog.getByText('it will be kept apart as a foreign record')).toBeVisible();
  await inBothThemes(other);
  await dialog.getByRole('button', { name: 'Import it', exact: true }).press('Enter');
  await expect(dialog.getByRole('status')).toContainText('It is kept as a foreign record');
  await inBothThemes(other);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();

  // Dropped anywhere: what is none is refused, the others are looked into one after the other.
  const text = join(folder, 'notes.txt');
  writeFileSync(text, 'no bundle');
  const zone = other.page.getByText('Drop bundles or exported incidents');
  await drag(other, 'dragover', [bundle.path]);
  await expect(zone).toBeVisible();
  await inBothThemes(other);
  await drag(other, 'drop', [bundle.path, text, json.path]);
  await expect(zone).toBeHidden();
  await expect(dialog.getByRole('alert')).toContainText('notes.txt is no bundle');
  await expect(dialog.getByText('(1 more after it)')).toBeVisible();
  await expect(dialog.getByRole('cell', { name: 'not enrolled here' })).toBeVisible();
  await inBothThemes(other);
  await dialog.getByRole('button', { name: 'Import it', exact: true }).click();
  await expect(dialog.getByRole('status')).toContainText('kept out');
  expect(await other.done('status', {})).toMatchObject({ ops: 0, quarantined: 2 });
  await dialog.getByRole('button', { name: 'Next file' }).press('Enter');
  await expect(dialog.getByText('INC-0001 Checkout failing')).toBeVisible();
  await other.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();

  // Not over a question in which something may have been typed, and not where files have a place of their own.
  await other.page.keyboard.press('Control+Shift+i');
  await expect(other.page.getByRole('dialog', { name: 'Declare an incident' })).toBeVisible();
  await drag(other, 'dragover', [bundle.path]);
  await expect(other.page.getByText('Answer or close it first')).toBeVisible();
  await drag(other, 'drop', [bundle.path]);
  await expect(other.page.getByRole('dialog', { name: 'Declare an incident' })).toBeVisible();
  await other.page.keyboard.press('Escape');
  await other.page.evaluate(() =>
    document.body.addEventListener('dragover', (event) => event.preventDefault(), { once: true }),
  );
  await drag(other, 'dragover', [bundle.path]);
  await expect(zone).toBeHidden();
});
