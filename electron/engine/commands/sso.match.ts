import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { listedLogins } from '../access/sso/identities.ts';
import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('sso.match', async (context, { person, logins: given }) => {
  const id = resolve(context, 'person', person);
  const logins = [...new Set(given)];
  for (const [other, theirs] of listedLogins(context)) {
    const taken = theirs.find((one) => logins.some((login) => login.toLowerCase() === one.toLowerCase()));
    if (other !== id && taken !== undefined)
      throw new Refusal(
        'refused',
        `logins: ${taken} is ${context.estate.actorName(other)}'s; take it from them first.`,
      );
  }
  context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'sso.match', payload: { person: id, logins } });
    return {};
  });
  return ssoView(context);
});
