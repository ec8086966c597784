/**
 * Verifying a log from its newest ops back, so that it can be said of each moment how far back it was found good. It looks
 * at every op, chain and signature as `verify` does, and not at the tables, nor at what is here in parts only.
 */
import { sealedText } from '../../../shared/ops/segment.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import { consoleIdOf, isSigned, keyFromRaw } from '../access/identity.ts';
import type { Sqlite } from '../store/database.ts';
import { bare, isGenuine, Log } from '../store/log.ts';

interface Row {
  console: string;
  key: Buffer | null;
  first: number;
  last: number;
  head: Buffer;
  signature: Buffer;
  hlc: string;
}

/**
 * @param progress hears of an instant, ms: every op that was written after it was verified
 * @returns the instant where something is wrong; null when everything is good
 */
export function verifyBackwards(db: Sqlite, progress: (backTo: number) => void): number | null {
  const log = new Log(db);
  const seals = db
    .prepare<[], Row>(
      `SELECT console.id AS console, console.key, segment.first, segment.last, segment.head, segment.signature, op.hlc
       FROM segment JOIN console ON console.n = segment.console
       JOIN op ON op.console = segment.console AND op.seq = segment.last ORDER BY op.hlc DESC`,
    )
    .all();
  const at = ({ hlc, console }: Row) => parseHlc(`${hlc}-${console}`).ms;
  for (const [index, seal] of seals.entries()) {
    if (!isSound(log, seal)) return at(seal);
    const next = seals[index + 1];
    progress(next ? at(next) : 0);
  }
  return null;
}

function isSound(log: Log, { console, key, first, last, head, signature }: Row): boolean {
  if (!key || consoleIdOf(key) !== console) return false;
  const id = head.toString('base64url');
  if (!isSigned(keyFromRaw(key), sealedText({ console, first, last, head: id }), signature)) return false;
  let previous = first === 1 ? undefined : log.idAt(console, first - 1);
  let expected = first;
  for (const op of log.range(console, first, last)) {
    if (op.seq !== expected++ || op.prev !== previous || !isGenuine(bare(op))) return false;
    previous = op.id;
  }
  return previous === id;
}
