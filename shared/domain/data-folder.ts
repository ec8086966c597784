/** Where a console keeps its data when nobody says. One answer for window and command line, so that both open the same. */

/**
 * The default data folder, absolute, as this platform's programs keep theirs.
 * `environment` is the process's, `home` the person's home folder.
 */
export function defaultDataFolder(
  platform: string,
  environment: Record<string, string | undefined>,
  home: string,
): string {
  if (platform === 'win32') return `${environment.APPDATA || `${home}\\AppData\\Roaming`}\\Holdfast`;
  if (platform === 'darwin') return `${home}/Library/Application Support/Holdfast`;
  return `${environment.XDG_CONFIG_HOME || `${home}/.config`}/holdfast`;
}
