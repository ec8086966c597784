/**
 * Since when a business service has been hurt, out of the log and the board. Invariant: it is the same however often the engine
 * was started meanwhile; the log is read again only when the health changed.
 */
import { hurtSince, type ToldHealth } from '../../../shared/domain/impact/hurt.ts';
import { Health } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { BY_HAND } from '../sources/board.ts';

/** Services of a hard path that are looked up, those that are hurt first; changes of each that are read back. */
const MAX_SERVICES = 500;
const READ_BACK = 40;
/** What nobody has heard of for longer is not said to be hurt still, ms. */
const SILENT_MS = 24 * 3_600_000;

interface Known {
  health: Health;
  since: number | null;
  hurt: number | null;
}
const known = new WeakMap<Context['store'], Map<string, Known>>();

/** ms; null while it is well, and when it is not known and was well before. */
export function businessHurtSince(context: Context, id: string): number | null {
  const { health, since } = context.sources.board.businessHealth(id).health;
  if (health === 'unknown' && context.now() - (since ?? 0) > SILENT_MS) return null;
  let all = known.get(context.store);
  if (!all) known.set(context.store, (all = new Map()));
  const before = all.get(id);
  if (before?.health === health && before.since === since) return before.hurt;
  const hurt = read(context, id);
  all.set(id, { health, since, hurt });
  return hurt;
}

function read(context: Context, id: string): number | null {
  const { board } = context.sources;
  const now = context.now();
  const {
    health: { health, since, source },
    hurtBy,
  } = board.businessHealth(id);
  const hurt = health === 'degraded' || health === 'failing';
  // A person's word holds from when it was given, whatever was measured.
  if (source === BY_HAND) return hurt ? since : null;
  if (!hurt && health !== 'unknown') return null;
  const services = [...new Set([...hurtBy, ...board.hardPath(id)])].slice(0, MAX_SERVICES);
  const began = hurtSince(
    services.flatMap((service) => toldOf(context, service)),
    hurt ? (since ?? now) : now,
  );
  return hurt || began < now ? began : null;
}

function toldOf({ store }: Context, service: string): ToldHealth[] {
  return store
    .entries({ subject: `service:${service}` }, { types: ['health.change'], limit: READ_BACK })
    .map(({ op, at }) => {
      const since = op.payload['since'];
      return {
        service,
        at: typeof since === 'number' ? Math.min(since, at) : at,
        health: Health.catch('unknown').parse(op.payload['health']),
      };
    });
}
