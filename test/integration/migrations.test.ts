import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadIdentity } from '../../electron/engine/access/identity.ts';
import { verify } from '../../electron/engine/record/verify.ts';
import { openDatabase } from '../../electron/engine/store/database.ts';
import { BY_ID, Log } from '../../electron/engine/store/log.ts';
import { MIGRATIONS, SCHEMA_VERSION } from '../../electron/engine/store/migrations.ts';
import { NEWEST_CHANGES, Projection } from '../../electron/engine/store/projection.ts';
import { LAST_DECISION, Store } from '../../electron/engine/store/store.ts';
import { history } from '../support/history.ts';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-migrations-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

describe('migrations', () => {
  it('are numbered by tens, upwards', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => (index + 1) * 10));
  });

  it.each(MIGRATIONS.slice(1).map((migration, index) => [migration.version, index + 1] as const))(
    'to %i keep what a folder one format older holds, after a backup',
    (version, index) => {
      const data = folder();
      const ops = history(version, 300);
      const old = openDatabase(data, MIGRATIONS.slice(0, index));
      const log = new Log(old.db);
      const projection = new Projection(old.db);
      old.db.transaction(() => {
        for (const op of ops) projection.apply(op, log.insert(op, 5));
        projection.flush();
      })();
      old.db.prepare('INSERT INTO meta (key, value) VALUES (\'settings\', \'{"theme":"dark"}\')').run();
      const before = projection.hash();
      old.close();

      const opened = openDatabase(data, MIGRATIONS.slice(0, index + 1));
      onTestFinished(() => opened.close());
      expect(opened.migrated.map((each) => each.version)).toEqual([version]);
      expect(opened.db.pragma('user_version', { simple: true })).toBe(version);
      expect([...new Log(opened.db).all()].map(({ id }) => id)).toEqual(ops.map(({ id }) => id));
      expect(new Projection(opened.db).hash()).toBe(before);
      expect(opened.db.prepare("SELECT value FROM meta WHERE key = 'settings'").pluck().get()).toBe('{"theme":"dark"}');

      const [backup] = readdirSync(join(data, 'backups'));
      expect(backup).toContain(`before-format-${version}`);
      const kept = new Database(join(data, 'backups', backup!), { readonly: true });
      onTestFinished(() => void kept.close());
      expect(kept.pragma('user_version', { simple: true })).toBe(version - 10);
      expect(kept.prepare('SELECT count(*) FROM op').pluck().get()).toBe(300);
    },
  );

  it('that fail leave the folder as it was', () => {
    const data = folder();
    openDatabase(data).close();
    const broken = {
      version: SCHEMA_VERSION + 10,
      title: 'broken',
      sql: 'CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);',
    };
    expect(() => openDatabase(data, [...MIGRATIONS, broken])).toThrow(/nowhere/);
    const opened = openDatabase(data);
    onTestFinished(() => opened.close());
    expect(opened.db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION);
    expect(opened.db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'half'").pluck().get()).toBe(0);
  });

  it('are not undone: a folder of a newer version is refused, whole', () => {
    const data = folder();
    const future = { version: SCHEMA_VERSION + 10, title: 'future', sql: 'CREATE TABLE later (a);' };
    openDatabase(data, [...MIGRATIONS, future]).close();
    expect(() => openDatabase(data)).toThrow(/newer Holdfast .*nothing was changed/);
    const opened = openDatabase(data, [...MIGRATIONS, future]);
    onTestFinished(() => opened.close());
    expect(opened.db.pragma('user_version', { simple: true })).toBe(SCHEMA_VERSION + 10);
  });

  it('of a folder with ops of a kind that is not known yet keep them for the version that knows them', () => {
    const data = folder();
    const opened = openDatabase(data);
    onTestFinished(() => opened.close());
    const store = new Store(opened, loadIdentity(data), () => 1_780_000_000_000);
    const [op] = history(1, 1);
    const future = { ...op!, type: 'future.kind' };
    opened.db.transaction(() => new Projection(opened.db).apply(future, store.log.insert(future, 0)))();
    expect(store.unknownOps()).toBe(1);
    expect(store.rebuild().same).toBe(true);
    expect(store.unknownOps()).toBe(1);
    expect(verify(opened.db, [], Date.now).projections.same).toBe(true);
  });

  it('of a folder that a program with other rules wrote leave the tables as this one would have made them', () => {
    const data = folder();
    const opened = openDatabase(data);
    onTestFinished(() => opened.close());
    const { db } = opened;
    const store = new Store(opened, loadIdentity(data), () => 1_780_000_000_000);
    store.catchUp();
    const author = { actor: 'system', zone: 'UTC' };
    store.commit(author, (tx) => {
      tx.append({ scope: 'i1', type: 'incident.title', payload: { title: 'Checkout' } });
      tx.append({ scope: 'i1', type: 'entry.note', payload: { text: 'seen' } });
    });
    const whole = store.hash();

    // One that did not know notes.
    db.exec("INSERT INTO parked SELECT n, type FROM op WHERE type = 'entry.note'; DELETE FROM entry WHERE n = 2");
    expect(store.entryCount('i1')).toBe(1);
    store.catchUp();
    expect(store.entryCount('i1')).toBe(2);
    expect(store.unknownOps()).toBe(0);
    expect(store.hash()).toBe(whole);

    // One whose rules gave other tables.
    db.exec(
      "UPDATE entity SET state = replace(state, 'Checkout', 'CHECKOUT'); UPDATE meta SET value = '0' WHERE key = 'rules'",
    );
    store.catchUp();
    expect(store.hash()).toBe(whole);

    // What was changed by hand is for the check of the record to find, not for a start to paint over.
    db.exec("UPDATE entity SET state = replace(state, 'Checkout', 'forged')");
    store.catchUp();
    expect(store.hash()).not.toBe(whole);
  });
});

describe('hot queries', () => {
  const plans: [string, string, RegExp][] = [
    [
      'the head of a console',
      'SELECT id FROM op WHERE console = 1 AND seq = 5',
      /SEARCH op USING INDEX .*\(console=\? AND seq=\?\)/,
    ],
    ['an op by its id', `SELECT n FROM op WHERE ${BY_ID}`, /SEARCH op USING INDEX op_id \(<expr>=\?\)/],
    [
      'a page of a timeline',
      'SELECT n FROM entry WHERE scope = ? AND at <= ? ORDER BY at DESC LIMIT 200',
      /SEARCH entry USING .*INDEX entry_scope \(scope=\? AND at<\?\)(?!.*TEMP B-TREE)/s,
    ],
    [
      'what happened to a service',
      'SELECT n FROM entry WHERE subject = ? AND at >= ? ORDER BY at DESC',
      /SEARCH entry USING .*INDEX entry_subject \(subject=\? AND at>\?\)/,
    ],
    [
      'the entities of an incident',
      'SELECT id, state FROM entity WHERE kind = ? AND scope = ?',
      /SEARCH entity USING PRIMARY KEY \(kind=\? AND scope=\?\)/,
    ],
    ['the newest changes', NEWEST_CHANGES, /SEARCH entity USING INDEX entity_change_at \(scope=\?\)(?!.*TEMP B-TREE)/s],
    [
      'the ops that say which consoles count',
      "SELECT n FROM op WHERE type IN ('console.enrol', 'console.revoke') ORDER BY n",
      /SCAN op USING .*INDEX op_console/,
    ],
    [
      'the last decision',
      LAST_DECISION,
      /SEARCH op USING .*INDEX op_decision \(scope=\?\)\nSEARCH entry USING INTEGER PRIMARY KEY/,
    ],
    ['a request that comes again', 'SELECT reply FROM request WHERE id = ?', /SEARCH request USING PRIMARY KEY/],
  ];
  it.each(plans)('%s is found by an index', (_, sql, plan) => {
    const opened = openDatabase(folder());
    onTestFinished(() => opened.close());
    const parameters = Array.from(sql.matchAll(/\?/g), () => '0');
    const rows = opened.db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[];
    expect(rows.map(({ detail }) => detail).join('\n')).toMatch(plan);
  });
});
