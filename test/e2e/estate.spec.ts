/** The estate on screen: whom to call, and a catalog that changes nothing before it was seen. */
import type { Page } from '@playwright/test';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

const TEAM = `apiVersion: backstage.io/v1alpha1
kind: Group
metadata: {name: shop-team, annotations: {holdfast.dev/phone: "+43 1 234"}}
spec: {type: team, profile: {displayName: Shop team}, children: [], members: [vera]}
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: {name: vera, annotations: {holdfast.dev/phone: "+43 664 100"}}
spec: {profile: {displayName: Vera Gruber}, memberOf: [shop-team]}
`;
const service = (name: string, more = '') => `---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: {name: ${name}${more}}
spec: {type: service, lifecycle: production, owner: shop-team}
`;

async function toEstate(page: Page): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('e');
  await page.locator('html[data-ready="estate"]').waitFor({ state: 'attached' });
}

/** What the system's dialog answers from now on. */
function answer({ app }: Console, paths: string[]): Promise<void> {
  return app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: filePaths.length === 0, filePaths });
  }, paths);
}

let catalog: string;
test.beforeEach(async () => {
  catalog = await mkdtemp(join(tmpdir(), 'holdfast-catalog-'));
});
test.afterEach(async () => {
  await rm(catalog, { recursive: true, force: true });
});

const PARTS = ['Services', 'Business services', 'Stores', 'Teams', 'People'];

for (const theme of ['dark', 'light'] as const) {
  test(`every part of the estate is a list one key away, clean in the ${theme} theme`, async ({ holdfast }) => {
    test.slow();
    const { page } = holdfast;
    await holdfast.done('settings.set', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await toEstate(page);
    for (const [index, part] of PARTS.entries()) {
      await page.keyboard.press(String(index + 1));
      await expect(page.getByRole('tab', { name: new RegExp(`^${part}`) })).toHaveAttribute('aria-selected', 'true');
      await expect(page.getByRole('grid', { name: part }).getByRole('row').nth(1)).toBeVisible();
      await expectAccessible(page);
    }
  });
}

test('what is hurt comes first, anything is found by typing, and Enter shows it on the map', async ({ holdfast }) => {
  const { page } = holdfast;
  await toEstate(page);
  const services = page.getByRole('grid', { name: 'Services' });
  await expect(services.getByRole('row').nth(1)).not.toContainText('healthy');
  await page.keyboard.press('/');
  await page.keyboard.type('checkout api');
  await expect(services.getByRole('row')).toHaveCount(2);
  await services.getByRole('row').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.locator('html[data-ready="map"]').waitFor({ state: 'attached' });
});

test('a team shows who is on call now, with the number, and until when', async ({ holdfast }) => {
  const { page } = holdfast;
  const teams = await holdfast.done('estate.teams', {});
  const team = teams.find(({ onCall }) => onCall.length > 0)!;
  await toEstate(page);
  await page.keyboard.press('4');
  const row = page.getByRole('grid', { name: 'Teams' }).getByRole('row', { name: new RegExp(team.name) });
  await expect(row).toContainText(team.onCall[0]!.person.name);
  await expect(row).toContainText(team.onCall[0]!.person.phone!);
  await row.focus();
  await page.keyboard.press('Enter');
  const details = page.getByRole('region', { name: team.name });
  await expect(details.getByRole('heading', { name: 'On call now' })).toBeVisible();
  await expect(details).toContainText(/until .*\d\d:\d\d/);
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
  await expect(page.locator('html[data-ready="estate"]')).toBeAttached();
});

test('a catalog with mistakes names each with its place, changes nothing before it is applied, and keeps what is good', async ({
  open,
}) => {
  const holdfast = await open();
  const { page } = holdfast;
  await writeFile(join(catalog, 'team.yaml'), TEAM + service('shop-web'));
  await writeFile(
    join(catalog, 'broken.yaml'),
    `${service('good-one').slice(4)}${service('bad-tier', ', annotations: {holdfast.dev/tier: "9"}')}---\nkind: Component\nmetadata: {name: [unclosed\n`,
  );
  await toEstate(page);
  await expect(page.getByText('The estate is empty.')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('i');
  await expectAccessible(page);
  await answer(holdfast, [catalog]);
  await page.keyboard.press('o');
  const problems = page.getByRole('region', { name: 'Problems' });
  await expect(problems.getByRole('listitem').filter({ hasText: 'holdfast.dev/tier' })).toContainText(
    /errorbroken\.yaml:\d+.*"9" is no tier/,
  );
  await expect(problems).toContainText(/broken\.yaml:1[0-9]/);
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('5 added');
  await expectAccessible(page);
  expect((await holdfast.done('estate.map', {})).services).toEqual([]);

  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Imported: 5 added');
  await page.getByRole('button', { name: 'Show the estate' }).click();
  const services = page.getByRole('grid', { name: 'Services' });
  for (const name of ['shop-web', 'good-one', 'bad-tier']) await expect(services).toContainText(name);
  expect((await holdfast.done('estate.people', {})).map(({ name }) => name)).toEqual(['Vera Gruber']);
});

test('importing again shows what is renamed, changed and dropped, field by field', async ({ open }) => {
  const holdfast = await open();
  const { page } = holdfast;
  const file = join(catalog, 'shop.yaml');
  await writeFile(file, TEAM + service('shop-web') + service('shop-api') + service('shop-old'));
  await holdfast.done('catalog.import', { paths: [file] });
  await writeFile(
    file,
    TEAM +
      service('shop-front', ', annotations: {holdfast.dev/renamed-from: shop-web}') +
      service('shop-api', ', annotations: {holdfast.dev/tier: "1"}'),
  );
  await toEstate(page);
  await page.keyboard.press('i');
  await answer(holdfast, []);
  await page.keyboard.press('f');
  await expect(page.getByText('Drop files or a folder here')).toBeVisible();
  await answer(holdfast, [file]);
  await page.keyboard.press('f');
  const changes = page.getByRole('grid', { name: 'Changes' });
  await expect(changes.getByRole('row', { name: /dropped/ })).toContainText('shop-old');
  await expect(changes.getByRole('row', { name: /renamed/ })).toContainText('shop-front');
  const changed = changes.getByRole('row', { name: /changed/ });
  await expect(changed).toContainText('shop-api');
  await changed.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'shop-api' }).locator('ins').filter({ hasText: '1' })).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Import, dropping 1' }).click();
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('Imported:');
  const { services } = await holdfast.done('estate.map', {});
  expect(services.map(({ name }) => name).toSorted()).toEqual(['shop-api', 'shop-front']);
});

test('a folder dropped on the window is read, and what cannot be read says so', async ({ open }) => {
  const holdfast = await open();
  const { page } = holdfast;
  await writeFile(join(catalog, 'team.yaml'), TEAM + service('shop-web'));
  await toEstate(page);
  await page.keyboard.press('i');
  await expect(page.getByText('Drop files or a folder here')).toBeVisible();
  const devtools = await page.context().newCDPSession(page);
  const drop = async (path: string): Promise<void> => {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
    }
  };
  await drop(catalog);
  await expect(page.getByRole('region', { name: 'Summary' })).toContainText('3 added');
  await answer(holdfast, [join(catalog, 'gone.yaml')]);
  await page.keyboard.press('f');
  await expect(page.getByRole('alert')).toContainText('gone.yaml cannot be read');
  await expectAccessible(page);
});

test('the catalog is written back as files', async ({ holdfast }) => {
  const { page } = holdfast;
  const out = join(catalog, 'out');
  await mkdir(out);
  await toEstate(page);
  await page.keyboard.press('x');
  await expectAccessible(page);
  await answer(holdfast, [out]);
  await page.getByRole('button', { name: /Choose a folder/ }).click();
  await expect(page.getByText(/\d entities in \d+ files\./)).toBeVisible();
  expect((await readdir(out)).length).toBeGreaterThan(0);
  await page.getByRole('button', { name: 'Back to the estate' }).click();
  await expect(page.getByRole('tab', { name: /^Services/ })).toBeVisible();
});
