/**
 * The contract's part on business impact: what is lost now and so far, whom it hurts, which clocks run. Invariant: every
 * figure is a range with its basis, and opens to the inputs that it was made from; amounts of two currencies are never added.
 */
import { z } from 'zod';
import { EntityId, HealthView, Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

/** low ≤ likely ≤ high. */
export const RangeView = z.object({ low: z.number(), likely: z.number(), high: z.number() });
export type RangeView = z.infer<typeof RangeView>;

/** measured: telemetry answers; estimated: from health; unknown: neither is to be had, the range says what it could be. */
export const Basis = z.enum(['measured', 'estimated', 'unknown']);
export type Basis = z.infer<typeof Basis>;

/** Orders, transactions and money in minor units of the currency; null where the baseline does not say. */
export const FiguresView = z.object({
  orders: RangeView.nullable(),
  transactions: RangeView.nullable(),
  revenueMinor: RangeView.nullable(),
});
export type FiguresView = z.infer<typeof FiguresView>;

/** A rate of money in minor units per minute. */
export const MoneyRateView = RangeView.extend({ currency: z.string(), kind: Basis, asOf: Time });
export type MoneyRateView = z.infer<typeof MoneyRateView>;

/** An amount of money in minor units, gathered from `since` to `to`. */
export const MoneySumView = RangeView.extend({ currency: z.string(), kind: Basis, since: Time, to: Time });
export type MoneySumView = z.infer<typeof MoneySumView>;

/** One thing that a figure was made from. */
export const ImpactInput = z.object({
  name: z.string(),
  value: z.string(),
  /** Where it comes from: a source, the estate, the log. */
  source: z.string(),
  at: Time.nullable(),
});
export type ImpactInput = z.infer<typeof ImpactInput>;

export const CorrectionView = z.object({
  businessService: Named,
  currency: z.string(),
  /** The stretch of time that was looked at again. */
  from: Time,
  to: Time,
  at: Time,
  before: FiguresView,
  after: FiguresView,
});
export type CorrectionView = z.infer<typeof CorrectionView>;

/** What was lost from `since` to `to`, and on what that rests. */
export const SoFarView = z.object({
  since: Time,
  to: Time,
  lost: FiguresView,
  /** Late, not lost: sold in fallback or waiting in a queue. */
  buffered: FiguresView,
  currency: z.string(),
  kind: Basis,
  measuredMs: z.number(),
  estimatedMs: z.number(),
  unknownMs: z.number(),
});
export type SoFarView = z.infer<typeof SoFarView>;

export const ClockView = z.object({
  kind: z.enum(['rto', 'rpo', 'sla']),
  title: z.string(),
  /** Since when it counts; null when it does not run. */
  since: Time.nullable(),
  dueAt: Time.nullable(),
  /** Time left, ms; negative when it is over; null when it does not run down. */
  leftMs: z.number().nullable(),
  state: z.enum(['idle', 'running', 'over']),
  text: z.string(),
});
export type ClockView = z.infer<typeof ClockView>;

export const StoresHit = z.object({
  total: z.int(),
  /** Not selling as usual: in fallback, unable to sell, or not heard of. */
  affected: z.int(),
  fallback: z.int(),
  closed: z.int(),
  cannotSell: z.int(),
  unknown: z.int(),
});
export type StoresHit = z.infer<typeof StoresHit>;

export const BusinessImpact = z.object({
  id: z.string(),
  name: z.string(),
  criticality: z.int(),
  health: HealthView,
  currency: z.string(),
  /** What it counts in: orders, transactions, documents. */
  unit: z.string(),
  kind: Basis,
  asOf: Time,
  /** Share of what usually comes that is lost, 0–1; and the share that is late but will come. */
  share: RangeView,
  bufferedShare: RangeView,
  /** Null when there is no baseline of revenue. */
  lossPerMinute: MoneyRateView.nullable(),
  lostPerMinute: FiguresView,
  bufferedPerMinute: FiguresView,
  /** What usually comes at this hour. */
  expectedPerMinute: z.object({
    orders: z.number().nullable(),
    transactions: z.number().nullable(),
    revenueMinor: z.number().nullable(),
  }),
  soFar: SoFarView.nullable(),
  /** One order or receipt counts as one customer. */
  customers: z.object({ perMinute: RangeView.nullable(), soFar: RangeView.nullable() }),
  stores: StoresHit.nullable(),
  clocks: z.array(ClockView),
  /** Holidays and promotions that last or are to come in the next four weeks. */
  calendar: z.array(z.object({ title: z.string(), from: Time, to: Time, multiplier: z.number() })),
  inputs: z.array(ImpactInput),
  /** Sentences on how it came about. */
  reasons: z.array(z.string()),
  /** Sentences on what is missing or makes no sense: gaps, no baseline, an entry of the calendar that names nothing. */
  problems: z.array(z.string()),
});
export type BusinessImpact = z.infer<typeof BusinessImpact>;

/** Amounts of one currency. */
export const CurrencyTotal = z.object({
  currency: z.string(),
  perMinute: MoneyRateView,
  soFar: MoneySumView.nullable(),
  bufferedMinor: RangeView.nullable(),
  businessServices: z.int(),
});
export type CurrencyTotal = z.infer<typeof CurrencyTotal>;

export const IncidentImpact = z.object({
  id: z.string(),
  label: z.string(),
  title: z.string(),
  since: Time,
  to: Time,
  over: z.boolean(),
  /** Whether the business services were named in the incident, or follow from the services that it affects. */
  named: z.boolean(),
  /** One for each currency, the largest first. Empty when nothing is known of money. */
  totals: z.array(CurrencyTotal),
  businessServices: z.array(
    BusinessImpact.pick({ id: true, name: true, currency: true, unit: true, kind: true, lossPerMinute: true }).extend({
      soFar: SoFarView,
    }),
  ),
  customers: RangeView.nullable(),
  corrections: z.array(CorrectionView),
});
export type IncidentImpact = z.infer<typeof IncidentImpact>;

export const Impact = z.object({
  asOf: Time,
  /** Over all business services, one for each currency. */
  totals: z.array(CurrencyTotal),
  businessServices: z.array(BusinessImpact),
  incidents: z.array(IncidentImpact),
});
export type Impact = z.infer<typeof Impact>;

export const ImpactInputs = z.strictObject({
  /** Only this incident and the business services that it hurts. */
  incident: IncidentKey.optional(),
  /** Resolved incidents too. */
  all: z.boolean().default(false),
});

export const CurveMark = z.object({
  at: Time,
  kind: z.enum(['change', 'decision', 'declared', 'resolved', 'correction']),
  title: z.string(),
  /** Incident or change id. */
  id: z.string(),
});
export type CurveMark = z.infer<typeof CurveMark>;

export const CurveView = z.object({
  id: z.string(),
  name: z.string(),
  measure: z.enum(['orders', 'transactions', 'revenue']).nullable(),
  /** What a value counts, per minute. */
  unit: z.string(),
  currency: z.string(),
  from: Time,
  to: Time,
  stepMs: z.int(),
  points: z.array(
    z.object({
      at: Time,
      /** Null where nothing was measured. */
      actual: z.number().nullable(),
      expected: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
    }),
  ),
  marks: z.array(CurveMark),
  source: z.string().nullable(),
  lastAt: Time.nullable(),
  problems: z.array(z.string()),
});
export type CurveView = z.infer<typeof CurveView>;

export const CurveInput = z.strictObject({
  businessService: EntityId,
  /** How far back, hours. */
  hours: z.number().positive().max(24).default(3),
  measure: z.enum(['orders', 'transactions', 'revenue']).optional(),
});
