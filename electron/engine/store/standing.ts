/** What a log knows of a console whose ops arrive: its key, whether they count, and what is held of its chain. */
import type { Document } from '../../../shared/ops/project.ts';
import type { Incoming, Known, Standing } from './ingest.ts';
import type { Links } from './links.ts';
import type { Log } from './log.ts';

/** @param doc the entity `console` of that id, when there is one; `own` is this console. */
export function standingOf(log: Log, doc: Document | undefined, console: string, own: string): Standing {
  const key = log.key(console);
  const enrolled = console === own || doc?.['access'] === 'enrolled';
  return {
    key: key ?? (typeof doc?.['key'] === 'string' ? Buffer.from(doc['key'], 'base64url') : null),
    access: enrolled ? 'enrolled' : doc?.['access'] === 'revoked' ? 'revoked' : 'stranger',
    through: typeof doc?.['through'] === 'number' ? doc['through'] : 0,
    head: log.tip(console),
    own: console === own,
  };
}

/** What is held of the chain that a segment belongs to, read at once; `tail` is the last number of which anything is. */
export function heldOf(log: Log, links: Links, segment: Incoming, tail: number): Known {
  const { console, first, from = first, last } = segment;
  const start = from - 1;
  const held: Known = (console, seq) => {
    const id = log.idAt(console, seq);
    if (id !== null) return { id, whole: true };
    const known = links.idAt(console, seq);
    return known === null ? null : { id: known, whole: false };
  };
  if (start >= tail) {
    const before = held(console, start);
    return (_, seq) => (seq === start ? before : null);
  }
  const ids = log.ids(console, start, last);
  return (console, seq) => {
    const id = ids.get(seq);
    return id === undefined ? held(console, seq) : { id, whole: true };
  };
}

/** The number of a console's last op of which anything is here, the op or its id. */
export function tailOf(standing: Standing, links: Links, console: string): number {
  return Math.max(standing.head?.seq ?? 0, links.last(console));
}
