import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asked, excerpt, matches, words } from '../../shared/domain/excerpt.ts';

/** The parts of `text` that a search for `query` marks. */
const marked = (text: string, query: string) =>
  matches(text, asked(query)).map(([start, end]) => text.slice(start, end));
/** Whether the index of `text` holds all that `query` asks for. */
const holds = (text: string, query: string) => {
  const wanted = asked(query);
  const held = words(text);
  return wanted.length > 0 && wanted.every((each) => held.some((word) => word.startsWith(each)));
};

describe('words', () => {
  it.each([
    ['Ana Kovač', 'kovac'],
    ['Łukasz Żółć', 'lukasz zolc'],
    ['Straße', 'strasse'],
    ['STRASSE', 'Straße'],
    ['Smørrebrød', 'smorrebrod'],
    ['İstanbul ısı', 'istanbul isi'],
    ['Οδυσσεύς', 'οδυσσευσ'],
    ['ёлка й', 'елка'],
    ['cafe\u0301', 'café'],
    ['café', 'cafe\u0301'],
    ['ＡＢＣ１２', 'abc12'],
    ['check\u200bout\u00ad-api', 'checkout'],
    ['שָׁלוֹם עולם', 'שלום'],
    ['مُحَمَّد أحمد', 'محمد احمد'],
  ])('of %s are found by %s, whatever their case, accents and width', (text, query) => {
    expect(holds(text, query)).toBe(true);
    expect(marked(text, query).length).toBeGreaterThan(0);
  });

  it.each([
    ['決済サービスが停止', '停止'],
    ['決済サービスが停止', 'サービス'],
    ['決済サービスが停止', '止'],
    ['ﾃﾞｰﾀ', 'データ'],
    ['ระบบชำระเงินล่ม', 'ชำระเงิน'],
    ['결제 서비스 중단', '서비스'],
  ])('without spaces between them, as in %s, are found from the middle by %s', (text, query) => {
    expect(holds(text, query)).toBe(true);
    expect(marked(text, query).length).toBeGreaterThan(0);
  });

  it('in scripts without spaces are not torn into letters that stand anywhere', () => {
    expect(holds('止まって停まる', '停止')).toBe(false);
    expect(holds('バス', 'ハス')).toBe(false);
  });

  it('divide at everything that is no letter and no number, so that nothing typed is syntax', () => {
    expect(asked('"a" OR b* AND (NEAR/3 -c):^{}')).toEqual(['a', 'or', 'b', 'and', 'near', '3', 'c']);
    expect(asked(`<script>alert('x')</script>`)).toEqual(['script', 'alert', 'x']);
    expect(asked(`'; DROP TABLE op; --`)).toEqual(['drop', 'table', 'op']);
    expect(asked('👩‍🚒 … \u0000 \ud800')).toEqual([]);
  });

  it('that never end are known by their beginning', () => {
    const long = 'a'.repeat(50_000);
    expect(words(long)).toEqual(['a'.repeat(64)]);
    expect(holds(long, 'a'.repeat(400))).toBe(true);
  });
});

describe('marks', () => {
  it('stand on the part of the word that was typed', () => {
    expect(marked('Checkout-API checks out; recheck', 'check')).toEqual(['Check', 'check']);
    expect(marked('Kovač Köves', 'kov')).toEqual(['Kov', 'Köv']);
    expect(marked('Straße', 'stras')).toEqual(['Straß']);
    expect(marked('決済サービス停止', '決済サ')).toEqual(['決済サ']);
    expect(marked('ระบบชำระเงินล่ม', 'ชำระเงิน')).toContain('ชำระเงิน');
    expect(marked('مُحَمَّد', 'مح')).toEqual(['مُحَ']);
  });

  it('are where the words are, in any text, and never overlap', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, text, fc.string({ unit: 'grapheme', maxLength: 6 }), (before, after, query) => {
        const whole = `${before} ${query} ${after}`.normalize('NFC');
        const found = matches(whole, asked(query));
        if (asked(query).length > 0) expect(found.length).toBeGreaterThan(0);
        let last = 0;
        for (const [start, end] of found) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          last = end;
        }
        expect(last).toBeLessThanOrEqual(whole.length);
      }),
    );
  });
});

describe('an excerpt', () => {
  const story = `${'before '.repeat(100)}the payment provider confirms${' after'.repeat(100)}`;

  it('is around the first match, in one line, with its marks', () => {
    const { excerpt: shown, marks } = excerpt(story.replace('the payment', 'the\n\n  payment'), ['provider'], 80);
    expect(shown).toMatch(/^… .*the payment provider confirms.* …$/);
    expect(shown.length).toBeLessThanOrEqual(84);
    expect(marks.map(([start, end]) => shown.slice(start, end))).toEqual(['provider']);
  });

  it('begins at the beginning when nothing matches or all of it fits', () => {
    expect(excerpt(story, ['nowhere'], 80)).toMatchObject({
      excerpt: expect.stringMatching(/^before before/),
      marks: [],
    });
    expect(excerpt('short', ['sh'])).toEqual({ excerpt: 'short', marks: [[0, 2]] });
  });

  it('shows the match and tears no letter, wherever it stands in whatever text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(text, text, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }), (before, after, query) => {
        const wanted = asked(query);
        const { excerpt: shown, marks } = excerpt(`${before} ${query} ${after}`, wanted, 60);
        expect(shown.isWellFormed()).toBe(true);
        expect(shown.length).toBeLessThanOrEqual(64);
        if (wanted.length > 0) expect(marks.length).toBeGreaterThan(0);
        for (const [start, end] of marks) expect(start < end && end <= shown.length).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('of a very long text begins where the word is', () => {
    const { excerpt: shown } = excerpt(`needle ${'straw '.repeat(200_000)}`, ['needle']);
    expect(shown.startsWith('needle straw')).toBe(true);
  });
});
