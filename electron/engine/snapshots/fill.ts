/**
 * Taking out of a snapshot the ops that are missing here. Invariant: they go through the same door as any that arrive: of
 * what the snapshot's maker signed nothing is believed, only each author's own signature over each author's own chain.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { ProofSource, slicesOf } from '../bundles/slices.ts';
import type { Sqlite } from '../store/database.ts';
import type { Store } from '../store/store.ts';

/** Ops that are looked for at once. */
const PAGE = 1000;

/** Closes `db`. @returns how many ops were taken */
export async function fillFrom(store: Store, db: Sqlite, origin: string, signal: AbortSignal): Promise<number> {
  try {
    const source = new ProofSource(db);
    const left = new Map(source.log.consoles().map(({ id, seq }) => [id, seq]));
    let taken = 0;
    // Those that count now say who else does.
    for (let before = -1; before !== taken && !signal.aborted;) {
      before = taken;
      for (const [console, last] of left) {
        if (console === store.console) continue;
        if (store.standing(console).access === 'stranger') continue;
        taken += await fillChain(store, source, console, last, origin, signal);
        left.delete(console);
      }
    }
    return taken;
  } finally {
    db.close();
  }
}

async function fillChain(
  store: Store,
  source: ProofSource,
  console: string,
  last: number,
  origin: string,
  signal: AbortSignal,
): Promise<number> {
  let taken = 0;
  for (let first = firstMissing(store, console, last); first <= last && !signal.aborted; first += PAGE) {
    const to = Math.min(last, first + PAGE - 1);
    const wanted = Array.from({ length: to - first + 1 }, (_, index) => first + index);
    for (const slice of slicesOf(source, console, wanted)) taken += store.ingest([slice], origin, true).applied;
    await turn();
  }
  return taken;
}

/** The number of a console's first op that is not here; behind `last` when all are. */
function firstMissing({ log }: Store, console: string, last: number): number {
  const [run] = log.runs(console, 1, last);
  return run?.[0] === 1 ? run[1] + 1 : 1;
}
