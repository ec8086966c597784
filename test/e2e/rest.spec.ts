/** The data folder encrypted from Settings, locked at the next start, opened, and readable by nobody else. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

const WORDS = 'seven lemons on a tram';
const TITLE = 'Checkout-fails-marker-4711';
const DRAFT = 'half-a-sentence-marker-0815';

/** Files below `folder` in which `text` stands, as UTF-8 or as Chromium keeps wide letters. */
function filesWith(folder: string, text: string): string[] {
  const forms = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    });
}

const fieldOf = ({ page }: Console) => page.getByLabel('Passphrase of the data folder');

const settings = async ({ page }: Console): Promise<void> => {
  await page.keyboard.press('g');
  await page.keyboard.press('t');
};

test('is encrypted, waits locked for its passphrase, and leaves nothing readable on the disk', async ({
  open,
  folder,
}) => {
  test.setTimeout(120_000);
  let console_ = await open({ demonstration: true });
  const { id } = await console_.done('incident.declare', { title: TITLE, severity: 'SEV2' });
  await console_.page.keyboard.press('g');
  await console_.page.keyboard.press('i');
  await console_.page.getByText(TITLE).first().click();
  await console_.page.getByRole('textbox').first().fill(DRAFT);
  await console_.page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await settings(console_);
  const section = console_.page.getByRole('region', { name: 'Encryption' });
  await section.getByRole('button', { name: 'Encrypt the data folder' }).click();
  await section.getByLabel('New passphrase').fill('short');
  await section.getByLabel('The same again').fill('short');
  await section.getByRole('button', { name: 'Encrypt', exact: true }).click();
  await expect(section.getByRole('alert')).toContainText('A passphrase has at least');
  await section.getByLabel('New passphrase').fill(WORDS);
  await section.getByLabel('The same again').fill(WORDS);
  const gone = new Promise((resolve) => console_.app.process().once('exit', resolve));
  await section.getByRole('button', { name: 'Encrypt', exact: true }).click();
  await gone;

  console_ = await open({ folder });
  await expect(console_.page.getByRole('heading', { name: 'Holdfast is locked' })).toBeVisible();
  expect(await console_.page.content()).not.toContain(TITLE);
  for (const text of [TITLE, DRAFT]) expect(filesWith(folder, text)).toEqual([]);
  await expectAccessible(console_.page);
  const field = fieldOf(console_);
  await expect(field).toBeFocused();
  await field.fill('not the right words');
  await field.press('Enter');
  await expect(console_.page.getByRole('alert')).toContainText('not this folder’s passphrase');
  await field.fill(WORDS);
  await field.press('Enter');
  await expect(console_.page.getByText(TITLE).first()).toBeVisible();
  await console_.done('incident.say', { incident: id, text: `later ${TITLE}` });
  await console_.done('backup.create', {});
  expect((await console_.done('record.verify', {})).ok).toBe(true);
  // An engine that dies comes back by itself.
  process.kill((await console_.enginePid())!, 'SIGKILL');
  expect((await console_.done('incident.show', { incident: id })).title).toBe(TITLE);
  await console_.close();
  expect(filesWith(folder, TITLE)).toEqual([]);
  expect(statSync(join(folder, 'holdfast.db')).size).toBeGreaterThan(100_000);

  console_ = await open({ folder });
  await fieldOf(console_).fill(WORDS);
  await fieldOf(console_).press('Enter');
  await expect(console_.page.getByText(TITLE).first()).toBeVisible();
  await settings(console_);
  const off = console_.page.getByRole('region', { name: 'Encryption' });
  await expect(off).toContainText('The data folder is encrypted');
  await expectAccessible(console_.page);
  await off.getByRole('button', { name: 'Take the encryption off' }).click();
  await off.getByLabel('Passphrase').fill(WORDS);
  await off.getByLabel('Passphrase').press('Enter');
  await expect(off).toContainText('The data folder is not encrypted');
  expect(filesWith(folder, TITLE).length).toBeGreaterThan(0);
});
