import { Temporal } from 'temporal-polyfill';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatClock,
  formatDate,
  formatDuration,
  formatTime,
  formatWhen,
  HOUR,
  instants,
  isZone,
  localTime,
  MINUTE,
  offset,
  parseAhead,
  parseDuration,
  parseWhen,
  takeWhen,
  zoneName,
} from '../../shared/domain/times.ts';

const VIENNA = 'Europe/Vienna';
const at = (iso: string) => Date.parse(iso);
/** A Tuesday in winter time, 14:07 in Vienna. */
const NOW = at('2026-11-24T13:07:00Z');

function meant(text: string, now = NOW, zone = VIENNA): string {
  const when = parseWhen(text, zone, now);
  return when.ok ? new Date(when.at).toISOString() : when.message;
}

describe('zones', () => {
  const zones = [
    'Europe/Vienna',
    'America/New_York',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Africa/Casablanca',
    'Africa/Monrovia',
    'Asia/Pyongyang',
    'UTC',
  ];

  it('agree with the calendar library on the local time and offset of any instant', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('1970-01-01T00:00:00Z') / 1000, max: at('2040-01-01T00:00:00Z') / 1000 }),
        (zone, seconds) => {
          const zoned = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(zone);
          const local = localTime(seconds * 1000, zone);
          expect(local).toEqual({
            year: zoned.year,
            month: zoned.month,
            day: zoned.day,
            hour: zoned.hour,
            minute: zoned.minute,
            second: zoned.second,
            weekday: zoned.dayOfWeek,
          });
          expect(offset(seconds * 1000, zone)).toBe(zoned.offsetNanoseconds / 1e6);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('agree with the calendar library on what a local time stands for, near changes of the clocks above all', () => {
    const changes = [
      '2026-03-29T01:00:00Z',
      '2026-10-25T01:00:00Z',
      '2026-11-01T06:00:00Z',
      '2026-03-08T07:00:00Z',
      '2026-04-04T15:00:00Z',
      '2026-10-03T15:30:00Z',
      '2011-12-30T10:00:00Z',
      '2026-02-15T02:00:00Z',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...changes),
        fc.integer({ min: -36 * 60, max: 36 * 60 }),
        (zone, change, minutes) => {
          const near = new Date(at(change) + minutes * MINUTE);
          const local = {
            year: near.getUTCFullYear(),
            month: near.getUTCMonth() + 1,
            day: near.getUTCDate(),
            hour: near.getUTCHours(),
            minute: near.getUTCMinutes(),
            second: 0,
          };
          const plain = Temporal.PlainDateTime.from(local);
          const expected = (['earlier', 'later'] as const)
            .map((disambiguation) => plain.toZonedDateTime(zone, { disambiguation }))
            .filter((zoned) => zoned.toPlainDateTime().equals(plain))
            .map((zoned) => zoned.epochMilliseconds);
          expect(instants(local, zone)).toEqual([...new Set(expected)]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('go by the name that people there use', () => {
    expect(zoneName(at('2026-01-01T12:00:00Z'), VIENNA)).toBe('CET');
    expect(zoneName(at('2026-07-01T12:00:00Z'), VIENNA)).toBe('CEST');
    expect(zoneName(at('2026-01-01T12:00:00Z'), 'America/New_York')).toBe('EST');
    expect(zoneName(at('2026-01-01T12:00:00Z'), 'UTC')).toBe('UTC');
    expect(zoneName(at('2026-01-01T12:00:00Z'), 'Asia/Kathmandu')).toBe('UTC+05:45');
    expect(zoneName(at('2026-01-01T12:00:00Z'), 'America/Sao_Paulo')).toBe('UTC-03:00');
  });

  it('that nobody knows are shown as UTC instead of blanking the screen', () => {
    expect(isZone('Mars/Olympus')).toBe(false);
    expect(formatTime(at('2026-01-01T12:00:00Z'), 'Mars/Olympus')).toBe('12:00 UTC');
  });

  it('show the edges of the calendar without failing', () => {
    expect(formatTime(8_640_000_000_000_000, VIENNA)).toMatch(/^\d\d:\d\d /);
    expect(formatDate(-8_640_000_000_000_000, VIENNA)).toMatch(/^-\d+-\d\d-\d\d$/);
  });
});

describe('formatWhen', () => {
  const cases: [string, string][] = [
    ['2026-11-24T13:05:00Z', '14:05 CET'],
    ['2026-11-23T22:50:00Z', 'yesterday 23:50 CET'],
    ['2026-11-23T23:10:00Z', '00:10 CET'],
    ['2026-11-20T22:50:00Z', 'Fri 20 Nov 23:50 CET'],
    ['2026-07-20T22:50:00Z', 'Tue 21 Jul 00:50 CEST'],
    ['2025-11-20T22:50:00Z', '20 Nov 2025 23:50 CET'],
    ['2026-11-25T08:00:00Z', 'tomorrow 09:00 CET'],
  ];
  it.each(cases)('%s is %s', (iso, expected) => {
    expect(formatWhen(at(iso), VIENNA, NOW)).toBe(expected);
  });
});

describe('durations', () => {
  const shown: [number, string][] = [
    [0, '0 s'],
    [40_999, '40 s'],
    [38 * MINUTE, '38 min'],
    [125 * MINUTE, '2 h 05'],
    [47 * HOUR, '47 h 00'],
    [76 * HOUR, '3 d 4 h'],
    [-5 * MINUTE, '−5 min'],
  ];
  it.each(shown)('%d ms reads %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });

  const clocks: [number, string][] = [
    [7_000, '0:07'],
    [38 * MINUTE + 12_000, '38:12'],
    [2 * HOUR + 5 * MINUTE + 12_000, '2:05:12'],
    [-65_000, '−1:05'],
    [-400, '0:00'],
    [30 * 24 * HOUR, '30 d'],
  ];
  it.each(clocks)('a clock of %d ms shows %s', (ms, expected) => {
    expect(formatClock(ms)).toBe(expected);
  });

  const typed: [string, number | null][] = [
    ['10m', 10 * MINUTE],
    ['10 min', 10 * MINUTE],
    ['90s', 90_000],
    ['1h30', 90 * MINUTE],
    ['1h30m', 90 * MINUTE],
    ['2 h 05', 125 * MINUTE],
    ['1.5h', 90 * MINUTE],
    ['1,5h', 90 * MINUTE],
    ['2d', 48 * HOUR],
    ['10', null],
    ['m', null],
    ['10m check', null],
    ['10months', null],
    ['', null],
    ['99999999999d', null],
  ];
  it.each(typed)('"%s" typed is %s ms', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it('typed as they are shown are read back', () => {
    for (const ms of [40_000, 38 * MINUTE, 125 * MINUTE]) expect(parseDuration(formatDuration(ms))).toBe(ms);
  });
});

describe('parseWhen', () => {
  const cases: [string, string][] = [
    ['now', '2026-11-24T13:07:00.000Z'],
    ['-10m', '2026-11-24T12:57:00.000Z'],
    ['- 1h30', '2026-11-24T11:37:00.000Z'],
    ['10m ago', '2026-11-24T12:57:00.000Z'],
    ['14:05', '2026-11-24T13:05:00.000Z'],
    ['14.05', '2026-11-24T13:05:00.000Z'],
    ['14:05:30', '2026-11-24T13:05:30.000Z'],
    ['9:05', '2026-11-24T08:05:00.000Z'],
    ['yesterday 23:50', '2026-11-23T22:50:00.000Z'],
    ['Yesterday  23:50', '2026-11-23T22:50:00.000Z'],
    ['fri 23:50', '2026-11-20T22:50:00.000Z'],
    ['tuesday 13:00', '2026-11-17T12:00:00.000Z'],
    ['20 nov 23:50', '2026-11-20T22:50:00.000Z'],
    ['Fri 20 Nov 23:50', '2026-11-20T22:50:00.000Z'],
    ['24 dec 18:00', '2025-12-24T17:00:00.000Z'],
    ['2026-07-01 12:00', '2026-07-01T10:00:00.000Z'],
    ['2026-07-01T12:00Z', '2026-07-01T12:00:00.000Z'],
    ['13:05 UTC', '2026-11-24T13:05:00.000Z'],
    ['08:05 EST', '2026-11-24T13:05:00.000Z'],
    ['08:05 America/New_York', '2026-11-24T13:05:00.000Z'],
    ['18:35 +05:30', '2026-11-24T13:05:00.000Z'],
    // A clock a little behind the one on the wall: the present, not the future.
    ['14:08', '2026-11-24T13:07:00.000Z'],
  ];
  it.each(cases)('%s in Vienna at 14:07 is %s', (text, expected) => {
    expect(meant(text)).toBe(expected);
  });

  it('reads what formatWhen writes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(VIENNA, 'America/New_York', 'Asia/Kathmandu'),
        fc.integer({ min: 0, max: 3 * 365 * 24 * 60 }),
        (zone, minutes) => {
          const then = Math.floor(NOW / MINUTE) * MINUTE - minutes * MINUTE;
          const text = formatWhen(then, zone, NOW);
          const when = parseWhen(text, zone, NOW);
          expect(when, text).toEqual({ ok: true, at: then });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('at ten past midnight takes 23:50 for the evening before', () => {
    const night = at('2026-11-23T23:10:00Z');
    expect(meant('23:50', night)).toBe('2026-11-23T22:50:00.000Z');
  });

  it('refuses a time that is still to come and says how to mean yesterday', () => {
    expect(meant('15:30')).toBe('15:30 CET is still to come; write "yesterday 15:30" if you mean that.');
    expect(meant('2027-01-01 00:00')).toBe('"2027-01-01 00:00" is still to come (1 Jan 2027 00:00 CET).');
  });

  it('refuses a time that the clocks skipped', () => {
    const morning = at('2026-03-29T06:00:00Z');
    expect(meant('02:30', morning)).toBe(
      '02:30 did not exist on 29 Mar 2026 in Europe/Vienna: the clocks went forward by 1 h 00, so it was 03:30 at once.',
    );
  });

  it('gives back both readings of a time that came twice, and takes either by its name', () => {
    const morning = at('2026-10-25T06:00:00Z');
    const when = parseWhen('02:30', VIENNA, morning);
    expect(when).toMatchObject({
      ok: false,
      message: '02:30 came twice on 25 Oct 2026, when the clocks went back; write 02:30 CEST or 02:30 CET.',
    });
    if (when.ok) return;
    expect(when.choices.map((choice) => new Date(choice.at).toISOString())).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
    for (const choice of when.choices)
      expect(parseWhen(choice.text, VIENNA, morning)).toEqual({ ok: true, at: choice.at });
    expect(meant('02:30 CEST', morning)).toBe('2026-10-25T00:30:00.000Z');
    expect(meant('02:30 CET', morning)).toBe('2026-10-25T01:30:00.000Z');
  });

  it('between the two, takes the one that has been', () => {
    expect(meant('02:30', at('2026-10-25T00:45:00Z'))).toBe('2026-10-25T00:30:00.000Z');
  });

  it('refuses a zone name that does not hold on that day', () => {
    expect(meant('14:05 CEST')).toBe('On 24 Nov 2026 the clocks there showed CET, not CEST.');
  });

  const nonsense = [
    '',
    'soon',
    '25:00',
    '14:60',
    '2026-02-30 10:00',
    '31 nov 10:00',
    '14:05 Mars/Olympus',
    '-10',
    '-',
    'someday 14:00',
    '14:05 x y z',
    '2026-13-01T00:00Z',
  ];
  it.each(nonsense)('refuses "%s" in one sentence', (text) => {
    const when = parseWhen(text, VIENNA, NOW);
    expect(when.ok).toBe(false);
    if (!when.ok) expect(when.message).toMatch(/^[^\n]{10,200}\.$|\)\.$/);
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const when of [parseWhen(text, VIENNA, NOW), takeWhen(text, VIENNA, NOW).when]) {
          if (when.ok) expect(when.at).toBeLessThanOrEqual(NOW);
          else expect(when.message).not.toBe('');
        }
        expect(parseDuration(text) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('takeWhen', () => {
  const cases: [string, string, string][] = [
    ['14:05 PSP confirms the outage', '14:05', 'PSP confirms the outage'],
    ['13:05 UTC checked', '13:05 UTC', 'checked'],
    ['yesterday 23:50 the batch began', 'yesterday 23:50', 'the batch began'],
    ['-10m queue drained', '-10m', 'queue drained'],
    ['10m ago queue drained', '10m ago', 'queue drained'],
    ['20 nov 23:50 batch began', '20 nov 23:50', 'batch began'],
    ['now done', 'now', 'done'],
  ];
  it.each(cases)('of "%s" takes "%s"', (text, taken, rest) => {
    const found = takeWhen(text, VIENNA, NOW);
    expect(found.when.ok).toBe(true);
    expect(found).toMatchObject({ taken, rest });
  });

  it('does not drop a zone that makes the time wrong', () => {
    const { when } = takeWhen('08:05 EDT checked', VIENNA, NOW);
    expect(when).toMatchObject({ ok: false, message: 'On 24 Nov 2026 the clocks there showed EST, not EDT.' });
  });
});

describe('a time that is still to come', () => {
  const zone = 'Europe/Vienna';
  // A Sunday, 14:05 in Vienna.
  const now = Date.UTC(2026, 10, 22, 13, 5);
  const at = (text: string): string => {
    const when = parseAhead(text, zone, now);
    return when.ok ? new Date(when.at).toISOString().slice(0, 16) : when.message;
  };

  it('is now, a length of time, the next such clock time, day or date', () => {
    expect(at('')).toBe('2026-11-22T13:05');
    expect(at('now')).toBe('2026-11-22T13:05');
    expect(at('30m')).toBe('2026-11-22T13:35');
    expect(at('in 2h')).toBe('2026-11-22T15:05');
    expect(at('22:00')).toBe('2026-11-22T21:00');
    expect(at('02:00')).toBe('2026-11-23T01:00');
    expect(at('tomorrow 14:00')).toBe('2026-11-23T13:00');
    expect(at('sat 02:00')).toBe('2026-11-28T01:00');
    expect(at('sun 15:00')).toBe('2026-11-22T14:00');
    expect(at('sun 13:00')).toBe('2026-11-29T12:00');
    expect(at('30 nov 22:00')).toBe('2026-11-30T21:00');
    expect(at('2 jan 22:00')).toBe('2027-01-02T21:00');
    expect(at('2026-11-30 22:00 UTC')).toBe('2026-11-30T22:00');
    expect(at('2026-11-30T22:00:00Z')).toBe('2026-11-30T22:00');
  });

  it('is refused with what to write instead when it is over, skipped by the clocks, or no time', () => {
    expect(at('2026-11-20 10:00')).toMatch(/is over; write it like 30m/);
    expect(at('today 10:00')).toMatch(/is over/);
    expect(at('2027-03-28 02:30')).toMatch(/does not exist/);
    expect(at('soon')).toMatch(/is no time; write it like/);
    expect(at('22:00 Mars')).toMatch(/no time zone/);
  });
});
