/**
 * Taking back what somebody did in the last minute. Invariant: nothing is ever removed; an op that gives back what was
 * before stands beside the one that it takes back, and what somebody built on since is left alone.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import { entryKind, oneLine } from '../../../shared/domain/timeline.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import type { OpDraft } from '../../../shared/ops/op.ts';
import type { Transaction } from '../store/store.ts';
import type { Context } from '../context.ts';
import { entryOf, replaced } from '../incidents/timeline.ts';
import { textsOf } from '../incidents/view.ts';
import type { StoredOp } from '../store/log.ts';

/** How long somebody has to think again, ms. */
const SECOND_THOUGHT_MS = 60_000;
/** Ops of this console that are looked through. */
const LOOK_BACK = 200;

interface Undoing {
  context: Context;
  op: StoredOp;
  tx: Transaction;
}

/** What gives back what was before `op`: none when only words are struck; a sentence when it cannot be. */
type Inverse = (undoing: Undoing) => Omit<OpDraft, 'scope'>[] | string;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const TAKEN_BACK = 'taken back';

/** The value before a contested field was set; a sentence when this console does not know it. */
const contested =
  (member: string, field: (op: StoredOp) => { kind: string; id: string; field: string }): Inverse =>
  ({ context, op, tx }) => {
    const before = replaced(context, op.base, op.type);
    if (before === undefined) return 'What was before is not on this console; set it again.';
    const { kind, id, field: name } = field(op);
    if (before === null && !['person', 'verdict', 'state'].includes(member)) return 'There was nothing before it.';
    const value = before ?? (member === 'person' ? null : 'open');
    const payload = { ...op.payload, [member]: value, reason: TAKEN_BACK };
    return [{ type: op.type, payload, base: tx.headIds(kind, op.scope, id, name) }];
  };

const inIncident = (field: (op: StoredOp) => string) => (op: StoredOp) => ({
  kind: 'incident',
  id: op.scope,
  field: field(op),
});

/** The value of a plain field before `op`, from the newest older op that gave it one. */
function earlier(context: Context, op: StoredOp, types: readonly string[], member: string): unknown {
  return context.store
    .entries({ scope: op.scope }, { limit: 500, types })
    .map((entry) => entry.op)
    .filter((other) => other.hlc < op.hlc && other.payload[member] !== undefined)
    .reduce<StoredOp | null>((latest, other) => (latest === null || other.hlc > latest.hlc ? other : latest), null)
    ?.payload[member];
}

const INVERSES: Record<string, Inverse> = {
  'entry.note': () => [],
  'entry.evidence': () => [],
  'entry.decision': () => [],
  'incident.severity': contested(
    'severity',
    inIncident(() => 'severity'),
  ),
  'incident.status': contested(
    'status',
    inIncident(() => 'status'),
  ),
  'incident.role': contested(
    'person',
    inIncident(({ payload }) => `role:${text(payload['role'])}`),
  ),
  'incident.cause': contested(
    'verdict',
    inIncident(({ payload }) => `cause:${text(payload['service'])}`),
  ),
  'run.step': contested('state', ({ payload }) => ({
    kind: 'run',
    id: text(payload['run']),
    field: `step:${text(payload['step'])}`,
  })),
  'incident.title': ({ context, op }) => {
    const title = earlier(context, op, ['incident.title', 'incident.declare'], 'title');
    return typeof title === 'string' ? [{ type: op.type, payload: { title } }] : 'What was before is not known here.';
  },
  'incident.started': ({ context, op }) => {
    const said = earlier(context, op, ['incident.started', 'incident.declare'], 'startedAt');
    const startedAt = said ?? context.store.entity('incident', op.scope, op.scope)?.doc['declaredAt'];
    return typeof startedAt === 'number'
      ? [{ type: op.type, payload: { startedAt, reason: TAKEN_BACK } }]
      : 'What was before is not known here.';
  },
  'incident.affect': ({ op, tx }) => {
    const { set, id } = op.payload as { set: string; id: string };
    return [
      {
        type: 'incident.unaffect',
        payload: { set, id },
        base: tx.additionIds('incident', op.scope, op.scope, set, id),
      },
    ];
  },
  'incident.unaffect': ({ op }) => [{ type: 'incident.affect', payload: op.payload }],
  'incident.expert': ({ op, tx }) => [
    {
      type: 'incident.expert-end',
      payload: { person: op.payload['person']!, reason: TAKEN_BACK },
      base: tx.additionIds('incident', op.scope, op.scope, 'experts', text(op.payload['person'])),
    },
  ],
  'incident.expert-end': ({ op }) => [{ type: 'incident.expert', payload: { person: op.payload['person']! } }],
  'ask.open': ({ op }) => [
    { type: 'ask.change', payload: { ask: op.payload['ask']!, state: 'cancelled', note: TAKEN_BACK } },
  ],
  'ask.change': ({ context, op }) => {
    const { ask, note: _note, ...changed } = op.payload;
    const before = Object.fromEntries(
      Object.keys(changed).map((member) => {
        const value = earlierOfAsk(context, op, member);
        return [member, value === undefined ? (member === 'state' ? 'open' : null) : value];
      }),
    );
    if (Object.keys(before).length === 0) return 'A remark on an ask is not taken back; write the right one.';
    return [{ type: op.type, payload: { ask: ask!, ...before, note: TAKEN_BACK } as OpDraft['payload'] }];
  },
  'role.tick': ({ op }) => [{ type: op.type, payload: { ...op.payload, done: op.payload['done'] !== true } }],
  'handover.offer': ({ op, tx }) => {
    const handover = text(op.payload['handover']);
    return [
      {
        type: 'handover.answer',
        payload: { handover, answer: 'cancelled', reason: TAKEN_BACK },
        base: tx.headIds('handover', op.scope, handover, 'answer'),
      },
    ];
  },
  'handover.answer': () => 'A handover that was answered is not taken back; offer it to whoever should have it.',
  'subteam.form': ({ op }) => [{ type: 'subteam.end', payload: { team: op.payload['team']!, reason: TAKEN_BACK } }],
  'decision.propose': ({ op }) => [
    { type: 'decision.drop', payload: { proposal: op.payload['proposal']!, reason: TAKEN_BACK } },
  ],
  'incident.declare': () => 'A declaration is not taken back; resolve the incident and say why.',
  'run.start': () => 'A runbook that was started is not taken back; skip its steps with a reason.',
};

function earlierOfAsk(context: Context, op: StoredOp, member: string): unknown {
  return context.store
    .entries({ scope: op.scope }, { limit: 500, types: ['ask.open', 'ask.change'] })
    .map((entry) => entry.op)
    .filter(
      (other) =>
        other.payload['ask'] === op.payload['ask'] && other.hlc < op.hlc && other.payload[member] !== undefined,
    )
    .sort((a, b) => (a.hlc < b.hlc ? 1 : -1))[0]?.payload[member];
}

/** Whether `later` rests on what `op` said. */
function buildsOn(later: StoredOp, op: StoredOp): boolean {
  if (later.base?.includes(op.id) || later.payload['entry'] === op.id) return true;
  const same = (member: string): boolean =>
    op.payload[member] !== undefined && later.payload[member] === op.payload[member];
  switch (op.type) {
    case 'ask.open':
    case 'ask.change':
      return later.type === 'ask.change' && same('ask');
    case 'incident.title':
    case 'incident.started':
      return later.type === op.type;
    case 'incident.affect':
    case 'incident.unaffect':
      return later.type.endsWith('affect') && same('id');
    case 'incident.expert':
    case 'incident.expert-end':
      return later.type.startsWith('incident.expert') && same('person');
    case 'subteam.form':
      return later.type.startsWith('subteam.') && same('team');
    case 'decision.propose':
      return same('proposal');
    case 'role.tick':
      return later.type === op.type && same('role') && same('item');
    default:
      return false;
  }
}

/** What the acting person did last in the incident and has not taken back. @throws Refusal in one sentence */
function lastOf(context: Context, incident: string): StoredOp {
  const { store, session } = context;
  const head = store.head?.seq ?? 0;
  const mine = store.log
    .range(store.console, Math.max(1, head - LOOK_BACK + 1), head)
    .filter((op) => op.scope === incident && op.actor === session.actor && op.type !== 'entry.undo')
    .toReversed();
  const last = mine.find((op) => !settled(context, op));
  if (!last || parseHlc(last.hlc).ms < context.now() - SECOND_THOUGHT_MS)
    throw new Refusal(
      'refused',
      last
        ? 'What you did last here is more than a minute old; correct it with a new entry.'
        : 'There is nothing of yours here to take back.',
    );
  const handover = mine.find(({ type, payload }) => type === 'handover.answer' && payload['answer'] === 'accepted');
  const offer = handover && store.entity('handover', incident, text(handover.payload['handover']))?.doc;
  const roles = (offer?.['roles'] ?? []) as { role: string }[];
  const handed =
    (last.type === 'incident.role' && roles.some(({ role }) => role === last.payload['role'])) ||
    (last.type === 'ask.change' && textsOf(offer?.['asks']).includes(text(last.payload['ask'])));
  return handover && handed && handover.seq < last.seq ? handover : last;
}

/** Whether an op was taken back, or takes one back. */
function settled(context: Context, { id, scope }: StoredOp): boolean {
  const fields = context.store.state('correction', scope, id)?.fields;
  return fields?.['undone'] !== undefined || fields?.['undoes'] !== undefined;
}

/** Takes back what the acting person did last; the id and the words of what was taken back. */
export function undo(context: Context, incident: string): { entry: string; text: string } {
  const op = lastOf(context, incident);
  const words = oneLine(entryOf(context, op), 160);
  const inverse = INVERSES[op.type];
  if (!inverse) throw new Refusal('refused', `“${words}” cannot be taken back; say in a new entry what holds instead.`);
  const later = context.store.log
    .between(op.n + 1, context.store.log.newest())
    .find(
      (other) =>
        other.scope === incident && !settled(context, other) && other.type !== 'entry.undo' && buildsOn(other, op),
    );
  if (later)
    throw new Refusal(
      'refused',
      `${context.estate.actorName(later.actor)} went on from “${words}” (${entryKind(later.type)}); correct it with a new entry.`,
    );
  return context.commit((tx) => {
    const drafts = inverse({ context, op, tx });
    if (typeof drafts === 'string') throw new Refusal('refused', drafts);
    const by = drafts.map((draft) => tx.append({ ...draft, scope: incident }).id);
    tx.append({ scope: incident, type: 'entry.undo', payload: { entry: op.id, by } });
    return { entry: op.id, text: words };
  });
}
