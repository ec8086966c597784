import { Refusal } from '../../../shared/contract/spec.ts';
import { issuerProblem } from '../../../shared/domain/access/sso.ts';
import { handle } from '../context.ts';

export default handle('sso.test', async ({ access }, change) => {
  const problem =
    change.issuer === undefined
      ? null
      : (issuerProblem(change.issuer) ??
        (URL.canParse(change.issuer) ? null : 'this is no address that a browser takes'));
  if (problem !== null) throw new Refusal('bad_input', `issuer: ${problem}.`);
  try {
    await access.sso.test(change);
    return {
      ok: true,
      message: 'It answers, and says where to sign in. Whether it knows this client shows when somebody does.',
    };
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'unreachable') throw error;
    return { ok: false, message: error.message };
  }
});
