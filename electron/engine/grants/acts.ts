/** What was done under a grant: every op that names it, from its opening on. */
import type { GrantActs } from '../../../shared/contract/breakglass.ts';
import { UNDER_GRANT, UNDER_WORDS, type Grant } from '../../../shared/domain/access/grants.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { entriesByNumber } from '../incidents/timeline.ts';
import type { StoredOp } from '../store/log.ts';
import { incidentRef } from './view.ts';

/** Ops of the console that are looked through after the opening, and acts that are listed. */
const READ = 20_000;
const LISTED = 2000;
/** Ops that are read at once, so that memory does not grow with the log. */
const PAGE = 1000;

export function actsUnder(context: Context, { id, opened }: Grant): Omit<GrantActs, 'grant'> {
  if (!opened) return { acts: [], more: false };
  const { log } = context.store;
  const isUnder = (op: StoredOp): boolean => context.store.opened(op).payload[UNDER_GRANT] === id;
  const numbers: number[] = [];
  let more = false;
  for (let seq = opened.seq + 1; ; seq += PAGE) {
    const ops = log.range(opened.console, seq, seq + PAGE - 1);
    for (const op of ops) if (isUnder(op)) numbers.push(op.n);
    // An op under it that was written long after its end would be a forgery, which the reviewer wants to see; hence no stop there.
    more = seq - opened.seq > READ || numbers.length > LISTED;
    if (ops.length < PAGE || more) break;
  }
  return {
    acts: entriesByNumber(context, numbers.slice(0, LISTED)).map(({ op, view }) => ({
      ...{
        op: op.id,
        at: view.eventTime,
        actor: view.actor,
        summary: view.summary.replace(UNDER_WORDS, ''),
        text: view.text,
      },
      incident: op.scope === ESTATE ? null : incidentRef(context, op.scope),
    })),
    more,
  };
}
