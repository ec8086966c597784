/** The window's one origin, and which file of the renderer's folder a URL of it means: never one outside that folder. */
import { join, resolve, sep } from 'node:path';

export const SCHEME = 'holdfast';
export const ORIGIN = `${SCHEME}://app`;

/** The file that a URL means, or null when it is not one of this origin's or leaves `folder`. */
export function resolveAsset(folder: string, url: string): string | null {
  let path: string;
  try {
    const { protocol, host, pathname } = new URL(url);
    if (`${protocol}//${host}` !== ORIGIN) return null;
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  if (path.includes('\0') || path.includes('\\')) return null;
  const root = resolve(folder);
  const file = join(root, path === '/' ? 'index.html' : path);
  return file.startsWith(root + sep) ? file : null;
}
