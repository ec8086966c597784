/** What leaves and enters as files: incidents as documents, bundles of ops, records of other organisations. */
import { z } from 'zod';
import { ACTION_STATES } from '../domain/actions/state.ts';
import {
  AskState,
  Audience,
  CleanupKind,
  CleanupState,
  Health,
  RestorationState,
  Role,
  Severity,
  Status,
  StepState,
} from '../domain/words.ts';
import { Slice } from '../ops/segment.ts';
import { FilePath, Named, Time } from './common.ts';
import { Basis, FiguresView } from './impact.ts';
import { IncidentKey } from './incident.ts';
import { VerifyView } from './record.ts';

export const ExportFormat = z.enum(['md', 'html', 'json', 'csv', 'pdf']);
export type ExportFormat = z.infer<typeof ExportFormat>;

export const ExportIncident = z.strictObject({
  incident: IncidentKey,
  /** Follows from the name of the file when it is not given. */
  format: ExportFormat.optional(),
  /** IANA zone of all times; headquarters' when it is not given. */
  zone: z.string().min(1).max(64).optional(),
  /** A file, or a folder in which the file gets a name of its own. */
  to: FilePath,
  /** Write over a file that is there. */
  replace: z.boolean().default(false),
});

export const Exported = z.object({
  path: z.string(),
  bytes: z.int(),
  format: ExportFormat,
  zone: z.string(),
  entries: z.int(),
  /** Whether the whole record verified at that moment; the document says the same. */
  verified: z.boolean(),
});
export type Exported = z.infer<typeof Exported>;

/** Somebody who did something, when it happened and when that was written down. */
const Said = z.object({ by: Named, at: Time, enteredAt: Time, reason: z.string().nullable() });

/** Several answers to one question that were given at once. */
const Answers = z.array(Said.extend({ value: z.string().nullable() }));

/** A line of the timeline of an exported incident. */
export const DocumentEntry = z.object({
  /** Op id. */
  id: z.string(),
  /** Op type. */
  type: z.string(),
  kind: z.string(),
  /** When it happened, as corrected; when that was entered; when it reached the console that made the export. */
  eventTime: Time,
  enteredAt: Time,
  arrivedAt: Time,
  /** IANA zone of its author. */
  zone: z.string(),
  actor: Named,
  /** Id of the console that it was entered at. */
  console: z.string(),
  /** One line that tells it. */
  summary: z.string(),
  /** What a person wrote, as corrected, with its line breaks. */
  text: z.string().nullable(),
  health: Health.nullable(),
  /** What it said first, when something was corrected. */
  original: z.object({ eventTime: Time, text: z.string().nullable() }).nullable(),
  /** Oldest first; null where a correction left something as it was. */
  corrections: z.array(Said.extend({ eventTime: Time.nullable(), text: z.string().nullable() })),
});
export type DocumentEntry = z.infer<typeof DocumentEntry>;

/** Everything of an exported incident but its timeline. */
export const DocumentHead = z.object({
  holdfast: z.literal('incident'),
  format: z.int(),
  /** When this was made, ms. */
  made: Time,
  /** IANA zone that people read its times in; the times themselves are ms since 1970 UTC. */
  zone: z.string(),
  program: z.string(),
  organisation: z.string(),
  /** The estate is invented. */
  demonstration: z.boolean(),
  /** Console and person that made it. */
  console: z.string(),
  by: Named,
  /** Set when this console holds the record for somebody else. */
  foreign: z.object({ organisation: z.string(), console: z.string(), made: Time }).nullable(),
  incident: z.object({
    id: z.string(),
    label: z.string(),
    number: z.int(),
    title: z.string(),
    severity: Severity,
    status: Status,
    /** IANA zone of who declared it. */
    zone: z.string(),
    declaredAt: Time,
    declaredBy: Named,
    startedAt: Time,
    resolvedAt: Time.nullable(),
    closedAt: Time.nullable().optional(),
    services: z.array(Named),
    businessServices: z.array(Named),
  }),
  /** Newest value last. `was` lists the values that it settled between, when there were several. */
  severities: z.array(Said.extend({ severity: Severity, was: Answers })),
  statuses: z.array(Said.extend({ status: Status, was: Answers })),
  roles: z.array(
    z.object({
      role: Role,
      person: Named.nullable(),
      history: z.array(Said.extend({ person: Named.nullable(), was: Answers })),
    }),
  ),
  asks: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      owner: Named.nullable(),
      state: AskState,
      dueAt: Time.nullable(),
      openedAt: Time,
      openedBy: Named,
      /** What was done about it after it was asked. */
      history: z.array(Said.extend({ what: z.string() })),
    }),
  ),
  runs: z.array(
    z.object({
      id: z.string(),
      runbook: z.string(),
      title: z.string(),
      version: z.string(),
      /** SHA-256 of the runbook's file, hex. */
      hash: z.string(),
      startedAt: Time,
      startedBy: Named,
      /** Set when nobody went on with it. */
      ended: z.object({ at: Time, by: Named, reason: z.string() }).nullable().default(null),
      steps: z.array(
        z.object({
          id: z.string(),
          title: z.string(),
          state: StepState,
          reversible: z.boolean().nullable(),
          role: z.string().nullable(),
          /** `branch`: the answer of a decision, in words. `carried`: taken over from an earlier run of the runbook. */
          history: z.array(
            Said.extend({
              state: StepState,
              was: Answers,
              branch: z.string().nullable().default(null),
              carried: z.boolean().default(false),
            }),
          ),
          /** What was attached before it was done. */
          evidence: z.array(z.object({ what: z.string(), value: z.string(), by: Named, at: Time })).default([]),
          /** Guards that somebody went past, with the figure that stood against it. */
          overruled: z
            .array(
              z.object({
                guard: z.enum(['reach', 'evidence', 'wait', 'approval']),
                figure: z.number().nullable(),
                by: Named,
                at: Time,
                reason: z.string(),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
  /** What the record states that it cost, by business service. */
  costs: z
    .array(
      z.object({
        businessService: Named,
        currency: z.string(),
        unit: z.string(),
        /** What is stated lies between these. */
        from: Time,
        to: Time,
        lost: FiguresView,
        /** Late, not lost. */
        buffered: FiguresView,
        kind: Basis,
        measuredMs: z.number(),
        estimatedMs: z.number(),
        /** Of the time from the beginning of the incident to `to`, what nobody stated. */
        unknownMs: z.number(),
      }),
    )
    .default([]),
  /** Requests to machines that were proposed: who approved them, what became of each time that one went out. */
  actions: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        state: z.enum(ACTION_STATES),
        effect: z.string(),
        risk: z.string(),
        reversible: z.boolean().nullable(),
        request: z.object({ method: z.string(), url: z.string() }),
        proposedBy: Named,
        proposedAt: Time,
        reason: z.string().nullable(),
        approvals: z.array(z.object({ by: Named, at: Time, as: z.string(), reason: z.string().nullable() })),
        refusal: z.object({ by: Named, at: Time, reason: z.string() }).nullable(),
        /** `state` null: nothing says what became of it. */
        attempts: z.array(
          z.object({
            by: Named,
            at: Time,
            state: z.enum(['done', 'failed', 'unknown', 'waiting']).nullable(),
            status: z.int().nullable(),
            message: z.string(),
          }),
        ),
        /** What a person said of a lost answer. */
        settled: z.object({ by: Named, at: Time, state: z.enum(['done', 'failed']), reason: z.string() }).nullable(),
      }),
    )
    .default([]),
  /** The restoration plan that was adopted, in its order; null when there was none. */
  restoration: z
    .object({
      at: Time,
      by: Named,
      items: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          stage: z.int(),
          state: RestorationState,
          /** A person said that it is healthy, without a measurement. */
          byHand: z.boolean(),
          why: z.array(z.string()),
          by: Named.nullable(),
          at: Time.nullable(),
          reason: z.string().nullable(),
        }),
      ),
    })
    .nullable()
    .default(null),
  /** What was left to be put right, and who answers for what stays open. */
  cleanup: z
    .array(
      z.object({
        id: z.string(),
        kind: CleanupKind,
        title: z.string(),
        count: z.int(),
        unit: z.string(),
        state: CleanupState,
        reconciled: z.int(),
        writtenOff: z.int(),
        remaining: z.int(),
        owner: Named.nullable(),
        dueAt: Time.nullable(),
        evidence: z.string().nullable(),
        accepted: z.object({ person: Named, at: Time, remaining: z.int(), reason: z.string().nullable() }).nullable(),
      }),
    )
    .default([]),
  /** Updates that went out, or wait to. */
  updates: z
    .array(
      z.object({
        id: z.string(),
        audience: Audience,
        text: z.string(),
        channel: z.string(),
        by: Named,
        at: Time,
        reviewedBy: Named,
        nextAt: Time.nullable(),
        /** Of those that are delivered; null for what a person copied, printed or told. */
        delivery: z.enum(['waiting', 'delivered', 'withdrawn']).nullable(),
      }),
    )
    .default([]),
  /** What was given up on purpose, in the order of its start. */
  degraded: z
    .array(
      z.object({
        id: z.string(),
        title: z.string(),
        effect: z.string(),
        reason: z.string(),
        startedAt: Time,
        startedBy: Named,
        owner: Named.nullable(),
        exitText: z.string(),
        ended: z.object({ at: Time, by: Named, reason: z.string() }).nullable(),
      }),
    )
    .default([]),
  handovers: z
    .array(
      z.object({
        id: z.string(),
        /** "command and an ask". */
        what: z.string(),
        to: Named,
        offeredBy: Named,
        offeredAt: Time,
        state: z.enum(['offered', 'accepted', 'declined', 'cancelled', 'expired']),
        answeredAt: Time.nullable(),
        reason: z.string().nullable(),
      }),
    )
    .default([]),
  /** Affected services, with the changes of health that belong to the story. */
  health: z.array(
    z.object({
      service: Named,
      changes: z.array(z.object({ at: Time, seenAt: Time, health: Health, source: z.string(), reason: z.string() })),
    }),
  ),
  /** Questions with several answers that nobody has settled; the first of `answers` in force by rule. */
  conflicts: z.array(z.object({ about: z.string(), inForce: z.string().nullable(), answers: Answers })),
  /** Lines of the timeline. */
  entries: z.int(),
  verification: z.object({
    /** Of the whole record of the console that made this, at that moment. */
    record: VerifyView,
    /** Ops that tell this incident, and how many of them no good signature reaches. */
    ops: z.int(),
    unsigned: z.int(),
  }),
  consoles: z.array(z.object({ id: z.string(), name: z.string(), seq: z.int(), head: z.string() })),
  /** What people, services and sources are called; names are not signed. */
  names: z.object({
    people: z.record(z.string(), z.string()),
    services: z.record(z.string(), z.string()),
    businessServices: z.record(z.string(), z.string()),
    sources: z.record(z.string(), z.string()),
  }),
});
export type DocumentHead = z.infer<typeof DocumentHead>;

/** The JSON export. What it tells follows from `record`; an import believes nothing but that and the names. */
export const IncidentDocument = DocumentHead.extend({
  timeline: z.array(DocumentEntry),
  record: z.object({ slices: z.array(Slice) }),
});
export type IncidentDocument = z.infer<typeof IncidentDocument>;

export const BundleContents = z.discriminatedUnion('of', [
  z.object({ of: z.literal('everything') }),
  z.object({ of: z.literal('incident'), incident: z.string(), label: z.string(), title: z.string() }),
  z.object({ of: z.literal('since'), since: z.record(z.string(), z.int()) }),
]);

export const ExportBundle = z.strictObject({
  to: FilePath,
  /** Only this incident; everything when none of this, `since`, `heads` and `after` is given. */
  incident: IncidentKey.optional(),
  /** Only what came after this earlier bundle. */
  since: FilePath.optional(),
  /** Only what came after these numbers, by console. */
  heads: z.record(z.string().regex(/^[a-z0-9]{8,32}$/, 'a console id'), z.int().min(0)).optional(),
  /** Only what came to this console after this op: its id, or how it begins. */
  after: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{8,43}$/, 'write the id of an op, or at least its first 8 characters')
    .optional(),
  /** Only these consoles, by id or name, and this one can read it; `all` means all that are enrolled. */
  for: z.array(z.string().min(1).max(200)).min(1).max(2000).optional(),
  /** With the content of the attached files that are on this console. */
  withEvidence: z.boolean().default(false),
  replace: z.boolean().default(false),
});

export const ExportedBundle = z.object({
  path: z.string(),
  bytes: z.int(),
  ops: z.int(),
  consoles: z.int(),
  contents: BundleContents,
  /** Consoles that can read it, when it is sealed. */
  sealedFor: z.array(z.string()).optional(),
  /** The content of attached files in it, bytes, and how many are attached whose content is not on this console. */
  evidence: z.object({ files: z.int(), bytes: z.int(), missing: z.int() }).optional(),
});
export type ExportedBundle = z.infer<typeof ExportedBundle>;

export const BundleFile = z.strictObject({ file: FilePath });

export const ImportBundle = z.strictObject({
  file: FilePath,
  /**
   * Id of the console that made it, believed on the person's word: only in a log that belongs to nobody yet, for when that console is
   * lost and no other is there to ask.
   */
  believe: z
    .string()
    .regex(/^[0-9a-f]{16}$/, 'a console is named by its 16 letters and digits')
    .optional(),
});

export const BundleConsoleView = z.object({
  console: z.string(),
  /** As it is called here; empty when it is not known. */
  name: z.string(),
  /** `enrolled-by-it`: an op in the bundle enrols it. */
  access: z.enum(['own', 'enrolled', 'enrolled-by-it', 'revoked', 'stranger']),
  /** Numbers of the first and last op that it speaks of. */
  first: z.int(),
  last: z.int(),
  /** Ops that are whole, and of which only the link is there. */
  ops: z.int(),
  withheld: z.int(),
  /** Of the whole ones: those that this console does not have yet, has, and would keep out. */
  fresh: z.int(),
  known: z.int(),
  refused: z.int(),
  /** Why, a few of the reasons. */
  reasons: z.array(z.string()),
});
export type BundleConsoleView = z.infer<typeof BundleConsoleView>;

/** What is read or written just now. */
export const BundleWork = z.object({
  id: z.string(),
  /** `check`: looking through, before anything is taken; `seal`: encrypting what was written. */
  doing: z.enum(['check', 'import', 'export', 'seal']),
  /** The file's name. */
  file: z.string(),
  /** Ops and bytes so far, and of how many; null when that is not known before. */
  ops: z.int(),
  opsInAll: z.int().nullable(),
  bytes: z.int(),
  bytesInAll: z.int().nullable(),
  since: Time,
  /** Somebody stopped it; it ends in a moment. */
  stopping: z.boolean(),
});
export type BundleWork = z.infer<typeof BundleWork>;

export const StopBundle = z.strictObject({
  /** Only this one; all of them without. */
  id: z.string().max(60).optional(),
});

export const BundleInspection = z.object({
  path: z.string(),
  bytes: z.int(),
  header: z.object({
    console: z.string(),
    made: Time,
    organisation: z.string(),
    organisationId: z.string().optional(),
    program: z.string(),
    contents: BundleContents,
    /** Its maker's raw public key, base64url. */
    key: z.string(),
  }),
  /** Consoles that can read it, when it is sealed. */
  sealedFor: z.array(z.string()).optional(),
  /** The content of attached files in it. */
  evidence: z.object({ files: z.int(), bytes: z.int() }).optional(),
  /** Who made it, as it is called here; empty when it is not known. */
  maker: BundleConsoleView.pick({ console: true, name: true, access: true }),
  ops: z.int(),
  /** When the earliest and the latest of what is told in it happened. */
  period: z.object({ first: Time, last: Time }).nullable(),
  consoles: z.array(BundleConsoleView),
  /**
   * What its maker had of each console, against this log: the same op is here, its maker had more (`ahead`), nothing of that
   * console is here (`unknown`), only parts are here (`not-here`), or another op has that number (`different`).
   */
  heads: z.array(
    z.object({
      console: z.string(),
      seq: z.int(),
      head: z.string(),
      state: z.enum(['here', 'ahead', 'unknown', 'not-here', 'different']),
    }),
  ),
});
export type BundleInspection = z.infer<typeof BundleInspection>;

export const ImportedBundle = z.object({
  /** Ops that are new here, were here already, and were kept out. */
  applied: z.int(),
  known: z.int(),
  quarantined: z.int(),
  /** Ops that were not even kept aside, because they are too many. */
  left: z.int(),
  /** Somebody stopped it before its end: what was taken counts, and taking it again goes on. */
  stopped: z.boolean(),
  /** What has to be said about it, a sentence each. */
  messages: z.array(z.string()),
  incidents: z.array(Named),
});
export type ImportedBundle = z.infer<typeof ImportedBundle>;

export const ImportIncident = z.strictObject({ file: FilePath });

/** What an exported incident holds, before anything of it is taken. */
export const IncidentInspection = z.object({
  path: z.string(),
  bytes: z.int(),
  /** As whoever exported it calls it. */
  label: z.string(),
  title: z.string(),
  organisation: z.string(),
  /** Who exported it; the name is empty when it is not known here. */
  maker: z.object({ console: z.string(), name: z.string() }),
  made: Time,
  /** Ops that are whole, and how many of them are not here. */
  ops: z.int(),
  fresh: z.int(),
  /** What it will be: an incident like any other, or the record of somebody else. */
  as: z.enum(['own', 'foreign']),
  messages: z.array(z.string()),
});
export type IncidentInspection = z.infer<typeof IncidentInspection>;

export const ImportedIncident = z.object({
  id: z.string(),
  label: z.string(),
  title: z.string(),
  /** `own`: all its consoles are enrolled, its ops are in the log. `foreign`: kept as the record of somebody else. */
  as: z.enum(['own', 'foreign']),
  ops: z.int(),
  /** Ops that were not here before. */
  fresh: z.int(),
  messages: z.array(z.string()),
});
export type ImportedIncident = z.infer<typeof ImportedIncident>;
