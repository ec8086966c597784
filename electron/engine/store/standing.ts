/** What a log knows of a console whose ops arrive: its key, and whether they count. */
import type { Document } from '../../../shared/ops/project.ts';
import type { Sqlite } from './database.ts';
import type { Standing } from './ingest.ts';
import type { Log } from './log.ts';

/** @param doc the entity `console` of that id, when there is one; `own` is this console. */
export function standingOf(db: Sqlite, log: Log, doc: Document | undefined, console: string, own: string): Standing {
  const key = db.prepare<[string], Buffer | null>('SELECT key FROM console WHERE id = ?').pluck().get(console) ?? null;
  const enrolled = console === own || doc?.['access'] === 'enrolled';
  const head = log.head(console);
  return {
    key: key ?? (typeof doc?.['key'] === 'string' ? Buffer.from(doc['key'], 'base64url') : null),
    access: enrolled ? 'enrolled' : doc?.['access'] === 'revoked' ? 'revoked' : 'stranger',
    through: typeof doc?.['through'] === 'number' ? doc['through'] : 0,
    head: head && { seq: head.seq, id: head.id },
    own: console === own,
  };
}
