/**
 * Actions as the contract shows them. Invariant: the state follows from the log and from what this process is doing now;
 * whether an approval counts is judged against the request and the blast radius of this moment, not of then.
 */
import type { ActionView } from '../../../shared/contract/actions.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { mayNotApprove, needOf, type Guarded, type Need } from '../../../shared/domain/actions/guard.ts';
import {
  fold,
  isSettled,
  mayNotRun,
  standingApprovals,
  type ActionFact,
  type Folded,
} from '../../../shared/domain/actions/state.ts';
import { formatDuration } from '../../../shared/domain/times.ts';
import type { Payload } from '../../../shared/ops/types.ts';
import type { Context } from '../context.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import { endpoints } from './endpoints.ts';
import { authorityNow } from './library.ts';
import { liveOf } from './live.ts';
import { standingOf } from './people.ts';
import { guardView, hashOf, reachOf, reachWords } from './prepare.ts';
import { changedSince } from './snapshot.ts';

export type Proposal = Omit<Payload<'action.propose'>, 'action' | 'dryRun'> & {
  id: string;
  dryRun: { method: Payload<'action.propose'>['method']; url: string } | null;
  proposers: string[];
  proposedBy: string;
  proposedAt: number;
};

/** An action with everything that the guard goes by, as of now. */
export interface Known {
  incident: EntityRow;
  proposal: Proposal;
  folded: Folded;
  need: Need;
  /** How many different people have to approve. */
  wanted: number;
  now: { reaches: number | null; reach: string };
  /** Whether what this console would send is what was proposed. */
  sameRequest: boolean;
}

function knownOf(context: Context, row: EntityRow): Known | null {
  const incident = context.store.entity('incident', row.scope, row.scope);
  const proposal = proposalOf(row);
  if (!incident || !proposal) return null;
  const now = reachOf(context, proposal.services);
  // Of two figures the one that asks for more: what it reaches may have grown since it was proposed.
  const services = now.reaches === null || proposal.reaches === null ? null : Math.max(now.reaches, proposal.reaches);
  const guarded: Guarded = {
    risk: proposal.risk,
    reversible: proposal.reversible,
    reach: { limit: proposal.reachLimit, services },
  };
  const need = needOf(guarded);
  const { authority } = authorityNow(context);
  // What the log says the hash is counts only when it is the hash of what the log says goes out.
  const hash = hashOf(proposal);
  const folded = fold({ proposers: proposal.proposers, hash }, factsOf(row), {
    now: context.now(),
    reach: now.reach,
    live: new Set(liveOf(context.store).attempts.keys()),
    console: context.store.console,
  });
  const endpoint = endpoints(context).get(proposal.endpoint);
  return {
    incident,
    proposal,
    folded,
    need,
    wanted: need.rule === null ? 0 : (authority.rules[need.rule]?.approvals ?? 1),
    now,
    sameRequest:
      hash === proposal.hash &&
      endpoint !== undefined &&
      isBelow(endpoint.url, proposal.url) &&
      (proposal.dryRun === null || isBelow(endpoint.url, proposal.dryRun.url)),
  };
}

/** Whether an address stands below another, both as the URL standard writes them. */
function isBelow(base: string, url: string): boolean {
  try {
    const at = new URL(base);
    const to = new URL(url);
    return at.origin === to.origin && to.pathname.startsWith(at.pathname.replace(/\/?$/, '/'));
  } catch {
    return false;
  }
}

function proposalOf({ id, doc }: EntityRow): Proposal | null {
  if (typeof doc['hash'] !== 'string' || typeof doc['url'] !== 'string') return null;
  const { dryRun, ...rest } = doc as unknown as Payload<'action.propose'> & Proposal;
  return { ...rest, id, dryRun: dryRun ?? null, proposers: (doc['proposers'] as string[] | undefined) ?? [] };
}

function factsOf({ doc }: EntityRow): ActionFact[] {
  return Object.entries(doc).flatMap(([field, value]) => (field.startsWith('fact.') ? [value as ActionFact] : []));
}

/**
 * The action that a person means by its id or by how that ends.
 * @throws Refusal `not_found`, or `bad_input` when several are meant
 */
export function findActionRow(context: Context, key: string): Known {
  const wanted = key.trim().toLowerCase();
  const found = context.store.entities('action').filter(({ id }) => id === wanted || id.endsWith(wanted));
  if (found.length > 1) throw new Refusal('bad_input', `Several actions end in "${key}"; write more of it.`);
  const known = found[0] ? knownOf(context, found[0]) : null;
  if (!known) throw new Refusal('not_found', `There is no action "${key.slice(0, 60)}".`);
  return known;
}

/** The actions of an incident, or of all that are open; those that are over only when asked for. */
export function actionsOf(context: Context, incident: string | null, all: boolean): Known[] {
  return context.store
    .entities('action', incident ?? undefined)
    .flatMap((row) => knownOf(context, row) ?? [])
    .filter(({ folded }) => all || !isSettled(folded.state))
    .sort((a, b) => b.proposal.proposedAt - a.proposal.proposedAt || (a.proposal.id < b.proposal.id ? -1 : 1));
}

/** Why the acting person may not let it run; null when they may. `again`: they said so after a failure or a wait. */
export function runRefusal({ session }: Context, known: Known, again: boolean): string | null {
  const { folded, wanted, sameRequest } = known;
  const why = mayNotRun({
    state: folded.state,
    approvals: standingApprovals(folded).length,
    wanted,
    sameRequest,
    again,
  });
  if (why !== null) return why;
  return session.capabilities.has('approve-reversible')
    ? null
    : 'Letting it run needs the capability "approve-reversible".';
}

/** Why the acting person may not approve it; null when they may. */
export function approveRefusal(
  context: Context,
  { incident, proposal, folded, need, sameRequest }: Known,
): string | null {
  const { session } = context;
  if (
    folded.state !== 'proposed' &&
    folded.state !== 'approved' &&
    folded.state !== 'waiting' &&
    folded.state !== 'failed'
  )
    return `It is ${folded.state}; there is nothing to approve.`;
  if (proposal.hash !== hashOf(proposal)) return 'Its request is not the one that was proposed; propose it anew.';
  if (!sameRequest && endpoints(context).has(proposal.endpoint))
    return 'The address of its endpoint is another than when it was proposed; propose it anew.';
  if (standingApprovals(folded).some(({ by }) => by === session.actor)) return 'You approved it already.';
  const approver = {
    actor: session.actor,
    standing: standingOf(context, incident, session.actor),
    capabilities: session.capabilities,
  };
  return mayNotApprove(approver, proposal.proposers, need, authorityNow(context).authority);
}

export function actionView(context: Context, known: Known): ActionView {
  const { incident, proposal, folded, need, now } = known;
  const again = ['unknown', 'waiting', 'failed'].includes(folded.state);
  const answer = ({ status, ms, bytes, body, message }: ActionFact) => ({
    status: status ?? null,
    ms: ms ?? null,
    bytes: bytes ?? null,
    body: body ?? '',
    message: message ?? '',
  });
  const step = proposal.step;
  return {
    id: proposal.id,
    incident: { id: incident.id, label: context.incidents.labels().get(incident.id) ?? incident.id },
    title: proposal.title,
    state: folded.state,
    message: messageOf(context, known),
    step: step ? { ...step, title: stepTitle(context, incident.id, step.run, step.step) } : null,
    endpoint: proposal.endpoint,
    request: { method: proposal.method, url: proposal.url, headers: proposal.headers, body: proposal.body },
    dryRun: proposal.dryRun,
    effect: proposal.effect,
    expect: proposal.expect,
    timeoutMs: proposal.timeoutMs,
    risk: proposal.risk,
    reversible: proposal.reversible,
    ...guardView(context, incident, need, proposal.proposers),
    reach: {
      services: proposal.services.map((id) => named(context, 'service', id)),
      reaches: now.reaches,
      limit: proposal.reachLimit,
      text: reachWords(now.reaches, proposal.reachLimit),
    },
    hash: proposal.hash,
    key: proposal.key,
    reason: proposal.reason ?? null,
    proposedBy: namedActor(context, proposal.proposedBy),
    proposedAt: proposal.proposedAt,
    approvals: folded.approvals.map(({ fact, void: why }) => ({
      by: namedActor(context, fact.by),
      at: fact.at,
      as: fact.authority ?? '',
      expiresAt: fact.expiresAt ?? fact.at,
      void: why,
      reason: fact.reason ?? null,
    })),
    refusal: folded.refusal && {
      by: namedActor(context, folded.refusal.by),
      at: folded.refusal.at,
      reason: folded.refusal.reason ?? '',
    },
    you: { approve: approveRefusal(context, known), run: runRefusal(context, known, again) },
    tries: folded.tries.map((fact) => ({
      ...answer(fact),
      at: fact.at,
      by: namedActor(context, fact.by),
      ok: fact.ok === true,
    })),
    attempts: folded.attempts.map(({ id, run, outcome }) => {
      const lost = { ...answer(run), message: 'The console stopped while it waited for the answer.' };
      const interrupted = run.console === context.store.console && !liveOf(context.store).attempts.has(id);
      return {
        ...(outcome ? answer(outcome) : interrupted ? lost : { ...answer(run), message: 'Waiting for the answer.' }),
        id,
        by: namedActor(context, run.by),
        at: run.at,
        state: outcome?.state ?? (interrupted ? 'unknown' : 'running'),
      };
    }),
    settled: folded.settled && {
      by: namedActor(context, folded.settled.by),
      at: folded.settled.at,
      state: folded.settled.state === 'done' ? 'done' : 'failed',
      reason: folded.settled.reason ?? '',
    },
    waiting: folded.waiting && {
      since: folded.waiting.at,
      reachable: liveOf(context.store).reachable.get(proposal.endpoint)?.ok ?? null,
      changed: changedSince(context, known),
    },
  };
}

function stepTitle({ store }: Context, incident: string, run: string, step: string): string {
  const steps = store.entity('run', incident, run)?.doc['steps'];
  const found = Array.isArray(steps) ? (steps as { id: string; title: string }[]).find(({ id }) => id === step) : null;
  return found?.title ?? step;
}

/** What is so, and what is next, in one sentence. */
export function messageOf(context: Context, { proposal, folded, need, wanted, sameRequest }: Known): string {
  const last = folded.attempts.at(-1);
  const said = last?.outcome?.message ?? '';
  const counting = standingApprovals(folded);
  const soon = counting.length > 0 ? Math.min(...counting.map(({ expiresAt }) => expiresAt ?? 0)) : 0;
  switch (folded.state) {
    case 'proposed': {
      const lapsed = folded.approvals.find((one) => one.void !== null)?.void;
      const again = lapsed ? ` An approval does not count: ${lapsed}.` : '';
      if (!sameRequest && !endpoints(context).has(proposal.endpoint))
        return `This console has no endpoint "${proposal.endpoint}"; it can be approved here and run where there is one.${again}`;
      return need.rule === null
        ? 'One confirmation lets it run.'
        : `It waits for ${wanted === 1 ? 'an approval' : `${wanted} approvals`}.${again}`;
    }
    case 'approved':
      return counting.length < wanted
        ? `${counting.length} of ${wanted} approvals are there.`
        : `It may run; the approval lasts ${formatDuration(Math.max(0, soon - context.now()))}.`;
    case 'refused':
      return `Refused: ${folded.refusal?.reason ?? ''}`;
    case 'withdrawn':
      return 'Withdrawn.';
    case 'running':
      return 'The request is out; the answer is awaited.';
    case 'waiting':
      return `Nothing was sent: ${said} It waits and asks again before it runs.`;
    case 'unknown':
      return `The answer was lost: it may have happened. Check before trying again.${said ? ` ${said}` : ''}`;
    case 'failed':
      return folded.settled ? `It did not happen: ${folded.settled.reason ?? ''}` : said;
    case 'done':
      return folded.settled && last?.outcome?.state !== 'done' ? `It happened: ${folded.settled.reason ?? ''}` : said;
  }
}
