import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INITIAL, LEAST, parseWindowState, placeWindow } from '../../../electron/main/window-state.ts';

const main = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };

test('reads back what it wrote', () => {
  const state = {
    bounds: { x: 10, y: 40, width: 1000, height: 700 },
    maximized: true,
    fullScreen: false,
    theme: 'dark' as const,
  };
  expect(parseWindowState(JSON.stringify(state))).toEqual(state);
});

test.each([
  '',
  'null',
  '[]',
  '{',
  '"x"',
  '{"bounds":{"x":1e999}}',
  '{"bounds":{"x":0,"y":0,"width":-5,"height":9}}',
  '{"theme":"pink"}',
])('takes %s for the first start', (text) => {
  expect(parseWindowState(text)).toEqual(INITIAL);
});

test('stays where it was, on either screen', () => {
  const bounds = { x: 2000, y: 100, width: 1000, height: 700 };
  expect(placeWindow(bounds, [main, second])).toEqual(bounds);
});

test('comes back to the main screen when its own is unplugged', () => {
  const place = placeWindow({ x: 2000, y: 100, width: 1000, height: 700 }, [main]);
  expect(place.x).toBeGreaterThanOrEqual(main.x);
  expect(place.x + place.width).toBeLessThanOrEqual(main.x + main.width);
});

test('wherever it was left, it can be seen and held', () => {
  const n = fc.integer({ min: -99_999, max: 99_999 });
  const size = fc.integer({ min: 1, max: 99_999 });
  fc.assert(
    fc.property(fc.option(fc.record({ x: n, y: n, width: size, height: size })), (bounds) => {
      const place = placeWindow(bounds, [main, second]);
      expect(place.width).toBeGreaterThanOrEqual(LEAST.width);
      expect(place.height).toBeGreaterThanOrEqual(LEAST.height);
      const visible = [main, second].some(
        (area) =>
          Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x) >= 40 &&
          place.y >= area.y &&
          place.y <= area.y + area.height - 40,
      );
      expect(visible).toBe(true);
    }),
  );
});
