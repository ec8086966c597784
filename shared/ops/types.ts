/**
 * Every op type with the schema of its payload. Invariant: once released, a type's payload only ever gains optional
 * members, because old ops are replayed for ever; a new meaning is a new type.
 */
import { z } from 'zod';
import {
  AskState,
  Audience,
  CleanupKind,
  CleanupState,
  Health,
  RestorationState,
  Risk,
  Role,
  Severity,
  SoleRole,
  Status,
  StepState,
} from '../domain/words.ts';
import { LOGIN_BY } from '../domain/access/sso.ts';
import { MAX_REQUEST, METHODS } from '../domain/actions/template.ts';
import { EstateKind } from '../domain/estate.ts';
import { EscalationWait, ResponseLevel, ResponseModel, Substance, Suspicion } from '../domain/policy/substance.ts';
import { PartState } from '../domain/stores.ts';
import { ConsoleId, Id, Instant, OpId } from './op.ts';
import { CarriedStep, Evidence, Overruled, PinnedStep } from './steps.ts';

const line = z.string().min(1).max(500);
const prose = z.string().max(20_000);
const rawKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const amount = z.number().min(0).max(1e18);
/** low, likely, high */
const ranged = z.tuple([amount, amount, amount]);
const figures = z.object({
  orders: ranged.optional(),
  transactions: ranged.optional(),
  revenueMinor: ranged.optional(),
});
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const share = z.number().min(0).max(1);
/** low, likely, high */
const shares = z.tuple([share, share, share]);
/** What came back of a request: its status, how long it took, the first part of its body without secrets, its whole size. */
const answer = {
  status: z.int().min(100).max(999).optional(),
  ms: z.int().min(0).optional(),
  bytes: z.int().min(0).optional(),
  body: z.string().max(8000).optional(),
  message: prose,
};
/** Words such as `approve-critical`; an older console keeps those that it does not know. */
const capabilities = z
  .array(z.string().regex(/^[a-z][a-z-]{1,40}$/))
  .min(1)
  .max(30);
const base64url = z.string().regex(/^[A-Za-z0-9_-]{16,200}$/);
const fields = z.record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/), z.json());

/** SHA-256 of a policy's text, hex. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** What was proposed when somebody decided, by which rules of which text. */
const severityProposal = z.object({ severity: Severity, rules: z.array(Id).max(200), policy: hash });
const response = z.object({
  level: ResponseLevel,
  model: ResponseModel,
  /** What they asked for by the policy of that moment. */
  substance: Substance,
  policy: hash,
  proposal: z.object({ level: ResponseLevel, model: ResponseModel, rules: z.array(Id).max(200) }),
});

/** A content key, under an id that commits to it, wrapped for consoles by a key pair made for this op (X25519, raw). */
const handed = {
  key: Id,
  ephemeral: rawKey,
  wraps: z
    .array(z.object({ console: ConsoleId, key: z.string().regex(/^[A-Za-z0-9_-]{64}$/) }))
    .min(1)
    .max(500),
};

export const OP_TYPES = {
  'estate.put': z.object({ kind: EstateKind, id: Id, fields }),
  'estate.remove': z.object({ kind: EstateKind, id: Id }),
  /** Whether this estate is the demonstration, and what it is called. */
  'estate.profile': z.object({ name: line, demonstration: z.boolean() }),
  /** From here on the consoles that count each other's ops are this organisation; what was written before stays valid. */
  'organisation.found': z.object({ organisation: Id, name: line }),
  /** A code was given out; whoever holds it can sign a request with the private half of `key`. */
  'console.invite': z.object({ invite: Id, key: rawKey, expires: Instant, note: prose.optional() }),
  'console.invite-end': z.object({ invite: Id, reason: prose.optional() }),
  /** The writing console asks to be enrolled; `signature` is the invitation's, over `requestText`. */
  'console.request': z.object({
    organisation: Id,
    invite: Id,
    name: line,
    key: rawKey,
    signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/),
  }),
  /** That request is not granted. */
  'console.refuse': z.object({ console: ConsoleId, request: OpId, reason: prose }),
  'console.rename': z.object({ console: ConsoleId, name: line }),
  /** With what bundles are sealed for the writing console: its raw X25519 public key, base64url. */
  'console.seal-key': z.object({ key: rawKey }),
  /** That the data folder of the writing console is encrypted, with what opens it, or is not any more; `changed`: another passphrase. */
  'console.at-rest': z.object({
    state: z.enum(['encrypted', 'plain']),
    opens: z.enum(['passphrase', 'keychain', 'both']).optional(),
    changed: z.boolean().optional(),
  }),
  /** A console whose ops count here; its id is derived from its public key (raw, base64url). */
  'console.enrol': z.object({
    console: ConsoleId,
    key: rawKey,
    name: line,
    /** The invitation that it answered. */
    invite: Id.optional(),
    /** Why, when it had been revoked. */
    reason: prose.optional(),
    /** That the name is only repeated: one that was given meanwhile stays. */
    repeats: z.literal(true).optional(),
  }),
  /** From here on its ops are kept out; those up to `through` stay. */
  'console.revoke': z.object({ console: ConsoleId, through: z.int().min(0), reason: prose }),
  /**
   * Which ops of another console the writing console has whole between `first` and `last`; of all others in between it
   * knows at most the link. Later statements replace earlier ones where they overlap; where none speaks, nothing may be missing.
   */
  'record.held': z.object({
    console: ConsoleId,
    first: z.int().min(1),
    last: z.int().min(1),
    /** Runs of sequence numbers, in order. */
    held: z.array(z.tuple([z.int().min(1), z.int().min(1)])).max(1000),
  }),
  'health.change': z.object({
    service: Id,
    health: Health,
    /** When the source saw it, ms. */
    since: Instant,
    /** Source id. */
    source: Id,
    reason: prose,
    /** Since when it had been known to be healthy, where nothing was said of that: what is well from the beginning makes no op. */
    wellSince: Instant.optional(),
  }),
  /** What a person knows of a service or business service, instead of what its sources say, until it expires or is withdrawn. */
  'health.manual': z.object({
    kind: z.enum(['service', 'business-service']),
    id: Id,
    health: Health,
    reason: prose.min(1),
    until: Instant,
  }),
  'health.manual-end': z.object({
    kind: z.enum(['service', 'business-service']),
    id: Id,
    reason: prose.optional(),
  }),
  /** Work on services that was announced: what they report in the meantime is expected. */
  'maintenance.plan': z.object({
    window: Id,
    title: line,
    services: z.array(Id).min(1).max(1000),
    from: Instant,
    to: Instant,
    reason: prose.optional(),
  }),
  /** Ends a window when it happened, before or during its time. */
  'maintenance.end': z.object({ window: Id, reason: prose.optional() }),
  /** That a difference between the estate and what is seen is as it should be. */
  'drift.dismiss': z.object({
    from: Id,
    to: Id,
    kind: z.enum(['undeclared', 'unseen']),
    reason: prose.optional(),
  }),
  /** A policy's whole text; null puts in force again what ships with the program. The hash is SHA-256 of the text, hex. */
  'policy.put': z.object({
    policy: Id,
    text: z.string().max(100_000).nullable(),
    hash: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable(),
    version: z.int().min(1),
    reason: prose.min(1),
  }),
  /** Who holds a role of the access policy: a person, a team, or a group of single sign-on. Contested; the lesser access is in force. */
  'access.grant': z.object({ to: z.enum(['person', 'team', 'group']), id: Id, role: Id, reason: prose.optional() }),
  'access.withdraw': z.object({ to: z.enum(['person', 'team', 'group']), id: Id, role: Id, reason: prose.optional() }),
  /** That somebody can unlock this console from here on, or can no more; what with is on that console only. */
  'access.secret': z.object({
    person: Id,
    state: z.enum(['set', 'removed']),
    kind: z.enum(['passphrase', 'pin']).optional(),
  }),
  /** Who unlocked this console, or tried to in vain (so many times by now). */
  'access.unlock': z.object({ person: Id, how: Id, tries: z.int().min(1).optional() }),
  /** The provider of single sign-on; null: there is none. */
  'sso.set': z.object({
    provider: z
      .object({
        name: line,
        issuer: line,
        client: line,
        groups: line,
        by: z.enum(LOGIN_BY),
        scopes: z.array(line).max(20),
        port: z.int().nullable(),
      })
      .nullable(),
    reason: prose.optional(),
  }),
  /** What single sign-on calls somebody whom it cannot be told by the estate. */
  'sso.match': z.object({ person: Id, logins: z.array(line).max(20) }),
  /** That somebody counts no more by single sign-on at this console, and why. */
  'sso.end': z.object({ person: Id, reason: prose.min(1) }),
  /** All secrets of this console were thrown away by whoever holds its folder. */
  'access.rescue': z.object({ reason: prose.min(1) }),
  'change.record': z.object({
    change: Id,
    services: z.array(Id).max(1000),
    kind: z.enum(['deployment', 'configuration', 'feature-flag', 'scaling', 'vendor-maintenance', 'other']),
    title: line,
    source: Id,
    by: z.string().max(200).optional(),
    url: z.string().max(2000).optional(),
  }),
  /** That a change was never made, or is not what was recorded of it. */
  'change.withdraw': z.object({ change: Id, reason: prose.min(1) }),
  /** What somebody said of a store by phone; each member counts by itself until `validUntil`. */
  'store.report': z.object({
    store: Id,
    wan: PartState.optional(),
    pos: PartState.optional(),
    edge: PartState.optional(),
    fallback: z.boolean().optional(),
    /** Transactions that wait to be sent, and their value in minor units. */
    buffered: z.int().min(0).optional(),
    bufferedMinor: z.number().min(0).optional(),
    /** When the oldest of them was made, ms. */
    oldestAt: Instant.optional(),
    validUntil: Instant,
    reason: prose.min(1),
    /** Who said it, when that was not the actor. */
    by: z.string().max(200).optional(),
  }),
  /** What was reported of a store counts no more. */
  'store.withdraw': z.object({ store: Id, reason: prose.optional() }),
  /** That somebody cannot be asked for a while; `person.back` ends it before its time. */
  'person.away': z.object({ person: Id, from: Instant, until: Instant, reason: prose.optional() }),
  'person.back': z.object({ person: Id, reason: prose.optional() }),
  'incident.declare': z.object({
    number: z.int().min(1),
    title: line,
    severity: Severity,
    services: z.array(Id).max(1000),
    businessServices: z.array(Id).max(200),
    commander: Id.optional(),
    /** When it began, ms; the declaration's own time when nobody knows better. */
    startedAt: Instant.optional(),
    /** Why it is declared otherwise than proposed. */
    reason: prose.optional(),
    proposal: severityProposal.optional(),
    response: response.optional(),
    data: Suspicion.optional(),
    security: Suspicion.optional(),
    /** It was restricted from its first word on, and is counted among those. */
    restricted: z.literal(true).optional(),
  }),
  'incident.title': z.object({ title: line }),
  'incident.severity': z.object({
    severity: Severity,
    reason: prose.optional(),
    proposal: severityProposal.optional(),
  }),
  /** The level and the model in force, with what they ask for, and what that changed, in sentences. */
  'incident.response': response.extend({
    reason: prose.optional(),
    changes: z
      .object({
        kept: z.int().min(0),
        added: z.array(prose).max(200),
        removed: z.array(prose).max(200),
        changed: z.array(prose).max(200),
      })
      .optional(),
  }),
  /** That what is in force is kept against a proposal, for as long as the same rules hold. */
  'incident.keep': z.object({
    what: z.enum(['severity', 'response']),
    proposed: z.string().max(100),
    rules: z.array(Id).max(200),
    reason: prose.optional(),
  }),
  /** What people suspect or know that no source measures. */
  'incident.concern': z.object({
    data: Suspicion.optional(),
    security: Suspicion.optional(),
    reason: prose.optional(),
  }),
  'incident.status': z.object({ status: Status, reason: prose.optional() }),
  'incident.role': z.object({ role: SoleRole, person: Id.nullable(), reason: prose.optional() }),
  /** Somebody is asked for what they know: of `subject`, when it was said. */
  'incident.expert': z.object({ person: Id, subject: line.optional() }),
  'incident.expert-end': z.object({ person: Id, reason: prose.optional() }),
  /** Somebody of whom nothing was heard says that they are there. */
  'role.present': z.object({ person: Id }),
  /** A call that the response's escalation path asks for was made. */
  'escalation.call': z.object({ waitsFor: EscalationWait, minutes: z.number().positive().max(10_080), to: line }),
  /** An item of a role's checklist. */
  'role.tick': z.object({ role: Role, item: Id, done: z.boolean() }),
  /** "Do you take it?": roles and asks for one person, who has them only when they accept. */
  'handover.offer': z.object({
    handover: Id,
    to: Id,
    /** With whoever has each at the time of the offer. */
    roles: z.array(z.object({ role: SoleRole, from: Id.nullable() })).max(20),
    asks: z.array(Id).max(500),
    briefing: prose,
    expiresAt: Instant,
    /** How long whoever hands over stays to be asked. */
    staysMinutes: z.number().min(0).max(1440),
  }),
  'handover.answer': z.object({
    handover: Id,
    answer: z.enum(['accepted', 'declined', 'cancelled']),
    reason: prose.optional(),
    staysUntil: Instant.optional(),
  }),
  /** A team of the incident's own: its lead answers for the others. */
  'subteam.form': z.object({ team: Id, name: line, lead: Id, members: z.array(Id).max(100) }),
  'subteam.change': z.object({ team: Id, name: line.optional(), lead: Id.optional() }),
  'subteam.join': z.object({ team: Id, person: Id }),
  'subteam.leave': z.object({ team: Id, person: Id }),
  'subteam.end': z.object({ team: Id, reason: prose.optional() }),
  'incident.affect': z.object({ set: z.enum(['services', 'businessServices']), id: Id }),
  'incident.unaffect': z.object({ set: z.enum(['services', 'businessServices']), id: Id }),
  'incident.started': z.object({ startedAt: Instant, reason: prose.optional() }),
  /** What people say of a service as the cause; `open` takes a word back. `change`: the change that they mean. */
  'incident.cause': z.object({
    service: Id,
    verdict: z.enum(['confirmed', 'ruled-out', 'open']),
    reason: prose.optional(),
    change: Id.optional(),
  }),
  'entry.note': z.object({ text: prose.min(1) }),
  /**
   * A file beside the log, with what it shows. `sha256` is of its content; `file` is of that encrypted with `key` (AES-256-GCM,
   * base64url), by which it is kept and fetched.
   */
  'entry.evidence': z.object({
    file: z.string().regex(/^[0-9a-f]{64}$/),
    key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    name: z.string().min(1).max(200),
    size: z.int().min(1),
    text: prose.optional(),
  }),
  'entry.decision': z.object({
    text: prose.min(1),
    reason: prose.optional(),
    /** The proposal that it decides, and what those who were asked for objections said. */
    proposal: Id.optional(),
    asked: z
      .array(z.object({ person: Id, objection: prose.nullable().optional() }))
      .max(50)
      .optional(),
  }),
  /** "Any strong objection?": what is about to be decided, and who is asked. */
  'decision.propose': z.object({
    proposal: Id,
    text: prose.min(1),
    reason: prose.optional(),
    asked: z.array(Id).max(50),
  }),
  /** Null: none. */
  'decision.answer': z.object({ proposal: Id, person: Id, objection: prose.nullable() }),
  'decision.drop': z.object({ proposal: Id, reason: prose.optional() }),
  /** Takes an entry back: `by` are the ops that give back what was before it, none when it was only words. */
  'entry.undo': z.object({ entry: OpId, by: z.array(OpId).max(20) }),
  'entry.correct': z.object({
    entry: OpId,
    eventTime: Instant.optional(),
    text: prose.min(1).optional(),
    reason: prose.optional(),
  }),
  'ask.open': z.object({
    ask: Id,
    text: prose.min(1),
    owner: Id.nullable(),
    dueAt: Instant.nullable(),
    team: Id.optional(),
  }),
  'ask.change': z.object({
    ask: Id,
    state: AskState.optional(),
    owner: Id.nullable().optional(),
    dueAt: Instant.nullable().optional(),
    text: prose.min(1).optional(),
    team: Id.nullable().optional(),
    note: prose.optional(),
  }),
  /** The words of an update that is being written. */
  'update.draft': z.object({ update: Id, audience: Audience, text: prose.min(1) }),
  /** That a named person read exactly this text; the hash is SHA-256 of it, hex. */
  'update.review': z.object({ update: Id, person: Id, hash: z.string().regex(/^[0-9a-f]{64}$/) }),
  /** What went out, as it went out. `delivery`: it waits until this console's endpoint for the audience has taken it. */
  'update.send': z.object({
    update: Id,
    audience: Audience,
    text: prose.min(1),
    channel: z.enum(['copied', 'printed', 'read-out', 'delivery']),
    reviewedBy: Id,
    /** When the next one was promised. */
    nextAt: Instant.nullable(),
  }),
  /** What became of an update that waited for delivery. */
  'update.delivery': z.object({
    update: Id,
    outcome: z.enum(['delivered', 'failed', 'withdrawn']),
    detail: prose.optional(),
  }),
  'run.start': z.object({
    run: Id,
    runbook: Id,
    title: line,
    version: z.string().max(100),
    /** SHA-256 of the file, hex. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    /** The steps as they stood when the run began: a newer file never changes a run. */
    steps: z.array(PinnedStep).min(1).max(500),
    /** The run that this one goes on from with a newer text, and what it takes over. */
    continues: Id.optional(),
    carried: z.array(CarriedStep).max(500).optional(),
  }),
  /** The restoration plan that is worked by, as it stood when it was adopted; `base` names the one it replaces. */
  'restoration.adopt': z.object({
    plan: Id,
    /** SHA-256 of the items, hex. */
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    items: z
      .array(
        z.object({
          id: Id,
          services: z.array(Id).min(1).max(1000),
          stage: z.int().min(1),
          lane: z.int().min(1),
          blockedBy: z.array(Id).max(100),
          why: z.array(line).max(20),
          holdMinutes: z.number().min(0),
        }),
      )
      .max(500),
  }),
  'restoration.item': z.object({
    item: Id,
    services: z.array(Id).min(1).max(1000),
    state: RestorationState,
    /** Verified by a person's word, without its gate. */
    byHand: z.boolean().optional(),
    reason: prose.optional(),
  }),
  'cleanup.add': z.object({
    item: Id,
    kind: CleanupKind,
    title: line,
    count: z.int().min(0),
    unit: z.string().min(1).max(60),
    moneyMinor: amount.optional(),
    currency: z.string().max(10).optional(),
    owner: Id.nullable(),
    dueAt: Instant.nullable(),
    evidence: prose.optional(),
    /** The proposal that it was made from. */
    from: z.string().max(200).optional(),
  }),
  'cleanup.change': z.object({
    item: Id,
    title: line.optional(),
    count: z.int().min(0).optional(),
    unit: z.string().min(1).max(60).optional(),
    moneyMinor: amount.nullable().optional(),
    currency: z.string().max(10).optional(),
    owner: Id.nullable().optional(),
    dueAt: Instant.nullable().optional(),
    evidence: prose.optional(),
  }),
  /** How far it is put right; of its count so many are reconciled and so many written off. */
  'cleanup.state': z.object({
    item: Id,
    state: CleanupState,
    reconciled: z.int().min(0).optional(),
    writtenOff: z.int().min(0).optional(),
    reason: prose.optional(),
  }),
  /** Who answers for what stays open, up to so many; null takes it back. */
  'cleanup.accept': z.object({
    item: Id,
    person: Id.nullable(),
    remaining: z.int().min(0),
    reason: prose.min(1),
  }),
  /**
   * What a person made of a suggestion. `facts` tells what it rested on: when that changes, it is another suggestion.
   */
  'suggestion.settle': z.object({
    kind: Id,
    key: Id,
    facts: z.string().regex(/^[0-9a-f]{8,64}$/),
    verdict: z.enum(['taken', 'dismissed', 'open']),
    title: line,
    reason: prose.optional(),
  }),
  'run.step': z.object({
    run: Id,
    step: Id,
    state: StepState,
    reason: prose.optional(),
    /** Of a decision that is done: the step, or `end`, that it leads to. */
    branch: Id.optional(),
    evidence: z.array(Evidence).max(20).optional(),
    overruled: z.array(Overruled).max(3).optional(),
  }),
  /** A run that nobody goes on with; `continuedBy` is the run that took it over. */
  'run.end': z.object({ run: Id, reason: prose.min(1), continuedBy: Id.optional() }),
  /**
   * A request that somebody wants to send, exactly as it would go out. `hash` is of all of it: an approval is given for
   * that and for nothing else.
   */
  'action.propose': z.object({
    action: Id,
    title: line,
    /** The step of a run that it belongs to. */
    step: z.object({ run: Id, step: Id }).optional(),
    template: Id.optional(),
    /** Name of the endpoint; its credential is on the console that sends. */
    endpoint: Id,
    method: z.enum(METHODS),
    url: z.string().max(8000),
    headers: z.array(z.tuple([z.string().max(200), z.string().max(8000)])).max(40),
    body: z.string().max(MAX_REQUEST),
    dryRun: z.object({ method: z.enum(METHODS), url: z.string().max(8000) }).optional(),
    expect: z.array(z.int()).min(1).max(10),
    timeoutMs: z.int().min(1).max(300_000),
    effect: prose,
    risk: Risk,
    reversible: z.boolean().nullable(),
    reachLimit: z.int().min(0).nullable(),
    /** What it acts on. */
    services: z.array(Id).max(100),
    /** How many services those reach, and a digest of which. */
    reaches: z.int().min(0).nullable(),
    reach: digest,
    hash: digest,
    /** Sent with every attempt, so that a server does it once. */
    key: z.string().min(1).max(200),
    reason: prose.optional(),
  }),
  'action.approve': z.object({
    action: Id,
    hash: digest,
    reach: digest,
    expiresAt: Instant,
    /** By what the policy lets them, and which version of it. */
    authority: line,
    policy: z.string().max(100).optional(),
    reason: prose.optional(),
  }),
  'action.refuse': z.object({ action: Id, reason: prose.min(1) }),
  'action.withdraw': z.object({ action: Id, reason: prose.optional() }),
  /** What the request that changes nothing said. */
  'action.try': z.object({ action: Id, ok: z.boolean(), ...answer }),
  /** That the request leaves now; it is in the log before it does. */
  'action.run': z.object({
    action: Id,
    attempt: Id,
    hash: digest,
    reason: prose.optional(),
    snapshot: fields.optional(),
  }),
  /** `unknown`: it left and no answer came back; `waiting`: it did not leave. */
  'action.outcome': z.object({
    action: Id,
    attempt: Id,
    state: z.enum(['done', 'failed', 'unknown', 'waiting']),
    ...answer,
    snapshot: fields.optional(),
  }),
  /** What a person found out about an answer that was lost. */
  'action.settle': z.object({ action: Id, state: z.enum(['done', 'failed']), reason: prose.min(1) }),
  /** A controlled degradation begins: what is given up on purpose, by whose word, and when it may end. */
  'degraded.start': z.object({
    degraded: Id,
    mode: Id,
    title: line,
    effect: prose,
    owner: Id.nullable(),
    reason: prose.min(1),
    exit: prose,
    /** Share of what would be lost that it saves, and that it makes late instead, by estimate. */
    avoids: shares.optional(),
    buffers: shares.optional(),
    /** Business services whose figures it changes; all when empty. */
    businessServices: z.array(Id).max(200),
  }),
  /** Who answers for a mode that is on; the later word counts. */
  'degraded.owner': z.object({ degraded: Id, owner: Id, reason: prose.optional() }),
  'degraded.end': z.object({ degraded: Id, reason: prose.min(1) }),
  /** A proposal to degrade that somebody turned down; it is made again when its signals were well in between. */
  'degraded.dismiss': z.object({ mode: Id, reason: prose.min(1) }),
  /** A sheet of sealed codes. `person`: each proves that this person is there; null: each opens a grant by itself. */
  'breakglass.codes': z.object({
    sheet: Id,
    label: line,
    person: Id.nullable(),
    capabilities,
    longestMinutes: z.number().min(1).max(1440),
    expiresAt: Instant,
    /** scrypt of each code's secret part; `slot` is its open part, by which it is found. */
    codes: z
      .array(
        z.object({
          code: Id,
          slot: z.string().regex(/^[0-9A-Z]{3}$/),
          salt: base64url,
          hash: base64url,
          cost: z.int(),
        }),
      )
      .min(1)
      .max(50),
  }),
  /** The codes of a sheet that were not used open nothing any more. */
  'breakglass.void': z.object({ sheet: Id, reason: prose.min(1) }),
  /** Somebody asks another console for power; only `breakglass.open` gives it. */
  'breakglass.request': z.object({
    grant: Id,
    holder: Id,
    reason: prose.min(1),
    capabilities,
    incidents: z.array(Id).max(20),
    minutes: z.number().min(1).max(1440),
  }),
  /** `phone`: it was given as a code that was read out, to this console, before the request itself was here. */
  'breakglass.answer': z.object({
    grant: Id,
    answer: z.enum(['approved', 'refused']),
    reason: prose.optional(),
    phone: z
      .object({ console: ConsoleId, holder: Id, capabilities, incident: z.int().nullable(), minutes: z.number() })
      .optional(),
  }),
  /** Somebody holds more than is theirs, at the console that writes this, until it expires or ends. It is written before it counts. */
  'breakglass.open': z.object({
    grant: Id,
    holder: Id,
    way: z.enum(['code', 'two-persons', 'remote', 'phone']),
    reason: prose.min(1),
    capabilities,
    incidents: z.array(Id).max(20),
    expiresAt: Instant,
    /** Codes that were spent on it. */
    codes: z.array(Id).max(4),
    /** The second person, or who approved. */
    witness: Id.nullable(),
    /** Where it was approved. */
    approvedAt: ConsoleId.optional(),
  }),
  /** That a grant also reaches this incident. */
  'breakglass.cover': z.object({ grant: Id, holder: Id, reason: prose.min(1) }),
  'breakglass.end': z.object({ grant: Id, reason: prose.optional() }),
  /** What somebody else found who looked at all that was done under it. */
  'breakglass.review': z.object({ grant: Id, verdict: z.enum(['proper', 'finding']), text: prose.min(1) }),
  /** Codes were typed wrong so often that this console takes none for a while. */
  'breakglass.lockout': z.object({ tries: z.int().min(1), until: Instant }),
  /** A rule of a policy that does not hold for a while, by whose word and for how long. */
  'exception.add': z.object({
    exception: Id,
    rule: line,
    policy: Id.optional(),
    reason: prose.min(1),
    owner: Id,
    until: Instant,
  }),
  /** Over before its time; or, once it expired, what came of it. */
  'exception.end': z.object({ exception: Id, reason: prose.min(1) }),
  /** Nothing that concerns this incident may be deleted until the hold is released. */
  'incident.hold': z.object({ hold: Id, reason: prose.min(1) }),
  'incident.hold-end': z.object({ hold: Id, reason: prose.min(1) }),
  /**
   * From here on what is written about this incident is sealed with `key`, which is handed to some consoles; `contact` is
   * whom everybody else may ask.
   */
  'incident.restrict': z.object({ ...handed, contact: Id.nullable() }),
  /** Hands a content key to more consoles. A new one is believed with a `proof` by the one before it. */
  'incident.key': z.object({ ...handed, by: Id.optional(), proof: rawKey.optional() }),
  /** What was written in secret: type, payload, author and time of an op, encrypted (AES-256-GCM, tag at the end). */
  'incident.sealed': z.object({
    key: Id,
    nonce: z.string().regex(/^[A-Za-z0-9_-]{16}$/),
    body: z.string().regex(/^[A-Za-z0-9_-]{22,}$/),
  }),
  /** All that others learn of the course of a restricted incident. */
  'incident.running': z.object({ running: z.boolean() }),
  /** Everybody may read it from here on, also what was sealed: the content keys are in it. */
  'incident.lift': z.object({
    keys: z
      .array(z.object({ key: Id, secret: rawKey }))
      .min(1)
      .max(500),
    reason: prose.min(1),
  }),
  /** Every console throws the content keys away; `proof` says that whoever asks for it had one. */
  'incident.shred': z.object({ key: Id, proof: rawKey, reason: prose.min(1) }),
  /** Only ever sealed: who may read a restricted incident, and the consoles that they read it on. */
  'restriction.member': z.object({
    to: z.enum(['person', 'team', 'role', 'console']),
    id: Id,
    state: z.enum(['in', 'out']),
    reason: prose.optional(),
  }),
  /** Only ever sealed: that the actor read it or took it out. */
  'incident.looked': z.object({ how: z.enum(['read', 'exported']), session: Id }),
  /** Somebody looked at an incident whose time to be kept is over, and keeps it until then. */
  'retention.review': z.object({ until: Instant, reason: prose.min(1) }),
  /** The answer to a question of the breach assessment. */
  'breach.answer': z.object({ item: Id, state: z.enum(['open', 'done', 'not-needed']), note: prose.optional() }),
  /**
   * What a business service lost in slots of five minutes (or in the part of a slot that is over), and how much of each was
   * measured and estimated; of several statements of a slot the one that rests on more is in force. With `correction` when
   * it restates what was stated before.
   */
  'impact.checkpoint': z.object({
    businessService: Id,
    currency: z.string().max(10),
    why: z.enum(['began', 'changed', 'interval', 'trued-up', 'ended']),
    slots: z
      .array(
        z.object({
          from: Instant,
          to: Instant,
          measuredMs: z.int().min(0).max(300_000),
          estimatedMs: z.int().min(0).max(300_000),
          /** Mean share of what usually comes that was lost. */
          share: ranged,
          lost: figures,
          buffered: figures,
        }),
      )
      .min(1)
      .max(400),
    correction: z.object({ from: Instant, to: Instant, before: figures, after: figures }).optional(),
  }),
} as const;

export type OpType = keyof typeof OP_TYPES;
export type Payload<T extends OpType> = z.infer<(typeof OP_TYPES)[T]>;

export function isKnown(type: string): type is OpType {
  return Object.hasOwn(OP_TYPES, type);
}
