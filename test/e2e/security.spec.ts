/** Every point of the shell's security, in the real Electron: what a page that somebody took over could not do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test, type Console } from './console.ts';

declare global {
  interface Window {
    /** From hostile-preload.cjs. */
    hostile: { invoke(channel: string, ...args: unknown[]): Promise<unknown> };
  }
}

const HOSTILE = fileURLToPath(new URL('hostile-preload.cjs', import.meta.url));
const CALL = 'holdfast:call';

test('the page is served with a policy that allows it nothing else', async ({ open }) => {
  const { page } = await open({ until: 'page' });
  expect(page.url()).toBe('holdfast://app/');
  const headers = await page.evaluate(async () => Object.fromEntries((await fetch('/')).headers));
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; " +
      "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  );
  expect(headers['x-content-type-options']).toBe('nosniff');
});

test('the console’s own screens break no part of the policy', async ({ open }) => {
  const { page } = await open({ demonstration: true, until: 'page' });
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  await page.reload();
  await page.locator('html[data-ready]').waitFor({ state: 'attached' });
  expect(violations).toEqual([]);
});

test('inline script, eval and a frame are refused by the policy', async ({ open }) => {
  const { page } = await open({ until: 'page' });
  const refused = await page.evaluate(async () => {
    const seen: string[] = [];
    const all = new Promise<void>((resolve) => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        seen.push(effectiveDirective);
        if (seen.length === 3) resolve();
      });
    });
    const script = document.createElement('script');
    script.textContent = 'window.taken = true';
    document.body.append(script);
    const frame = document.createElement('iframe');
    frame.src = 'holdfast://app/';
    document.body.append(frame);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.head.append(style);
    await all;
    return { seen: seen.toSorted(), taken: 'taken' in window };
  });
  expect(refused).toEqual({ seen: ['frame-src', 'script-src-elem', 'style-src-elem'], taken: false });
});

test('the page reaches no network, not even this machine', async ({ open }) => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('Access-Control-Allow-Origin', '*').end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const { app, page } = await open({ until: 'page' });
  expect(
    await page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      url,
    ),
  ).toBe('refused');
  const loaded = await app.evaluate(async ({ BrowserWindow }, url) => {
    const window = new BrowserWindow({ show: false });
    const outcome = await window.loadURL(url).then(
      () => 'loaded',
      (error: unknown) => String(error),
    );
    window.destroy();
    return outcome;
  }, url);
  expect(loaded).toContain('ERR_BLOCKED_BY_CLIENT');
  expect(asked).toBe(0);
  server.close();
});

test('a file outside the renderer’s folder does not exist', async ({ open }) => {
  const { page } = await open({ until: 'page' });
  const statuses = await page.evaluate(() =>
    Promise.all(
      ['/../main/index.js', '/..%2fmain%2findex.js', '/%2e%2e/%2e%2e/package.json', '/assets', '/nothing'].map(
        async (path) => (await fetch(`holdfast://app${path}`)).status,
      ),
    ),
  );
  expect(statuses).toEqual([404, 404, 404, 404, 404]);
});

test('navigation is refused', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  await console_.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'https://example.com/';
    document.body.append(link);
    link.click();
  });
  await console_.logged('navigation refused');
  expect(console_.page.url()).toBe('holdfast://app/');
});

test('a new window is refused', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  expect(await console_.page.evaluate(() => window.open('https://example.com/'))).toBeNull();
  await console_.logged('new window refused');
  expect(console_.app.windows()).toHaveLength(1);
});

test('a download is refused', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  await console_.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.download = 'x.txt';
    document.body.append(link);
    link.click();
  });
  await console_.logged('download refused');
});

test('permissions are refused', async ({ open }) => {
  const { page } = await open({ until: 'page', switches: ['--use-fake-device-for-media-stream'] });
  const answers = await page.evaluate(async () => {
    const outcome = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        (value) => String(value),
        (error: DOMException) => error.name,
      );
    return {
      camera: await outcome(navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await outcome(navigator.mediaDevices.getDisplayMedia()),
      notification: await Notification.requestPermission(),
      clipboard: await outcome(navigator.clipboard.readText()),
      place: await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          ({ code }) => resolve(code),
        ),
      ),
    };
  });
  expect(answers).toEqual({
    camera: 'NotAllowedError',
    screen: expect.stringMatching(/NotAllowedError|InvalidStateError|NotSupportedError/),
    notification: 'denied',
    clipboard: 'NotAllowedError',
    place: 1,
  });
});

test('the page has the bridge and nothing of Node or Electron', async ({ open }) => {
  const { app, page } = await open({ until: 'page' });
  const world = await page.evaluate(() => ({
    globals: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in window),
    bridge: Object.keys(window.holdfast).toSorted(),
    replaced: Reflect.set(window.holdfast, 'call', () => 'mine') || Reflect.set(window, 'holdfast', {}),
  }));
  expect(world).toEqual({
    globals: [],
    bridge: [
      'call',
      'choosePaths',
      'engine',
      'info',
      'onChanged',
      'onEngine',
      'onMenu',
      'openBoard',
      'openFolder',
      'painted',
      'pathOf',
      'platform',
      'retryEngine',
    ],
    replaced: false,
  });
  const preferences = await app.evaluate(({ BrowserWindow }) =>
    (
      BrowserWindow.getAllWindows()[0]!.webContents as unknown as { getLastWebPreferences(): object }
    ).getLastWebPreferences(),
  );
  expect(preferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test('the big board is as hard as the console, and only reads', async ({ open }) => {
  const console_ = await open();
  const opened = console_.app.waitForEvent('window');
  await console_.page.evaluate(() => window.holdfast.openBoard());
  const board = await opened;
  await board.locator('html[data-ready="board"]').waitFor({ state: 'attached' });
  expect(board.url()).toBe('holdfast://app/?board');
  const headers = await board.evaluate(async () => Object.fromEntries((await fetch('/?board')).headers));
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  const world = await board.evaluate(() => ({
    globals: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in window),
    popup: window.open('https://example.com/'),
  }));
  expect(world).toEqual({ globals: [], popup: null });
  await console_.logged('new window refused');
  const preferences = await console_.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) =>
      (window.webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
    ),
  );
  expect(preferences).toHaveLength(2);
  for (const one of preferences) {
    expect(one).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  }
  const answers = await board.evaluate(async () => {
    await window.holdfast.openBoard();
    return {
      command: await window.holdfast.call('incident.declare', { title: 'from the wall' }),
      setting: await window.holdfast.call('settings.set', { theme: 'light' }),
      query: (await window.holdfast.call('status', {})).ok,
      chosen: await window.holdfast.choosePaths('export-folder'),
    };
  });
  expect(answers).toMatchObject({
    command: { ok: false, code: 'forbidden', message: expect.stringContaining('only reads') },
    setting: { ok: false, code: 'forbidden' },
    query: true,
    chosen: [],
  });
  expect(await console_.done('incident.list', {})).toEqual([]);
  expect(console_.app.windows()).toHaveLength(2);
});

/** Opens a window of our session with the hostile preload and runs `script` in the frame that `frame` chooses. */
function fromHostileWindow(
  console_: Console,
  url: string,
  script: string,
  frame: 'top' | 'inner' = 'top',
): Promise<unknown> {
  return console_.app.evaluate(
    async ({ BrowserWindow }, { url, script, frame, preload }) => {
      const window = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, nodeIntegrationInSubFrames: true },
      });
      await window.loadURL(url);
      const { mainFrame } = window.webContents;
      const result: unknown = await (frame === 'top' ? mainFrame : mainFrame.frames[0]!).executeJavaScript(script);
      window.destroy();
      return result;
    },
    { url, script, frame, preload: HOSTILE },
  );
}

const HOSTILE_CALL = `hostile.invoke('${CALL}', 'status', {})`;

test('a message from another window is refused', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  const reply = await fromHostileWindow(console_, 'holdfast://app/', HOSTILE_CALL);
  expect(reply).toMatchObject({
    ok: false,
    code: 'forbidden',
    message: expect.stringContaining('window that is not ours'),
  });
});

test('a message from another origin is refused', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  const reply = await fromHostileWindow(console_, 'data:text/html,<p>elsewhere', HOSTILE_CALL);
  expect(reply).toMatchObject({ ok: false, code: 'forbidden', message: expect.stringContaining('another origin') });
});

test('a message from a frame inside the page is refused', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  const reply = await fromHostileWindow(
    console_,
    'data:text/html,<iframe srcdoc="inner"></iframe>',
    HOSTILE_CALL,
    'inner',
  );
  expect(reply).toMatchObject({
    ok: false,
    code: 'forbidden',
    message: expect.stringContaining('frame inside the page'),
  });
});

test('our own window at another origin is not heard either', async ({ open }) => {
  const console_ = await open({ until: 'page' });
  const reply = await console_.app.evaluate(
    async ({ BrowserWindow, session }, { preload, call }) => {
      session.defaultSession.registerPreloadScript({ type: 'frame', filePath: preload });
      const { webContents } = BrowserWindow.getAllWindows()[0]!;
      await webContents.loadURL('about:blank');
      return webContents.executeJavaScript(call) as Promise<unknown>;
    },
    { preload: HOSTILE, call: HOSTILE_CALL },
  );
  expect(reply).toMatchObject({ ok: false, code: 'forbidden', message: expect.stringContaining('another origin') });
});

test.describe('from our own page', () => {
  const cases: [what: string, args: unknown[], reply: Record<string, unknown>][] = [
    [
      'an unknown channel',
      ['holdfast:everything', 'status', {}],
      { rejected: expect.stringContaining('No handler registered') },
    ],
    ['an unknown name', [CALL, 'incident.destroy', {}], { ok: false, code: 'bad_input' }],
    ['a name of every object', [CALL, 'constructor', {}], { ok: false, code: 'bad_input' }],
    ['an extra key', [CALL, 'status', { as: 'somebody-else' }], { ok: false, code: 'bad_input' }],
    ['a wrong type', [CALL, 'incident.show', { incident: ['INC-1'] }], { ok: false, code: 'bad_input' }],
    ['a further argument', [CALL, 'status', {}, 'more'], { ok: false, code: 'bad_input' }],
  ];
  for (const [what, args, reply] of cases) {
    test(`${what} is refused, and the engine goes on`, async ({ open }) => {
      const console_ = await open();
      await console_.app.evaluate(
        ({ session }, preload) =>
          void session.defaultSession.registerPreloadScript({ type: 'frame', filePath: preload }),
        HOSTILE,
      );
      await console_.page.reload();
      await console_.ready();
      const [channel, ...rest] = args as [string, ...unknown[]];
      expect(
        await console_.page.evaluate(([channel, rest]) => window.hostile.invoke(channel, ...rest), [
          channel,
          rest,
        ] as const),
      ).toMatchObject(reply);
      expect(await console_.call('status', {})).toMatchObject({ ok: true });
    });
  }
});
