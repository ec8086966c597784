/**
 * Theme and density. The settings of the data folder decide; a copy on this machine lets the first paint be right before
 * the data engine has answered.
 */
import type { Settings } from '../../shared/contract/console.ts';

export type Look = Pick<Settings, 'theme' | 'density'>;

const STORE = 'look';
const DEFAULT: Look = { theme: 'system', density: 'comfortable' };
const dark = window.matchMedia('(prefers-color-scheme: dark)');

let current: Look = DEFAULT;

/** The look of the last run on this machine. */
export function storedLook(): Look {
  const [theme, density] = (localStorage.getItem(STORE) ?? '').split(' ');
  return {
    theme: theme === 'dark' || theme === 'light' ? theme : DEFAULT.theme,
    density: density === 'compact' ? density : DEFAULT.density,
  };
}

/** Draws everything in this look and keeps it for the next start. */
export function showLook(look: Look): void {
  current = look;
  localStorage.setItem(STORE, `${look.theme} ${look.density}`);
  const { dataset } = document.documentElement;
  dataset.theme = look.theme === 'system' ? (dark.matches ? 'dark' : 'light') : look.theme;
  dataset.density = look.density;
}

dark.addEventListener('change', () => showLook(current));
