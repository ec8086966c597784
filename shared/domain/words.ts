/**
 * The design's word list as types and orders. Invariant: every list is ordered from best to worst or first to last,
 * so that comparing two words is comparing their places.
 */
import { z } from 'zod';

export const Health = z.enum(['healthy', 'early-warning', 'degraded', 'failing', 'unknown']);
export type Health = z.infer<typeof Health>;

export const Domain = z.enum(['e-commerce', 'store-operations', 'cloud-erp', 'identity', 'data-platform']);
export type Domain = z.infer<typeof Domain>;

export const ServiceKind = z.enum([
  'channel',
  'edge',
  'app',
  'api',
  'worker',
  'identity-provider',
  'erp',
  'erp-connector',
  'queue',
  'cache',
  'database',
  'data-platform',
  'observability',
  'saas',
  'store-edge',
  'network',
]);
export type ServiceKind = z.infer<typeof ServiceKind>;

export const Severity = z.enum(['SEV1', 'SEV2', 'SEV3', 'SEV4']);
export type Severity = z.infer<typeof Severity>;

/** An incident's life. A lost update that says less progress is the safer one. `closed`: what it left behind is settled, too. */
export const Status = z.enum(['declared', 'mitigating', 'monitoring', 'resolved', 'closed']);
export type Status = z.infer<typeof Status>;

export const Role = z.enum([
  'commander',
  'deputy',
  'communications',
  'operations',
  'scribe',
  'subject-expert',
  'executive-liaison',
  'business-owner',
  'store-liaison',
  'governance',
]);
export type Role = z.infer<typeof Role>;

/** The roles that one person has at a time; of subject experts there may be several. */
export const SoleRole = Role.exclude(['subject-expert']);
export type SoleRole = z.infer<typeof SoleRole>;

export const StepState = z.enum(['open', 'doing', 'failed', 'skipped', 'done']);
export type StepState = z.infer<typeof StepState>;

export const StepType = z.enum(['manual', 'check', 'decision', 'approval', 'action', 'wait', 'message']);
export type StepType = z.infer<typeof StepType>;

/** What an approval or an action endangers; everything but `low` wants a second person. */
export const Risk = z.enum(['low', 'data-integrity', 'payment-flow', 'cross-region']);
export type Risk = z.infer<typeof Risk>;

/** Whom updates are written for. */
export const Audience = z.enum(['executives', 'store-operations', 'customer-service', 'public-status', 'engineers']);
export type Audience = z.infer<typeof Audience>;
/** An item of a restoration plan. */
export const RestorationState = z.enum(['waiting', 'working', 'skipped', 'verified']);
export type RestorationState = z.infer<typeof RestorationState>;

/** What an incident leaves to be put right: an item of reconciliation debt. */
export const CleanupState = z.enum(['open', 'doing', 'reconciled']);
export type CleanupState = z.infer<typeof CleanupState>;

export const CleanupKind = z.enum([
  'orders',
  'inventory',
  'store-transactions',
  'duplicate-events',
  'postings',
  'refunds',
  'other',
]);
export type CleanupKind = z.infer<typeof CleanupKind>;

export const AskState = z.enum(['open', 'acknowledged', 'done', 'cancelled']);
export type AskState = z.infer<typeof AskState>;

export const SignalTier = z.enum(['early-warning', 'operational-degradation', 'customer-impacting']);
export type SignalTier = z.infer<typeof SignalTier>;

export const DependencyStrength = z.enum(['hard', 'soft']);
export type DependencyStrength = z.infer<typeof DependencyStrength>;

export const DependencyMode = z.enum(['sync', 'async', 'batch']);
export type DependencyMode = z.infer<typeof DependencyMode>;
