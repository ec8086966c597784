/**
 * The big board's part of the contract, and the signals behind what is hurt. Invariant: everything on the wall is readable
 * without a person who explains it, and carries when it was last true.
 */
import { z } from 'zod';
import { Health, Severity, SignalTier, Status } from '../domain/words.ts';
import { Named, SignalView, Time } from './common.ts';
import { LinkState } from './hub.ts';
import { Disputed } from './incident.ts';
import { MoneyRateView, MoneySumView } from './impact.ts';
import { StoreCounts } from './stores.ts';

export const Trend = z.object({
  direction: z.enum(['worse', 'steady', 'better']),
  /** "online checkout: 66 % missing, 52 % ten minutes ago". */
  text: z.string(),
});
export type Trend = z.infer<typeof Trend>;

export const BoardView = z.object({
  demonstration: z.boolean(),
  incidents: z.array(
    z.object({
      label: z.string(),
      title: z.string(),
      severity: Severity,
      status: Status,
      commander: z.string().nullable(),
      startedAt: Time,
      disputed: Disputed.optional(),
      /** One for each currency, the largest first. */
      soFar: z.array(MoneySumView),
      /** What falls due next among its asks. */
      next: z.object({ text: z.string(), owner: z.string().nullable(), at: Time }).nullable(),
    }),
  ),
  /** Business services that are not healthy or that lose something, the most hurt first. */
  hurt: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      health: Health,
      since: Time.nullable(),
      rate: MoneyRateView.nullable(),
      /** When its health is a person's word: whose, why and until when. */
      byHand: z.object({ by: z.string(), reason: z.string(), until: Time }).optional(),
    }),
  ),
  /** Titles of the degraded modes that are on. */
  degraded: z.array(z.string()),
  /** Business services in all. */
  businessServices: z.int(),
  /** What is lost per minute, one for each currency, the largest first. */
  rates: z.array(MoneyRateView),
  trend: Trend.nullable(),
  stores: z
    .object({
      counts: StoreCounts /** Regions with stores known not to simply sell, the most hurt first. */,
      hurtRegions: z.array(z.object({ name: z.string(), stores: z.int(), total: z.int() })),
    })
    .nullable(),
  /** When any source was last heard; null when none is switched on, and what people wrote is all there is. */
  heardAt: Time.nullable(),
  /** The link to the other consoles: what they do is not seen while it is cut off. */
  link: z.object({ state: LinkState, since: Time.nullable() }),
  /** Sources that are not heard of now. */
  silent: z.array(z.object({ title: z.string(), since: Time.nullable() })),
  asOf: Time,
});
export type BoardView = z.infer<typeof BoardView>;

export const ListedSignal = SignalView.extend({
  tier: SignalTier,
  /** What it is about; null when it matches nothing in the estate. */
  about: Named.extend({ kind: z.enum(['service', 'business-service']) }).nullable(),
});
export type ListedSignal = z.infer<typeof ListedSignal>;

/** How many signals of each tier count now. */
export const TierCounts = z.object({
  'customer-impacting': z.int(),
  'operational-degradation': z.int(),
  'early-warning': z.int(),
  /** Of all of them, those that match nothing in the estate. */
  unmatched: z.int(),
});
export type TierCounts = z.infer<typeof TierCounts>;

export const SignalList = z.object({ tiers: TierCounts, signals: z.array(ListedSignal), asOf: Time });
export type SignalList = z.infer<typeof SignalList>;

export const ListSignals = z.strictObject({
  tier: SignalTier.optional(),
  /** Only those that match nothing in the estate. */
  unmatched: z.boolean().default(false),
  limit: z.int().min(1).max(10_000).default(500),
});
