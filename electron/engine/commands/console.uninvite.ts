import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { ownOrganisation } from '../joining/membership.ts';

export default handle('console.uninvite', (context, { invite, reason }) => {
  ownOrganisation(context);
  return context.commit((tx) => {
    const doc = tx.entity('invite', ESTATE, invite)?.doc;
    if (!doc) throw new Refusal('not_found', `There is no invitation "${invite.slice(0, 40)}".`);
    if (((doc['users'] as string[] | undefined) ?? []).length > 0)
      throw new Refusal('refused', 'This code was used already: revoke the console instead.');
    if (doc['ended'] !== undefined) throw new Refusal('refused', 'This code was withdrawn already.');
    tx.append({ scope: ESTATE, type: 'console.invite-end', payload: { invite, ...(reason ? { reason } : {}) } });
    return {};
  });
});
