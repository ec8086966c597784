/** A file from the composer into the timeline, and out again byte for byte. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './console.ts';

test('a file is attached with a line of the composer and saved again as it was', async ({ holdfast }) => {
  const { app, page } = holdfast;
  const outside = await mkdtemp(join(tmpdir(), 'holdfast-evidence-'));
  try {
    const file = join(outside, 'till 7.log');
    const content = Buffer.from(Array.from({ length: 5000 }, (_, n) => (n * 31) % 256));
    await writeFile(file, content);
    const { id } = await holdfast.done('incident.declare', {
      title: 'Tills decline cards',
      services: ['payments-api'],
    });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.getByRole('grid', { name: 'Incidents' }).getByText('Tills decline cards').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const composer = page.getByRole('textbox', { name: 'Write in the timeline' });
    await expect(composer).toBeVisible();
    await app.evaluate(({ dialog }, file) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
    }, file);
    await composer.focus();
    await page.keyboard.type('/attach what till 7 said');
    await page.keyboard.press('Enter');
    const save = page.getByRole('button', { name: 'Save till 7.log' });
    await expect(save).toBeVisible();
    await expect(page.getByText('what till 7 said').first()).toBeVisible();
    await expectAccessible(page);
    await app.evaluate(({ dialog }, folder) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] });
    }, join(outside));
    await rm(file);
    await save.click();
    await expect(page.getByText(/^Saved as .*till 7/)).toBeVisible();
    const path = (await page.getByText(/^Saved as /).innerText()).replace('Saved as ', '');
    expect(await readFile(path)).toEqual(content);

    // Dropped onto the room, shown, and in the list of files.
    const dropped = join(outside, 'لقطة شاشة 3.png');
    await writeFile(dropped, content.subarray(0, 900));
    const input = await page.evaluateHandle(() => Object.assign(document.createElement('input'), { type: 'file' }));
    await input.asElement()!.setInputFiles(dropped);
    await page.evaluate((from) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add((from as HTMLInputElement).files![0]!);
      for (const type of ['dragenter', 'dragover', 'drop'])
        document
          .querySelector('main')!
          .dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, input);
    const question = page.getByRole('dialog', { name: 'Attach to INC-0001' });
    await expect(question.getByRole('listitem')).toContainText('لقطة شاشة 3.png');
    expect(await holdfast.done('evidence.list', { incident: id })).toHaveLength(1);
    await page.keyboard.type('the screen of till 7');
    await page.keyboard.press('Enter');
    await expect(question).toBeHidden();
    await page.keyboard.press('i');
    const files = page.getByRole('dialog', { name: 'Evidence of INC-0001' });
    await expect(files.getByText(/^2 files, .* saves or fetches/)).toBeVisible();
    await expect(files.getByRole('row').first()).toBeFocused();
    await expect(files.getByRole('row').first()).toContainText('the screen of till 7');
    await page.keyboard.press('v');
    await expect(files.getByText('It is what was attached.')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('Escape');

    const own = join(holdfast.folder, 'holdfast.db');
    expect(await holdfast.call('evidence.add', { incident: id, path: own })).toMatchObject({ ok: false });
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});
