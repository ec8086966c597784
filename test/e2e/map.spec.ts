/** The map as people use it: with the pointer, with the keyboard alone, as a table; small, empty and large. */
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { inventEstate } from '../support/estate-graph.ts';
import { type Console, expect, test } from './console.ts';

const canvas = (page: Page) => page.getByRole('application', { name: 'Dependency map' });
const countLine = (page: Page) => page.getByTestId('count-line');
const panel = (page: Page) => page.getByRole('region', { name: 'Service', exact: true });

async function openMap({ page }: Console): Promise<void> {
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.locator('html[data-ready=map]').waitFor({ state: 'attached' });
}

async function find(page: Page, text: string): Promise<void> {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** The numbers of the count line. */
async function counts(
  page: Page,
): Promise<{ services: number; dependencies: number; showing: number; hidden: number }> {
  const text = (await countLine(page).innerText()).replaceAll(',', '');
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const services = number(/^(\d+) services?/);
  const hidden = number(/; (\d+) hidden/);
  return {
    services,
    dependencies: number(/ (\d+) dependenc/),
    showing: /showing all/.test(text) ? services : number(/showing (\d+)/),
    hidden,
  };
}

test('a click on the map opens whom to call, what it stands on and what stands on it', async ({ holdfast }) => {
  const { page } = holdfast;
  await openMap(holdfast);
  const { services, dependencies } = await holdfast.done('estate.map', {});
  expect(await counts(page)).toEqual({
    services: services.length,
    dependencies: dependencies.length,
    showing: services.length,
    hidden: 0,
  });

  await find(page, 'Checkout API');
  await expect(panel(page).getByRole('heading', { name: 'Checkout API', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();

  const box = (await canvas(page).boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(panel(page).getByRole('heading', { name: 'Checkout API', exact: true })).toBeVisible();

  const view = await holdfast.done('estate.service', { service: 'checkout-api' });
  const { owner } = view;
  expect(owner!.onCall.length).toBeGreaterThan(0);
  await expect(panel(page).getByRole('link', { name: owner!.onCall[0]!.person.phone! }).first()).toBeVisible();
  await expect(panel(page).getByText(`tier ${view.tier}`)).toBeVisible();
  await expect(panel(page).getByText('RTO')).toBeVisible();
  const needs = panel(page).getByRole('region', { name: 'Needs', exact: true });
  const neededBy = panel(page).getByRole('region', { name: 'Needed by', exact: true });
  await expect(needs.getByRole('button')).toHaveCount(view.upstream.length);
  await expect(neededBy.getByRole('button')).toHaveCount(view.downstream.length);
  await expect(panel(page).getByRole('region', { name: 'Signals' }).getByRole('listitem')).toHaveCount(
    view.signals.length,
  );

  await needs.getByRole('button', { name: 'Payments API' }).click();
  await expect(panel(page).getByRole('heading', { name: 'Payments API', exact: true })).toBeFocused();
});

test('by keyboard alone: walk along dependencies, open the panel, declare for what is chosen', async ({ holdfast }) => {
  const { page } = holdfast;
  await openMap(holdfast);
  await find(page, 'Checkout API');
  await expect(panel(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(canvas(page)).toBeFocused();

  const view = await holdfast.done('estate.service', { service: 'checkout-api' });
  const said = page.locator('output.visually-hidden');
  await page.keyboard.press('ArrowRight');
  await expect(said).toContainText(` of ${view.upstream.length}`);
  const reached = (await said.innerText()).split(',')[0]!;
  expect(view.upstream.map(({ name }) => name)).toContain(reached);
  await page.keyboard.press('ArrowLeft');
  await expect(said).toContainText('Checkout API');
  await page.keyboard.press('ArrowLeft');
  const above = (await said.innerText()).split(',')[0]!;
  expect(view.downstream.map(({ name }) => name)).toContain(above);

  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('heading', { name: above, exact: true })).toBeFocused();
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await expect(dialog.getByText(above).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
});

test('whatever is filtered, shown and hidden add up, and the table shows the same services', async ({ holdfast }) => {
  const { page } = holdfast;
  await openMap(holdfast);
  const { services } = await holdfast.done('estate.map', {});
  const rows = page.getByRole('grid', { name: 'Services' });

  const tierOne = services.filter(({ tier }) => tier === 1).length;
  await page.getByLabel('Tier', { exact: true }).selectOption('1');
  await expect.poll(() => counts(page)).toMatchObject({ showing: tierOne, hidden: services.length - tierOne });
  await canvas(page).focus();
  await page.keyboard.press('t');
  await expect(rows).toHaveAttribute('aria-rowcount', String(tierOne + 1));
  await page.getByLabel('Tier', { exact: true }).selectOption('all');
  await expect(rows).toHaveAttribute('aria-rowcount', String(services.length + 1));

  await page.getByRole('row', { name: /Checkout API/ }).click();
  await expect(panel(page).getByRole('heading', { name: 'Checkout API', exact: true })).toBeVisible();
  await page.keyboard.press('f');
  const view = await holdfast.done('estate.service', { service: 'checkout-api' });
  const near = new Set([view.id, ...view.upstream.map(({ id }) => id), ...view.downstream.map(({ id }) => id)]);
  await expect.poll(() => counts(page)).toMatchObject({ showing: near.size, hidden: services.length - near.size });
  await expect(countLine(page)).toContainText('Checkout API + 1 hop');
  await expect(rows).toHaveAttribute('aria-rowcount', String(near.size + 1));
  await page.keyboard.press(']');
  await expect.poll(async () => (await counts(page)).showing).toBeGreaterThan(near.size);
});

test('an estate of which nobody reports is unknown everywhere, never healthy', async ({ open }) => {
  const console_ = await open();
  await importInvented(console_, 12, 18);
  await openMap(console_);
  await console_.page.keyboard.press('u');
  await expect(countLine(console_.page)).toContainText('showing all (not healthy + 1 hop)');
});

test('without services it says what will be here and how to get it', async ({ open }) => {
  const console_ = await open();
  await openMap(console_);
  await expect(console_.page.getByText('No service is known yet.')).toBeVisible();
  await expect(console_.page.getByRole('button', { name: 'Import catalog' })).toBeVisible();
});

test('a large estate is drawn far and near, and stands still when nothing happens', async ({ open }) => {
  const console_ = await open();
  const { page } = console_;
  await importInvented(console_, 1500, 4000);
  await openMap(console_);
  await expect(countLine(page)).toContainText('1,500 services');
  const colours = (): Promise<number> =>
    page.evaluate(() => {
      const surface = document.querySelector<HTMLCanvasElement>('[data-testid=map-canvas]')!;
      const { data } = surface.getContext('2d')!.getImageData(0, 40, surface.width, surface.height - 40);
      const seen = new Set<number>();
      for (let i = 0; i < data.length; i += 4) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
      return seen.size;
    });
  await expect.poll(colours).toBeGreaterThan(30);
  await find(page, 'cart');
  await expect(panel(page)).toBeVisible();
  await expect.poll(colours).toBeGreaterThan(30);
  await page.keyboard.press('0');
  await expect.poll(colours).toBeGreaterThan(30);

  // Once the last picture is there, nobody asks for another frame.
  await expect
    .poll(() =>
      page.evaluate(async () => {
        const frame = window.requestAnimationFrame.bind(window);
        let asked = 0;
        window.requestAnimationFrame = (run) => {
          asked++;
          return frame(run);
        };
        for (let i = 0; i < 30; i++) await new Promise((next) => frame(next));
        window.requestAnimationFrame = frame;
        return asked;
      }),
    )
    .toBe(0);
});

for (const theme of ['dark', 'light'] as const) {
  test(`map, panel and table are accessible in the ${theme} theme`, async ({ holdfast }) => {
    const { page } = holdfast;
    await holdfast.done('settings.set', { theme });
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await openMap(holdfast);
    const violations = async (): Promise<string[]> => {
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    };
    expect(await violations()).toEqual([]);
    await find(page, 'Checkout API');
    await expect(panel(page).getByRole('heading', { name: 'Checkout API', exact: true })).toBeVisible();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('t');
    await expect(page.getByRole('grid', { name: 'Services' })).toBeVisible();
    expect(await violations()).toEqual([]);
  });
}

/** Imports an invented estate as a catalog file. */
async function importInvented(console_: Console, services: number, dependencies: number): Promise<void> {
  const estate = inventEstate(services, dependencies, 3);
  const nameOf = new Map(estate.services.map(({ id, name }) => [id, name]));
  const documents = estate.services.map((service) => {
    const needs = estate.dependencies
      .filter(({ from }) => from === service.id)
      .map(({ to }) => `component:default/${nameOf.get(to)}`);
    return [
      'apiVersion: backstage.io/v1alpha1',
      'kind: Component',
      `metadata: { name: ${service.name}, annotations: { holdfast.dev/tier: "${service.tier}", holdfast.dev/kind: ${service.kind}, holdfast.dev/domain: ${service.domain} } }`,
      `spec: { type: service, lifecycle: production, owner: nobody, dependsOn: [${needs.map((ref) => `"${ref}"`).join(', ')}] }`,
    ].join('\n');
  });
  const folder = join(console_.folder, 'invented');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'catalog-info.yaml'), documents.join('\n---\n'));
  const report = await console_.done('catalog.import', { paths: [folder] });
  expect(report.counts.added).toBeGreaterThanOrEqual(services);
}
