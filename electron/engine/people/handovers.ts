/** Handovers as they stand. Invariant: an offer that nobody answered in time is told as what it is, and gives nothing. */
import type { HandoverView } from '../../../shared/contract/room.ts';
import type { SoleRole } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { asksOf, textsOf } from '../incidents/view.ts';
import { named, namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

export type Handed = { role: SoleRole; from: string | null };

export function handoversIn(context: Context, incident: string): HandoverView[] {
  return context.store
    .entities('handover', incident)
    .filter(({ doc }) => typeof doc['to'] === 'string')
    .map((row) => handoverOf(context, row))
    .sort((a, b) => a.offeredAt - b.offeredAt);
}

export function handoverOf(context: Context, { id, scope, doc }: EntityRow): HandoverView {
  const expiresAt = Number(doc['expiresAt']);
  const answer = String(doc['answer'] ?? 'offered') as HandoverView['state'];
  const to = String(doc['to']);
  const heads = Object.values(context.store.state('handover', scope, id)?.contested['answer']?.heads ?? {});
  const texts = new Map(asksOf(context, scope).map((ask) => [ask.id, ask.text]));
  return {
    id,
    incident: { id: scope, label: context.incidents.labels().get(scope) ?? scope },
    to: named(context, 'person', to),
    roles: ((doc['roles'] ?? []) as Handed[]).map(({ role, from }) => ({
      role,
      from: from === null ? null : named(context, 'person', from),
    })),
    asks: textsOf(doc['asks']).map((ask) => ({ id: ask, text: texts.get(ask) ?? ask })),
    state: answer === 'offered' && expiresAt <= context.now() ? 'expired' : answer,
    offeredAt: Number(doc['offeredAt']),
    offeredBy: namedActor(context, String(doc['offeredBy'])),
    expiresAt,
    answeredAt: typeof doc['answeredAt'] === 'number' ? doc['answeredAt'] : null,
    reason: heads.find(({ value }) => value === answer)?.reason ?? null,
    staysUntil: typeof doc['staysUntil'] === 'number' ? doc['staysUntil'] : null,
    briefing: String(doc['briefing'] ?? ''),
    mine: context.session.actor === to,
  };
}
