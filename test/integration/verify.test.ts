import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { verify, type Witness } from '../../electron/engine/record/verify.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { Store } from '../../electron/engine/store/store.ts';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function recorded(notes = 20) {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-verify-'));
  const opened = openDatabase(directory);
  let now = 1_780_000_000_000;
  const store = new Store(opened, loadIdentity(directory), () => (now += 1000));
  cleanups.push(() => {
    opened.close();
    rmSync(directory, { recursive: true });
  });
  const author = { actor: 'ana', zone: 'Europe/Vienna' };
  store.commit(author, (tx) =>
    tx.append({
      scope: 'i1',
      type: 'incident.declare',
      payload: { number: 1, title: 'down', severity: 'SEV1', services: [], businessServices: [] },
    }),
  );
  for (let n = 2; n <= notes; n++)
    store.commit(author, (tx) => tx.append({ scope: 'i1', type: 'entry.note', payload: { text: `note ${n}` } }));
  const check = (witnesses: Witness[] = []) => verify(opened.db, witnesses, () => now);
  return { store, db: opened.db, check };
}

describe('verifying the record', () => {
  it('finds nothing wrong with a record that nobody touched', () => {
    const { check, store } = recorded();
    expect(check()).toMatchObject({
      ok: true,
      ops: 20,
      findings: [],
      projections: { same: true },
      consoles: [{ id: store.console, ops: 20, signed: 20, findings: 0 }],
    });
  });

  const attacks: [string, string, number, RegExp][] = [
    [
      'edited words',
      `UPDATE op SET payload = '{"text":"all is well"}' WHERE seq = 7`,
      7,
      /Op 7 \(entry\.note\) was edited/,
    ],
    ['broken words', `UPDATE op SET payload = '{' WHERE seq = 7`, 7, /Op 7 \(entry\.note\) was edited/],
    [
      'a back-dated op',
      `UPDATE op SET event_time = event_time - 3600000 WHERE seq = 9`,
      9,
      /Op 9 \(entry\.note\) was edited/,
    ],
    ['another author', `UPDATE op SET actor = 'mo' WHERE seq = 9`, 9, /Op 9 .* was edited/],
    ['a removed op', `DELETE FROM op WHERE seq = 5`, 6, /Op 5 was removed/],
    ['several removed ops', `DELETE FROM op WHERE seq IN (5, 6, 7)`, 8, /Ops 5 to 7 were removed/],
    [
      'reordered ops',
      `UPDATE op SET seq = CASE seq WHEN 4 THEN 100 ELSE 4 END WHERE seq IN (4, 5); UPDATE op SET seq = 5 WHERE seq = 100`,
      4,
      /Op 4 .* was edited/,
    ],
    ['a cut end', `DELETE FROM op WHERE seq > 15`, 20, /the end was cut off/],
    ['a removed signature', `DELETE FROM segment`, 20, /Ops 1 to 20 are not signed/],
    ['a wrong signature', `UPDATE segment SET signature = zeroblob(64)`, 20, /signature over ops 1 to 20 is wrong/],
    ['an exchanged key', `UPDATE console SET key = zeroblob(32)`, 0, /key of console .* was exchanged/],
    [
      'an edited table',
      `UPDATE entity SET state = replace(state, 'SEV1', 'SEV4') WHERE kind = 'incident'`,
      0,
      /tables differ from what the log says/,
    ],
    ['a removed timeline line', `DELETE FROM entry WHERE n = 4`, 0, /tables differ/],
  ];
  it.each(attacks)('pinpoints %s', (_, sql, seq, message) => {
    const { check, db } = recorded();
    db.pragma('foreign_keys = OFF');
    db.exec(sql);
    const report = check();
    expect(report.ok).toBe(false);
    const finding = report.findings.find((each) => message.test(each.message));
    expect(finding, report.findings.map((each) => each.message).join('\n')).toMatchObject({ seq });
  });

  it('finds an end that was cut off together with its signature when a witness saw it', () => {
    const { check, db, store } = recorded();
    const witness = { where: 'backup one', console: store.console, seq: store.head!.seq, head: store.head!.id, at: 0 };
    expect(check([witness])).toMatchObject({ ok: true, witnesses: { checked: 1, missing: 0 } });
    db.exec('DELETE FROM op WHERE seq > 15; DELETE FROM segment');
    expect(check([witness]).findings.map(({ message }) => message)).toContain(
      'backup one saw 20 ops of this console; the end was cut off since.',
    );
  });
});
