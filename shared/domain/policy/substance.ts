/**
 * What an incident's response is made of: level, model, and what they ask for. Invariant: what is pinned in the log is
 * told from itself alone, so that a policy that changes afterwards changes no incident.
 */
import { z } from 'zod';
import { roleName } from '../timeline.ts';
import { formatDuration } from '../times.ts';
import { Role } from '../words.ts';
import { RESPONSE_LEVELS, RESPONSE_MODELS, SUSPICIONS } from './words.ts';

export const Suspicion = z.enum(SUSPICIONS);
export type Suspicion = z.infer<typeof Suspicion>;

export const ResponseLevel = z.enum(RESPONSE_LEVELS);
export type ResponseLevel = z.infer<typeof ResponseLevel>;

export const ResponseModel = z.enum(RESPONSE_MODELS);
export type ResponseModel = z.infer<typeof ResponseModel>;

export const Audience = z.enum(['executives', 'store-operations', 'customer-service', 'public-status', 'engineers']);
export type Audience = z.infer<typeof Audience>;

/** What an escalation clock waits for; it is stopped when that has come. */
export const EscalationWait = z.enum(['commander', 'owner', 'acknowledgement', 'decision', 'containment', 'update']);
export type EscalationWait = z.infer<typeof EscalationWait>;

const line = z.string().min(1).max(500);

/** What a level and a model ask for. It is pinned in the op `incident.response`. */
export const Substance = z.object({
  /** Roles that must be filled, the most urgent first. */
  roles: z.array(Role).max(20),
  /** How often each audience hears, minutes; an audience that is not named hears nothing regularly. */
  cadence: z.array(z.object({ audience: Audience, minutes: z.number().positive().max(10_080) })).max(10),
  /** Who may say yes to what; `second` is who else must agree. */
  authority: z.array(z.object({ what: line, role: Role, second: Role.nullable() })).max(50),
  /** When `waitsFor` has not come `minutes` after the declaration (or after it was last due), `to` is called. */
  escalation: z
    .array(z.object({ minutes: z.number().positive().max(10_080), waitsFor: EscalationWait, to: line }))
    .max(30),
  /** Checklists that open, each a title with its points. */
  checklists: z.array(z.object({ title: line, points: z.array(line).max(30) })).max(20),
  /** Rooms and bridges, as people name them. */
  rooms: z.array(line).max(20),
});
export type Substance = z.infer<typeof Substance>;

const AUDIENCES: Record<Audience, string> = {
  executives: 'executives',
  'store-operations': 'store operations',
  'customer-service': 'customer service',
  'public-status': 'public status page',
  engineers: 'engineers',
};

/** As people say it: "public status page". */
function audienceName(audience: Audience): string {
  return AUDIENCES[audience];
}

const every = (minutes: number): string => `every ${formatDuration(minutes * 60_000)}`;
const escalationWords = ({ minutes, waitsFor, to }: Substance['escalation'][number]): string =>
  `after ${formatDuration(minutes * 60_000)} without ${WAITS[waitsFor]}: ${to}`;
const WAITS: Record<EscalationWait, string> = {
  commander: 'a commander',
  owner: 'an owner',
  acknowledgement: 'an acknowledgement',
  decision: 'a decision',
  containment: 'containment',
  update: 'the update that is due',
};
const authorityWords = ({ what, role, second }: Substance['authority'][number]): string =>
  `${what}: ${roleName(role)}${second === null ? '' : `, with ${roleName(second)}`}`;

/** What a substance asks for, each part as a heading with its lines. */
export function substanceLines(substance: Substance): { title: string; lines: string[] }[] {
  return [
    { title: 'Roles to fill', lines: substance.roles.map(roleName) },
    {
      title: 'Updates',
      lines: substance.cadence.map(({ audience, minutes }) => `${audienceName(audience)} ${every(minutes)}`),
    },
    { title: 'Who may say yes', lines: substance.authority.map(authorityWords) },
    { title: 'Escalation', lines: substance.escalation.map(escalationWords) },
    {
      title: 'Checklists',
      lines: substance.checklists.map(({ title, points }) => `${title} (${points.length})`),
    },
    { title: 'Rooms and bridges', lines: substance.rooms },
  ].filter(({ lines }) => lines.length > 0);
}

export interface SubstanceDiff {
  /** What stays, counted. */
  kept: number;
  /** Sentences. */
  added: string[];
  removed: string[];
  changed: string[];
}

/** What changes from one substance to another. */
export function diffSubstance(from: Substance, to: Substance): SubstanceDiff {
  const diff: SubstanceDiff = { kept: 0, added: [], removed: [], changed: [] };
  const compare = <T>(a: readonly T[], b: readonly T[], key: (item: T) => string, words: (item: T) => string): void => {
    const [before, after] = [new Map(a.map((one) => [key(one), one])), new Map(b.map((one) => [key(one), one]))];
    for (const [id, one] of after) {
      const was = before.get(id);
      if (was === undefined) diff.added.push(words(one));
      else if (words(was) === words(one)) diff.kept++;
      else diff.changed.push(`${words(was)} → ${words(one)}`);
    }
    for (const [id, one] of before) if (!after.has(id)) diff.removed.push(words(one));
  };
  compare(from.roles, to.roles, String, (role) => `role ${roleName(role)}`);
  compare(
    from.cadence,
    to.cadence,
    ({ audience }) => audience,
    ({ audience, minutes }) => `updates for ${audienceName(audience)} ${every(minutes)}`,
  );
  compare(from.authority, to.authority, ({ what }) => what, authorityWords);
  compare(from.escalation, to.escalation, escalationWords, escalationWords);
  compare(
    from.checklists,
    to.checklists,
    ({ title }) => title,
    ({ title }) => `checklist ${title}`,
  );
  compare(from.rooms, to.rooms, String, (room) => `room ${room}`);
  return diff;
}
