/** The record about itself: the answer, what was found, what was kept out, backups, and the way back to one. */
import Database from 'better-sqlite3';
import { closeSync, existsSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { enrol, segmentsOf, withOther, withStore, writeOps } from '../support/other-consoles.ts';
import { startNats } from '../support/nats.ts';
import { missing } from '../support/servers.ts';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

async function toRecord({ page }: Console): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.locator('html[data-ready="record"]').waitFor({ state: 'attached' });
}

async function inBothThemes(console_: Console): Promise<void> {
  for (const theme of ['dark', 'light'] as const) {
    await console_.done('settings.set', { theme });
    await expect(console_.page.locator(`html[data-theme="${theme}"]`)).toBeAttached();
    await expectAccessible(console_.page);
  }
}

/** Writes into the log past the program, as somebody with the file and a tool would. */
function tamper(folder: string, sql: string): void {
  const db = new Database(join(folder, 'holdfast.db'));
  db.exec(sql);
  db.close();
}

const answer = ({ page }: Console) => page.getByRole('region', { name: 'Can this record be trusted?' });

test('says whether it can be trusted, when that was checked, and what came since', async ({ open }) => {
  const console_ = await open();
  const { page } = console_;
  await console_.done('incident.declare', { title: 'Checkout failing' });
  await toRecord(console_);
  await expect(answer(console_)).toContainText('Not known');
  await expect(page.getByText('There is no backup yet.')).toBeVisible();
  await inBothThemes(console_);
  await page.keyboard.press('v');
  await expect(answer(console_)).toContainText(/Yes: every op is in its place.*Checked .* took .* of 1 console/s);
  await expect(answer(console_)).toContainText('a cut-off end would not show');
  await page.keyboard.press('b');
  await expect(page.getByRole('grid', { name: 'Backups' }).getByRole('row')).toHaveCount(1);
  await expect(page.getByRole('row', { name: /by hand/ })).toContainText('1 ops');
  await expect(answer(console_)).not.toContainText('a cut-off end would not show');
  await console_.done('incident.say', { incident: '1', text: 'one more' });
  await expect(answer(console_)).toContainText('1 op came since');
  await page.keyboard.press('v');
  await expect(answer(console_)).toContainText('1 head that backups remember');
  await inBothThemes(console_);
});

test('lays a snapshot out at the hub for whoever joins, and says how far one that it began from is verified', async ({
  open,
  folder,
}) => {
  test.skip(missing('nats-server'), 'nats-server is not installed');
  const hub = await startNats();
  try {
    const console_ = await open();
    const { page } = console_;
    await console_.done('organisation.found', { name: 'Acme', organisation: 'acme', console: 'War room' });
    await console_.done('incident.declare', { title: 'Checkout failing' });
    await console_.done('hub.set', { url: hub.hub, organisation: 'acme' });
    await expect.poll(async () => (await console_.done('status', {})).link.state).toBe('connected');
    await toRecord(console_);
    await expect(page.getByText('None lies there.')).toBeVisible();
    await page.keyboard.press('n');
    const row = page.getByRole('list', { name: 'Snapshots at the hub' }).getByRole('listitem');
    await expect(row).toContainText(/by War room.*\d ops/);
    const begun = { at: Date.now(), made: Date.now() - 3_600_000, console: 'abcdefgh', ops: 3, whole: false };
    tamper(folder, `INSERT INTO meta (key, value) VALUES ('snapshot', '${JSON.stringify(begun)}')`);
    await page.keyboard.press('b');
    await expect(answer(console_)).toContainText(/Not known yet: it began from a snapshot.*by abcdefgh/s);
    await inBothThemes(console_);
    await page.keyboard.press('v');
    await expect(answer(console_)).toContainText(/Yes: .*verified whole since/s);
  } finally {
    await hub.stop();
  }
});

test('names what was changed behind its back, and on every screen', async ({ open, folder }) => {
  const console_ = await open();
  const { page } = console_;
  const { id: incident } = await console_.done('incident.declare', { title: 'Checkout failing' });
  for (const text of ['one', 'two', 'three']) await console_.done('incident.say', { incident, text });
  tamper(folder, "UPDATE op SET payload = json_set(payload, '$.text', 'TWO') WHERE seq = 3");
  await toRecord(console_);
  await page.keyboard.press('v');
  await expect(answer(console_)).toContainText('No: ');
  const findings = page.getByRole('table', { name: 'Findings' });
  await expect(findings.getByRole('row').nth(1)).toContainText(
    /This console.*3.*Op 3 \(entry\.note\) was edited after it was written/,
  );
  await inBothThemes(console_);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await expect(page.getByText('The record does not verify')).toBeVisible();
});

test('shows other consoles with their clocks, and what was kept out of theirs', async ({ open, folder }) => {
  const first = await open();
  await first.close();
  withOther(
    (other) => {
      writeOps(other.store, (tx) => tx.append({ scope: 'x1', type: 'entry.note', payload: { text: 'from a store' } }));
      withStore(folder, (here) => {
        enrol(here, other, 'Store \u202e112');
        here.ingest(segmentsOf(other), 'a stick');
      });
    },
    () => Date.now() + 12 * 60_000,
  );
  withOther((stranger) => {
    writeOps(stranger.store, (tx) => {
      for (let n = 0; n < 300; n++)
        tx.append({ scope: 'x2', type: 'entry.note', payload: { text: `<b>note ${n}</b>` } });
    });
    withStore(folder, (here) => here.ingest(segmentsOf(stranger), 'a mail from nobody'));
  });
  const console_ = await open({ folder });
  const { page } = console_;
  await toRecord(console_);
  const store = page.getByRole('table', { name: 'Consoles' }).getByRole('row', { name: /Store 112/ });
  await expect(store).toContainText(/enrolled.*1.*clock off by 1[12] min ahead/);
  await expect(answer(console_)).toContainText('300 ops from elsewhere are kept out.');
  await page.getByRole('tab', { name: /Kept out/ }).click();
  const kept = page.getByRole('table', { name: 'Ops that were kept out' });
  await expect(kept.getByRole('row')).toHaveCount(2);
  await expect(kept.getByRole('row').nth(1)).toContainText(
    /entry\.note.*200: ops 101 to 300.*a mail from nobody.*is not enrolled here/,
  );
  await expect(page.getByText('100 more came before')).toBeVisible();
  await inBothThemes(console_);
});

test('a line that was entered late, in another zone, and arrived later still says all its times', async ({
  open,
  folder,
}) => {
  const first = await open();
  const { id: incident } = await first.done('incident.declare', { title: 'Tills are down in New York' });
  await first.close();
  const MINUTE = 60_000;
  const wrote = Date.now() - 90 * MINUTE;
  const takes = (text: string, now: number, eventTime: number): void =>
    withOther(
      (other) => {
        writeOps(
          other.store,
          (tx) => tx.append({ scope: incident, type: 'entry.note', payload: { text }, eventTime }),
          'America/New_York',
        );
        withStore(folder, (here) => {
          enrol(here, other, 'Store 112');
          here.ingest(segmentsOf(other), 'a stick');
        });
      },
      () => now,
    );
  takes('Cash only since the morning', wrote, wrote - 30 * MINUTE);
  takes('Cards work again', Date.now() + 20 * MINUTE, Date.now() + 20 * MINUTE);

  const console_ = await open({ folder });
  const { page } = console_;
  await console_.done('settings.set', { headquartersZone: 'Asia/Tokyo' });
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await page.getByRole('row', { name: /Tills are down/ }).click();
  const late = page.getByRole('grid', { name: 'Timeline' }).getByRole('row', { name: /Cash only/ });
  await expect(late).toContainText(
    /entered (yesterday )?\d\d:\d\d (?:JST|UTC\+09:00) by Holdfast, \d\d:\d\d E[SD]T there, arrived here (yesterday )?\d\d:\d\d (?:JST|UTC\+09:00)/,
  );
  const early = page.getByRole('grid', { name: 'Timeline' }).getByRole('row', { name: /Cards work again/ });
  await expect(early).toContainText(
    /\d\d:\d\d E[SD]T there, arrived here .*\d\d:\d\d (?:JST|UTC\+09:00): the clock there was ahead/,
  );
  await expect(page.getByRole('banner')).toContainText(/HQ \d\d:\d\d (?:JST|UTC\+09:00)/);
  await inBothThemes(console_);
});

test('makes backups where and how often a person says, and tells when it could not', async ({ open, folder }) => {
  const console_ = await open();
  const { page } = console_;
  await console_.done('incident.declare', { title: 'Checkout failing' });
  await toRecord(console_);
  await page.getByRole('button', { name: 'Change where and how often' }).click();
  const form = page.getByRole('form', { name: 'Where and how often' });
  await expect(form.getByRole('textbox', { name: 'Folder' })).toBeFocused();
  const disk = join(folder, 'second-disk');
  await form.getByRole('textbox', { name: 'Folder' }).fill(disk);
  await form.getByRole('combobox', { name: 'How often' }).selectOption('every 4 hours');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form).toHaveCount(0);
  const side = page.getByRole('region', { name: 'Backups' });
  await expect(side).toContainText(/every 4 hours.*second-disk/);

  rmSync(disk, { recursive: true });
  writeFileSync(disk, 'a file is in the way');
  await page.keyboard.press('b');
  await expect(side.getByRole('alert')).toContainText('The last try failed');
  await inBothThemes(console_);
  await page.getByRole('button', { name: 'Change where and how often' }).click();
  await form.getByRole('textbox', { name: 'Folder' }).fill('');
  await form.getByRole('combobox', { name: 'How often' }).selectOption('never by itself');
  await page.keyboard.press('Enter');
  await expect(side).toContainText('no schedule is set');
  await page.keyboard.press('b');
  await expect(side.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('grid', { name: 'Backups' }).getByRole('row')).toHaveCount(1);
  expect(readdirSync(join(folder, 'backups')).filter((name) => name.endsWith('.db'))).toHaveLength(1);
});

test('goes back to a backup after showing what would come of it, and keeps what was written since', async ({
  open,
}) => {
  const console_ = await open();
  const { page } = console_;
  const { id: incident } = await console_.done('incident.declare', { title: 'Checkout failing' });
  const { file } = await console_.done('backup.create', {});
  await console_.done('incident.say', { incident, text: 'after the backup' });
  await toRecord(console_);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(file);
  await expect(dialog).toContainText('The log would hold 2 ops: 1 op from the backup of');
  await expect(dialog).toContainText('1 that only the present files had');
  await expect(dialog).toContainText('Nothing that is known to have existed is missing.');
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await inBothThemes(console_);
  await dialog.getByRole('button', { name: /^Restore the backup of / }).click();

  const report = page.getByRole('region', { name: 'Report of the restoration' });
  await expect(report).toContainText(/asked for it.*The log holds 2 ops.*The old files lie in/s);
  await inBothThemes(console_);
  expect((await console_.done('incident.timeline', { incident })).entries[0]).toMatchObject({
    text: 'after the backup',
  });
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('button', { name: 'Show the report' }).click();
  await report.getByRole('button', { name: 'Put this away' }).click();
  await expect(report).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.locator('html[data-ready="situation"]').waitFor({ state: 'attached' });
  await expect(page.getByText('The record was restored')).toHaveCount(0);
});

test('looks at a file that a person names, and refuses what is no backup beside it', async ({ open, folder }) => {
  const console_ = await open();
  const { page } = console_;
  await console_.done('incident.declare', { title: 'Checkout failing' });
  const { path } = await console_.done('backup.create', {});
  await toRecord(console_);
  await page.getByRole('button', { name: 'Restore from a file…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Restore from a file' });
  await expect(dialog.getByRole('textbox', { name: 'File' })).toBeFocused();
  await page.keyboard.type(join(folder, 'nowhere.db'));
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('There is no backup');
  await expect(dialog.getByRole('button', { name: /^Restore/ })).toHaveCount(0);
  await dialog.getByRole('textbox', { name: 'File' }).fill(path);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toContainText('The log would hold 1 op');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect((await console_.done('record.show', {})).restored).toBeNull();
});

test('says by itself that a damaged folder was mended, until somebody has read it', async ({ open, folder }) => {
  const first = await open();
  const { id: incident } = await first.done('incident.declare', { title: 'Checkout failing' });
  await first.done('incident.say', { incident, text: 'before the damage' });
  await first.done('backup.create', {});
  await first.close();
  const handle = openSync(join(folder, 'holdfast.db'), 'r+');
  writeSync(handle, Buffer.from('this is no database'), 0, 19, 0);
  closeSync(handle);

  const console_ = await open({ folder });
  const { page } = console_;
  await page.getByRole('button', { name: 'Show the report' }).click();
  const report = page.getByRole('region', { name: 'Report of the restoration' });
  await expect(report).toContainText(/no database any more.*The log holds 2 ops: 2 ops from the backup/s);
  const { restored } = await console_.done('record.show', {});
  expect(existsSync(join(restored!.replaced!, 'holdfast.db'))).toBe(true);
  await report.getByRole('button', { name: 'Put this away' }).click();
  await expect(report).toHaveCount(0);
});
