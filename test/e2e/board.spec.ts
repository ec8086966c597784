/** The big board: says what is hurt and what it costs, says when it is not current, and can do nothing else. */
import type { Page } from '@playwright/test';
import { expectAccessible } from './accessible.ts';
import { expect, test, type Console } from './console.ts';

/** Opens the board from the palette and waits until it stands with its data. */
async function openBoard(holdfast: Console): Promise<Page> {
  const { page, app } = holdfast;
  const opened = app.waitForEvent('window');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('big board');
  await expect(page.getByRole('option', { name: /Open the big board/ })).toBeVisible();
  await page.keyboard.press('Enter');
  const board = await opened;
  await board.locator('html[data-ready="board"]').waitFor({ state: 'attached' });
  return board;
}

test('it says in plain words what is hurt, who has it and when that was last true', async ({ holdfast }) => {
  const board = await openBoard(holdfast);
  await expect(board.getByText('No incident is declared').or(board.getByText('No incident is open.'))).toBeVisible();
  await holdfast.done('incident.declare', {
    title: 'Checkout fails for most customers',
    severity: 'SEV1',
    businessServices: ['checkout'],
    commander: 'ana-kovac',
  });
  const incidents = board.getByRole('region', { name: 'Incidents' });
  await expect(incidents).toContainText('SEV1');
  await expect(incidents).toContainText('Checkout fails for most customers');
  await expect(incidents).toContainText('IC Ana Kovač');
  await expect(board.locator('[data-true-at]')).toHaveText(/^\d\d:\d\d:\d\d /);
  await expect(board.getByText('DEMONSTRATION')).toBeVisible();
  await expect(board.locator('button, a, input, select, [tabindex]')).toHaveCount(0);
});

test('it warns across its whole width while the engine is gone, and when it does not answer for a minute', async ({
  holdfast,
}) => {
  const board = await openBoard(holdfast);
  await expect(board.getByRole('alert')).toHaveCount(0);
  const pid = (await holdfast.enginePid())!;
  await board.clock.install();
  process.kill(pid, 'SIGSTOP');
  try {
    await board.clock.fastForward('01:10');
    const warning = board.getByRole('alert');
    await expect(warning).toContainText('NOT CURRENT.');
    await expect(warning).toContainText('The data engine has not answered for 1 min.');
    await expect(warning).toContainText('last true at');
    const { width } = (await warning.boundingBox())!;
    expect(width).toBe(await board.evaluate(() => window.innerWidth));
  } finally {
    process.kill(pid, 'SIGKILL');
  }
  await board.clock.resume();
  await expect(board.getByRole('alert')).toContainText(/engine (stopped|has not answered)/);
  await expect.poll(() => holdfast.enginePid()).not.toBe(pid);
});

for (const theme of ['dark', 'light'] as const) {
  test(`it is accessible in the ${theme} theme`, async ({ holdfast }) => {
    await holdfast.done('settings.set', { theme });
    await holdfast.done('incident.declare', { title: 'Tills are slow', severity: 'SEV2' });
    const board = await openBoard(holdfast);
    await expect(board.locator(`html[data-theme="${theme}"]`)).toBeAttached();
    await expect(board.getByText('Tills are slow')).toBeVisible();
    await expectAccessible(board);
  });
}

test('--big-board opens it alone, and it remembers where it stood', async ({ open }) => {
  const first = await open({ demonstration: true, args: ['--big-board'] });
  await first.page.locator('html[data-ready="board"]').waitFor({ state: 'attached' });
  expect(first.page.url()).toBe('holdfast://app/?board');
  expect(first.app.windows()).toHaveLength(1);
  const wanted = { x: 40, y: 30, width: 1100, height: 700 };
  await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds), wanted);
  await first.close();
  const second = await open({ args: ['--big-board'] });
  const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());
  expect(bounds).toMatchObject({ width: wanted.width, height: wanted.height });
});
