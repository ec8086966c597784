/**
 * Keeps the account of what is lost while it is lost. Invariant: what it writes states slots that the log holds not at all or
 * with less to rest on, so that several consoles state a slot once; it writes one op for an incident and business service at
 * a change of state, when an estimate is replaced by a measurement, and at most every five minutes otherwise.
 */
import {
  better,
  correctionOf,
  MINUTE_MS,
  SLOT_MS,
  slotFrom,
  slotOf,
  type Slot,
} from '../../../shared/domain/impact/ledger.ts';
import type { Context } from '../context.ts';
import { Periodic } from '../periodic.ts';
import type { Clock } from '../sources/clock.ts';
import type { EntityRow } from '../store/projection.ts';
import { packedFigures, packedShare, type MinuteRow, type Statements } from './book.ts';
import { seenOf, settingOf, shareNow, type Seen, type Setting } from './business.ts';
import { hurtByIncident, spanOf } from './index.ts';

const BEAT_MS = 15_000;
/** A state that comes and goes is written no more often than this, ms. */
const LEAST_MS = 30_000;
/** How far back slots are stated anew: what the samples reach, ms. */
const REACH_MS = 24 * 3_600_000;
/** As many slots as one op takes. */
const SLOTS_PER_OP = 400;

interface Last {
  at: number;
  state: string;
}

export class ImpactKeeper {
  readonly #context: () => Context;
  readonly #last = new Map<string, Last>();
  #open = new Set<string>();
  readonly #beating: Periodic;

  constructor(context: () => Context, clock: Clock) {
    this.#context = context;
    this.#beating = new Periodic(clock, {
      everyMs: BEAT_MS,
      failed: 'the account of what is lost was not kept',
      work: () => this.beat(),
    });
  }

  start(): void {
    this.#beating.start();
  }

  stop(): void {
    this.#beating.stop();
  }

  /** Takes down this minute, and states what is due. */
  beat(): void {
    const context = this.#context();
    const now = context.now();
    const settings = new Map<string, { setting: Setting; state: string }>();
    const rows = new Map<string, MinuteRow>();
    for (const entity of context.estate.all('business-service').values()) {
      const setting = settingOf(context, entity);
      const { kind, estimate, fallback } = shareNow(context, setting);
      const { health } = context.sources.board.businessHealth(entity.id).health;
      settings.set(entity.id, { setting, state: `${kind} ${health}` });
      rows.set(entity.id, { at: Math.floor(now / MINUTE_MS) * MINUTE_MS, missing: estimate, fallback });
    }
    if (rows.size > 0) context.impact.record(rows);
    if (!context.store.writable) return;

    const open = context.incidents.open();
    const running = new Set(open.map(({ id }) => id));
    const ended = [...this.#open].filter((id) => !running.has(id));
    this.#open = running;
    for (const row of open) this.#incident(context, row, settings, now, false);
    for (const id of ended) {
      const row = context.store.entity('incident', id, id);
      if (row && !row.gone) this.#incident(context, row, settings, now, true);
    }
  }

  #incident(
    context: Context,
    row: EntityRow,
    settings: ReadonlyMap<string, { setting: Setting; state: string }>,
    now: number,
    ended: boolean,
  ): void {
    for (const { id } of hurtByIncident(context, row).entities) {
      const { setting, state } = settings.get(id)!;
      const key = `${row.id} ${id}`;
      const last = this.#last.get(key);
      // A wall clock that was set back must not keep it silent.
      const since = last ? Math.abs(now - last.at) : Infinity;
      const changed = last !== undefined && last.state !== state;
      if (!ended && last && since < SLOT_MS && !(changed && since >= LEAST_MS)) continue;
      this.#last.set(key, { at: now, state });
      if (ended) this.#last.delete(key);
      const why = ended ? 'ended' : !last ? 'began' : changed ? 'changed' : 'interval';
      this.#state(context, row, setting, why, now);
    }
  }

  #state(
    context: Context,
    row: EntityRow,
    setting: Setting,
    why: 'began' | 'changed' | 'interval' | 'ended',
    now: number,
  ): void {
    const span = spanOf(context, row);
    const to = Math.min(now, span.to ?? now);
    const from = Math.max(span.from, to - REACH_MS);
    if (to <= from) return;
    const stated = context.impact.stated(row.id, setting.entity.id);
    const seen = seenOf(context, setting, from);
    const { slots, pairs } = toState(setting, stated, seen, from, to);
    const { id: businessService, currency } = setting.entity;
    for (let at = 0; at < slots.length; at += SLOTS_PER_OP) {
      const part = slots.slice(at, at + SLOTS_PER_OP);
      const correction = correctionOf(pairs.filter(({ slot }) => part.includes(slot)));
      const payload = {
        businessService,
        currency,
        why: correction ? ('trued-up' as const) : why,
        slots: part.map((slot) => ({
          from: slot.from,
          to: slot.to,
          measuredMs: slot.measuredMs,
          estimatedMs: slot.estimatedMs,
          share: packedShare(slot.share),
          lost: packedFigures(slot.lost),
          buffered: packedFigures(slot.buffered),
        })),
        ...(correction
          ? {
              correction: {
                from: correction.from,
                to: correction.to,
                before: packedFigures(correction.before),
                after: packedFigures(correction.after),
              },
            }
          : {}),
      };
      context.store.commit({ actor: 'system', zone: context.zone }, (tx) =>
        tx.append({ scope: row.id, type: 'impact.checkpoint', payload, eventTime: to }),
      );
    }
  }
}

/** A slot that is stated anew, and what was stated of it before against what is said of the same time now. */
interface Restated {
  slot: Slot;
  before: Slot;
  after: Slot;
}

/** The slots that this console can state better than the log does, and what that replaces. */
function toState(
  setting: Setting,
  stated: Statements,
  seen: Seen,
  from: number,
  to: number,
): { slots: Slot[]; pairs: Restated[] } {
  const slots: Slot[] = [];
  const pairs: Restated[] = [];
  if (!seen.span) return { slots, pairs };
  const begin = Math.max(from, slotOf(seen.span.from));
  for (let start = slotOf(begin); start < to; start += SLOT_MS) {
    const known = stated.slots.get(start);
    const [a, b] = [Math.max(from, start), Math.min(to, start + SLOT_MS)];
    if (known && known.measuredMs >= b - a && known.from <= a && known.to >= b) continue;
    const own = slotFrom(setting, seen.minuteAt, a, b);
    if (own.measuredMs + own.estimatedMs === 0 || (known && !better(own, known))) continue;
    slots.push(own);
    if (!known || own.measuredMs <= known.measuredMs || known.measuredMs === known.to - known.from) continue;
    // Only what was stated before can be corrected, not the part of the slot that was still to come.
    const again = slotFrom(setting, seen.minuteAt, Math.max(a, known.from), Math.min(b, known.to));
    if (again.measuredMs > known.measuredMs) pairs.push({ slot: own, before: known, after: again });
  }
  return { slots, pairs };
}
