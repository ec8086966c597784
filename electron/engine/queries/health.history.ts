import { setImmediate as breathe } from 'node:timers/promises';
import type { HealthHistory } from '../../../shared/contract/estate.ts';
import { endOf } from '../../../shared/domain/by-hand.ts';
import { healthBetween, type Told, type Written } from '../../../shared/domain/health-past.ts';
import { Health } from '../../../shared/domain/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { type Context, handle } from '../context.ts';
import { namedActor } from '../names.ts';
import type { EntryRow } from '../store/store.ts';

const SETTLED = ['health.change'];
const WORDS = ['health.manual', 'health.manual-end'];
/** More changes than these are not told at once; the newest are. */
const MOST = 20_000;
/** Services that are looked up before others get their turn. */
const SLICE = 250;

/** Health from an instant on, out of the log: the state at its beginning and every change since, by sources and by hand. */
export default handle('health.history', async (context, input) => {
  const to = input.to ?? context.now();
  const rows = context.store.entries(
    { scope: ESTATE },
    { types: [...SETTLED, ...WORDS], since: input.from + 1, before: { at: to + 1, hlc: '' }, limit: MOST + 1 },
  );
  const cut = rows.length > MOST;
  const after = (cut ? rows.slice(0, MOST) : rows).toReversed();
  const from = cut ? after[0]!.at - 1 : input.from;
  const written = after.flatMap(writtenOf);
  const services = [...context.estate.all('service').keys()];
  const spokenOf = new Set(context.store.entities('manual', ESTATE).map(({ id }) => id));
  for (const [looked, service] of services.entries()) {
    if (looked % SLICE === SLICE - 1) await breathe();
    for (const types of spokenOf.has(`service:${service}`) ? [SETTLED, WORDS] : [SETTLED]) {
      const before = { at: from + 1, hlc: '' };
      const [last] = context.store.entries({ subject: `service:${service}` }, { types, before, limit: 1 });
      if (last) written.push(...writtenOf(last));
    }
  }
  written.push(...wellThen(context, services, written, to));
  const { start, changes } = healthBetween(written, from, to);
  return {
    from,
    to,
    start: start.map(({ service, health, at, byHand }) => ({ service, health, since: at, byHand })),
    changes: changes.map((change) => toldChange(context, change)),
    windows: context.sources.board
      .windows()
      .map((window) => ({ ...window, to: endOf(window) }))
      .filter((window) => window.from < to && window.to > Math.max(from, window.from))
      .map((window) => ({
        ...{ id: window.id, title: window.title, services: [...window.services] },
        ...{ from: window.from, to: window.to },
      })),
    cut,
  };
});

/** What was well from the beginning makes no op: it is told by the first that says otherwise, also when that came later, or by the board. */
function wellThen(
  { store, sources }: Context,
  services: readonly string[],
  written: readonly Written[],
  to: number,
): Written[] {
  const settled = new Set(written.flatMap((one) => (one.kind === 'settled' ? [one.service] : [])));
  const later = new Map<string, number>();
  for (const { op } of store.entries({ scope: ESTATE }, { types: SETTLED, since: to + 1, limit: MOST })) {
    const { service, wellSince } = op.payload;
    if (typeof wellSince === 'number') later.set(String(service), wellSince);
  }
  return services.flatMap((service) => {
    if (settled.has(service)) return [];
    const since = later.get(service) ?? sources.board.wellSince(service);
    return since === null || since > to ? [] : [well(service, since)];
  });
}

const well = (service: string, at: number): Written => ({
  ...{ at, service, kind: 'settled', health: 'healthy', source: '', reason: 'Nothing else was said of it' },
});

function toldChange(
  context: Context,
  { at, service, health, source, reason, byHand }: Told,
): HealthHistory['changes'][number] {
  return { at, service, health, source: byHand ? namedActor(context, source).name : source, reason, byHand };
}

function writtenOf({ op, at }: EntryRow): Written[] {
  const { payload } = op;
  const health = Health.catch('unknown').parse(payload['health']);
  const reason = String(payload['reason'] ?? '');
  if (op.type === 'health.change') {
    const service = String(payload['service']);
    const { wellSince } = payload;
    return [
      { at, service, kind: 'settled', health, source: String(payload['source']), reason },
      ...(typeof wellSince === 'number' && wellSince < at ? [well(service, wellSince)] : []),
    ];
  }
  if (payload['kind'] !== 'service') return [];
  const until = Number(payload['until']);
  const word = op.type === 'health.manual' && Number.isFinite(until) ? { health, until, reason, by: op.actor } : null;
  return [{ at, service: String(payload['id']), kind: 'word', word }];
}
