/** Reconciliation debt in the contract: what an incident left to be put right, counted, owned and signed for. */
import { z } from 'zod';
import { CleanupKind, CleanupState, Status } from '../domain/words.ts';
import { EntityId, Named, Time } from './common.ts';
import { ConflictView, IncidentKey } from './incident.ts';

export const CleanupItemView = z.object({
  id: z.string(),
  kind: CleanupKind,
  title: z.string(),
  count: z.int(),
  /** What it counts: orders, transactions, events. */
  unit: z.string(),
  moneyMinor: z.number().nullable(),
  currency: z.string().nullable(),
  owner: Named.nullable(),
  dueAt: Time.nullable(),
  overdue: z.boolean(),
  evidence: z.string().nullable(),
  state: CleanupState,
  reconciled: z.int(),
  writtenOff: z.int(),
  remaining: z.int(),
  /** Why it is in this state. */
  reason: z.string().nullable(),
  by: Named.nullable(),
  at: Time.nullable(),
  /** Who answers for what stays open. It holds while no more is open than was accepted. */
  accepted: z
    .object({
      person: Named,
      by: Named,
      at: Time,
      remaining: z.int(),
      reason: z.string().nullable(),
      holds: z.boolean(),
    })
    .nullable(),
  conflicts: z.array(ConflictView),
});
export type CleanupItemView = z.infer<typeof CleanupItemView>;

/** Debt that the facts point to; somebody takes it or dismisses it. */
export const CleanupProposal = z.object({
  key: z.string(),
  /** Names what it rests on: when that changes, it is offered again. */
  facts: z.string(),
  kind: CleanupKind,
  title: z.string(),
  count: z.int(),
  unit: z.string(),
  moneyMinor: z.number().nullable(),
  currency: z.string().nullable(),
  /** What says so. */
  why: z.string(),
});
export type CleanupProposal = z.infer<typeof CleanupProposal>;

export const CleanupView = z.object({
  asOf: Time,
  incident: z.object({ id: z.string(), label: z.string(), status: Status }),
  items: z.array(CleanupItemView),
  proposals: z.array(CleanupProposal),
  /** Items that are not reconciled, and those of them that nobody answers for. */
  open: z.int(),
  unaccepted: z.int(),
  /** "214 orders to reconcile, 41 transactions". */
  line: z.string(),
});
export type CleanupView = z.infer<typeof CleanupView>;

const count = z.int().min(0).max(1e12);
const fields = {
  title: z.string().trim().min(1).max(500),
  count,
  unit: z.string().trim().min(1).max(60),
  /** Minor units. */
  moneyMinor: z.number().min(0).max(1e15),
  currency: z.string().trim().min(3).max(10),
  owner: EntityId,
  dueAt: Time,
  /** Where it can be seen: a query, a file, a ticket. */
  evidence: z.string().trim().max(20_000),
};

export const AddCleanup = z.strictObject({
  incident: IncidentKey,
  title: fields.title.optional(),
  kind: CleanupKind.optional(),
  count: fields.count.optional(),
  unit: fields.unit.optional(),
  moneyMinor: fields.moneyMinor.optional(),
  currency: fields.currency.optional(),
  owner: fields.owner.nullable().optional(),
  dueAt: fields.dueAt.nullable().optional(),
  evidence: fields.evidence.optional(),
  /** Key of a proposal that is taken: what is not said here comes from it. */
  proposal: z.string().min(1).max(200).optional(),
});

const ByItem = z.strictObject({
  incident: IncidentKey,
  /** By its id, or its number in the list. */
  item: EntityId,
});
const reason = z.string().trim().max(20_000).optional();

export const ChangeCleanup = ByItem.extend({
  title: fields.title.optional(),
  count: fields.count.optional(),
  unit: fields.unit.optional(),
  moneyMinor: fields.moneyMinor.nullable().optional(),
  currency: fields.currency.optional(),
  owner: fields.owner.nullable().optional(),
  dueAt: fields.dueAt.nullable().optional(),
  evidence: fields.evidence.optional(),
});

export const SetCleanup = ByItem.extend({ state: CleanupState.exclude(['reconciled']), reason });

export const DoneCleanup = ByItem.extend({
  /** In all so far; everything that is not written off when absent. */
  reconciled: count.optional(),
  writtenOff: count.default(0),
  reason,
});

export const AcceptCleanup = ByItem.extend({
  /** Who answers for it; null takes it back. */
  person: EntityId.nullable(),
  reason: z.string().trim().min(1).max(20_000),
});
export { CleanupKind, CleanupState };
