import { Refusal } from '../../../shared/contract/spec.ts';
import { issuerProblem } from '../../../shared/domain/access/sso.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { providerOf } from '../access/sso/identities.ts';
import { ssoView } from '../access/sso/view.ts';
import { handle } from '../context.ts';

export default handle('sso.set', async (context, { reason, ...input }) => {
  const problem = issuerProblem(input.issuer);
  if (problem !== null) throw new Refusal('bad_input', `issuer: ${problem}.`);
  if (!URL.canParse(input.issuer)) throw new Refusal('bad_input', 'issuer: this is no address that a browser takes.');
  const before = providerOf(context);
  const kept = before?.issuer === input.issuer && before.client === input.client ? before : null;
  const { issuer, client } = input;
  const provider = {
    ...{ issuer, client },
    name: input.name ?? kept?.name ?? new URL(issuer).hostname,
    groups: input.groups ?? kept?.groups ?? 'groups',
    by: input.by ?? kept?.by ?? ('email-or-name' as const),
    scopes: [...(input.scopes ?? kept?.scopes ?? [])],
    port: input.port === undefined ? (kept?.port ?? null) : input.port,
  };
  context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'sso.set', payload: { provider, ...(reason ? { reason } : {}) } });
    return {};
  });
  context.access.sso.again().catch((error: unknown) => console.error(error));
  return ssoView(context);
});
