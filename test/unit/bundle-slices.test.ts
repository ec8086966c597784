import { describe, expect, it } from 'vitest';
import type { Incoming } from '../../electron/engine/store/ingest.ts';
import type { Op } from '../../shared/ops/op.ts';
import { opId } from '../../electron/engine/store/log.ts';
import { declare, enrol, note, notes, peer, segmentsOf, slicesAbout, tick, type Peer } from '../support/exchange.ts';

/** A console with a long life of which incident `i2` is a part, and one that has never heard of it. */
function apart(): { there: Peer; here: Peer } {
  const there = peer();
  const here = peer();
  enrol(here, there);
  declare(there, 'i1');
  notes(there, 'i1', 1500);
  declare(there, 'i2', 'Checkout failing', 2);
  note(there, 'i1', 'secret of another incident');
  note(there, 'i2', 'PSP confirms');
  notes(there, 'i1', 700);
  note(there, 'i2', 'rolled back');
  notes(there, 'i1', 30);
  return { there, here };
}

describe('a slice', () => {
  it('shows nothing of ops about something else but their number, scope and digest', () => {
    const { there } = apart();
    const slices = slicesAbout(there, 'i2');
    const text = JSON.stringify(slices);
    expect(text).toContain('PSP confirms');
    expect(text).not.toContain('secret');
    expect(text).not.toContain('note 1 in i1');
    expect(slices.map(({ first, from, last }) => [first, from, last])).toEqual([
      [1001, 1502, 2000],
      [2001, 2205, 2235],
    ]);
  });

  it('applies on a console that lacks the rest of the chain, whose record then verifies', () => {
    const { there, here } = apart();
    const before = here.check();
    expect(before.ok).toBe(true);
    expect(here.store.ingest(slicesAbout(there, 'i2'), 'bundle')).toMatchObject({
      applied: 3,
      known: 0,
      quarantined: [],
    });
    expect(here.store.entity('incident', 'i2', 'i2')?.doc).toMatchObject({ title: 'Checkout failing' });
    expect(here.store.entryCount('i2')).toBe(3);
    const report = here.check();
    expect(report.findings).toEqual([]);
    expect(report.consoles.find(({ id }) => id === there.store.console)).toMatchObject({ ops: 3, signed: 3 });
    expect(here.store.rebuild().same).toBe(true);
  });

  it('changes nothing when it is taken again, and its console can go on writing', () => {
    const { there, here } = apart();
    const slices = slicesAbout(there, 'i2');
    here.store.ingest(slices, 'bundle');
    const { opCount } = here.store;
    expect(here.store.ingest(slices, 'bundle')).toMatchObject({ applied: 0, known: 3, quarantined: [] });
    expect(here.store.opCount).toBe(opCount);
    note(here, 'i2', 'seen here');
    expect(here.check().findings).toEqual([]);
  });

  it('is filled up by what comes later, in whatever order, and then nothing may be missing any more', () => {
    const { there, here } = apart();
    here.store.ingest(slicesAbout(there, 'i2'), 'bundle');
    const [first, second, third] = segmentsOf(there);
    here.store.ingest([third!], 'bundle');
    expect(here.check().findings).toEqual([]);
    here.store.ingest([first!], 'bundle');
    expect(here.check().findings).toEqual([]);
    expect(here.store.ingest([first!, second!, third!], 'bundle').quarantined).toEqual([]);
    const report = here.check();
    expect(report.findings).toEqual([]);
    expect(report.consoles.find(({ id }) => id === there.store.console)).toMatchObject({ ops: 2235, signed: 2235 });
    expect(here.opened.db.prepare('SELECT count(*) FROM link').pluck().get()).toBe(0);
    here.opened.db.exec('DELETE FROM op WHERE seq = 700');
    expect(here.check().findings.map(({ message }) => message)).toContain(
      'Op 700 was removed: op 701 stands where it should be.',
    );
  });

  it('grows with its incident', () => {
    const { there, here } = apart();
    here.store.ingest(slicesAbout(there, 'i2'), 'bundle');
    notes(there, 'i1', 900);
    note(there, 'i2', 'resolved at last');
    expect(here.store.ingest(slicesAbout(there, 'i2'), 'bundle')).toMatchObject({
      applied: 1,
      known: 3,
      quarantined: [],
    });
    expect(here.check().findings).toEqual([]);
    note(there, 'i2', 'one more');
    expect(here.store.ingest(slicesAbout(there, 'i2'), 'bundle')).toMatchObject({ applied: 1, known: 4 });
    expect(here.check().findings).toEqual([]);
  });

  it('goes on to a third console, with the author’s own proof', () => {
    const { there, here } = apart();
    here.store.ingest(slicesAbout(there, 'i2'), 'bundle');
    const third = peer();
    enrol(third, there);
    const { applied, quarantined } = third.store.ingest(slicesAbout(here, 'i2'), 'bundle');
    expect({ applied, quarantined }).toEqual({ applied: 3, quarantined: [] });
    expect(third.check().findings).toEqual([]);
  });

  it('of a stranger is kept out op by op', () => {
    const { there } = apart();
    const here = peer();
    const { applied, quarantined } = here.store.ingest(slicesAbout(there, 'i2'), 'bundle');
    expect(applied).toBe(0);
    expect(new Set(quarantined.map(({ reason }) => reason))).toEqual(
      new Set([`Console ${there.store.console} is not enrolled here.`]),
    );
    expect(here.opened.db.prepare('SELECT count(*) FROM link').pluck().get()).toBe(0);
    expect(here.check().ok).toBe(true);
  });
});

describe('parts of a chain in the database', () => {
  const attacks: [string, string, RegExp][] = [
    [
      'an op taken away',
      `DELETE FROM op WHERE payload LIKE '%PSP%'`,
      /Op 1504 was removed: op 1505|Op 1504 was removed/,
    ],
    [
      'an op replaced by its link',
      `INSERT INTO link (console, seq, id, scope, content) SELECT console, seq, id, scope, zeroblob(32) FROM op WHERE payload LIKE '%PSP%'; DELETE FROM op WHERE payload LIKE '%PSP%'`,
      /Op 1504 was removed: only its link is left/,
    ],
    [
      'an exchanged link',
      `UPDATE link SET content = zeroblob(32) WHERE seq = 1600`,
      /link of op 1600, which is not here, does not follow op 1599/,
    ],
    [
      'links taken away',
      `DELETE FROM link WHERE seq > 1700 AND seq < 2000`,
      /stands alone|signed and are not there|not signed/,
    ],
    ['a removed signature', `DELETE FROM proof`, /Ops 1502 to 1504 are not signed/],
    ['a removed statement', `DELETE FROM op WHERE type = 'record.held'`, /was removed|cut off/],
  ];
  it.each(attacks)('show %s', (_, sql, message) => {
    const { there, here } = apart();
    here.store.ingest(slicesAbout(there, 'i2'), 'bundle');
    here.opened.db.pragma('foreign_keys = OFF');
    here.opened.db.exec(sql);
    const report = here.check();
    expect(report.ok).toBe(false);
    expect(
      report.findings.some((finding) => message.test(finding.message)),
      report.findings.map((finding) => finding.message).join('\n'),
    ).toBe(true);
  });
});

describe('a seal', () => {
  it('does not cover a forged op that was put before a genuine one', () => {
    const there = peer();
    const here = peer();
    enrol(here, there);
    declare(there, 'i1');
    note(there, 'i1', 'all is well');
    note(there, 'i1', 'gone home');
    const [segment] = structuredClone(segmentsOf(there)) as [Incoming];
    const ops = segment.ops as Op[];
    const { id: _id, ...rest } = ops[1]!;
    const forged = { ...rest, payload: { text: 'the payment keys are on the wiki' } };
    ops[1] = { id: opId(forged), ...forged };
    const { applied, quarantined } = here.store.ingest([segment], 'bundle');
    expect(applied).toBe(0);
    expect(quarantined.map(({ seq, reason }) => [seq, reason])).toEqual([
      [1, 'An op after it in its segment was changed, so no signature covers it.'],
      [2, 'An op after it in its segment was changed, so no signature covers it.'],
      [3, 'An op before it in its segment was kept out.'],
    ]);
  });

  it('covers what stands around an op that has to wait, which comes in when its time has come', () => {
    let fast = 0;
    let later = 0;
    const there = peer(() => tick() + fast);
    const here = peer(() => tick() + later);
    enrol(here, there);
    declare(there, 'i1');
    note(there, 'i1', 'in time');
    fast = 5 * 86_400_000;
    note(there, 'i1', 'five days ahead');
    const { applied, quarantined } = here.store.ingest(segmentsOf(there), 'bundle');
    expect(applied).toBe(2);
    expect(quarantined).toMatchObject([{ seq: 3, reason: 'Its clock is 5 days ahead.', waits: true }]);
    expect(here.check().findings).toEqual([]);
    later = 5 * 86_400_000;
    expect(here.store.ingest(segmentsOf(there), 'bundle')).toMatchObject({ applied: 1, known: 2, quarantined: [] });
    expect(here.store.quarantined()).toBe(0);
    expect(here.check().findings).toEqual([]);
  });

  it('of a slice that claims another beginning is not believed', () => {
    const there = peer();
    const here = peer();
    enrol(here, there);
    declare(there, 'i1');
    for (let n = 0; n < 5; n++) note(there, n % 2 === 0 ? 'i1' : 'i2', `note ${n}`);
    const [slice] = slicesAbout(there, 'i2');
    expect(here.store.ingest([{ ...slice!, before: 'A'.repeat(43) }], 'bundle').applied).toBe(0);
    expect(here.store.ingest([{ ...slice!, from: slice!.from + 1 }], 'bundle').applied).toBe(0);
    const shorter = { ...slice!, from: slice!.from + 1, ops: slice!.ops.slice(1) };
    expect(here.store.ingest([shorter], 'bundle').applied).toBe(0);
    expect(here.store.ingest([slice!], 'bundle').applied).toBe(2);
  });
});
