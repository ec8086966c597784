/** Who cannot be asked now, and until when: by what the catalog says, or by what somebody said since. */
import type { AwaySpan } from '../../../shared/domain/estate.ts';
import { instants } from '../../../shared/domain/times.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';

export interface Away {
  /** ms */
  until: number;
  reason: string | null;
}

/** Null when the person can be asked. What was said last goes before the catalog, also when it was "is back". */
export function awayOf(context: Context, person: string): Away | null {
  const now = context.now();
  const row = context.store.entity('away', ESTATE, person);
  if (row !== null) {
    const said = row.doc['state'] as { from: number; until: number; reason: string | null } | null | undefined;
    if (said && said.from <= now && now < said.until) return { until: said.until, reason: said.reason };
    if (said === null) return null;
  }
  const entity = context.estate.get('person', person);
  if (!entity) return null;
  const zone = entity.timezone ?? context.zone;
  for (const span of entity.away) {
    const [from, until] = boundsOf(span, zone);
    if (from <= now && now < until) return { until, reason: span.reason ?? null };
  }
  return null;
}

export function isAway(context: Context, person: string): boolean {
  return awayOf(context, person) !== null;
}

/** Beginning and end, ms; a day alone counts from its first to its last minute. */
function boundsOf({ from, to }: AwaySpan, zone: string): [from: number, until: number] {
  return [localInstant(from, zone) ?? Infinity, localInstant(to.includes('T') ? to : `${to}T24:00`, zone) ?? -Infinity];
}

function localInstant(text: string, zone: string): number | null {
  const [date, time = '00:00'] = text.split('T');
  const [year, month, day] = date!.split('-').map(Number);
  const [hour, minute] = time.split(':').map(Number);
  const next = new Date(Date.UTC(year!, month! - 1, day! + (hour === 24 ? 1 : 0)));
  const local = { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
  return instants({ ...local, hour: hour! % 24, minute: minute ?? 0, second: 0 }, zone)[0] ?? null;
}
