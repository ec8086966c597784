/**
 * What was done beside the timeline, as documents tell it. Invariant: from ops alone; what this console measures, may do or
 * could reach at this moment says nothing about what happened then.
 */
import { basisOf, total } from '../../../shared/domain/impact/ledger.ts';
import { handedWords } from '../../../shared/domain/people/handed.ts';
import type { DocumentHead } from '../../../shared/contract/exports.ts';
import { actionsOf } from '../actions/view.ts';
import { cleanupItems } from '../cleanup/items.ts';
import type { Context } from '../context.ts';
import { activations } from '../degraded/active.ts';
import { ImpactBook } from '../impact/book.ts';
import { named, namedActor } from '../names.ts';
import { handoversIn } from '../people/handovers.ts';
import { adoptedPlan } from '../restoration/index.ts';
import type { EntityRow } from '../store/projection.ts';
import { sentIn } from '../updates/view.ts';

export type Work = Pick<
  DocumentHead,
  'costs' | 'actions' | 'restoration' | 'cleanup' | 'updates' | 'handovers' | 'degraded'
>;

export function workOf(context: Context, row: EntityRow): Work {
  return {
    costs: costsIn(context, row),
    actions: actionsIn(context, row.id),
    restoration: adoptedPlan(context, row),
    cleanup: cleanupItems(context, row.id).map(
      ({
        id,
        kind,
        title,
        count,
        unit,
        state,
        reconciled,
        writtenOff,
        remaining,
        owner,
        dueAt,
        evidence,
        accepted,
      }) => ({
        ...{ id, kind, title, count, unit, state, reconciled, writtenOff, remaining, owner, dueAt, evidence },
        accepted: accepted && {
          ...{ person: accepted.person, at: accepted.at, remaining: accepted.remaining, reason: accepted.reason },
        },
      }),
    ),
    updates: sentIn(context, row.id).map(({ delivery, ...sent }) => ({ ...sent, delivery: delivery?.state ?? null })),
    degraded: activations(context)
      .filter(({ incident }) => incident === row.id)
      .map(({ id, title, effect, reason, startedAt, startedBy, owner, ended, exit }) => ({
        ...{ id, title, effect, reason, startedAt, exitText: exit },
        startedBy: namedActor(context, startedBy),
        owner: owner === null ? null : named(context, 'person', owner),
        ended: ended === null ? null : { at: ended.at, by: namedActor(context, ended.by), reason: ended.reason },
      }))
      .toSorted((a, b) => a.startedAt - b.startedAt),
    handovers: handoversIn(context, row.id).map((handover) => {
      const { id, to, offeredBy, offeredAt, state, answeredAt, reason } = handover;
      return {
        id,
        what: handedWords(handover.roles, handover.asks.length),
        to,
        offeredBy,
        offeredAt,
        state,
        answeredAt,
        reason,
      };
    }),
  };
}

function actionsIn(context: Context, incident: string): Work['actions'] {
  return actionsOf(context, incident, true)
    .map(({ proposal, folded }) => ({
      ...{ id: proposal.id, title: proposal.title, state: folded.state, effect: proposal.effect, risk: proposal.risk },
      reversible: proposal.reversible,
      request: { method: proposal.method, url: proposal.url },
      proposedBy: namedActor(context, proposal.proposedBy),
      proposedAt: proposal.proposedAt,
      reason: proposal.reason ?? null,
      approvals: folded.approvals.map(({ fact }) => ({
        ...{ by: namedActor(context, fact.by), at: fact.at, as: fact.authority ?? '', reason: fact.reason ?? null },
      })),
      refusal: folded.refusal && {
        ...{ by: namedActor(context, folded.refusal.by), at: folded.refusal.at, reason: folded.refusal.reason ?? '' },
      },
      attempts: folded.attempts.map(({ run, outcome }) => ({
        ...{ by: namedActor(context, run.by), at: run.at, status: outcome?.status ?? null },
        state: outcome?.state ?? null,
        message: outcome?.message ?? '',
      })),
      settled: folded.settled && {
        ...{ by: namedActor(context, folded.settled.by), at: folded.settled.at, reason: folded.settled.reason ?? '' },
        state: folded.settled.state === 'done' ? ('done' as const) : ('failed' as const),
      },
    }))
    .toReversed();
}

/** What the record states that it cost: no bridge over what nobody stated, so that it is the same wherever it is read. */
function costsIn(context: Context, { id, doc }: EntityRow): Work['costs'] {
  const book = new ImpactBook(context.store);
  const began = Number(doc['startedAt'] ?? doc['declaredAt']);
  return book.businessServices(id).flatMap((business) => {
    const slots = [...book.stated(id, business).slots.values()];
    if (slots.length === 0) return [];
    const { lost, buffered, measuredMs, estimatedMs } = total(null, slots);
    const to = Math.max(...slots.map((slot) => slot.to));
    const unknownMs = Math.max(0, to - began - measuredMs - estimatedMs);
    const entity = context.estate.get('business-service', business);
    return {
      businessService: named(context, 'business-service', business),
      currency: entity?.currency ?? 'EUR',
      unit: entity?.unit ?? 'orders',
      from: Math.min(...slots.map((slot) => slot.from)),
      to,
      ...{ lost, buffered, measuredMs, estimatedMs, unknownMs },
      kind: basisOf({ measuredMs, estimatedMs, unknownMs }),
    };
  });
}
