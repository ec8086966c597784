import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { decodeCode, encodeCode, packBits, symbolsOf, unpackBits } from '../../shared/domain/access/codes.ts';

const symbols = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: 1, maxLength: 29 });

describe('codes that are typed', () => {
  it('are read back whatever the case, the spaces and the letters that look alike', () => {
    fc.assert(
      fc.property(symbols, (data) => {
        const code = encodeCode(data);
        const sloppy = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(decodeCode(sloppy, data.length)).toEqual({ ok: true, symbols: data });
      }),
    );
  });

  it('never pass with one or two wrong characters, nor with two that changed places', () => {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    fc.assert(
      fc.property(symbols, fc.nat(), fc.nat(), fc.nat(30), fc.nat(30), (data, a, b, more, other) => {
        const code = [...encodeCode(data).replaceAll('-', '')];
        const [first, second] = [a % code.length, b % code.length];
        const wrong = [...code];
        wrong[first] = letters[(letters.indexOf(code[first]!) + 1 + (more % 31)) % 32]!;
        expect(decodeCode(wrong.join(''), data.length).ok).toBe(false);
        if (first !== second) {
          wrong[second] = letters[(letters.indexOf(code[second]!) + 1 + (other % 31)) % 32]!;
          expect(decodeCode(wrong.join(''), data.length).ok).toBe(false);
        }
        const swapped = [...code];
        [swapped[first], swapped[second]] = [swapped[second]!, swapped[first]!];
        if (swapped.join('') !== code.join('')) expect(decodeCode(swapped.join(''), data.length).ok).toBe(false);
      }),
    );
  });

  it('say what is wrong with them', () => {
    expect(decodeCode('ABCU', 2)).toEqual({ ok: false, why: expect.stringContaining('"U"') });
    expect(decodeCode('ABC', 2)).toEqual({ ok: false, why: 'This code has 4 characters; 3 were typed.' });
  });

  it('hold numbers of any width, and the bits of bytes in their order', () => {
    const fields = fc.array(
      fc.integer({ min: 1, max: 20 }).chain((bits) => fc.nat(2 ** bits - 1).map((value) => ({ value, bits }))),
      { minLength: 1, maxLength: 7 },
    );
    fc.assert(
      fc.property(fields, (list) => {
        const packed = packBits(list);
        expect(
          unpackBits(
            packed,
            list.map(({ bits }) => bits),
          ),
        ).toEqual(list.map(({ value }) => value));
      }),
    );
    expect(symbolsOf(Uint8Array.from([0b10000000, 0b01100000, 0b00000001]), 4)).toEqual([16, 1, 16, 0]);
  });
});
