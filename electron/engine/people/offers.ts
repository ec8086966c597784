/**
 * Handovers. Invariant: until the person who was asked accepts, whoever has a role keeps it; what changed since the offer
 * is never overwritten by an acceptance.
 */
import type { HandoverView } from '../../../shared/contract/room.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { formatDuration, formatWhen } from '../../../shared/domain/times.ts';
import type { SoleRole } from '../../../shared/domain/words.ts';
import type { OpDraft } from '../../../shared/ops/op.ts';
import type { Transaction } from '../store/store.ts';
import { awayOf } from '../estate/away.ts';
import type { Context } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { asksOf, findIncident, isOpen } from '../incidents/view.ts';
import type { EntityRow } from '../store/projection.ts';
import { briefingOf } from './briefing.ts';
import { handoverOf, handoversIn, type Handed } from './handovers.ts';
import { nextFor } from './shift.ts';

export interface Offer {
  incident: EntityRow;
  to: string;
  roles: readonly SoleRole[];
  asks: readonly string[];
  minutes: number;
  stays: number;
  note?: string | undefined;
}

/**
 * The op that offers, for a commit that may hold several.
 * @throws Refusal `refused` when nothing is handed over, somebody is asked already, or the person is away
 */
export function offerOp(context: Context, offer: Offer): { id: string; draft: OpDraft } {
  const { incident, to, roles, asks } = offer;
  const now = context.now();
  const name = context.estate.actorName(to);
  const away = awayOf(context, to);
  if (away !== null) {
    const other = nextFor(context, to, new Set());
    const zone = context.settings.headquartersZone ?? context.zone;
    throw new Refusal(
      'refused',
      `${name} is away until ${formatWhen(away.until, zone, now)}${other === null ? '' : `; next on the rota is ${context.estate.actorName(other.person)}`}.`,
    );
  }
  const handed = roles.map((role): Handed => {
    const from = incident.doc[`role:${role}`];
    return { role, from: typeof from === 'string' ? from : null };
  });
  const has = handed.find(({ from }) => from === to);
  if (has) throw new Refusal('refused', `${name} is ${roleName(has.role)} already.`);
  for (const open of handoversIn(context, incident.id)) {
    const same = open.state === 'offered' ? open.roles.find(({ role }) => roles.includes(role)) : undefined;
    if (same)
      throw new Refusal(
        'refused',
        `${open.to.name} was asked ${formatDuration(now - open.offeredAt)} ago to be ${roleName(same.role)}; take that offer back first.`,
      );
  }
  if (roles.length === 0 && asks.length === 0) throw new Refusal('bad_input', 'roles: say what is handed over.');
  const id = newId('h', now);
  const briefing = briefingOf(context, incident);
  return {
    id,
    draft: {
      scope: incident.id,
      type: 'handover.offer',
      payload: {
        handover: id,
        to,
        roles: handed,
        asks: [...asks],
        briefing: offer.note ? `${offer.note}\n\n${briefing}` : briefing,
        expiresAt: now + Math.round(offer.minutes * 60_000),
        staysMinutes: offer.stays,
      },
    },
  };
}

export function handoverView(context: Context, incident: string, id: string): HandoverView {
  return handoverOf(context, context.store.entity('handover', incident, id)!);
}

interface Key {
  incident: string;
  handover?: string | undefined;
  reason?: string | undefined;
}

/** The handover that waits for an answer. @throws Refusal `not_found`, `refused` when it was answered or ran out */
function waiting(context: Context, { incident, handover }: Key): { row: EntityRow; found: HandoverView } {
  const row = findIncident(context, incident);
  const all = handoversIn(context, row.id);
  const open = all.filter(({ state }) => state === 'offered');
  const mine = open.filter((one) => one.mine);
  const found =
    handover === undefined
      ? mine.length === 1
        ? mine[0]
        : open.length === 1
          ? open[0]
          : undefined
      : all.find(({ id }) => id === handover || id.endsWith(handover));
  if (!found)
    throw new Refusal(
      'not_found',
      handover !== undefined
        ? `There is no handover "${handover.slice(0, 60)}" in this incident.`
        : open.length === 0
          ? 'Nobody is asked to take anything over in this incident.'
          : `${open.length} people are asked; say which handover: ${open.map(({ id, to }) => `${id} (${to.name})`).join(', ')}.`,
    );
  if (found.state === 'expired')
    throw new Refusal(
      'refused',
      `This offer ran out ${formatDuration(context.now() - found.expiresAt)} ago; offer it again.`,
    );
  if (found.state !== 'offered') throw new Refusal('refused', `This handover was ${found.state} already.`);
  return { row, found };
}

function answerDraft(
  tx: Transaction,
  incident: string,
  handover: string,
  payload: { answer: 'accepted' | 'declined' | 'cancelled'; reason?: string; staysUntil?: number },
): OpDraft {
  return {
    scope: incident,
    type: 'handover.answer',
    payload: { handover, ...payload },
    base: tx.headIds('handover', incident, handover, 'answer'),
  };
}

/** @throws Refusal `forbidden` when somebody else is asked */
function onlyAsked(context: Context, { to, mine }: HandoverView, does: string): void {
  if (!mine)
    throw new Refusal(
      'forbidden',
      `Only ${to.name} can ${does}; this console acts as ${context.estate.actorName(context.session.actor)}. ${
        context.session.state === 'open'
          ? 'Who is there is chosen at the top of the window, or with settings set --acting-as.'
          : 'They have to unlock it first.'
      }`,
    );
}

export function accept(context: Context, key: Key): HandoverView {
  const { row, found } = waiting(context, key);
  onlyAsked(context, found, 'accept');
  for (const { role, from } of found.roles) {
    const now = row.doc[`role:${role}`] ?? null;
    if (now !== (from?.id ?? null))
      throw new Refusal(
        'refused',
        `Since the offer, ${now === null ? 'nobody' : context.estate.actorName(String(now))} is ${roleName(role)}; it has to be offered again.`,
      );
  }
  const { staysMinutes } = context.store.entity('handover', row.id, found.id)!.doc;
  const stays = Number(staysMinutes ?? 0);
  const open = new Map(
    asksOf(context, row.id)
      .filter(isOpen)
      .map((ask) => [ask.id, ask]),
  );
  context.commit((tx) => {
    tx.append(
      answerDraft(tx, row.id, found.id, {
        answer: 'accepted',
        ...(key.reason ? { reason: key.reason } : {}),
        ...(stays > 0 && found.roles.some(({ from }) => from !== null)
          ? { staysUntil: context.now() + Math.round(stays * 60_000) }
          : {}),
      }),
    );
    for (const { role, from } of found.roles)
      tx.append({
        scope: row.id,
        type: 'incident.role',
        payload: { role, person: found.to.id, reason: `handed over${from === null ? '' : ` by ${from.name}`}` },
        base: tx.headIds('incident', row.id, row.id, `role:${role}`),
      });
    for (const { id } of found.asks)
      if (open.has(id))
        tx.append({
          scope: row.id,
          type: 'ask.change',
          payload: { ask: id, owner: found.to.id, state: 'acknowledged' },
        });
    return {};
  });
  return handoverView(context, row.id, found.id);
}

export function decline(context: Context, key: Key): HandoverView {
  const { row, found } = waiting(context, key);
  onlyAsked(context, found, 'decline');
  return close(context, row, found, 'declined', key.reason);
}

export function cancel(context: Context, key: Key): HandoverView {
  const { row, found } = waiting(context, key);
  return close(context, row, found, 'cancelled', key.reason);
}

function close(
  context: Context,
  row: EntityRow,
  found: HandoverView,
  answer: 'declined' | 'cancelled',
  reason: string | undefined,
): HandoverView {
  context.commit((tx) => {
    tx.append(answerDraft(tx, row.id, found.id, { answer, ...(reason ? { reason } : {}) }));
    return {};
  });
  return handoverView(context, row.id, found.id);
}
