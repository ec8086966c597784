/**
 * Approving. Invariant: an approval is written for the request and the reach of this moment, by somebody whom the policy
 * names and who did not propose it, and says until when it counts.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import { authorityOf } from '../../../shared/domain/actions/guard.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../store/store.ts';
import { authorityNow } from './library.ts';
import { standingOf } from './people.ts';
import { approveRefusal, type Known } from './view.ts';

const MINUTE_MS = 60_000;

/** @throws Refusal when the acting person may not, or saw another request */
export function appendApproval(
  context: Context,
  tx: Transaction,
  known: Known,
  { hash, reason }: { hash?: string | undefined; reason?: string | undefined },
): void {
  const { proposal, incident, need, now } = known;
  if (hash !== undefined && hash !== proposal.hash)
    throw new Refusal('refused', 'The request is another than the one that you saw; look at it again.');
  const why = approveRefusal(context, known);
  if (why !== null) throw new Refusal(why.includes('capability') ? 'forbidden' : 'refused', why);
  const { authority, version } = authorityNow(context);
  const standing = standingOf(context, incident, context.session.actor)!;
  tx.append({
    scope: incident.id,
    type: 'action.approve',
    payload: {
      action: proposal.id,
      hash: proposal.hash,
      reach: now.reach,
      expiresAt: context.now() + authority.approvalMinutes * MINUTE_MS,
      authority: authorityOf(authority, need.rule!, standing)!,
      policy: version === 0 ? 'as shipped' : `version ${version}`,
      ...(reason ? { reason } : {}),
    },
  });
}
