/** Who runs an incident and what falls due in it: roles, teams, handovers, objections, the commander's clock. */
import { z } from 'zod';
import { DUE_KINDS } from '../domain/clock/due.ts';
import { Role, SoleRole } from '../domain/words.ts';
import { EntityId, Named, Problem, Time } from './common.ts';
import { ByIncident } from './incident.ts';

const prose = z.string().trim().max(20_000);

export const ChecklistItem = z.object({
  id: z.string(),
  text: z.string(),
  done: z.boolean(),
  by: Named.nullable(),
  at: Time.nullable(),
});

export const ChecklistView = z.object({ role: Role, items: z.array(ChecklistItem) });
export type ChecklistView = z.infer<typeof ChecklistView>;

export const HandoverView = z.object({
  id: z.string(),
  incident: z.object({ id: z.string(), label: z.string() }),
  to: Named,
  roles: z.array(z.object({ role: SoleRole, from: Named.nullable() })),
  asks: z.array(z.object({ id: z.string(), text: z.string() })),
  /** `expired`: nobody answered in time; whoever had it still has it. */
  state: z.enum(['offered', 'accepted', 'declined', 'cancelled', 'expired']),
  offeredAt: Time,
  offeredBy: Named,
  expiresAt: Time,
  answeredAt: Time.nullable(),
  reason: z.string().nullable(),
  /** Until when whoever handed over can still be asked. */
  staysUntil: Time.nullable(),
  /** Markdown. */
  briefing: z.string(),
  /** Whether whoever is at this console is the one who is asked. */
  mine: z.boolean(),
});
export type HandoverView = z.infer<typeof HandoverView>;

export const SubteamView = z.object({
  id: z.string(),
  name: z.string(),
  lead: Named,
  members: z.array(Named),
  openAsks: z.int(),
});
export type SubteamView = z.infer<typeof SubteamView>;

export const ProposalView = z.object({
  id: z.string(),
  text: z.string(),
  reason: z.string().nullable(),
  askedAt: Time,
  askedBy: Named,
  answers: z.array(
    z.object({
      person: Named,
      /** Undefined until they answered; null when they have none. */
      objection: z.string().nullable().optional(),
    }),
  ),
});
export type ProposalView = z.infer<typeof ProposalView>;

export const RoomPeople = z.object({
  required: z.array(Role),
  checklists: z.array(ChecklistView),
  /** What is wrong with the file of checklists. */
  problems: z.array(Problem),
  teams: z.array(SubteamView),
  span: z.object({ reports: z.array(Named), limit: z.int(), over: z.boolean() }),
  /** Those that wait for an answer, those that ran out, and those whose giver still stays. */
  handovers: z.array(HandoverView),
  proposals: z.array(ProposalView),
});
export type RoomPeople = z.infer<typeof RoomPeople>;

export const DueView = z.object({
  id: z.string(),
  kind: z.enum(DUE_KINDS),
  text: z.string(),
  /** When it fell or falls due. */
  at: Time,
  person: Named.nullable(),
  about: z.string().nullable(),
  role: Role.nullable(),
  instead: Named.nullable(),
});
export type DueView = z.infer<typeof DueView>;

export const OfferHandover = ByIncident.extend({
  to: EntityId,
  roles: z.array(SoleRole).max(20).default(['commander']),
  /** Also every open ask of those who hand over. */
  asks: z.boolean().default(false),
  /** How long the offer stands. */
  minutes: z.number().positive().max(1440).default(10),
  /** How long whoever hands over stays to be asked. */
  stays: z.number().min(0).max(1440).default(15),
  note: prose.optional(),
});

export const HandoverKey = ByIncident.extend({
  /** The one that waits for an answer when it is left out. */
  handover: EntityId.optional(),
  reason: prose.optional(),
});

/** Who leaves: one person, or everybody in a time zone whose day ends. */
export const EndShift = z.strictObject({
  person: EntityId.optional(),
  zone: z.string().max(64).optional(),
  /** Who takes everything over; by the rota when it is left out. */
  to: EntityId.optional(),
});

export const ShiftLine = z.object({
  incident: z.object({ id: z.string(), label: z.string(), title: z.string() }),
  from: Named,
  /** Null when the rota names nobody who could. */
  to: Named.nullable(),
  why: z.string(),
  roles: z.array(SoleRole),
  asks: z.array(z.object({ id: z.string(), text: z.string() })),
});
export type ShiftLine = z.infer<typeof ShiftLine>;
export const ShiftPlan = z.object({ lines: z.array(ShiftLine), leaving: z.array(Named) });

export const FormTeam = ByIncident.extend({
  name: z.string().trim().min(1).max(100),
  lead: EntityId,
  members: z.array(EntityId).max(100).default([]),
});
export const ChangeTeam = ByIncident.extend({
  team: EntityId,
  name: z.string().trim().min(1).max(100).optional(),
  lead: EntityId.optional(),
  join: z.array(EntityId).max(100).default([]),
  leave: z.array(EntityId).max(100).default([]),
});

export const GoAway = z.strictObject({
  person: EntityId,
  /** "3h", "2d", "14:05", "2026-12-24". */
  until: z.string().trim().min(1).max(60),
  reason: prose.optional(),
});
