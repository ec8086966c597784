/** The stores' part of the contract: who can still sell, what is known of each store, and what people report by phone. */
import { z } from 'zod';
import { FactFrom, PartState, Selling } from '../domain/stores.ts';
import { EntityId, HealthView, Named, Time } from './common.ts';
import { PersonView } from './estate.ts';

const fact = <T extends z.ZodType>(value: T) =>
  z.object({
    /** Null: not known, or not known any more. */
    value: value.nullable(),
    from: FactFrom,
    /** Who or what says so, fit for a screen. */
    source: z.string().nullable(),
    /** When it was last confirmed. */
    at: Time.nullable(),
    since: Time.nullable(),
    /** When a person's word ends. */
    until: Time.nullable(),
    by: z.string().nullable(),
    reason: z.string(),
    last: value.nullable(),
  });

/** What is known of a store. */
export const StoreState = z.object({
  selling: Selling,
  /** Why, one clause. */
  why: z.string(),
  /** By its opening hours, now; null when they are not known. */
  open: z.boolean().nullable(),
  /** When that changes, in the store's own time: "20:00", "Mon 08:00". */
  openUntil: z.string().nullable(),
  wan: fact(PartState),
  pos: fact(PartState),
  edge: fact(PartState),
  fallback: fact(z.boolean()),
  buffered: fact(z.number()),
  /** Minor units of `currency`. */
  bufferedMinor: fact(z.number()),
  oldestAt: fact(Time),
  currency: z.string(),
  /** When the store itself was last heard, ms; where nothing is measured at it, when the services were that it shares. */
  heardAt: Time.nullable(),
});
export type StoreState = z.infer<typeof StoreState>;

const Counts = {
  total: z.int(),
  sells: z.int(),
  fallback: z.int(),
  hindered: z.int(),
  cannot: z.int(),
  unknown: z.int(),
  /** By its hours; such a store is in no other count. */
  closed: z.int(),
  /** Of the closed ones, those known to be unable to simply sell if they opened now, and those of which nothing is known. */
  closedHurt: z.int(),
  closedUnknown: z.int(),
};
export const StoreCounts = z.object(Counts);
export type StoreCounts = z.infer<typeof StoreCounts>;

/** One cell of the grid. */
export const StoreCell = z.object({
  id: z.string(),
  number: z.string().nullable(),
  name: z.string(),
  /** Region id. */
  region: z.string().nullable(),
  selling: Selling,
  open: z.boolean().nullable(),
  wan: PartState,
  pos: PartState,
  edge: PartState,
  fallback: z.boolean().nullable(),
  buffered: z.number().nullable(),
  oldestAt: Time.nullable(),
  /** A person's word is among what this rests on. */
  reported: z.boolean(),
  why: z.string(),
  /** Since when it is so, ms; null when that is not known. */
  since: Time.nullable(),
  heardAt: Time.nullable(),
});
export type StoreCell = z.infer<typeof StoreCell>;

export const RegionCounts = z.object({
  region: Named,
  timezone: z.string(),
  ...Counts,
  /** Transactions waiting in its stores, as far as known; null when no store says. */
  buffered: z.number().nullable(),
});
export type RegionCounts = z.infer<typeof RegionCounts>;

export const StoreList = z.object({
  /** "106 sell · 14 unknown · 0 closed". */
  answer: z.string(),
  counts: StoreCounts,
  buffered: z.object({
    count: z.number(),
    minor: z.number().nullable(),
    /** Transactions of whose worth something is known: of fewer than `count`, `minor` is the least it can be. */
    valued: z.number(),
    currency: z.string(),
    /** Stores that say how much waits. */
    stores: z.int(),
    oldestAt: Time.nullable(),
  }),
  regions: z.array(RegionCounts),
  stores: z.array(StoreCell),
  asOf: Time,
});
export type StoreList = z.infer<typeof StoreList>;

export const StoreReportView = z.object({
  at: Time,
  by: Named,
  /** What was said, one line. */
  text: z.string(),
});

export const StorePage = z.object({
  id: z.string(),
  number: z.string().nullable(),
  name: z.string(),
  region: Named.nullable(),
  country: z.string().nullable(),
  timezone: z.string(),
  phone: z.string().nullable(),
  hours: z.record(z.string(), z.array(z.string())),
  share: z.number().nullable(),
  state: StoreState,
  services: z.array(z.object({ id: z.string(), name: z.string(), health: HealthView })),
  /** Stores of the region with the same trouble: what tells a line of the region from a fault of this store. */
  alike: z.object({ stores: z.int(), total: z.int() }),
  /** Who owns what it sells with, and who of them is on call now. */
  call: z.array(z.object({ team: Named, phone: z.string().nullable(), onCall: z.array(PersonView) })),
  runbooks: z.array(Named),
  reports: z.array(StoreReportView),
  asOf: Time,
});
export type StorePage = z.infer<typeof StorePage>;

export const Only = z.enum([...Selling.options, 'trouble', 'open', 'closed', 'reported']);
export type Only = z.infer<typeof Only>;

export const ListStores = z.strictObject({
  region: EntityId.optional(),
  /** Only those that …; `trouble`: all that do not simply sell. */
  only: Only.optional(),
});

/** A store by id, name or number. */
export const StoreKey = z.string().trim().min(1).max(200);

const part = PartState.optional();
const amount = z.number().min(0).max(1e12).optional();

export const ReportStore = z.strictObject({
  store: StoreKey,
  /** What was said and how it is known: "called the manager". */
  reason: z.string().trim().min(1).max(2000),
  wan: part,
  pos: part,
  edge: part,
  fallback: z.boolean().optional(),
  /** Transactions waiting in the store. */
  buffered: z.int().min(0).max(1e9).optional(),
  bufferedMinor: amount,
  /** When the oldest of them was made. */
  oldestAt: Time.optional(),
  /** For how long it counts; afterwards it is unknown again. */
  minutes: z.number().positive().max(10_080).default(60),
  /** When it was said, when that was not now. */
  eventTime: Time.optional(),
  /** Who said it, when they are not at this console. */
  by: z.string().trim().max(200).optional(),
});
