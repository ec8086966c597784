/** Who may use this console, and what they may do. Invariant: a secret only ever goes in; nothing here gives one, or its verifier, out. */
import { z } from 'zod';
import { EntityId, Named, Time } from './common.ts';
import { CAPABILITIES } from './spec.ts';

const reason = z.string().trim().max(20_000).optional();
const Capability = z.enum(CAPABILITIES);
/** What somebody unlocks with, as typed. The command line asks for it; it is never a word of a command. */
export const Secret = z.string().min(1).max(1000);

/** Somebody who can unlock this console. */
const CanUnlock = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  kind: z.enum(['passphrase', 'pin']),
  /** Until when nobody may try, because of wrong tries, ms; null: now. */
  waitUntil: Time.nullable(),
});

export const RightView = z.object({
  capability: Capability,
  /** "role Keeper of the console (team platform)" */
  because: z.string(),
  until: Time.nullable(),
  /** The only incident that it counts in. */
  incident: Named.nullable(),
});

/** Whether single sign-on answered when it was last asked; null: it was not asked yet. */
export const SsoReachable = z.boolean().nullable();
/** What a window in which somebody may sign in has to know. */
const SsoOffer = z.object({ name: z.string(), reachable: SsoReachable, since: Time.nullable() });
/** That a person's single sign-on counts, since when and how long. */
export const SsoVerified = z.object({ name: z.string(), at: Time, until: Time, reachable: SsoReachable });

export const SessionView = z.object({
  /** `open`: nobody has set anything to unlock with, so whoever sits there may do everything. */
  state: z.enum(['open', 'locked', 'unlocked']),
  person: Named.nullable(),
  how: z.string().nullable(),
  since: Time.nullable(),
  /** When it locks itself if nobody touches it, ms. */
  locksAt: Time.nullable(),
  may: z.array(Capability),
  /** Who can unlock this console. */
  who: z.array(CanUnlock),
  /** The provider of single sign-on; null when there is none. */
  sso: SsoOffer.nullable(),
  verified: SsoVerified.nullable(),
  /** Why the last session of this caller was ended by nobody here, one sentence. */
  ended: z.string().nullable(),
  /** What a secret has to be like. */
  passphrase: z.int(),
  pin: z.int(),
});
export type SessionView = z.infer<typeof SessionView>;

export const Unlock = z.strictObject({ person: EntityId, secret: Secret });
export const Lock = z.strictObject({
  /** Every window and command line, not only this one. */
  all: z.boolean().optional(),
});
export const SetSecret = z.strictObject({
  person: EntityId,
  secret: Secret,
  kind: z.enum(['passphrase', 'pin']).default('passphrase'),
  /** What it is now; wanted of whoever changes their own. */
  current: Secret.optional(),
});

export const Holder = z.enum(['person', 'team', 'group']);
export const RoleChange = z.strictObject({
  /** A person; a team with `team:NAME`, a group of single sign-on with `group:NAME`. */
  to: z.string().trim().min(1).max(200),
  role: z.string().trim().min(1).max(100),
  reason,
});

export const AccessQuery = z.strictObject({
  /** Everybody, not only those who have more than everybody has, or a secret here. */
  all: z.boolean().optional(),
});

const PersonAccess = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  phone: z.string().nullable(),
  roles: z.array(z.object({ id: z.string(), title: z.string(), because: z.string(), given: z.boolean() })),
  may: z.array(Capability),
  /** What they unlock this console with. */
  secret: z.object({ kind: z.enum(['passphrase', 'pin']), setAt: Time, failures: z.int() }).nullable(),
});

export type PersonAccess = z.infer<typeof PersonAccess>;

export const AccessView = z.object({
  roles: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      may: z.array(Capability),
      everybody: z.boolean(),
      /** Teams and groups that have it. */
      groups: z.array(z.object({ to: Holder, id: z.string(), name: z.string(), given: z.boolean() })),
    }),
  ),
  people: z.array(PersonAccess),
  /** People of the estate who are not listed, because they have what everybody has. */
  others: z.int(),
  /** Roles on which consoles said two things at once: the lesser access counts. */
  contested: z.array(z.object({ holder: z.string(), role: z.string() })),
  policy: z.object({ version: z.int(), whileLocked: z.enum(['read', 'nothing']), idleMinutes: z.number() }),
});
export type AccessView = z.infer<typeof AccessView>;

export const AccessCheck = z.strictObject({
  person: EntityId,
  capability: Capability.optional(),
});
export const AccessAnswer = z.object({
  person: Named,
  /** Null when no capability was asked for. */
  ok: z.boolean().nullable(),
  rights: z.array(RightView),
  /** Who has what they lack, one sentence. */
  message: z.string(),
});

export const AddPerson = z.strictObject({
  name: z.string().trim().min(1).max(200),
  id: EntityId.optional(),
  title: z.string().trim().max(200).optional(),
  phone: z.string().trim().max(60).optional(),
  email: z.string().trim().max(200).optional(),
  team: EntityId.optional(),
});
