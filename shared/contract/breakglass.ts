/**
 * Emergency access in the contract. Invariant: no code, passphrase or hash is in an answer; a sealed code is on the printed
 * sheet and nowhere else.
 */
import { z } from 'zod';
import { WAYS } from '../domain/access/grants.ts';
import { EntityId, FilePath, Named, Time } from './common.ts';
import { IncidentKey } from './incident.ts';
import { SheetFormat } from './sheets.ts';
import { CAPABILITIES } from './spec.ts';

const reason = z.string().trim().min(1, 'a reason is needed').max(20_000);
const Code = z.string().trim().min(1).max(80);
const Secret = z.string().min(1).max(1000);
const CapabilityWord = z.enum(CAPABILITIES);
const minutes = z.number().min(1).max(1440);
const IncidentRef = z.object({ id: z.string(), label: z.string(), title: z.string() });
const ConsoleRef = z.object({ id: z.string(), name: z.string(), here: z.boolean() });

export const GrantKey = z.string().trim().min(1).max(200);
export const ByGrant = z.strictObject({ grant: GrantKey });

export const GrantView = z.object({
  id: z.string(),
  /** "BG-K7QX". */
  label: z.string(),
  state: z.enum(['asked', 'approved', 'refused', 'lapsed', 'in-force', 'ended', 'expired']),
  way: z.enum(WAYS).nullable(),
  holder: Named,
  witness: Named.nullable(),
  reason: z.string(),
  capabilities: z.array(z.string()),
  incidents: z.array(IncidentRef),
  /** Where it counts, or from where it was asked for. */
  console: ConsoleRef,
  /** When it was asked for or opened. */
  at: Time,
  expiresAt: Time.nullable(),
  /** Until it expires, or an approval can no longer be taken up, by a clock that never goes back. */
  remainingMs: z.number().nullable(),
  ended: z.object({ at: Time, by: Named, reason: z.string().nullable() }).nullable(),
  answers: z.array(
    z.object({ answer: z.enum(['approved', 'refused']), by: Named, at: Time, reason: z.string().nullable() }),
  ),
  reviews: z.array(z.object({ by: Named, at: Time, verdict: z.enum(['proper', 'finding']), text: z.string() })),
  reviewed: z.boolean(),
  /** Sentences that a reviewer must look at: a code that was used twice, an approval that its console never wrote down. */
  alarms: z.array(z.string()),
  /** What to read out on the phone, while it waits at this console. */
  challenge: z.string().nullable(),
  mayAnswer: z.boolean(),
  /** Whether the acting person may open it now, as its holder and at its console. */
  mayOpen: z.boolean(),
  mayEnd: z.boolean(),
  mayReview: z.boolean(),
});
export type GrantView = z.infer<typeof GrantView>;

export const SheetView = z.object({
  id: z.string(),
  label: z.string(),
  person: Named.nullable(),
  capabilities: z.array(z.string()),
  longestMinutes: z.number(),
  expiresAt: Time,
  total: z.int(),
  used: z.int(),
  state: z.enum(['good', 'used-up', 'expired', 'void']),
  by: Named,
  at: Time,
});
export type SheetView = z.infer<typeof SheetView>;

export const GrantsView = z.object({
  /** In force first, then what waits, then what is to be reviewed, then the rest, the newest first. */
  grants: z.array(GrantView),
  sheets: z.array(SheetView),
  limits: z.object({
    longestMinutes: z.number(),
    usualMinutes: z.number(),
    /** What may be asked for. */
    capabilities: z.array(CapabilityWord),
    ways: z.object({ code: z.boolean(), twoPersons: z.boolean(), remote: z.boolean(), phone: z.boolean() }),
    codesDays: z.int(),
  }),
  /** How long this console still takes no code; 0 when it does. */
  lockedForMs: z.number(),
  asOf: Time,
});
export type GrantsView = z.infer<typeof GrantsView>;

/** What stands in the status strip. */
export const GrantsNow = z.object({
  inForce: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      holder: Named,
      capabilities: z.array(z.string()),
      incidents: z.array(z.string()),
      here: z.boolean(),
      expiresAt: Time,
      remainingMs: z.number(),
    }),
  ),
  exceptions: z.int(),
  asOf: Time,
});
export type GrantsNow = z.infer<typeof GrantsNow>;

export const GrantActs = z.object({
  grant: GrantView,
  acts: z.array(
    z.object({
      op: z.string(),
      at: Time,
      actor: Named,
      incident: IncidentRef.nullable(),
      summary: z.string(),
      text: z.string().nullable(),
    }),
  ),
  /** There are more than could be read. */
  more: z.boolean(),
});
export type GrantActs = z.infer<typeof GrantActs>;

export const PrepareCodes = z.strictObject({
  /** A file or folder for the sheet. */
  to: FilePath,
  count: z.int().min(1).max(50).default(10),
  /** Where the sheet will lie: "safe of store 12". */
  label: z.string().trim().min(1).max(200).default('sealed codes'),
  /** What one of them may open; everything that the policy allows when absent. */
  capabilities: z.array(CapabilityWord).min(1).max(20).optional(),
  minutes: minutes.optional(),
  /** The codes prove that this person is there, and open nothing alone. */
  person: EntityId.optional(),
  format: SheetFormat.optional(),
  replace: z.boolean().default(false),
});
export const PreparedCodes = z.object({
  sheet: z.string(),
  path: z.string(),
  bytes: z.int(),
  format: SheetFormat,
  codes: z.int(),
  expiresAt: Time,
});
export const VoidCodes = z.strictObject({ sheet: z.string().trim().min(1).max(200), reason });

const wanted = {
  /** Who is to hold it; whoever acts when absent. */
  holder: EntityId.optional(),
  reason,
  capabilities: z.array(CapabilityWord).min(1).max(20),
  incidents: z.array(IncidentKey).max(20).default([]),
  /** As long as is usual when absent. */
  minutes: minutes.optional(),
};
export const UseBreakglass = z.strictObject({
  ...wanted,
  /** A sealed code; with a second person, one that proves the holder. */
  code: Code.optional(),
  /** Proves the holder when they have not unlocked here. */
  passphrase: Secret.optional(),
  /** The second person, who proves that they are there by a code of theirs or by what they unlock with. */
  second: EntityId.optional(),
  secondCode: Code.optional(),
  secondPassphrase: Secret.optional(),
});
export const RequestBreakglass = z.strictObject(wanted);
export const Requested = z.object({
  grant: z.string(),
  label: z.string(),
  /** To be read out on the phone when the other console does not answer. */
  challenge: z.string().nullable(),
});
export const OpenBreakglass = ByGrant.extend({
  /** What was read out on the phone, and who read it. */
  response: Code.optional(),
  approver: EntityId.optional(),
});
export const OpenedGrant = z.object({ grant: z.string(), label: z.string(), holder: Named, expiresAt: Time });
export const AnswerBreakglass = ByGrant.extend({ reason: reason.optional() });
export const RefuseBreakglass = ByGrant.extend({ reason });
export const ByChallenge = z.strictObject({ challenge: Code });
export const ChallengeView = z.object({
  console: ConsoleRef,
  holder: Named,
  capabilities: z.array(z.string()),
  /** "INC-0042", as that console calls it. */
  incident: z.string().nullable(),
  minutes: z.number(),
});
export type ChallengeView = z.infer<typeof ChallengeView>;
export const ApproveByPhone = ByChallenge.extend({ reason: reason.optional() });
export const ApprovedByPhone = z.object({ response: z.string(), minutes: z.number() });
export const EndBreakglass = ByGrant.extend({ reason: reason.optional() });
export const ReviewBreakglass = ByGrant.extend({ verdict: z.enum(['proper', 'finding']), text: reason });
