/** The application menu. Invariant: it asks and never does: what changes the console goes to the window as a MenuAction. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuAction, MenuScreen } from '../../shared/contract/bridge.ts';

export interface MenuOptions {
  send: (action: MenuAction) => void;
  reload: () => void;
  /** Opens the board for the wall. */
  board: () => void;
  /** Offers the developer tools. */
  developer: boolean;
}

const SCREENS: readonly [screen: MenuScreen, label: string][] = [
  ['situation', '&Situation'],
  ['map', '&Map'],
  ['incidents', '&Incidents'],
  ['stores', 'Stor&es'],
  ['estate', '&Estate'],
  ['runbooks', 'Runbooks'],
  ['sources', 'S&ources'],
  ['record', 'Re&cord'],
  ['settings', 'Se&ttings'],
];

/** Builds the menu and makes it the application's. */
export function installMenu({ send, reload, board, developer }: MenuOptions): void {
  const mac = process.platform === 'darwin';
  const act = (label: string, action: MenuAction, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => send(action),
  });
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&Console',
      submenu: [
        act('&Declare an incident…', { type: 'declare' }, 'CmdOrCtrl+Shift+I'),
        act('&Import catalog…', { type: 'import-catalog' }),
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit', label: '&Quit', accelerator: 'Ctrl+Q' },
      ],
    },
    { role: 'editMenu', label: '&Edit' },
    {
      label: '&Go',
      submenu: [
        ...SCREENS.map(([screen, label], index) => act(label, { type: 'go', screen }, `CmdOrCtrl+${index + 1}`)),
        { type: 'separator' },
        act('&Back', { type: 'back' }, mac ? 'Cmd+[' : 'Alt+Left'),
        act('Command &palette…', { type: 'palette' }, 'CmdOrCtrl+K'),
      ],
    },
    {
      label: '&View',
      submenu: [
        {
          label: '&Theme',
          submenu: [
            act('As the &system', { type: 'theme', theme: 'system' }),
            act('&Dark', { type: 'theme', theme: 'dark' }),
            act('&Light', { type: 'theme', theme: 'light' }),
          ],
        },
        { type: 'separator' },
        { role: 'zoomIn', label: 'Zoom &in', accelerator: 'CmdOrCtrl+=' },
        { role: 'zoomOut', label: 'Zoom &out' },
        { role: 'resetZoom', label: '&Actual size' },
        { type: 'separator' },
        { role: 'togglefullscreen', label: '&Full screen' },
        { label: '&Big board', accelerator: 'CmdOrCtrl+Shift+B', click: board },
        ...(developer ? ([{ type: 'separator' }, { role: 'toggleDevTools', accelerator: 'F12' }] as const) : []),
      ],
    },
    { role: 'windowMenu', label: '&Window' },
    {
      role: 'help',
      label: '&Help',
      submenu: [
        act('&Keys of this screen', { type: 'keys' }, 'CmdOrCtrl+/'),
        { label: '&Reload the window', accelerator: 'CmdOrCtrl+Shift+R', click: reload },
        { type: 'separator' },
        { label: '&About Holdfast', click: () => app.showAboutPanel() },
      ],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
