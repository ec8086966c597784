/**
 * The first fifteen minutes in the contract: what a commander would gather after a declaration, in one answer. Invariant:
 * whatever is suggested says why, and what was made of it stands beside it.
 */
import { z } from 'zod';
import { Audience, Health, Severity, Status } from '../domain/words.ts';
import { HealthView, Named, SignalView, Time } from './common.ts';
import { ChangeView } from './estate.ts';

const Contact = z.object({ id: z.string(), name: z.string(), title: z.string(), phone: z.string().nullable() });

/** One service that the incident is about, with whom to call and where to look. */
export const ConcernedService = Named.extend({
  kind: z.string(),
  tier: z.int().nullable(),
  health: HealthView,
  /** What fired at it. */
  signals: z.array(SignalView),
  owner: z
    .object({
      team: Named,
      phone: z.string().nullable(),
      chat: z.string().nullable(),
      bridge: z.string().nullable(),
      /** Rota role, who has it now, and until when. */
      onCall: z.array(z.object({ role: z.string(), person: Contact, until: Time })),
    })
    .nullable(),
  dashboards: z.array(z.string()),
  logs: z.array(z.string()),
  links: z.array(z.object({ title: z.string(), url: z.string() })),
});
export type ConcernedService = z.infer<typeof ConcernedService>;

export const SimilarIncident = z.object({
  id: z.string(),
  label: z.string(),
  title: z.string(),
  severity: Severity,
  status: Status,
  startedAt: Time,
  resolvedAt: Time.nullable(),
  why: z.array(z.string()),
  /** How it ended: its confirmed cause, the last decision, the reason given at its end. */
  ended: z.array(z.string()),
  runbooks: z.array(Named),
});
export type SimilarIncident = z.infer<typeof SimilarIncident>;

export const SuggestionKind = z.enum(['severity', 'response', 'role', 'rollback', 'runbook', 'restoration', 'update']);
export type SuggestionKind = z.infer<typeof SuggestionKind>;

export const SuggestionView = z.object({
  kind: SuggestionKind,
  key: z.string(),
  /** Names what it rests on: when that changes, it is offered again. */
  facts: z.string(),
  /** "Roll back checkout-api 4.18.0". */
  title: z.string(),
  why: z.array(z.string()),
  /** What taking it does. */
  does: z.string(),
});
export type SuggestionView = z.infer<typeof SuggestionView>;

/** A suggestion that somebody decided on. */
export const SettledSuggestion = SuggestionView.pick({ kind: true, key: true, title: true }).extend({
  verdict: z.enum(['taken', 'dismissed']),
  by: Named,
  at: Time,
  reason: z.string().nullable(),
});

export const WorkspaceView = z.object({
  asOf: Time,
  incident: z.object({ id: z.string(), label: z.string(), title: z.string(), status: Status, severity: Severity }),
  /** What to do next, the most pressing first. */
  suggestions: z.array(SuggestionView),
  settled: z.array(SettledSuggestion),
  /** The worst first, at most 8; `concerned` counts all. */
  services: z.array(ConcernedService),
  concerned: z.int(),
  /** Whom trouble at them reaches. */
  blast: z.object({
    /** One sentence. */
    summary: z.string(),
    businessServices: z.array(Named.extend({ certain: z.boolean(), health: Health })),
    channels: z.array(Named.extend({ certain: z.boolean() })),
    services: z.object({ certain: z.int(), weakened: z.int() }),
    stores: z.object({ certain: z.int(), weakened: z.int(), total: z.int() }),
  }),
  /** Recent changes near it, the likeliest cause first. */
  changes: z.array(
    ChangeView.extend({
      /** Its service's place among the probable causes. */
      rank: z.int().nullable(),
      /** How long before it began, ms; negative after. */
      beforeMs: z.number(),
    }),
  ),
  /** What probably started it, one sentence and the first three. */
  cause: z.object({
    summary: z.string(),
    candidates: z.array(Named.extend({ lead: z.string(), share: z.number(), reasons: z.array(z.string()) })),
  }),
  runbooks: z.array(z.object({ id: z.string(), title: z.string(), why: z.string() })),
  /** First words to those who must hear, as the facts stand; those who were written to already are left out. */
  drafts: z.array(z.object({ audience: Audience, name: z.string(), minutes: z.number().nullable(), text: z.string() })),
  similar: z.array(SimilarIncident),
  restoration: z.object({ line: z.string(), unhealthy: z.int(), adopted: z.boolean() }),
});
export type WorkspaceView = z.infer<typeof WorkspaceView>;
