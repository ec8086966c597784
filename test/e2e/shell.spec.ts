/** The shell around the console: what survives when a part of it dies, and what a person is told when it cannot start. */
import Database from 'better-sqlite3';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MenuAction } from '../../shared/contract/bridge.ts';
import { consoleArguments, consoleEnvironment, expect, test, type Console } from './console.ts';

/** Starts a second program the way a person would; its status and what it printed. */
function startAgain(folder: string, args: string[] = []): { status: number | null; output: string } {
  const done = spawnSync(process.env.HOLDFAST_ELECTRON!, consoleArguments({ folder, args }), {
    env: consoleEnvironment(),
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status: done.status, output: `${done.stdout}${done.stderr}` };
}

test.describe('the data engine', () => {
  test('killed during commands it comes back by itself; what was confirmed is kept, nothing is done twice', async ({
    open,
  }) => {
    const console_ = await open();
    const { page } = console_;
    const { id: incident } = await console_.done('incident.declare', { title: 'Engine killed' });
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      window.holdfast.onEngine(({ state }) => void seen.push(state));
    });

    const texts: string[] = [];
    let interrupted = 0;
    for (let round = 0; round < 3; round += 1) {
      const pid = await runningEngine(console_);
      const batch = Array.from({ length: 200 }, (_, index) => `round ${round} entry ${index}`);
      texts.push(...batch);
      await page.evaluate(
        ([incident, batch]) => {
          const replies = batch.map((text) => window.holdfast.call('incident.say', { incident, text }));
          Object.assign(window, { replies: Promise.all(replies) });
          return Promise.any(replies);
        },
        [incident, batch] as const,
      );
      process.kill(pid, 'SIGKILL');
      const replies = await page.evaluate(() => (window as unknown as { replies: Promise<{ ok: boolean }[]> }).replies);
      expect(replies.map(({ ok }) => ok)).toEqual(batch.map(() => true));
      interrupted += Number(
        /waiting=(\d+)/.exec(await console_.logged(`engine stopped code=9 deaths=${round + 1}`))![1],
      );
    }
    expect(interrupted).toBeGreaterThan(0);

    const { entries } = await console_.done('incident.timeline', { incident, limit: 1000 });
    const said = entries.flatMap(({ text }) => (text?.startsWith('round ') ? [text] : []));
    expect(said.toSorted()).toEqual(texts.toSorted());
    const seen = await page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    expect(seen).toEqual(['restarting', 'ready', 'restarting', 'ready', 'restarting', 'ready']);
    expect(await console_.done('rebuild', {})).toMatchObject({ same: true });
  });

  test('while it is away the window says so', async ({ open }) => {
    const console_ = await open();
    const words = 'data engine restarting';
    await console_.page.evaluate((words) => {
      const shown = (): boolean => document.body.innerText.toLowerCase().includes(words);
      const said = new Promise<void>((resolve) => {
        new MutationObserver(() => shown() && resolve()).observe(document.body, {
          subtree: true,
          childList: true,
          characterData: true,
        });
      });
      Object.assign(window, { said });
    }, words);
    process.kill(await runningEngine(console_), 'SIGKILL');
    await console_.page.evaluate(() => (window as unknown as { said: Promise<void> }).said);
    await expect(console_.page.getByText(words).first()).toBeHidden();
    expect(await console_.call('status', {})).toMatchObject({ ok: true });
  });

  test('while it does not answer a start shows how it was, when that was, and nothing to press', async ({ open }) => {
    const console_ = await open({ demonstration: true });
    const { page } = console_;
    await expect.poll(() => page.evaluate(() => localStorage.getItem('situation') !== null)).toBe(true);
    const pid = await runningEngine(console_);
    process.kill(pid, 'SIGSTOP');
    try {
      await page.reload();
      const said = page.getByText(/^As it was at \d\d:\d\d:\d\d .+ The log is being read\.$/);
      await expect(said).toBeVisible();
      await expect(page.getByText('Online checkout').first()).toBeVisible();
      await expect(page.locator('main button:not([inert] *)')).toHaveCount(0);
      await expect(page.locator('html[data-ready]')).toHaveCount(0);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await expect(page.locator('html[data-ready="situation"]')).toHaveCount(1);
    await expect(page.getByText('As it was at')).toHaveCount(0);
  });

  test('closes its files when the console quits', async ({ open, folder }) => {
    const console_ = await open();
    await console_.done('incident.declare', { title: 'Kept' });
    const pid = (await console_.enginePid())!;
    await console_.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(existsSync(join(folder, 'holdfast.db-wal'))).toBe(false);
    const again = await open();
    expect(await again.done('incident.list', {})).toMatchObject([{ title: 'Kept' }]);
  });
});

/** Process id of the engine, once it answers. */
async function runningEngine(console_: Console): Promise<number> {
  await expect.poll(() => console_.page.evaluate(() => window.holdfast.engine())).toMatchObject({ state: 'ready' });
  let pid: number | null = null;
  await expect.poll(async () => (pid = await console_.enginePid())).not.toBeNull();
  return pid!;
}

test.describe('the page', () => {
  test('that crashes is loaded again, with everything in it', async ({ open }) => {
    const console_ = await open();
    await console_.done('incident.declare', { title: 'Before the crash' });
    await crashPage(console_);
    await expect.poll(() => inPage(console_, `document.documentElement.dataset.ready !== undefined`)).toBe(true);
    expect(
      await inPage(
        console_,
        `window.holdfast.call('incident.list', {}).then((reply) => reply.value.map((one) => one.title))`,
      ),
    ).toEqual(['Before the crash']);
  });

  test('that keeps crashing is left alone with a sentence, until a person asks for it again', async ({ open }) => {
    const console_ = await open();
    for (let crash = 0; crash < 4; crash += 1) {
      await expect.poll(() => inPage(console_, `document.documentElement.dataset.ready !== undefined`)).toBe(true);
      await crashPage(console_);
    }
    await expect
      .poll(() => inPage(console_, `document.body.innerText`))
      .toContain('The window stopped several times in a minute.');
    await clickMenu(console_, 'Help', 'Reload the window');
    await expect.poll(() => inPage(console_, `document.documentElement.dataset.ready !== undefined`)).toBe(true);
  });
});

/** Kills the page's process and waits until the shell has seen it. */
async function crashPage({ app }: Console): Promise<void> {
  await app.evaluate(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    const gone = new Promise<void>((resolve) => webContents.once('render-process-gone', () => resolve()));
    webContents.forcefullyCrashRenderer();
    return gone;
  });
}

/** Runs in the page through the main process: after a crash the test's own connection to it is gone. */
function inPage({ app }: Console, script: string): Promise<unknown> {
  return app.evaluate(({ BrowserWindow }, script) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    if (webContents.isCrashed() || webContents.isLoading()) return null;
    return webContents.executeJavaScript(script) as Promise<unknown>;
  }, script);
}

async function clickMenu({ app }: Console, menu: string, item: string): Promise<void> {
  await app.evaluate(
    ({ Menu }, [menu, item]) => {
      const named = (items: Electron.MenuItem[], label: string): Electron.MenuItem =>
        items.find((one) => one.label.replace('&', '') === label)!;
      named(named(Menu.getApplicationMenu()!.items, menu).submenu!.items, item).click();
    },
    [menu, item] as const,
  );
}

test.describe('one console for one data folder', () => {
  test('a second start brings the first window to the front and says so', async ({ open, folder }) => {
    const console_ = await open();
    await console_.app.evaluate(({ app, BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]!.hide();
      Object.assign(globalThis, {
        again: new Promise<void>((resolve) => app.once('second-instance', () => resolve())),
      });
    });
    const { status, output } = startAgain(folder);
    expect(status).toBe(0);
    expect(output).toContain(`Holdfast is already open on ${folder}; its window was brought to the front.`);
    await console_.app.evaluate(() => (globalThis as unknown as { again: Promise<void> }).again);
    expect(await console_.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible())).toBe(
      true,
    );
  });

  test('another way to write the folder is the same folder', async ({ open, folder }) => {
    await open({ folder: join(folder, 'real') });
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    expect(startAgain(join(folder, 'link')).output).toContain('already open');
    expect(startAgain(join(folder, 'link', '..', 'real', '.')).output).toContain('already open');
  });

  test('another folder is another console', async ({ open, folder }) => {
    const one = await open({ folder: join(folder, 'one') });
    const two = await open({ folder: join(folder, 'two') });
    await one.done('incident.declare', { title: 'Only here' });
    expect(await two.done('incident.list', {})).toEqual([]);
  });
});

test.describe('the command line', () => {
  test.describe.configure({ timeout: 90_000 });

  for (const args of [
    ['--data'],
    ['--dta', 'x'],
    ['holdfast://app/'],
    ['--remote-debugging-port=9222'],
    ['--js-flags=--jitless'],
  ]) {
    test(`${args.join(' ')} is refused in one sentence and nothing is opened`, ({ folder }) => {
      const { status, output } = startAgain(join(folder, 'unborn'), args);
      expect(status).toBe(2);
      expect(output).toMatch(/^holdfast: not started: .*\.$/m);
      expect(existsSync(join(folder, 'unborn'))).toBe(false);
    });
  }

  test('--version says the version', ({ folder }) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(startAgain(folder, ['--version'])).toMatchObject({ status: 0, output: expect.stringContaining(version) });
  });
});

test.describe('a data folder that cannot be opened', () => {
  test('because it comes from the future: said, untouched, and opened once that is put right', async ({
    open,
    folder,
  }) => {
    const first = await open();
    await first.close();
    const format = setFormat(folder, 999_999);
    const { page } = await open({ until: 'page' });
    await expect(page.getByRole('alert')).toContainText('newer Holdfast');
    await expect(page.getByText(folder)).toBeVisible();
    expect(setFormat(folder, format)).toBe(999_999);
    await page.getByRole('button', { name: /again/i }).click();
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  });

  test('because another program holds it: said, and opened once it lets go', async ({ open, folder }) => {
    const holder = new Database(join(folder, 'lock.db'));
    holder.exec('BEGIN EXCLUSIVE');
    const { page } = await open({ until: 'page' });
    await expect(page.getByRole('alert')).toContainText(`Another Holdfast has the data folder ${folder} open`);
    holder.close();
    await page.getByRole('button', { name: /again/i }).click();
    await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  });

  test('because it is a file', async ({ open, folder }) => {
    const file = join(folder, 'file');
    writeFileSync(file, 'not a folder');
    const { page } = await open({ folder: file, until: 'page' });
    await expect(page.getByRole('alert')).toContainText('cannot be opened');
    expect(readFileSync(file, 'utf8')).toBe('not a folder');
  });

  test('because its disk is full', async ({ open, folder }) => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    test.skip(mounted.status !== 0, 'needs the right to mount a small disk');
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(60 * 1024));
      const console_ = await open({ folder: disk, until: 'page' });
      await expect(console_.page.getByRole('alert')).toContainText(/full|space/i);
      await console_.close();
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});

/** Writes the database's format number from outside; the one it had. */
function setFormat(folder: string, format: number): number {
  const database = new Database(join(folder, 'holdfast.db'));
  const before = database.pragma('user_version', { simple: true }) as number;
  database.pragma(`user_version = ${format}`);
  database.close();
  return before;
}

test.describe('the window', () => {
  test('opens where it was left', async ({ open }) => {
    const left = { x: 60, y: 80, width: 1100, height: 720 };
    const first = await open();
    await first.app.evaluate(({ BrowserWindow }, left) => BrowserWindow.getAllWindows()[0]!.setBounds(left), left);
    await expect
      .poll(() => first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds()))
      .toEqual(left);
    await first.close();
    const second = await open();
    expect(await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds())).toEqual(
      left,
    );
  });

  test('opens in the middle when its state is nonsense or its screen is gone', async ({ open, folder }) => {
    for (const state of ['{"bounds":', '{"bounds":{"x":90000,"y":90000,"width":1000,"height":700}}']) {
      mkdirSync(join(folder, 'window'), { recursive: true });
      writeFileSync(join(folder, 'window', 'window.json'), state);
      const console_ = await open();
      const { x, y } = await console_.app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]!.getBounds(),
      );
      expect(x).toBeLessThan(1000);
      expect(y).toBeLessThan(1000);
      await console_.close();
    }
  });

  test('has a menu whose every action reaches it', async ({ open }) => {
    const console_ = await open();
    await console_.page.evaluate(() => {
      const actions: unknown[] = [];
      Object.assign(window, { actions });
      window.holdfast.onMenu((action) => void actions.push(action));
    });
    const expected: [menu: string, item: string, action: MenuAction][] = [
      ['Console', 'Declare an incident…', { type: 'declare' }],
      ['Console', 'Import catalog…', { type: 'import-catalog' }],
      ['Go', 'Situation', { type: 'go', screen: 'situation' }],
      ['Go', 'Map', { type: 'go', screen: 'map' }],
      ['Go', 'Incidents', { type: 'go', screen: 'incidents' }],
      ['Go', 'Estate', { type: 'go', screen: 'estate' }],
      ['Go', 'Runbooks', { type: 'go', screen: 'runbooks' }],
      ['Go', 'Sources', { type: 'go', screen: 'sources' }],
      ['Go', 'Settings', { type: 'go', screen: 'settings' }],
      ['Go', 'Back', { type: 'back' }],
      ['Go', 'Command palette…', { type: 'palette' }],
      ['Help', 'Keys of this screen', { type: 'keys' }],
    ];
    for (const [menu, item] of expected) await clickMenu(console_, menu, item);
    await expect
      .poll(() => console_.page.evaluate(() => (window as unknown as { actions: unknown[] }).actions))
      .toEqual(expected.map(([, , action]) => action));
    const accelerators = await console_.app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()!.items.flatMap(({ submenu }) =>
        submenu!.items.flatMap(({ accelerator }) => (accelerator ? [accelerator] : [])),
      ),
    );
    expect(accelerators).toEqual(expect.arrayContaining(['CmdOrCtrl+Shift+I', 'CmdOrCtrl+K']));
    expect(new Set(accelerators).size).toBe(accelerators.length);
  });

  test('keeps the theme that was chosen, from its first moment on', async ({ open, folder }) => {
    const first = await open();
    for (const theme of ['dark', 'light'] as const) {
      await first.done('settings.set', { theme });
      await expect.poll(() => first.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe(theme);
    }
    await first.close();
    expect(JSON.parse(readFileSync(join(folder, 'window', 'window.json'), 'utf8'))).toMatchObject({ theme: 'light' });
    const second = await open({ until: 'page' });
    expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(false);
  });

  test('gives the paths that a person chooses, and none for a purpose it does not know', async ({ open, folder }) => {
    const console_ = await open();
    const file = join(folder, 'catalog-info.yaml');
    await console_.app.evaluate(({ dialog }, file) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
    }, file);
    const chosen = (purpose: string): Promise<string[]> =>
      console_.page.evaluate((purpose) => window.holdfast.choosePaths(purpose as 'catalog-files'), purpose);
    expect(await chosen('catalog-files')).toEqual([file]);
    expect(await chosen('constructor')).toEqual([]);
  });
});
