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

  it('of a group tells whole numbers only', () => {
    const note = '+1,010 hidden, 20 failing, 20 degraded, 920 unknown, 50 early warning';
    expect(fitter.list(context, 'f', note, 252, 2)).toEqual(['+1,010 hidden,', '20 failing, …']);
    expect(fitter.list(context, 'f', note, 282, 2)).toEqual([
      '+1,010 hidden, 20 failing,',
      '20 degraded, 920 unknown, …',
    ]);
    expect(fitter.list(context, 'f', note, 900, 2)).toEqual([note]);
  });

  it('in Arabic keeps its ellipsis at its own end', () => {
    expect(fitter.fit(context, 'f', 'خدمة الدفع الإلكتروني', 60)).toMatch(/^\u2068خدمة…\u2069$/);
  });

  it('is cut between characters as people count them', () => {
    const family = '👩‍👩‍👧‍👦';
    const cut = fitter.fitEnds(context, 'f', `${family.repeat(3)}支付网关服务`, 200);
    expect(cut.replaceAll(family, '').replace(/[…支付网关服务]/gu, '')).toBe('');
  });
});
