/**
 * Invariant: what an op does depends on the op alone, never on what is stored, so that ops may arrive in any order.
 * Whether its effects win is decided by the registers.
 */
import { callId } from '../domain/clock/escalation.ts';
import { UNDER_GRANT } from '../domain/access/grants.ts';
import { dependencyId } from '../domain/estate.ts';
import { ESTATE, type Op } from './op.ts';
import type { Json } from './canonical.ts';
import type { Effect, EntityRef } from './registers.ts';
import { outcomeValue } from './outcome.ts';
import type { Evidence } from './steps.ts';
import { isKnown, OP_TYPES, type OpType, type Payload } from './types.ts';

/** One line of a timeline: of an incident, or of something in the estate. */
export interface EntryEffect {
  do: 'entry';
  scope: string;
  /** The entity that the line is about, `kind:id`, when it is one. */
  subject: string | null;
  /** Words that a person wrote, for search; null when the line is told from the payload alone. */
  text: string | null;
}

/** A later correction of a timeline line: the line's own op id is the entity. */
export type OpEffect = Effect | EntryEffect;

/**
 * Raise it when ops of a type that was released come to do something else than before: a console whose tables were made
 * by other rules makes them anew at its next start. A new type needs nothing, its ops are replayed by themselves.
 */
export const RULES = 1;

type Reducers = { [T in OpType]: (payload: Payload<T>, op: Op) => OpEffect[] };

const estate = (kind: string, id: string): EntityRef => ({ kind, id, scope: ESTATE });
const incident = (op: Op): EntityRef => ({ kind: 'incident', id: op.scope, scope: op.scope });
const restoration = (op: Op): EntityRef => ({ kind: 'restoration', id: 'current', scope: op.scope });
const cleanup = (op: Op, id: string): EntityRef => ({ kind: 'cleanup', id, scope: op.scope });
const entry = (op: Op, text: string | null = null, subject: string | null = null): EntryEffect => ({
  do: 'entry',
  scope: op.scope,
  subject,
  text,
});
const sets = (entity: EntityRef, fields: Record<string, unknown>): Effect[] =>
  Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => ({ do: 'set', entity, field, value: value as Json }));
const subteam = (id: string, op: Op): EntityRef => ({ kind: 'subteam', id, scope: op.scope });
const update = (id: string, op: Op): EntityRef => ({ kind: 'update', id, scope: op.scope });
const proposal = (id: string, op: Op): EntityRef => ({ kind: 'proposal', id, scope: op.scope });
const breakglass = (id: string, op: Op): EntityRef => ({ kind: 'breakglass', id, scope: op.scope });
const exceptionOf = (id: string, op: Op): EntityRef => ({ kind: 'exception', id, scope: op.scope });
const restriction = (op: Op): EntityRef => ({ kind: 'restriction', id: 'current', scope: op.scope });
/** Every hand-over of a content key stays: which of them count, only who can open them sees. */
const handedOver = (p: Payload<'incident.key'>, root: boolean, op: Op): Effect[] =>
  sets(restriction(op), {
    [`handed:${op.id}`]: {
      ...{ key: p.key, ephemeral: p.ephemeral, root, hlc: op.hlc },
      wraps: Object.fromEntries(p.wraps.map(({ console, key }) => [console, key])),
      ...(p.by === undefined ? {} : { by: p.by, proof: p.proof ?? null }),
    },
  });
const hold = (id: string, op: Op): EntityRef => ({ kind: 'hold', id, scope: op.scope });
/** The response as one contested value, and what it asks for beside it. */
const responds = (
  it: EntityRef,
  p: { level: string; model: string } & Record<string, unknown>,
  reason?: string,
): Effect[] => {
  const value = `${p.level}/${p.model}`;
  const { substance, policy, proposal } = p;
  return [
    { do: 'contest', entity: it, field: 'response', value, ...because(reason) },
    ...sets(it, { [`substance:${value}`]: { substance, policy, proposal } }),
  ];
};
const because = (reason: string | undefined) => (reason === undefined ? {} : { reason });

/** What was attached to a step: every piece is a field of its own, so that two people's pieces stand side by side. */
const attached = (run: EntityRef, step: string, evidence: readonly Evidence[], op: Op): Effect[] =>
  evidence.flatMap(({ what, value }, n) =>
    sets(run, { [`evidence:${step}:${op.id}:${n}`]: { what, value, by: op.actor, at: op.eventTime } }),
  );

/** What a report of a store can say. */
const REPORTED = ['wan', 'pos', 'edge', 'fallback', 'buffered', 'bufferedMinor', 'oldestAt'] as const;

/** Slots are kept by day, so that no document grows with the length of an incident. */
const DAY_MS = 86_400_000;

/** Everything that was said of an action stays beside the rest, by its op; `domain/actions/state.ts` makes a state of it. */
function actionFact(
  what: string,
  payload: { action: string; reason?: string | undefined; message?: string },
  op: Op,
): OpEffect[] {
  const { action, ...said } = payload;
  const value = {
    ...Object.fromEntries(Object.entries(said).filter(([, member]) => member !== undefined)),
    do: what,
    op: op.id,
    by: op.actor,
    console: op.console,
    hlc: op.hlc,
    at: op.eventTime,
  } as Json;
  return [
    { do: 'set', entity: { kind: 'action', id: action, scope: op.scope }, field: `fact.${op.id}`, value },
    entry(op, said.reason ?? said.message ?? null, `action:${action}`),
  ];
}

/** A role of the access policy that somebody was given or that was taken from them. */
function held(
  p: { to: string; id: string; role: string; reason?: string | undefined },
  value: 'granted' | 'withdrawn',
  op: Op,
): OpEffect[] {
  const it = estate('access-role', `${p.to}:${p.id}:${p.role}`);
  return [
    ...sets(it, { to: p.to, subject: p.id, role: p.role }),
    { do: 'contest', entity: it, field: 'held', value, ...because(p.reason) },
    entry(op, p.reason ?? null, `${p.to}:${p.id}`),
  ];
}

const REDUCERS: Reducers = {
  'estate.put': (p) => [
    ...sets(estate(p.kind, p.id), p.fields),
    { do: 'gone', entity: estate(p.kind, p.id), gone: false },
  ],
  'estate.remove': (p) => [{ do: 'gone', entity: estate(p.kind, p.id), gone: true }],
  'estate.profile': (p) => sets(estate('profile', 'estate'), p),
  'organisation.found': (p, op) => [
    ...sets(estate('organisation', p.organisation), {
      name: p.name,
      founded: { console: op.console, by: op.actor, at: op.eventTime },
    }),
    entry(op, p.name),
  ],
  'console.invite': (p, op) => [
    ...sets(estate('invite', p.invite), {
      key: p.key,
      expires: p.expires,
      note: p.note,
      made: { console: op.console, by: op.actor, at: op.eventTime },
    }),
    entry(op, p.note ?? null),
  ],
  'console.invite-end': (p, op) => [
    ...sets(estate('invite', p.invite), { ended: { by: op.actor, at: op.eventTime, reason: p.reason ?? null } }),
    entry(op, p.reason ?? null),
  ],
  'console.request': (p, op) => [entry(op, p.name, `console:${op.console}`)],
  'console.refuse': (p, op) => [
    ...sets(estate('refusal', p.console), { request: p.request, reason: p.reason, by: op.actor, at: op.eventTime }),
    entry(op, p.reason, `console:${p.console}`),
  ],
  'console.rename': (p, op) => [
    ...sets(estate('console', p.console), { name: p.name }),
    entry(op, p.name, `console:${p.console}`),
  ],
  // Of the writing console alone: nobody says for another with what it is sealed.
  'console.at-rest': (p, op) => [...sets(estate('at-rest', op.console), { state: p.state }), entry(op, null)],
  'console.seal-key': (p, op) => sets(estate('seal-key', op.console), { key: p.key }),
  'console.enrol': (p, op) => [
    ...sets(estate('console', p.console), { key: p.key, ...(p.repeats ? {} : { name: p.name }) }),
    {
      do: 'contest',
      entity: estate('console', p.console),
      field: 'access',
      value: 'enrolled',
      ...because(p.reason),
    },
    ...(p.invite === undefined
      ? []
      : [{ do: 'add' as const, entity: estate('invite', p.invite), set: 'users', element: p.console }]),
    entry(op, p.reason ?? p.name, `console:${p.console}`),
  ],
  'console.revoke': (p, op) => [
    ...sets(estate('console', p.console), { through: p.through }),
    { do: 'contest', entity: estate('console', p.console), field: 'access', value: 'revoked', reason: p.reason },
    entry(op, p.reason, `console:${p.console}`),
  ],
  'record.held': () => [],
  'health.change': (p, op) => [
    {
      do: 'set',
      entity: estate('health', p.service),
      field: 'state',
      value: { health: p.health, since: p.since, source: p.source, reason: p.reason },
    },
    entry(op, p.reason, `service:${p.service}`),
  ],
  'health.manual': (p, op) => [
    {
      do: 'set',
      entity: estate('manual', `${p.kind}:${p.id}`),
      field: 'state',
      value: { health: p.health, reason: p.reason, until: p.until, by: op.actor, at: op.eventTime },
    },
    entry(op, p.reason, `${p.kind}:${p.id}`),
  ],
  'health.manual-end': (p, op) => [
    { do: 'set', entity: estate('manual', `${p.kind}:${p.id}`), field: 'state', value: null },
    entry(op, p.reason ?? null, `${p.kind}:${p.id}`),
  ],
  'maintenance.plan': (p, op) => [
    ...sets(estate('maintenance', p.window), {
      title: p.title,
      services: p.services,
      from: p.from,
      to: p.to,
      reason: p.reason ?? null,
      by: op.actor,
    }),
    entry(op, p.title, `maintenance:${p.window}`),
  ],
  'maintenance.end': (p, op) => [
    ...sets(estate('maintenance', p.window), { endedAt: op.eventTime, endedBy: op.actor }),
    entry(op, p.reason ?? null, `maintenance:${p.window}`),
  ],
  'drift.dismiss': (p, op) => [
    {
      do: 'set',
      entity: estate('drift', dependencyId(p.from, p.to)),
      field: p.kind,
      value: { by: op.actor, reason: p.reason ?? null },
    },
  ],
  'policy.put': (p, op) => [
    {
      do: 'set',
      entity: estate('policy', p.policy),
      field: 'inForce',
      value: { text: p.text, hash: p.hash, version: p.version, reason: p.reason, by: op.actor, at: op.eventTime },
    },
    entry(op, p.reason, `policy:${p.policy}`),
  ],
  'access.grant': (p, op) => held(p, 'granted', op),
  'access.withdraw': (p, op) => held(p, 'withdrawn', op),
  'access.secret': (p, op) => [
    {
      do: 'set',
      entity: estate('secret', p.person),
      field: `on:${op.console}`,
      value: { state: p.state, kind: p.kind ?? null, by: op.actor, at: op.eventTime },
    },
    entry(op, null, `person:${p.person}`),
  ],
  'access.unlock': (p, op) => [entry(op, null, `person:${p.person}`)],
  'sso.set': (p, op) => [
    {
      do: 'set',
      entity: estate('sso', 'provider'),
      field: 'set',
      value: { provider: p.provider, by: op.actor, at: op.eventTime },
    },
    entry(op, p.reason ?? null, 'sso:provider'),
  ],
  'sso.match': (p, op) => [
    { do: 'set', entity: estate('sso-logins', p.person), field: 'logins', value: p.logins },
    entry(op, null, `person:${p.person}`),
  ],
  'sso.end': (p, op) => [entry(op, p.reason, `person:${p.person}`)],
  'access.rescue': (p, op) => [entry(op, p.reason, `console:${op.console}`)],
  'change.record': (p, op) => [
    ...sets(estate('change', p.change), {
      services: p.services,
      kind: p.kind,
      title: p.title,
      source: p.source,
      by: p.by ?? null,
      url: p.url ?? null,
      at: op.eventTime,
    }),
    entry(op, p.title, `change:${p.change}`),
  ],
  // For good: a source that tells of it once more, or another console that reads the same source, does not bring it back.
  'change.withdraw': (p, op) => [
    { do: 'gone', entity: estate('change', p.change), gone: true },
    entry(op, p.reason, `change:${p.change}`),
  ],
  'store.report': (p, op) => {
    const { store, validUntil, reason, by, ...said } = p;
    const report = { at: op.eventTime, until: validUntil, by: by ?? null, actor: op.actor, reason };
    return [
      ...Object.entries(said).flatMap(([member, value]) =>
        sets(estate('store-report', store), value === undefined ? {} : { [member]: { value, ...report } }),
      ),
      entry(op, reason, `store:${store}`),
    ];
  },
  'store.withdraw': (p, op) => [
    ...sets(estate('store-report', p.store), Object.fromEntries(REPORTED.map((member) => [member, null]))),
    entry(op, p.reason ?? null, `store:${p.store}`),
  ],
  'person.away': (p, op) => [
    ...sets(estate('away', p.person), {
      state: { from: p.from, until: p.until, reason: p.reason ?? null, by: op.actor, at: op.eventTime },
    }),
    entry(op, p.reason ?? null, `person:${p.person}`),
  ],
  'person.back': (p, op) => [
    ...sets(estate('away', p.person), { state: null }),
    entry(op, p.reason ?? null, `person:${p.person}`),
  ],
  'incident.declare': (p, op) => {
    const it = incident(op);
    return [
      ...sets(it, { number: p.number, title: p.title, declaredAt: op.eventTime, declaredBy: op.actor, zone: op.zone }),
      ...sets(it, { startedAt: p.startedAt ?? op.eventTime }),
      { do: 'contest', entity: it, field: 'severity', value: p.severity },
      { do: 'contest', entity: it, field: 'status', value: 'declared' },
      ...(p.commander === undefined
        ? []
        : [{ do: 'contest' as const, entity: it, field: 'role:commander', value: p.commander }]),
      ...(p.response === undefined ? [] : responds(it, p.response)),
      ...sets(it, { data: p.data, security: p.security, restricted: p.restricted }),
      ...sets(it, { declaredUnder: op.payload[UNDER_GRANT] }),
      ...p.services.map((element) => ({ do: 'add' as const, entity: it, set: 'services', element })),
      ...p.businessServices.map((element) => ({ do: 'add' as const, entity: it, set: 'businessServices', element })),
      entry(op, p.title),
    ];
  },
  'incident.title': (p, op) => [...sets(incident(op), p), entry(op, p.title)],
  'incident.severity': (p, op) => [
    { do: 'contest', entity: incident(op), field: 'severity', value: p.severity, ...because(p.reason) },
    entry(op, p.reason ?? null),
  ],
  'incident.response': (p, op) => [...responds(incident(op), p, p.reason), entry(op, p.reason ?? null)],
  'incident.keep': (p, op) => [
    ...sets(incident(op), {
      [`kept:${p.what}`]: {
        proposed: p.proposed,
        rules: p.rules,
        reason: p.reason ?? null,
        by: op.actor,
        at: op.eventTime,
      },
    }),
    entry(op, p.reason ?? null),
  ],
  'incident.concern': (p, op) => [
    ...sets(incident(op), { data: p.data, security: p.security }),
    entry(op, p.reason ?? null),
  ],
  'incident.status': (p, op) => [
    { do: 'contest', entity: incident(op), field: 'status', value: p.status, ...because(p.reason) },
    ...(p.status === 'resolved' ? sets(incident(op), { resolvedAt: op.eventTime }) : []),
    entry(op, p.reason ?? null),
  ],
  'incident.role': (p, op) => [
    { do: 'contest', entity: incident(op), field: `role:${p.role}`, value: p.person, ...because(p.reason) },
    entry(op, p.reason ?? null, p.person === null ? null : `person:${p.person}`),
  ],
  'incident.expert': (p, op) => [
    { do: 'add', entity: incident(op), set: 'experts', element: p.person },
    ...sets(incident(op), { [`expert:${p.person}`]: { subject: p.subject ?? null, since: op.eventTime } }),
    entry(op, p.subject ?? null, `person:${p.person}`),
  ],
  'incident.expert-end': (p, op) => [
    { do: 'remove', entity: incident(op), set: 'experts', element: p.person },
    entry(op, p.reason ?? null, `person:${p.person}`),
  ],
  'role.present': (p, op) => [
    ...sets(incident(op), { [`here:${p.person}`]: op.eventTime }),
    entry(op, null, `person:${p.person}`),
  ],
  'escalation.call': (p, op) => [...sets(incident(op), { [`called:${callId(p)}`]: op.eventTime }), entry(op)],
  'role.tick': (p, op) =>
    sets(
      { kind: 'checklist', id: p.role, scope: op.scope },
      {
        [p.item]: { done: p.done, by: op.actor, at: op.eventTime },
      },
    ),
  'handover.offer': (p, op) => {
    const it: EntityRef = { kind: 'handover', id: p.handover, scope: op.scope };
    const { handover: _handover, ...fields } = p;
    return [
      ...sets(it, { ...fields, offeredAt: op.eventTime, offeredBy: op.actor }),
      { do: 'contest', entity: it, field: 'answer', value: 'offered' },
      entry(op, p.briefing, `handover:${p.handover}`),
    ];
  },
  'handover.answer': (p, op) => {
    const it: EntityRef = { kind: 'handover', id: p.handover, scope: op.scope };
    return [
      { do: 'contest', entity: it, field: 'answer', value: p.answer, ...because(p.reason) },
      ...sets(it, { answeredAt: op.eventTime, answeredBy: op.actor, staysUntil: p.staysUntil }),
      entry(op, p.reason ?? null, `handover:${p.handover}`),
    ];
  },
  'subteam.form': (p, op) => {
    const it = subteam(p.team, op);
    return [
      ...sets(it, { name: p.name, lead: p.lead, formedAt: op.eventTime }),
      ...p.members.map((element) => ({ do: 'add' as const, entity: it, set: 'members', element })),
      { do: 'gone', entity: it, gone: false },
      entry(op, p.name),
    ];
  },
  'subteam.change': (p, op) => [
    ...sets(subteam(p.team, op), { name: p.name, lead: p.lead }),
    entry(op, p.name ?? null),
  ],
  'subteam.join': (p, op) => [{ do: 'add', entity: subteam(p.team, op), set: 'members', element: p.person }, entry(op)],
  'subteam.leave': (p, op) => [
    { do: 'remove', entity: subteam(p.team, op), set: 'members', element: p.person },
    entry(op),
  ],
  'subteam.end': (p, op) => [{ do: 'gone', entity: subteam(p.team, op), gone: true }, entry(op, p.reason ?? null)],
  'incident.affect': (p, op) => [{ do: 'add', entity: incident(op), set: p.set, element: p.id }, entry(op)],
  'incident.unaffect': (p, op) => [{ do: 'remove', entity: incident(op), set: p.set, element: p.id }, entry(op)],
  'incident.started': (p, op) => [...sets(incident(op), { startedAt: p.startedAt }), entry(op, p.reason ?? null)],
  'incident.cause': (p, op) => [
    {
      do: 'contest',
      entity: incident(op),
      field: `cause:${p.service}`,
      value: p.verdict,
      ...because(p.reason),
    },
    entry(op, p.reason ?? null),
  ],
  'entry.note': (p, op) => [entry(op, p.text)],
  'entry.evidence': (p, op) => [entry(op, [p.name, p.text].filter((one) => !!one).join('\n'))],
  'entry.decision': (p, op) => [
    ...(p.proposal === undefined ? [] : sets(proposal(p.proposal, op), { state: 'decided', decision: op.id })),
    entry(
      op,
      [p.text, p.reason, ...(p.asked ?? []).map(({ objection }) => objection)].filter((one) => !!one).join('\n'),
    ),
  ],
  'decision.propose': (p, op) => [
    ...sets(proposal(p.proposal, op), {
      text: p.text,
      reason: p.reason ?? null,
      asked: p.asked,
      state: 'asked',
      askedAt: op.eventTime,
      askedBy: op.actor,
    }),
    entry(op, p.reason ? `${p.text}\n${p.reason}` : p.text),
  ],
  'decision.answer': (p, op) => [
    ...sets(proposal(p.proposal, op), { [`answer:${p.person}`]: { objection: p.objection, at: op.eventTime } }),
    entry(op, p.objection, `person:${p.person}`),
  ],
  'decision.drop': (p, op) => [...sets(proposal(p.proposal, op), { state: 'dropped' }), entry(op, p.reason ?? null)],
  'entry.undo': (p, op) => {
    const line = (id: string): EntityRef => ({ kind: 'correction', id, scope: op.scope });
    return [
      ...sets(line(p.entry), { undone: { by: op.actor, at: op.eventTime } }),
      ...p.by.flatMap((id) => sets(line(id), { undoes: p.entry })),
      ...(p.by.length > 0 ? [] : [entry(op, null, `entry:${p.entry}`)]),
    ];
  },
  'entry.correct': (p, op) => {
    const corrected: EntityRef = { kind: 'correction', id: p.entry, scope: op.scope };
    return [
      ...sets(corrected, { eventTime: p.eventTime, text: p.text }),
      { do: 'add', entity: corrected, set: 'by', element: op.id },
      entry(op, p.reason ?? null, `entry:${p.entry}`),
    ];
  },
  'ask.open': (p, op) => {
    const it: EntityRef = { kind: 'ask', id: p.ask, scope: op.scope };
    return [
      ...sets(it, {
        text: p.text,
        owner: p.owner,
        dueAt: p.dueAt,
        state: 'open',
        openedAt: op.eventTime,
        openedBy: op.actor,
        team: p.team,
      }),
      entry(op, p.text, `ask:${p.ask}`),
    ];
  },
  'ask.change': (p, op) => {
    const it: EntityRef = { kind: 'ask', id: p.ask, scope: op.scope };
    const { ask: _ask, note: _note, ...fields } = p;
    return [
      ...sets(it, { ...fields, ...(p.state === undefined ? {} : { stateAt: op.eventTime, stateBy: op.actor }) }),
      entry(op, p.note ?? p.text ?? null, `ask:${p.ask}`),
    ];
  },
  'update.draft': (p, op) =>
    sets(update(p.update, op), {
      audience: p.audience,
      text: p.text,
      draftedAt: op.eventTime,
      draftedBy: op.actor,
    }),
  'update.review': (p, op) => [
    ...sets(update(p.update, op), { review: { person: p.person, hash: p.hash, at: op.eventTime, by: op.actor } }),
    entry(op, null, `update:${p.update}`),
  ],
  'update.send': (p, op) => [
    ...sets(update(p.update, op), {
      audience: p.audience,
      sent: {
        text: p.text,
        channel: p.channel,
        reviewedBy: p.reviewedBy,
        nextAt: p.nextAt,
        at: op.eventTime,
        by: op.actor,
      },
    }),
    entry(op, p.text, `update:${p.update}`),
  ],
  'update.delivery': (p, op) => [
    ...sets(update(p.update, op), {
      delivery: { outcome: p.outcome, detail: p.detail ?? null, at: op.eventTime, by: op.actor },
    }),
    entry(op, p.detail ?? null, `update:${p.update}`),
  ],
  'run.start': (p, op) => {
    const it: EntityRef = { kind: 'run', id: p.run, scope: op.scope };
    const { run: _run, carried = [], ...fields } = p;
    return [
      ...sets(it, { ...fields, startedAt: op.eventTime, startedBy: op.actor }),
      ...carried.flatMap(({ step, state, branch, reason, by, at, evidence = [] }): Effect[] => [
        {
          do: 'contest',
          entity: it,
          field: `step:${step}`,
          value: outcomeValue(state, branch),
          ...because(reason),
        },
        ...sets(it, { [`carried:${step}:${op.id}`]: { by, at } }),
        ...attached(it, step, evidence, op),
      ]),
      entry(op, p.title, `run:${p.run}`),
    ];
  },
  'restoration.adopt': (p, op) => {
    const { plan, ...pinned } = p;
    return [
      ...sets({ kind: 'restoration-plan', id: plan, scope: op.scope }, { ...pinned, at: op.eventTime, by: op.actor }),
      { do: 'contest', entity: restoration(op), field: 'plan', value: plan },
      entry(op),
    ];
  },
  'restoration.item': (p, op) => [
    { do: 'contest', entity: restoration(op), field: `item:${p.item}`, value: p.state, ...because(p.reason) },
    ...sets(restoration(op), { [`hand:${p.item}`]: p.byHand === true }),
    entry(op, p.reason ?? null),
  ],
  'cleanup.add': (p, op) => {
    const { item, ...fields } = p;
    return [
      ...sets(cleanup(op, item), { ...fields, addedAt: op.eventTime, addedBy: op.actor }),
      { do: 'contest', entity: cleanup(op, item), field: 'reconciliation', value: 'open' },
      entry(op, p.title, `cleanup:${item}`),
    ];
  },
  'cleanup.change': (p, op) => {
    const { item, ...fields } = p;
    return [...sets(cleanup(op, item), fields), entry(op, p.title ?? null, `cleanup:${item}`)];
  },
  'cleanup.state': (p, op) => [
    { do: 'contest', entity: cleanup(op, p.item), field: 'reconciliation', value: p.state, ...because(p.reason) },
    ...sets(cleanup(op, p.item), { reconciled: p.reconciled, writtenOff: p.writtenOff }),
    entry(op, p.reason ?? null, `cleanup:${p.item}`),
  ],
  'cleanup.accept': (p, op) => [
    { do: 'contest', entity: cleanup(op, p.item), field: 'accepted', value: p.person, ...because(p.reason) },
    ...sets(cleanup(op, p.item), { acceptedRemaining: p.remaining }),
    entry(op, p.reason, `cleanup:${p.item}`),
  ],
  'suggestion.settle': (p, op) => [
    {
      do: 'contest',
      entity: { kind: 'suggestion', id: 'settled', scope: op.scope },
      field: `${p.kind} ${p.key} ${p.facts}`,
      value: p.verdict,
      ...because(p.reason),
    },
    entry(op, p.reason ?? null),
  ],
  'run.step': (p, op) => {
    const it: EntityRef = { kind: 'run', id: p.run, scope: op.scope };
    return [
      {
        do: 'contest',
        entity: it,
        field: `step:${p.step}`,
        value: outcomeValue(p.state, p.branch),
        ...because(p.reason),
      },
      ...attached(it, p.step, p.evidence ?? [], op),
      ...(p.overruled ?? []).flatMap(({ guard, figure }) =>
        sets(it, {
          [`overruled:${p.step}:${guard}:${op.id}`]: {
            guard,
            figure: figure ?? null,
            by: op.actor,
            at: op.eventTime,
            reason: p.reason ?? '',
          },
        }),
      ),
      entry(
        op,
        [p.reason, ...(p.evidence ?? []).map(({ what, value }) => `${what}: ${value}`)].filter(Boolean).join('\n') ||
          null,
        `run:${p.run}`,
      ),
    ];
  },
  'run.end': (p, op) => [
    ...sets(
      { kind: 'run', id: p.run, scope: op.scope },
      { ended: { at: op.eventTime, by: op.actor, reason: p.reason, continuedBy: p.continuedBy ?? null } },
    ),
    entry(op, p.reason, `run:${p.run}`),
  ],
  'action.propose': (p, op) => {
    const it: EntityRef = { kind: 'action', id: p.action, scope: op.scope };
    const { action: _action, ...proposed } = p;
    return [
      ...sets(it, { ...proposed, proposedAt: op.eventTime, proposedBy: op.actor }),
      // Who ever proposed it may not approve it, also when somebody proposed it again.
      { do: 'add', entity: it, set: 'proposers', element: op.actor },
      entry(op, p.reason ?? p.title, `action:${p.action}`),
    ];
  },
  'action.approve': (p, op) => actionFact('approve', p, op),
  'action.refuse': (p, op) => actionFact('refuse', p, op),
  'action.withdraw': (p, op) => actionFact('withdraw', p, op),
  'action.try': (p, op) => actionFact('try', p, op),
  'action.run': (p, op) => actionFact('run', p, op),
  'action.outcome': (p, op) => actionFact('outcome', p, op),
  'action.settle': (p, op) => actionFact('settle', p, op),
  'degraded.start': (p, op) => {
    const it: EntityRef = { kind: 'degraded', id: p.degraded, scope: op.scope };
    const { degraded: _degraded, ...mode } = p;
    return [
      ...sets(it, { ...mode, startedAt: op.eventTime, startedBy: op.actor }),
      entry(op, p.reason, `degraded:${p.mode}`),
    ];
  },
  'degraded.owner': (p, op) => [
    ...sets({ kind: 'degraded', id: p.degraded, scope: op.scope }, { owner: p.owner }),
    entry(op, p.reason ?? null, `degraded:${p.degraded}`),
  ],
  'degraded.end': (p, op) => [
    ...sets(
      { kind: 'degraded', id: p.degraded, scope: op.scope },
      { endedAt: op.eventTime, endedBy: op.actor, endReason: p.reason },
    ),
    entry(op, p.reason, `degraded:${p.degraded}`),
  ],
  'degraded.dismiss': (p, op) => [
    ...sets(
      { kind: 'degraded-mode', id: p.mode, scope: op.scope },
      { dismissedAt: op.eventTime, dismissedBy: op.actor, reason: p.reason },
    ),
    entry(op, p.reason, `degraded:${p.mode}`),
  ],
  'breakglass.codes': (p, op) => {
    const { sheet, ...fields } = p;
    return [
      ...sets(estate('breakglass-codes', sheet), { ...fields, at: op.eventTime, by: op.actor }),
      entry(op, p.label, `breakglass-codes:${sheet}`),
    ];
  },
  'breakglass.void': (p, op) => [
    ...sets(estate('breakglass-codes', p.sheet), { void: { at: op.eventTime, by: op.actor, reason: p.reason } }),
    entry(op, p.reason, `breakglass-codes:${p.sheet}`),
  ],
  'breakglass.request': (p, op) => {
    const { grant, ...asked } = p;
    return [
      ...sets(breakglass(grant, op), { request: { ...asked, at: op.eventTime, by: op.actor, console: op.console } }),
      entry(op, p.reason, `breakglass:${grant}`),
    ];
  },
  'breakglass.answer': (p, op) => {
    const { grant, ...said } = p;
    return [
      // Every answer stays: one refusal outweighs any approval, whichever came first.
      ...sets(breakglass(grant, op), {
        [`answer:${op.id}`]: {
          ...{ answer: said.answer, reason: said.reason ?? null, phone: said.phone ?? null },
          ...{ at: op.eventTime, by: op.actor, console: op.console },
        },
      }),
      entry(op, p.reason ?? null, `breakglass:${grant}`),
    ];
  },
  'breakglass.open': (p, op) => {
    const { grant, ...opened } = p;
    return [
      ...sets(breakglass(grant, op), {
        open: { ...opened, at: op.eventTime, by: op.actor, console: op.console, seq: op.seq, hlc: op.hlc },
      }),
      entry(op, p.reason, `breakglass:${grant}`),
    ];
  },
  'breakglass.cover': (p, op) => [entry(op, p.reason, `breakglass:${p.grant}`)],
  'breakglass.end': (p, op) => [
    ...sets(breakglass(p.grant, op), {
      [`end:${op.id}`]: { at: op.eventTime, by: op.actor, console: op.console, reason: p.reason ?? null },
    }),
    entry(op, p.reason ?? null, `breakglass:${p.grant}`),
  ],
  'breakglass.review': (p, op) => [
    ...sets(breakglass(p.grant, op), {
      [`review:${op.id}`]: { at: op.eventTime, by: op.actor, verdict: p.verdict, text: p.text },
    }),
    entry(op, p.text, `breakglass:${p.grant}`),
  ],
  'breakglass.lockout': (p, op) => [
    ...sets(estate('breakglass-lockout', op.console), { tries: p.tries, until: p.until, at: op.eventTime }),
    entry(op, null, `console:${op.console}`),
  ],
  'exception.add': (p, op) => {
    const { exception, ...fields } = p;
    return [
      ...sets(exceptionOf(exception, op), { ...fields, at: op.eventTime, by: op.actor }),
      entry(op, p.reason, `exception:${exception}`),
    ];
  },
  'exception.end': (p, op) => [
    ...sets(exceptionOf(p.exception, op), { ended: { at: op.eventTime, by: op.actor, reason: p.reason } }),
    entry(op, p.reason, `exception:${p.exception}`),
  ],
  'incident.hold': (p, op) => [
    ...sets(hold(p.hold, op), { reason: p.reason, at: op.eventTime, by: op.actor }),
    entry(op, p.reason, `hold:${p.hold}`),
  ],
  'incident.hold-end': (p, op) => [
    ...sets(hold(p.hold, op), { released: { at: op.eventTime, by: op.actor, reason: p.reason } }),
    entry(op, p.reason, `hold:${p.hold}`),
  ],
  'incident.restrict': (p, op) => [
    ...handedOver(p, true, op),
    ...sets(restriction(op), { restricted: { at: op.eventTime, hlc: op.hlc }, contact: p.contact, running: true }),
    entry(op),
  ],
  'incident.key': (p, op) => handedOver(p, false, op),
  // What it says is applied by who can open it, in its place.
  'incident.sealed': () => [],
  'incident.running': (p, op) => sets(restriction(op), { running: p.running }),
  'incident.lift': (p, op) => [
    ...sets(restriction(op), {
      [`lifted:${op.id}`]: {
        ...{ at: op.eventTime, by: op.actor, hlc: op.hlc, reason: p.reason },
        keys: Object.fromEntries(p.keys.map(({ key, secret }) => [key, secret])),
      },
    }),
    entry(op, p.reason),
  ],
  'incident.shred': (p, op) => [
    ...sets(restriction(op), {
      [`shred:${op.id}`]: { key: p.key, proof: p.proof, at: op.eventTime, by: op.actor, reason: p.reason },
    }),
    entry(op, p.reason),
  ],
  'restriction.member': (p, op) => [
    { do: 'contest', entity: restriction(op), field: `member:${p.to}:${p.id}`, value: p.state, ...because(p.reason) },
    entry(op, p.reason ?? null, p.to === 'person' ? `person:${p.id}` : null),
  ],
  // In the audit, not in the timeline: who reads it often would fill it.
  'incident.looked': (_p, op) =>
    sets({ kind: 'look', id: op.actor, scope: op.scope }, { [`on:${op.console}`]: op.eventTime }),
  'retention.review': (p, op) => [
    ...sets(
      { kind: 'retention', id: 'review', scope: op.scope },
      { kept: { until: p.until, reason: p.reason, by: op.actor, at: op.eventTime } },
    ),
    entry(op, p.reason),
  ],
  'breach.answer': (p, op) => [
    ...sets(
      { kind: 'breach', id: 'assessment', scope: op.scope },
      { [p.item]: { state: p.state, note: p.note ?? null, by: op.actor, at: op.eventTime } },
    ),
    entry(op, p.note ?? null),
  ],
  'impact.checkpoint': (p, op) => {
    const days = (at: number): EntityRef => ({
      kind: 'impact',
      id: `${p.businessService}:${Math.floor(at / DAY_MS)}`,
      scope: op.scope,
    });
    return [
      // Statements that rest on the same amount replace one another, the later wins; others stand side by side.
      ...p.slots.flatMap((slot) =>
        sets(days(slot.from), {
          [`s${Math.floor(slot.from / 300_000)}.${slot.measuredMs}.${slot.estimatedMs}`]: slot,
        }),
      ),
      ...(p.correction === undefined
        ? []
        : [
            ...sets(days(p.correction.from), {
              [`c${op.id}`]: { ...p.correction, at: op.eventTime, currency: p.currency },
            }),
            entry(op, null),
          ]),
    ];
  },
};

export type Reduced =
  | { outcome: 'effects'; effects: OpEffect[] }
  /** A type from a newer version: kept and replayed after an upgrade. */
  | { outcome: 'unknown' }
  | { outcome: 'malformed'; why: string };

/** What `op` does. Never throws on an op that has the shape of one. */
export function reduce(op: Op): Reduced {
  if (!isKnown(op.type)) return { outcome: 'unknown' };
  const parsed = OP_TYPES[op.type].safeParse(op.payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    return { outcome: 'malformed', why: `${op.type}: ${issue.path.join('.') || 'payload'}: ${issue.message}` };
  }
  const reducer = REDUCERS[op.type] as (payload: unknown, op: Op) => OpEffect[];
  return { outcome: 'effects', effects: reducer(parsed.data, op) };
}
