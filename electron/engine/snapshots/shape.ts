/** What tables, indexes and triggers a database has, and what it should have. */
import Database from 'better-sqlite3';
import type { Sqlite } from '../store/database.ts';
import { MIGRATIONS } from '../store/migrations.ts';

export type Shape = [type: string, name: string, sql: string | null][];

export function shapeOf(db: Sqlite): Shape {
  return db
    .prepare<[], Shape[number]>('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')
    .raw()
    .all() as unknown as Shape;
}

/** What the migrations up to a version make. */
export function shapeAt(schema: number): Shape {
  const db = new Database(':memory:');
  try {
    for (const { version, sql } of MIGRATIONS) if (version <= schema) db.exec(sql);
    return shapeOf(db);
  } finally {
    db.close();
  }
}
