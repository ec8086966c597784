import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCode, writeCode, type JoinCode } from '../../electron/engine/joining/code.ts';
import { group, ungroup } from '../../shared/domain/joining/grouped.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

const codes = fc
  .record({
    organisation: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,30}$/),
    name: fc.string({ maxLength: 40, unit: 'grapheme' }),
    hub: fc.constantFrom('', 'nats://hub.example:4222', 'wss://hub.example:443'),
    domain: fc.option(fc.constantFrom('central')),
    edge: fc.option(fc.constantFrom('store-112')),
    certificate: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes))),
    minutes: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map(({ minutes, ...rest }): JoinCode => ({
    ...rest,
    expires: minutes * 60_000,
    key: randomBytes(32),
    secret: randomBytes(16),
  }));

const characters = (code: string) => code.replaceAll('-', '');

describe('a join code', () => {
  it('says what was written into it, however it is spaced, and in small letters', () => {
    fc.assert(
      fc.property(codes, (code) => {
        const text = writeCode(code);
        expect(readCode(text)).toEqual(code);
        expect(readCode(` ${text.toLowerCase().replaceAll('-', '\n ')} `)).toEqual(code);
        expect(readCode(text.replaceAll('0', 'o').replaceAll('1', 'l'))).toEqual(code);
      }),
    );
  });

  it('shows any single wrong character, in its group', () => {
    fc.assert(
      fc.property(codes, fc.nat(), fc.nat(30), (code, place, other) => {
        const text = characters(writeCode(code));
        const at = place % text.length;
        const wrong = ALPHABET[(ALPHABET.indexOf(text[at]!) + 1 + other) % 32]!;
        const read = ungroup(text.slice(0, at) + wrong + text.slice(at + 1));
        expect(read).toMatchObject({ ok: false, message: expect.stringMatching(`^Group ${Math.floor(at / 6) + 1} `) });
      }),
      { numRuns: 1000 },
    );
  });

  it('shows neighbours and groups exchanged, and characters left out or typed twice', () => {
    fc.assert(
      fc.property(codes, fc.nat(), fc.nat(), (code, place, second) => {
        const text = characters(writeCode(code));
        const at = place % (text.length - 1);
        const exchanged = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
        if (text[at] !== text[at + 1]) expect(() => readCode(exchanged)).toThrow(/code/);
        expect(() => readCode(text.slice(0, at) + text.slice(at + 1))).toThrow(/code/);
        expect(() => readCode(text.slice(0, at) + text[at] + text.slice(at))).toThrow(/code/);
        const groups = writeCode(code).split('-');
        const [a, b] = [place % groups.length, second % groups.length];
        if (groups[a] !== groups[b]) {
          const mixed = groups.map((one, index) => (index === a ? groups[b] : index === b ? groups[a] : one));
          expect(() => readCode(mixed.join('-'))).toThrow(/code/);
        }
        expect(() => readCode(groups.slice(0, -1 - (place % 3)).join('-'))).toThrow(/code/);
      }),
    );
  });

  it('carries any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const read = ungroup(group(bytes));
        expect(read.ok && [...read.bytes.subarray(0, bytes.length)]).toEqual([...bytes]);
      }),
    );
  });
});
