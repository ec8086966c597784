/**
 * What this console knows of the impact over time: the minutes that it saw itself, and the slots that the log states.
 * Invariant: minutes are samples, kept in a ring of a day on this console's disk, and losing them costs only what the log
 * does not state yet; statements are read from the projections and read again when a commit touched them.
 */
import type { Figures, Slot } from '../../../shared/domain/impact/ledger.ts';
import { better, MINUTE_MS } from '../../../shared/domain/impact/ledger.ts';
import { range, type Range } from '../../../shared/domain/impact/range.ts';
import type { Payload } from '../../../shared/ops/types.ts';
import type { EntityRef } from '../../../shared/ops/registers.ts';
import type { Store } from '../store/store.ts';

/** What was estimated of a minute; what was measured follows from the samples of throughput. */
export interface MinuteRow {
  /** Beginning of the minute, ms. */
  at: number;
  /** Share that was missing by estimate; null when not even that could be said. */
  missing: Range | null;
  /** Share of the stores that sold from their own server. */
  fallback: Range;
}

/** A correction as the log states it. */
export interface StatedCorrection {
  from: number;
  to: number;
  at: number;
  before: Figures;
  after: Figures;
}

export interface Statements {
  /** The statement in force of each slot, by the slot's number. */
  slots: Map<number, Slot>;
  /** Others of the same slots, which rest on less. */
  replaced: Slot[];
  corrections: StatedCorrection[];
}

const RING_MINUTES = 1440;

const TABLE = `
  CREATE TABLE IF NOT EXISTS impact_minute (
    business TEXT NOT NULL,
    slot INTEGER NOT NULL,
    at INTEGER NOT NULL,
    doc TEXT NOT NULL,
    PRIMARY KEY (business, slot)
  ) STRICT, WITHOUT ROWID;
`;

export class ImpactBook {
  readonly #store: Store;
  readonly #rows = new Map<string, Map<number, MinuteRow>>();
  readonly #stated = new Map<string, Map<string, Statements>>();
  #ready = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Forgets what a commit touched; null means everything. */
  refresh(touched: readonly EntityRef[] | null): void {
    if (touched === null) this.#stated.clear();
    else for (const { kind, scope } of touched) if (kind === 'impact') this.#stated.delete(scope);
  }

  // Minutes

  /** Takes what was estimated of a minute, by business service, and keeps it; a disk that does not take it stops nothing. */
  record(rows: ReadonlyMap<string, MinuteRow>): void {
    const begin = Math.min(...[...rows.values()].map(({ at }) => at)) - RING_MINUTES * MINUTE_MS;
    for (const [business, row] of rows) {
      const known = this.minutes(business);
      known.set(row.at, row);
      for (const at of known.keys()) {
        if (at >= begin) break;
        known.delete(at);
      }
    }
    this.#attempt(() => {
      const put = this.#store.db.prepare(
        'INSERT INTO impact_minute (business, slot, at, doc) VALUES (?, ?, ?, ?) ON CONFLICT (business, slot) DO UPDATE SET at = excluded.at, doc = excluded.doc',
      );
      this.#store.db
        .transaction(() => {
          for (const [business, { at, missing, fallback }] of rows)
            put.run(business, (at / MINUTE_MS) % RING_MINUTES, at, JSON.stringify([missing, fallback].map(packed)));
        })
        .immediate();
    });
  }

  /** The minutes of a business service that were kept, by their beginning. */
  minutes(business: string): Map<number, MinuteRow> {
    let rows = this.#rows.get(business);
    if (rows) return rows;
    this.#rows.set(business, (rows = new Map()));
    const kept = rows;
    this.#attempt(() => {
      const found = this.#store.db
        .prepare<[string], { at: number; doc: string }>(
          'SELECT at, doc FROM impact_minute WHERE business = ? ORDER BY at',
        )
        .all(business);
      for (const { at, doc } of found) {
        const [missing, fallback] = JSON.parse(doc) as unknown[];
        kept.set(at, { at, missing: unpacked(missing), fallback: unpacked(fallback) ?? range(0, 0, 0) });
      }
    });
    return rows;
  }

  #attempt(work: () => void): void {
    try {
      if (!this.#ready && this.#store.writable) this.#store.db.exec(TABLE);
      this.#ready = true;
      work();
    } catch {
      // A cache: what is not kept is bridged later.
    }
  }

  // Statements

  /** What the log states of a business service in an incident. */
  stated(incident: string, business: string): Statements {
    let scope = this.#stated.get(incident);
    if (!scope) this.#stated.set(incident, (scope = this.#read(incident)));
    return scope.get(business) ?? { slots: new Map(), replaced: [], corrections: [] };
  }

  /** The business services of which the log states something in an incident, sorted by id. */
  businessServices(incident: string): string[] {
    return [...this.#read(incident).keys()].sort();
  }

  #read(incident: string): Map<string, Statements> {
    const found = new Map<string, Statements>();
    for (const { id, doc } of this.#store.entities('impact', incident)) {
      const business = id.slice(0, id.lastIndexOf(':'));
      let statements = found.get(business);
      if (!statements) found.set(business, (statements = { slots: new Map(), replaced: [], corrections: [] }));
      for (const [field, value] of Object.entries(doc)) {
        if (field.startsWith('s')) take(statements, slotOf(value as StatedSlot));
        else if (field.startsWith('c')) {
          const { from, to, at, before, after } = value as Correction & { at: number };
          statements.corrections.push({ from, to, at, before: figuresOf(before), after: figuresOf(after) });
        }
      }
    }
    for (const { corrections } of found.values()) corrections.sort((a, b) => a.at - b.at || a.from - b.from);
    return found;
  }
}

type StatedSlot = Payload<'impact.checkpoint'>['slots'][number];
type Correction = NonNullable<Payload<'impact.checkpoint'>['correction']>;
type Packed = StatedSlot['lost'];

function take({ slots, replaced }: Statements, slot: Slot): void {
  const start = Math.floor(slot.from / 300_000) * 300_000;
  const before = slots.get(start);
  if (!before || better(slot, before)) {
    if (before) replaced.push(before);
    slots.set(start, slot);
  } else replaced.push(slot);
}

function slotOf({ from, to, measuredMs, estimatedMs, share, lost, buffered }: StatedSlot): Slot {
  return {
    from,
    to,
    measuredMs,
    estimatedMs,
    share: range(...share),
    lost: figuresOf(lost),
    buffered: figuresOf(buffered),
  };
}

function figuresOf({ orders, transactions, revenueMinor }: Packed): Figures {
  const one = (tuple: [number, number, number] | undefined) => (tuple ? range(...tuple) : null);
  return { orders: one(orders), transactions: one(transactions), revenueMinor: one(revenueMinor) };
}

/** Figures as an op holds them: money in whole minor units, the rest to a hundredth. */
export function packedFigures({ orders, transactions, revenueMinor }: Figures): Packed {
  const tuple = (one: Range, unit: number): [number, number, number] => [
    Math.round(one.low * unit) / unit,
    Math.round(one.likely * unit) / unit,
    Math.round(one.high * unit) / unit,
  ];
  return {
    ...(orders === null ? {} : { orders: tuple(orders, 100) }),
    ...(transactions === null ? {} : { transactions: tuple(transactions, 100) }),
    ...(revenueMinor === null ? {} : { revenueMinor: tuple(revenueMinor, 1) }),
  };
}

/** A share to a ten-thousandth. */
export function packedShare({ low, likely, high }: Range): [number, number, number] {
  const short = (value: number) => Math.round(value * 10_000) / 10_000;
  return [short(low), short(likely), short(high)];
}

const packed = (one: Range | null): number[] | null => (one === null ? null : [one.low, one.likely, one.high]);

function unpacked(value: unknown): Range | null {
  return Array.isArray(value) && value.length === 3 && value.every((one) => typeof one === 'number')
    ? range(value[0] as number, value[1] as number, value[2] as number)
    : null;
}
