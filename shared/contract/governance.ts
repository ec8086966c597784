/** Governance in the moment, in the contract: who may say yes, exceptions that end, legal holds, the assessment of a breach. */
import { z } from 'zod';
import { EntityId, Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

const reason = z.string().trim().min(1, 'a reason is needed').max(20_000);
const IncidentRef = z.object({ id: z.string(), label: z.string(), title: z.string() });

/** Somebody who may say yes, and how to reach them. */
export const AuthorityPerson = z.object({
  id: z.string(),
  name: z.string(),
  /** "commander", "named in the policy", "team payments". */
  as: z.string(),
  phone: z.string().nullable(),
  /** "03:12 WET", where they are. */
  localTime: z.string().nullable(),
  awayUntil: Time.nullable(),
  /** Who stands in for them while they are away. */
  instead: z.object({ name: z.string(), phone: z.string().nullable() }).nullable(),
  /** They lack the capability that saying yes takes. */
  lacks: z.string().nullable(),
});
export type AuthorityPerson = z.infer<typeof AuthorityPerson>;

export const AuthorityLine = z.object({
  id: z.string(),
  /** "Roll back", "Fail over", "Restore data", "Exception from a policy", and what the response in force names. */
  title: z.string(),
  /** One sentence: who may, by which policy. */
  rule: z.string(),
  approvals: z.int(),
  people: z.array(AuthorityPerson),
  /** Roles that may, and that nobody has. */
  empty: z.array(z.string()),
});
export type AuthorityLine = z.infer<typeof AuthorityLine>;

export const AuthorityView = z.object({ incident: IncidentRef, lines: z.array(AuthorityLine), asOf: Time });
export type AuthorityView = z.infer<typeof AuthorityView>;

export const ExceptionView = z.object({
  id: z.string(),
  rule: z.string(),
  policy: z.string().nullable(),
  reason: z.string(),
  owner: Named,
  by: Named,
  at: Time,
  until: Time,
  incident: IncidentRef.nullable(),
  /** expired: it counts no more, and somebody has to say what came of it. */
  state: z.enum(['in-force', 'expired', 'ended']),
  ended: z.object({ at: Time, by: Named, reason: z.string() }).nullable(),
});
export type ExceptionView = z.infer<typeof ExceptionView>;

export const HoldView = z.object({
  id: z.string(),
  reason: z.string(),
  by: Named,
  at: Time,
  incident: IncidentRef,
  released: z.object({ at: Time, by: Named, reason: z.string() }).nullable(),
});
export type HoldView = z.infer<typeof HoldView>;

export const BreachView = z.object({
  /** none: nobody suspects one, and nothing is asked. */
  suspicion: z.enum(['none', 'suspected', 'confirmed']),
  /** When it was first said. */
  since: Time.nullable(),
  clocks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      dueAt: Time,
      /** From when on it stands in the commander's clock. */
      warnAt: Time,
      /** The item that ends it. */
      item: z.string(),
      over: z.boolean(),
    }),
  ),
  items: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      state: z.enum(['open', 'done', 'not-needed']),
      note: z.string().nullable(),
      by: Named.nullable(),
      at: Time.nullable(),
    }),
  ),
});
export type BreachView = z.infer<typeof BreachView>;

/** What stands beside an incident because of rules: holds, exceptions, the assessment. */
export const GovernanceView = z.object({
  holds: z.array(HoldView),
  exceptions: z.array(ExceptionView),
  breach: BreachView,
  /** Ids of emergency access that reaches this incident. */
  grants: z.array(z.object({ id: z.string(), label: z.string(), state: z.string(), reviewed: z.boolean() })),
});
export type GovernanceView = z.infer<typeof GovernanceView>;

export const AddException = z.strictObject({
  incident: IncidentKey.optional(),
  /** Which rule does not hold: "two approvals for payments". */
  rule: z.string().trim().min(1).max(500),
  /** Id of the policy that it belongs to. */
  policy: z.string().trim().min(1).max(60).optional(),
  reason,
  /** Who answers for it; whoever acts when absent. */
  owner: EntityId.optional(),
  /** For how long. */
  minutes: z.number().min(1).max(43_200),
});
export const EndException = z.strictObject({ exception: z.string().trim().min(4).max(200), reason });
export const ListExceptions = z.strictObject({ incident: IncidentKey.optional(), all: z.boolean().default(false) });
export const SetHold = z.strictObject({ incident: IncidentKey, reason });
export const ReleaseHold = z.strictObject({
  incident: IncidentKey,
  /** Which of several. */
  hold: z.string().trim().min(4).max(200).optional(),
  reason,
});
export const ListHolds = z.strictObject({ incident: IncidentKey.optional(), all: z.boolean().default(false) });
export const AnswerBreach = z.strictObject({
  incident: IncidentKey,
  item: z.string().trim().min(1).max(60),
  state: z.enum(['open', 'done', 'not-needed']).default('done'),
  /** Needed with not-needed: why it is not. */
  note: z.string().trim().min(1).max(20_000).optional(),
});
