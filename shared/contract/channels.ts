/** Names of the messages between page and console. Main and preload are built from this one list. */
export const CHANNEL = {
  call: 'holdfast:call',
  engine: 'holdfast:engine',
  retryEngine: 'holdfast:retry-engine',
  openFolder: 'holdfast:open-folder',
  choosePaths: 'holdfast:choose-paths',
  openBoard: 'holdfast:open-board',
  painted: 'holdfast:painted',
  changed: 'holdfast:changed',
  engineChanged: 'holdfast:engine-changed',
  menu: 'holdfast:menu',
} as const;
