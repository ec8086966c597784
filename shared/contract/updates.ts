/**
 * Updates in the contract: drafts made of live facts, reviewed by a named person, and what went out, to whom, how. Invariant:
 * what is shown as sent is the text that went out, word for word.
 */
import { z } from 'zod';
import { Audience } from '../domain/words.ts';
import { EntityId, Named, Problem, Time } from './common.ts';
import { IncidentKey } from './incident.ts';

export const Channel = z.enum(['copied', 'printed', 'read-out', 'delivery']);
export type Channel = z.infer<typeof Channel>;

const text = z.string().trim().min(1, 'it has no text').max(20_000);
const reason = z.string().trim().max(20_000).optional();
/** An audience by its name, the beginning of it, or a short one such as execs. */
const audience = z.string().trim().min(1).max(40);

export const ForAudience = z.strictObject({ incident: IncidentKey, audience });
export const SaveUpdate = ForAudience.extend({ text });
export const ReviewUpdate = ForAudience.extend({
  /** Who read it; the acting person when it is not said. */
  person: EntityId.optional(),
  /** The text that was read; the draft as it stands when it is not said. */
  text: text.optional(),
});
export const SendUpdate = ForAudience.extend({
  channel: Channel,
  /** Minutes until the next one is promised; as usual when it is not said, none when null. */
  minutes: z.number().positive().max(10_080).nullable().optional(),
});
export const ByUpdate = z.strictObject({ incident: IncidentKey, update: EntityId });
export const WithdrawUpdate = ByUpdate.extend({ reason });
export const SetUpdateEndpoint = z.strictObject({
  audience,
  /** Where updates for this audience are delivered; null: nowhere. */
  url: z.string().max(2000).nullable(),
  /** Kept on this machine only, bound to the address; null forgets it. */
  credential: z.string().max(10_000).nullable().optional(),
});

const Draft = z.object({
  id: z.string(),
  text: z.string(),
  at: Time,
  by: Named,
  /** `current`: nothing was changed since it was read. */
  review: z.object({ person: Named, at: Time, current: z.boolean() }).nullable(),
});

export const SentUpdate = z.object({
  id: z.string(),
  text: z.string(),
  channel: Channel,
  at: Time,
  by: Named,
  reviewedBy: Named,
  nextAt: Time.nullable(),
  /** Of those that are delivered by machine. */
  delivery: z
    .object({
      state: z.enum(['waiting', 'delivered', 'withdrawn']),
      at: Time.nullable(),
      message: z.string().nullable(),
    })
    .nullable(),
});
export type SentUpdate = z.infer<typeof SentUpdate>;

export const AudienceUpdates = z.object({
  audience: Audience,
  name: z.string(),
  /** Minutes between two updates; null when this audience has none. */
  minutes: z.number().nullable(),
  dueAt: Time.nullable(),
  overdue: z.boolean(),
  draft: Draft.nullable(),
  /** Newest first. */
  sent: z.array(SentUpdate),
  /** Host that updates are delivered to by this console; null when it delivers none. */
  endpoint: z.string().nullable(),
});
export type AudienceUpdates = z.infer<typeof AudienceUpdates>;

export const UpdatesView = z.object({
  incident: z.object({ id: z.string(), label: z.string(), title: z.string() }),
  audiences: z.array(AudienceUpdates),
  /** Updates that wait for delivery and want to be asked again. */
  waiting: z.int(),
  /** What is wrong with templates. */
  problems: z.array(Problem),
});
export type UpdatesView = z.infer<typeof UpdatesView>;

export const LiveDraft = z.object({
  audience: Audience,
  text: z.string(),
  /** File of the template. */
  template: z.string(),
  /** The facts beside it, by what they say. */
  facts: z.array(z.object({ name: z.string(), says: z.string(), value: z.string() })),
  asOf: Time,
});
export type LiveDraft = z.infer<typeof LiveDraft>;

export const Delivered = z.object({ update: z.string(), delivered: z.boolean().nullable(), message: z.string() });
