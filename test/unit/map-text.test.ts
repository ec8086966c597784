import { describe, expect, it } from 'vitest';
import { TextFitter } from '../../renderer/features/map/draw/text.ts';

/** A font in which every code unit is ten wide. */
const context = { measureText: (text: string) => ({ width: text.length * 10 }) } as CanvasRenderingContext2D;

describe('a name where there is little room', () => {
  const fitter = new TextFitter();

  it('that begins as others do keeps both ends, and never takes more than the room', () => {
    expect(fitter.fitEnds(context, 'f', 'Store servers Cork', 102)).toBe('Store…Cork');
    expect(fitter.fitEnds(context, 'f', 'Store servers Dublin', 102)).toBe('Store…blin');
    expect(fitter.fitEnds(context, 'f', 'Store', 102)).toBe('Store');
    for (let width = 0; width < 200; width += 7)
      expect(fitter.fitEnds(context, 'f', 'x'.repeat(300), width).length * 10).toBeLessThanOrEqual(width);
  });

  it('loses its end otherwise, and where two ends would be too little', () => {
    expect(fitter.fit(context, 'f', 'Payments API', 90)).toBe('Payments…');
    expect(fitter.fitEnds(context, 'f', 'Store servers Cork', 42)).toBe('Sto…');
  });

  it('is cut between characters as people count them', () => {
    const family = '👩‍👩‍👧‍👦';
    const cut = fitter.fitEnds(context, 'f', `${family.repeat(3)}支付网关服务`, 200);
    expect(cut.replaceAll(family, '').replace(/[…支付网关服务]/gu, '')).toBe('');
  });
});
