/**
 * What a commander gathers in the first fifteen minutes, gathered at once. Invariant: nothing of it needs a network, and
 * nothing of it changes anything: what is suggested is done when a person takes it.
 */
import type { WorkspaceView } from '../../../shared/contract/workspace.ts';
import type { Substance } from '../../../shared/domain/policy/substance.ts';
import { Severity, Status } from '../../../shared/domain/words.ts';
import { heads } from '../../../shared/ops/registers.ts';
import { blastView } from '../blast/index.ts';
import { probableCauses } from '../cause/index.ts';
import type { Context } from '../context.ts';
import { changes } from '../estate/views.ts';
import { suggestedRunbooks } from '../incidents/view.ts';
import { namedActor } from '../names.ts';
import { proposalFor, substanceFor } from '../proposals/index.ts';
import { runsOf } from '../runbooks/runs.ts';
import { nameOf, restorationOf } from '../restoration/index.ts';
import { factsOf } from '../updates/facts.ts';
import { audiencesOf, liveDraft } from '../updates/view.ts';
import type { EntityRow } from '../store/projection.ts';
import { concernedIds, concernedServices } from './concerned.ts';
import { similarIncidents } from './past.ts';
import { suggestions, type Suggestion } from './suggestions.ts';

/** Newest changes that are looked through, how long before the beginning they may be, and how many are listed. */
const MAX_CHANGES = 300;
const BEFORE_MS = 6 * 3_600_000;
const CHANGES = 5;
/** Services whose reach is told; with more of them it is that of the worst. */
const MAX_ROOTS = 200;

export interface Workspace {
  view: WorkspaceView;
  suggestions: Suggestion[];
}

export async function workspaceOf(context: Context, row: EntityRow): Promise<Workspace> {
  const causes = await probableCauses(context, 5, row);
  const ids = concernedIds(context, row);
  const services = concernedServices(context, ids);
  const running = new Set(runsOf(context, row.id).map(({ runbook }) => runbook));
  const fitting = suggestedRunbooks(context, row.doc, running);
  const hashes = new Map(context.runbooks.list().map(({ id, hash }) => [id, hash]));
  const restoration = restorationOf(context, row);
  const proposal = proposalFor(context, row);
  const required = substanceFor(context, row, proposal.response);
  const owners = new Set(ids.flatMap((id) => context.estate.get('service', id)?.owner ?? []));
  const drafts = firstDrafts(context, row, required.cadence);
  const open = suggestions(context, row, {
    causes,
    runbooks: fitting.map((one) => ({ ...one, hash: hashes.get(one.id) ?? '' })),
    restoration,
    owners,
    proposal,
    required: required.roles,
    drafts,
  });
  const left = restoration.proposal.items;
  return {
    suggestions: open,
    view: {
      asOf: context.now(),
      incident: {
        id: row.id,
        label: context.incidents.labels().get(row.id) ?? row.id,
        title: String(row.doc['title'] ?? ''),
        status: Status.catch('declared').parse(row.doc['status']),
        severity: Severity.catch('SEV1').parse(row.doc['severity']),
      },
      suggestions: open.map(({ command: _command, ...one }) => one),
      settled: settledList(context, row.id),
      services,
      concerned: ids.length,
      blast: reachOf(context, ids),
      changes: rankedChanges(
        context,
        row,
        causes.candidates.map(({ service }) => service.id),
        ids,
      ),
      cause: {
        summary: causes.summary,
        candidates: causes.candidates.slice(0, 3).map(({ service, lead, share, reasons }) => ({
          ...service,
          ...{ lead, share },
          reasons: reasons.slice(0, 3).map(({ text }) => text),
        })),
      },
      runbooks: fitting,
      drafts,
      similar: similarIncidents(context, row, {
        suspected: causes.candidates.filter(({ lead }) => lead !== 'open').map(({ service }) => service.id),
        fitting: fitting.slice(0, 2).map(({ id }) => id),
      }),
      restoration: {
        line: `${left
          .slice(0, 3)
          .map((one) => nameOf(context, one))
          .join(' → ')}${left.length > 3 ? ' → …' : ''}`,
        unhealthy: restoration.proposal.unhealthy,
        adopted: restoration.adopted !== null,
      },
    },
  };
}

/** Drafts for whom the response lets hear regularly, and nobody has written to yet. */
function firstDrafts(context: Context, row: EntityRow, cadence: Substance['cadence']): WorkspaceView['drafts'] {
  const wanted = audiencesOf(context, row).filter(
    ({ audience, draft, sent }) =>
      draft === null && sent.length === 0 && cadence.some((one) => one.audience === audience),
  );
  if (wanted.length === 0) return [];
  const facts = factsOf(context, row, null);
  return wanted
    .map(({ audience, name, minutes }) => ({
      ...{ audience, name, minutes },
      text: liveDraft(context, row, audience, facts).text,
    }))
    .sort((a, b) => (a.minutes ?? Infinity) - (b.minutes ?? Infinity) || (a.audience < b.audience ? -1 : 1));
}

function reachOf(context: Context, ids: readonly string[]): WorkspaceView['blast'] {
  const none = { certain: 0, weakened: 0 };
  const total = context.estate.all('store').size;
  if (ids.length === 0)
    return {
      summary: 'No affected service is named, so nothing can be said of whom it reaches.',
      businessServices: [],
      channels: [],
      services: none,
      stores: { ...none, total },
    };
  const { businessServices, channels, counts } = blastView(context, ids.slice(0, MAX_ROOTS), 12);
  const of = ({ certain, weakened }: { certain: number; weakened: number }, one: string, many: string): string =>
    `${certain} ${certain === 1 ? one : many}${weakened === 0 ? '' : ` for certain, ${weakened} weakened`}`;
  return {
    summary: `Reaches ${[
      of(counts.businessServices, 'business service', 'business services'),
      of(counts.services, 'service', 'services'),
      ...(total > 0 ? [of(counts.stores, 'store', 'stores')] : []),
    ].join('; ')}.`,
    businessServices: businessServices.map(({ id, name, certain, health }) => ({ id, name, certain, health })),
    channels: channels.map(({ id, name, certain }) => ({ id, name, certain })),
    services: { certain: counts.services.certain, weakened: counts.services.weakened },
    stores: counts.stores,
  };
}

/** Changes on probable causes first, in their order; then on what is concerned, or needed by it, the newest first. */
function rankedChanges(
  context: Context,
  { doc }: EntityRow,
  candidates: readonly string[],
  concerned: readonly string[],
): WorkspaceView['changes'] {
  const began = Number(doc['startedAt'] ?? doc['declaredAt']);
  const { upstream } = context.estate.adjacency;
  const near = new Set(concerned);
  for (const id of near) for (const { to, strength } of upstream.get(id) ?? []) if (strength === 'hard') near.add(to);
  const place = (list: readonly { id: string }[]): number => {
    const places = list.map(({ id }) => candidates.indexOf(id)).filter((at) => at >= 0);
    return places.length === 0 ? Infinity : Math.min(...places);
  };
  return changes(context, MAX_CHANGES)
    .filter(({ at }) => at >= began - BEFORE_MS)
    .map((change) => ({ change, at: place(change.services) }))
    .filter(({ change, at }) => at !== Infinity || change.services.some(({ id }) => near.has(id)))
    .sort((a, b) => (a.at === b.at ? b.change.at - a.change.at : a.at - b.at))
    .slice(0, CHANGES)
    .map(({ change, at }) => ({ ...change, rank: at === Infinity ? null : at + 1, beforeMs: began - change.at }));
}

/** What people made of suggestions, the newest first. */
function settledList(context: Context, incident: string): WorkspaceView['settled'] {
  const state = context.store.state('suggestion', incident, 'settled');
  if (state === null) return [];
  return Object.keys(state.contested)
    .flatMap((field) => heads(state, field))
    .flatMap((head) => {
      const payload = context.store.log.get(head.op)?.payload;
      const verdict = head.value;
      const kind = payload?.['kind'];
      if (!payload || (verdict !== 'taken' && verdict !== 'dismissed') || !KINDS.has(String(kind))) return [];
      return [
        {
          kind: kind as WorkspaceView['settled'][number]['kind'],
          key: String(payload['key']),
          title: String(payload['title']),
          verdict: verdict as 'taken' | 'dismissed',
          by: namedActor(context, head.actor),
          at: head.eventTime,
          reason: head.reason ?? null,
        },
      ];
    })
    .sort((a, b) => b.at - a.at);
}

const KINDS = new Set(['severity', 'response', 'role', 'rollback', 'runbook', 'restoration', 'update']);
