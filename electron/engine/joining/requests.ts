/** Consoles that ask to join, each with why it can or can't be accepted. */
import type { RequestView } from '../../../shared/contract/consoles.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { spoken } from '../../../shared/domain/joining/spoken.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { ESTATE, Op } from '../../../shared/ops/op.ts';
import { parseHlc } from '../../../shared/ops/hlc.ts';
import { OP_TYPES } from '../../../shared/ops/types.ts';
import type { Context } from '../context.ts';
import { isInvited } from './code.ts';
import { consoleName, doneBy, findConsole, organisationOf } from './membership.ts';

export interface Asked {
  op: Op;
  payload: ReturnType<(typeof OP_TYPES)['console.request']['parse']>;
  arrived: number;
}

/** The requests that wait: neither granted nor refused, the oldest first. */
export function waitingRequests({ store }: Pick<Context, 'store'>): Asked[] {
  return store.joinRequests().flatMap(({ console, arrived, op: text }): Asked[] => {
    const op = Op.parse(JSON.parse(text));
    const parsed = OP_TYPES['console.request'].safeParse(op.payload);
    if (!parsed.success || store.entity('console', ESTATE, console)?.doc['access'] === 'enrolled') return [];
    // One that counts was granted, whatever became of its console since.
    if (store.log.has(op.id)) return [];
    if (store.entity('refusal', ESTATE, console)?.doc['request'] === op.id) return [];
    return [{ op, payload: parsed.data, arrived }];
  });
}

export function requestView(context: Context, { op, payload, arrived }: Asked): RequestView {
  const { store } = context;
  const invite = store.entity('invite', ESTATE, payload.invite)?.doc;
  const made = invite?.['made'] as { console: string; by: string; at: number } | undefined;
  return {
    console: op.console,
    spoken: spoken(op.console),
    name: oneLine(payload.name, 100),
    at: parseHlc(op.hlc).ms,
    arrived,
    organisation: payload.organisation,
    invite: payload.invite,
    note: typeof invite?.['note'] === 'string' ? oneLine(invite['note'], 200) : null,
    invitedBy: made ? doneBy(context, made) : null,
    revoked: store.entity('console', ESTATE, op.console)?.doc['access'] === 'revoked',
    problem: problemOf(context, { op, payload, arrived }),
  };
}

/** Why a request can't be granted, in one sentence; null when it can. */
function problemOf({ store, zone, now }: Context, { op, payload }: Asked): string | null {
  const organisation = organisationOf(store);
  if (!organisation) return 'This console belongs to no organisation that another could join.';
  if (payload.organisation !== organisation.id)
    return `It asks to join ${payload.organisation}; this is ${organisation.id}.`;
  const invite = store.entity('invite', ESTATE, payload.invite)?.doc;
  if (typeof invite?.['key'] !== 'string')
    return 'Nobody here gave out its code: it is forged, or the console that made it was not heard yet.';
  if (!isInvited({ ...payload, console: op.console }, invite['key']))
    return 'Its code is forged: the request is not signed with the secret that was given out.';
  const maker = (invite['made'] as { console: string } | undefined)?.console ?? '';
  if (store.entity('console', ESTATE, maker)?.doc['access'] === 'revoked')
    return `Its code was given out by ${consoleName(store, maker)}, which was revoked since: give it a new one.`;
  if (invite['ended'] !== undefined) return 'Its code was withdrawn.';
  const users = ((invite['users'] as string[] | undefined) ?? []).filter((user) => user !== op.console);
  if (users.length > 0)
    return `Its code was used before, by ${users.map((user) => consoleName(store, user)).join(', ')}; a code lets one console in.`;
  const expires = Number(invite['expires']);
  if (parseHlc(op.hlc).ms > expires)
    return `Its code had expired at ${formatWhen(expires, zone, now())}, before it asked.`;
  return null;
}

/**
 * The waiting request that `key` means.
 * @throws Refusal `not_found`
 */
export function findRequest(context: Context, key: string): Asked {
  const waiting = waitingRequests(context);
  const text = key.trim().toLowerCase();
  const named = waiting.filter(({ payload }) => payload.name.toLowerCase() === text);
  if (named.length === 1) return named[0]!;
  if (waiting.length === 0) throw new Refusal('not_found', 'No console asks to join.');
  const id = findConsole(
    context.store,
    key,
    waiting.map(({ op }) => op.console),
  );
  return waiting.find(({ op }) => op.console === id)!;
}
