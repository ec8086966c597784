/** What of restricted incidents was written in the clear. Invariant: what was sealed has no part in it, whoever has the keys. */
import Database from 'better-sqlite3';
import type { Op } from '../../../shared/ops/op.ts';
import type { Sqlite } from '../store/database.ts';
import { OP_COLUMNS, toOp, type OpRow } from '../store/log.ts';
import { SCRATCH_SQL } from '../store/migrations.ts';
import { Projection, SEALED } from '../store/projection.ts';
import { accessOf } from '../store/replay.ts';

interface Clear {
  entities: { kind: string; scope: string; id: string; state: string }[];
  entries: { n: number; scope: string; at: number; subject: string | null }[];
}

/** What the projections say of some incidents to whom nothing that was sealed can be opened. */
export function inTheClear(db: Sqlite, scopes: readonly string[], own: string): Clear {
  const log = db
    .prepare<[string], OpRow>(
      `SELECT ${OP_COLUMNS} FROM main.op JOIN console ON console.n = op.console
       WHERE op.scope IN (SELECT value FROM json_each(?)) AND op.type <> '${SEALED}' ORDER BY op.n`,
    )
    .all(JSON.stringify(scopes))
    .map(toOp);
  const { limits } = accessOf(onConsoles(db), own);
  const scratch = new Database(':memory:');
  try {
    scratch.exec(SCRATCH_SQL);
    const name = scratch.prepare('INSERT INTO op (n, id, scope) VALUES (?, ?, ?)');
    const projection = new Projection(scratch);
    for (const op of log) {
      if (op.seq > (limits.get(op.console) ?? Infinity)) continue;
      name.run(op.n, Buffer.from(op.id, 'base64url'), op.scope);
      projection.apply(op, op.n);
    }
    projection.flush();
    return {
      entities: scratch.prepare('SELECT kind, scope, id, state FROM entity').all() as Clear['entities'],
      entries: scratch.prepare('SELECT n, scope, at, subject FROM entry').all() as Clear['entries'],
    };
  } finally {
    scratch.close();
  }
}

function onConsoles(db: Sqlite): Op[] {
  return db
    .prepare<[], OpRow>(
      `SELECT ${OP_COLUMNS} FROM main.op JOIN console ON console.n = op.console
       WHERE op.type IN ('console.enrol', 'console.revoke') ORDER BY op.n`,
    )
    .all()
    .map(toOp);
}

/** Takes out of the tables of a copy what was opened of what is sealed, and lets it wait for its keys again. */
export function closeSealed(copy: Sqlite): void {
  const scopes = copy.prepare<[], string>(`SELECT DISTINCT scope FROM op WHERE type = '${SEALED}'`).pluck().all();
  if (scopes.length === 0) return;
  const { entities, entries } = inTheClear(copy, scopes, '');
  for (const table of ['entity', 'entry'])
    copy.prepare(`DELETE FROM ${table} WHERE scope IN (SELECT value FROM json_each(?))`).run(JSON.stringify(scopes));
  const entity = copy.prepare('INSERT INTO entity (kind, scope, id, state) VALUES (?, ?, ?, ?)');
  for (const { kind, scope, id, state } of entities) entity.run(kind, scope, id, state);
  const entry = copy.prepare('INSERT INTO entry (n, scope, at, subject) VALUES (?, ?, ?, ?)');
  for (const { n, scope, at, subject } of entries) entry.run(n, scope, at, subject);
  copy.exec(`INSERT OR IGNORE INTO parked (n, type) SELECT n, type FROM op WHERE type = '${SEALED}'`);
}
