import { describe, expect, it } from 'vitest';
import { roleName } from '../../shared/domain/timeline.ts';
import { lostOps } from '../../shared/domain/record/lost.ts';
import {
  answerOf,
  clockWords,
  consoleLines,
  consoleNames,
  formatBytes,
  keptGroups,
  periodWords,
  reasonWords,
  reportLines,
  took,
} from '../../shared/domain/record/words.ts';
import type { RecordView, RestoreView, VerifyView } from '../../shared/contract/record.ts';

const NOW = Date.parse('2026-11-24T13:00:00Z');
const HOUR = 3_600_000;

const checked = (change: Partial<VerifyView> = {}): VerifyView => ({
  ok: true,
  startedAt: NOW - HOUR,
  ms: 1200,
  ops: 100,
  consoles: [{ id: 'aa', ops: 100, head: { seq: 100, id: 'h' }, signed: 100, findings: 0 }],
  projections: { same: true, hash: 'x' },
  witnesses: { checked: 3, missing: 0 },
  findings: [],
  findingCount: 0,
  ...change,
});

const restored = (missing: RestoreView['missing']): RestoreView => ({
  ...{
    at: NOW - HOUR,
    cause: 'x',
    backup: null,
    ops: 1,
    salvaged: 0,
    damaged: [],
    failure: null,
    retiredConsole: null,
    replaced: null,
  },
  missing,
});

const record = (change: Partial<RecordView> = {}): RecordView => ({
  console: 'aa',
  begun: null,
  ops: 100,
  unknownOps: 0,
  key: { kept: 'keychain', warning: null },
  consoles: [{ id: 'aa', name: 'This console', access: 'own', ops: 100, ahead: 0 }],
  verified: checked(),
  verifying: null,
  quarantine: { total: 0, newest: [] },
  backups: {
    ...{ directory: '/b', everyMinutes: 60, lastSuccessAt: NOW, lastFailure: null, nextAt: null },
    list: [{ file: 'b.db', path: '/b/b.db', at: NOW, reason: 'scheduled', ops: 100, bytes: 1, problem: null }],
  },
  restored: null,
  ...change,
});

describe('the answer', () => {
  const said = (change: Partial<RecordView> = {}) => answerOf(record(change), NOW);

  it('is yes only when everything was checked, and lately', () => {
    expect(said()).toMatchObject({ health: 'healthy', words: expect.stringMatching(/^Yes/), besides: [] });
    expect(said({ verified: null })).toMatchObject({
      health: 'unknown',
      words: expect.stringContaining('not checked yet'),
    });
    expect(said({ verified: checked({ startedAt: NOW - 49 * HOUR }) })).toMatchObject({
      health: 'unknown',
      words: expect.stringContaining('2 d 1 h ago'),
    });
  });

  it('is no with the true number of findings, however old', () => {
    const bad = checked({ ok: false, findingCount: 1204, startedAt: NOW - 100 * HOUR });
    expect(said({ verified: bad })).toMatchObject({ health: 'failing', words: 'No: 1,204 findings.' });
  });

  it('says what is lost although the rest is genuine', () => {
    const lost = restored([
      { console: 'aa', first: 31, last: 55 },
      { console: 'bb', first: 7, last: 7 },
    ]);
    expect(lostOps(lost)).toBe(26);
    expect(said({ restored: lost })).toMatchObject({
      health: 'degraded',
      words: expect.stringContaining('26 ops are lost'),
    });
    expect(said({ restored: restored([]) })).toMatchObject({ health: 'healthy' });
  });

  it('says beside it what came since, what was kept out, what waits for an update and that nothing vouches for the end', () => {
    const { besides } = said({
      ops: 101,
      unknownOps: 2,
      quarantine: { total: 1, newest: [] },
      backups: { ...record().backups, list: [] },
    });
    expect(besides).toEqual([
      expect.stringMatching(/^1 op came since/),
      expect.stringMatching(/cut-off end would not show/),
      expect.stringMatching(/^1 op from elsewhere is kept out/),
      expect.stringMatching(/^2 ops of a newer version are kept/),
    ]);
  });
});

describe('consoles', () => {
  const consoles: RecordView['consoles'] = [
    { id: 'cc', name: 'Store 112', access: 'enrolled', ops: 9, ahead: 200 },
    { id: 'bb', name: '\u202eevil\u200b\nname', access: 'revoked', ops: 5, ahead: 12 * 60_000 },
    { id: 'dd', name: ' \u200b ', access: 'stranger', ops: 1, ahead: 2000 },
    { id: 'aa', name: 'This console', access: 'own', ops: 100, ahead: 0 },
  ];
  const verified = checked({
    consoles: [...checked().consoles, { id: 'bb', ops: 5, head: null, signed: 3, findings: 2 }],
  });

  it('are listed with what the last check said of each, this one first, then those with findings', () => {
    const lines = consoleLines(record({ consoles, verified }));
    expect(lines.map(({ id, signed, checked, findings }) => [id, signed, checked, findings])).toEqual([
      ['aa', 100, 100, 0],
      ['bb', 3, 5, 2],
      ['dd', null, null, 0],
      ['cc', null, null, 0],
    ]);
  });

  it('are called by a name that cannot pretend to be another, or by their id', () => {
    const names = consoleNames(record({ consoles }));
    expect(['bb', 'dd', 'cc', 'zz'].map(names)).toEqual(['evil name', 'dd', 'Store 112', 'zz']);
  });

  it('say by how much their clock is off', () => {
    const [own, little, off, none] = consoleLines(record({ consoles })).map(clockWords);
    expect(own).toEqual({ words: '–', off: false });
    expect(off).toEqual({ words: 'clock off by 12 min ahead', off: true });
    expect(little).toEqual({ words: '2 s ahead', off: false });
    expect(none).toEqual({ words: 'not ahead', off: false });
  });
});

it('what was kept out is told once per console, origin and reason, with how many and which', () => {
  const op = (seq: number, change = {}) => ({
    ...{
      n: seq,
      arrived: NOW + seq,
      origin: 'a stick',
      console: 'bb',
      seq,
      op: `op${seq}`,
      type: 'entry.note',
      reason: 'not enrolled',
    },
    ...change,
  });
  const groups = keptGroups([
    op(9, { reason: 'wrong signature' }),
    op(8),
    op(7, { type: 'ask.open' }),
    op(5),
    op(30, { console: 'cc', arrived: NOW + 99 }),
  ]);
  expect(
    groups.map(({ console, reason, types, count, first, last }) => [console, reason, types, count, first, last]),
  ).toEqual([
    ['cc', 'not enrolled', ['entry.note'], 1, 30, 30],
    ['bb', 'wrong signature', ['entry.note'], 1, 9, 9],
    ['bb', 'not enrolled', ['entry.note', 'ask.open'], 3, 5, 8],
  ]);
});

describe('a report', () => {
  const told = (report: RestoreView, done = true) =>
    reportLines(report, { done, nameOf: (id) => id.toUpperCase(), when: () => '14:05 CET' });
  const whole: RestoreView = { ...restored([]), ops: 55, salvaged: 25, backup: { file: 'b.db', at: NOW, ops: 30 } };

  it('says what is back, from where, and that nothing is missing', () => {
    expect(told({ ...whole, replaced: '/old' }).map(({ text }) => text)).toEqual([
      'The log holds 55 ops: 30 ops from the backup of 14:05 CET, and 25 that only the old files had.',
      'Nothing that is known to have existed is missing.',
      'The old files lie in /old.',
    ]);
    expect(told(whole, false)[0]!.text).toContain(
      'would hold 55 ops: 30 ops from the backup of 14:05 CET, and 25 that only the present files had',
    );
  });

  it('names every gap, and counts those that are too many', () => {
    const missing = Array.from({ length: 30 }, (_, n) => ({ console: 'aa', first: n * 10 + 1, last: n * 10 + 2 }));
    const line = told({ ...whole, missing }).find(({ bad }) => bad)!;
    expect(line.text).toBe('60 ops are missing; nobody has them:');
    expect(line.under).toEqual([
      ...missing.slice(0, 20).map(({ first, last }) => `ops ${first} to ${last} of AA`),
      'and 10 more gaps',
    ]);
  });

  it('says when there was no backup, when nothing could be read, and when the console has a new key', () => {
    const texts = told({
      ...whole,
      backup: null,
      failure: 'It is no database.',
      retiredConsole: 'aa',
      damaged: [{ console: 'aa', seq: 3 }],
    }).map(({ text }) => text);
    expect(texts.join('\n')).toMatch(
      /there was no backup.*could not be read: It is no database.*1 op in the old files is no longer.*under a new key/s,
    );
  });
});

describe('figures', () => {
  it('have the precision that a person needs', () => {
    expect([0, 999, 1000, 1_840_000, 25_300_000, 4.2e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '1.8 MB',
      '25 MB',
      '4.2 TB',
    ]);
    expect([0.4, 322, 1234, 90_000].map(took)).toEqual(['0 ms', '322 ms', '1.2 s', '1 min']);
    expect([60, 0, 90, 1].map(periodWords)).toEqual([
      'every hour',
      'never by itself',
      'every 90 minutes',
      'every 1 minute',
    ]);
  });
});

it('a word that every object answers is not taken for one of ours', () => {
  for (const word of ['valueOf', 'constructor', '__proto__']) {
    expect(reasonWords({ reason: word })).toBe(word);
    expect(roleName(word)).toBe(word);
  }
});
