/**
 * The data folder as the window needs it. Invariant: a folder that cannot be written never keeps the window from opening,
 * because the window is where the person reads why; the engine judges the folder, this only finds room for Chromium.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultDataFolder } from '../../shared/domain/data-folder.ts';

export interface Folders {
  /** The data folder: absolute, links resolved, so that one folder has one name and one instance. */
  data: string;
  /** Where Chromium and the window's own state live. */
  window: string;
  /** True when `window` had to go to a temporary folder. */
  temporary: boolean;
  /** Whether the data folder is encrypted: then Chromium keeps nothing of what is shown. */
  encrypted: boolean;
}

/** Chromium misbehaves silently on less, bytes. */
const LEAST_ROOM = 32 * 1024 * 1024;

/** `asked` as typed, or null for the default. Creates what is missing; never throws. */
export function prepareFolders(asked: string | null): Folders {
  let encrypted = false;
  let data = resolve(asked ?? defaultDataFolder(process.platform, process.env, homedir()));
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    data = realpathSync(data);
    encrypted = isEncrypted(data);
    const window = join(data, 'window');
    mkdirSync(window, { recursive: true, mode: 0o700 });
    const probe = join(window, `.probe-${process.pid}`);
    writeFileSync(probe, 'x');
    rmSync(probe);
    const { bavail, bsize } = statfsSync(window);
    if (bavail * bsize >= LEAST_ROOM) return { data, window, temporary: false, encrypted };
  } catch {
    // The engine opens the same folder and says what is wrong with it.
  }
  return { data, window: mkdtempSync(join(tmpdir(), 'holdfast-window-')), temporary: true, encrypted };
}

/** As the engine marks it: by the file with the closed key, and by one beside the keys for when that is lost. */
function isEncrypted(data: string): boolean {
  return existsSync(join(data, 'folder.key')) || existsSync(join(data, 'keys', 'folder.json'));
}

/** What of Chromium's folder says nothing of what was shown: the windows' places, our log, and what its own keys hang on. */
const KEPT =
  /^(?:window\.json|board\.json|shell\.log.*|compiled|Local State|Preferences|Singleton.*|lockfile|Crashpad)$/;

/** Removes what pages left in Chromium's folder before the data was encrypted. Only before Chromium opens it, by whoever has it alone. */
export function forgetPages(window: string): void {
  for (const name of readdirSync(window))
    if (!KEPT.test(name)) rmSync(join(window, name), { recursive: true, force: true });
}
