/** What an incident cannot be closed over: emergency access that nobody looked at, exceptions that nobody ended. */
import { Refusal } from '../../../shared/contract/spec.ts';
import { isReviewed } from '../../../shared/domain/access/grants.ts';
import type { Context } from '../context.ts';
import { exceptionsOf } from '../governance/exceptions.ts';
import type { EntityRow } from '../store/projection.ts';
import { grantLabel, grantsOf } from './force.ts';
import { stateNow } from './view.ts';

/** @throws Refusal `refused` */
export function mustBeReviewed(context: Context, { id, doc }: EntityRow): void {
  const grants = grantsOf(context).filter(
    (grant) => grant.opened && (grant.opened.incidents.includes(id) || doc['declaredUnder'] === grant.id),
  );
  const running = grants.filter((grant) => stateNow(context, grant) === 'in-force');
  if (running.length > 0)
    throw new Refusal(
      'refused',
      `Emergency access is in force in it: ${running.map((one) => grantLabel(one.id)).join(', ')}. End it and let somebody else review it, then close.`,
    );
  const unread = grants.filter((grant) => !isReviewed(grant));
  if (unread.length > 0)
    throw new Refusal(
      'refused',
      `Emergency access was used in it and nobody else has reviewed it: ${unread.map((one) => `${grantLabel(one.id)} of ${context.estate.actorName(one.opened!.holder)}`).join(', ')}. Review it first (breakglass review).`,
    );
  const open = exceptionsOf(context, id).filter(({ state }) => state !== 'ended');
  if (open.length > 0)
    throw new Refusal(
      'refused',
      `${open.length === 1 ? 'An exception is' : `${open.length} exceptions are`} not settled: ${open.map(({ rule }) => rule).join('; ')}. End each and say what came of it.`,
    );
}
