/**
 * What the window remembers of itself. Invariant: a state file is input: whatever stands in it, the window opens on a
 * screen that exists, in a size that can be used.
 */

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Theme = 'system' | 'dark' | 'light';

export interface WindowState {
  /** Position and size while neither maximised nor full screen; null before the first time. Device-independent pixels. */
  bounds: Bounds | null;
  maximized: boolean;
  fullScreen: boolean;
  /** The chosen theme, kept so that the window has its colour before the first page. */
  theme: Theme;
}

export const INITIAL: WindowState = { bounds: null, maximized: false, fullScreen: false, theme: 'system' };

export const LEAST = { width: 960, height: 600 };
const PREFERRED = { width: 1440, height: 900 };
/** So much of the window must lie on a screen, pixels, that a person can take hold of it. */
const GRIP = 80;

/** Reads a state file's text; anything that is not a state counts as the initial one. */
export function parseWindowState(text: string): WindowState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return INITIAL;
  }
  if (typeof value !== 'object' || value === null) return INITIAL;
  const { bounds, maximized, fullScreen, theme } = value as Record<string, unknown>;
  return {
    bounds: isBounds(bounds) ? bounds : null,
    maximized: maximized === true,
    fullScreen: fullScreen === true,
    theme: theme === 'dark' || theme === 'light' ? theme : 'system',
  };
}

/** Where to open: the remembered bounds if they can still be seen and held on one of `areas` (the first is the main screen), else the middle of it. */
export function placeWindow(remembered: Bounds | null, areas: readonly Bounds[]): Bounds {
  const main = areas[0] ?? { x: 0, y: 0, ...PREFERRED };
  const held = remembered && areas.find((area) => overlap(remembered, area));
  if (remembered && held) {
    const width = clamp(remembered.width, LEAST.width, held.width);
    return {
      x: clamp(remembered.x, held.x - width + GRIP, held.x + held.width - GRIP),
      y: Math.max(remembered.y, held.y),
      width,
      height: clamp(remembered.height, LEAST.height, held.height),
    };
  }
  const width = Math.min(PREFERRED.width, main.width);
  const height = Math.min(PREFERRED.height, main.height);
  return {
    x: main.x + Math.floor((main.width - width) / 2),
    y: main.y + Math.floor((main.height - height) / 2),
    width,
    height,
  };
}

function overlap(window: Bounds, area: Bounds): boolean {
  const width = Math.min(window.x + window.width, area.x + area.width) - Math.max(window.x, area.x);
  const titleVisible = window.y >= area.y - GRIP && window.y <= area.y + area.height - GRIP;
  return width >= GRIP && titleVisible;
}

/** `most` wins where the two limits cross. */
function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

function isBounds(value: unknown): value is Bounds {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, width, height } = value as Record<string, unknown>;
  return (
    [x, y, width, height].every((n) => Number.isInteger(n) && Math.abs(n as number) < 100_000) &&
    (width as number) > 0 &&
    (height as number) > 0
  );
}
