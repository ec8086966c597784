import { setImmediate as breathe } from 'node:timers/promises';
import type { HealthHistory } from '../../../shared/contract/estate.ts';
import { Health } from '../../../shared/domain/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import type { EntryRow } from '../store/store.ts';

const TYPES = ['health.change'];
/** More changes than these are not told at once; the newest are. */
const MOST = 20_000;
/** Services that are looked up before others get their turn. */
const SLICE = 250;

/** Health from an instant on, out of the log: the state at its beginning and every change since. */
export default handle('health.history', async (context, input) => {
  const to = input.to ?? context.now();
  const rows = context.store.entries(
    { scope: ESTATE },
    { types: TYPES, since: input.from + 1, before: { at: to + 1, hlc: '' }, limit: MOST + 1 },
  );
  const cut = rows.length > MOST;
  const told = (cut ? rows.slice(0, MOST) : rows).toReversed();
  const from = cut ? told[0]!.at - 1 : input.from;
  const start: HealthHistory['start'] = [];
  let looked = 0;
  for (const service of context.estate.all('service').keys()) {
    if (++looked % SLICE === 0) await breathe();
    const [last] = context.store.entries(
      { subject: `service:${service}` },
      { types: TYPES, before: { at: from + 1, hlc: '' }, limit: 1 },
    );
    if (last) start.push({ service, health: healthOf(last), since: last.at });
  }
  return {
    from,
    to,
    start,
    changes: told.map((row) => ({
      at: row.at,
      service: String(row.op.payload['service']),
      health: healthOf(row),
      source: String(row.op.payload['source']),
      reason: String(row.op.payload['reason'] ?? ''),
    })),
    cut,
  };
});

const healthOf = ({ op }: EntryRow): Health => Health.catch('unknown').parse(op.payload['health']);
