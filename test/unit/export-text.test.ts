import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  csvCell,
  html,
  json,
  markdownLine,
  markdownLines,
  visible,
  visibleLine,
} from '../../shared/domain/export/visible.ts';

describe('what people wrote', () => {
  it.each([
    ['an override', 'invoice\u202egnp.exe', 'invoice[U+202E]gnp.exe'],
    ['an isolate', 'a\u2066b\u2069c', 'a[U+2066]b[U+2069]c'],
    ['a zero-width space', 'pay\u200bpal', 'pay[U+200B]pal'],
    ['a joiner between Latin letters', 'pay\u200dpal', 'pay[U+200D]pal'],
    ['a soft hyphen', 'SEV\u00ad1', 'SEV[U+00AD]1'],
    ['control characters', 'a\u0000b\u001b[31mc\u0085d', 'a[U+0000]b[U+001B][31mc\nd'],
    ['tags', 'x\u{e0041}', 'x[U+E0041]'],
    ['a byte order mark', '\ufeffx', '[U+FEFF]x'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['a pile of marks', `e${'\u0301'.repeat(40)}`, `e${'\u0301'.repeat(6)}[+34 marks]`],
    ['line ends of every kind', 'a\r\nb\rc\u2028d', 'a\nb\nc\nd'],
  ])('shows %s', (_, text, shown) => expect(visible(text)).toBe(shown));

  it.each(['👩‍🚒 called', '🏳️‍🌈', 'می‌خواهم', 'क्‍ष', 'Zoë Müller 漢字', 'tab\tand\nline'])('leaves %s as it is', (text) =>
    expect(visible(text)).toBe(text),
  );

  it('never comes out with anything hidden in it, in any format', () => {
    // oxlint-disable-next-line no-control-regex -- these are what must not come out
    const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
    const text = fc.string({ unit: 'binary', maxLength: 80 });
    fc.assert(
      fc.property(text, (value) => {
        for (const shown of [visible(value), html(value), markdownLine(value), csvCell(value), json(value)])
          expect(shown).not.toMatch(hidden);
        expect(visibleLine(value)).not.toMatch(/\n/);
        expect(JSON.parse(json(value))).toBe(value);
      }),
      { numRuns: 500 },
    );
  });
});

describe('HTML', () => {
  it('has no markup in it that a person wrote', () => {
    const text = fc.string({ unit: fc.constantFrom('<', '>', '&', '"', "'", '`', 'a', '/', '\n', '=', ' ') });
    fc.assert(
      fc.property(text, (value) => {
        expect(html(value)).not.toMatch(/[<>"'`]/);
      }),
    );
    expect(html('<img src=x onerror="alert(1)">')).toBe('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;');
  });
});

describe('Markdown', () => {
  it.each([
    ['# head', '\\# head'],
    ['- item', '\\- item'],
    ['1. first', '1\\. first'],
    ['===', '\\==='],
    ['**bold** _soft_ `code`', '\\*\\*bold\\*\\* \\_soft\\_ \\`code\\`'],
    [
      '[link](https://x.example) ![picture](https://x.example/p.png)',
      '\\[link\\](https://x.example) !\\[picture\\](https://x.example/p.png)',
    ],
    ['<script>alert(1)</script> &amp;', '&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp;'],
    ['a | b', 'a \\| b'],
    ['checkout_api 4.18', 'checkout_api 4.18'],
  ])('shows %s literally', (text, shown) => expect(markdownLine(text)).toBe(shown));

  it('keeps every line inside its quotation', () => {
    const quoted = markdownLines('said\n\n## Verification\n    all good\n', '> ');
    expect(quoted.split('\n').every((line) => line.startsWith('>'))).toBe(true);
    expect(quoted).toBe('> said\n>\n> \\## Verification\\\n> &nbsp;&nbsp;&nbsp;&nbsp;all good');
  });
});

describe('CSV', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =1', '"=1', '|calc', '%0A', '＝1', "'=1"])(
    'does not let a spreadsheet run %s',
    (text) => {
      expect(csvCell(text).replace(/^"/, '')).toMatch(/^'/);
    },
  );

  it('is read back as it was shown', () => {
    expect([csvCell('a "b", c'), csvCell('two\nlines'), csvCell(''), csvCell(7), csvCell(' edge ')]).toEqual([
      '"a ""b"", c"',
      '"two\nlines"',
      '',
      '7',
      '" edge "',
    ]);
  });
});
