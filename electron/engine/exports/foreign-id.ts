/** Whether an incident is kept as a foreign record; apart from the rest so that who finds incidents can ask without more. */
import type { Sqlite } from '../store/database.ts';

export function isForeign(db: Sqlite, id: string): boolean {
  return db.prepare<[string], number>('SELECT 1 FROM foreign_record WHERE incident = ? LIMIT 1').pluck().get(id) === 1;
}
