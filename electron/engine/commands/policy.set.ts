import { Refusal } from '../../../shared/contract/spec.ts';
import { policyKind } from '../../../shared/domain/policy/kinds.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { hashOf } from '../policy/book.ts';
import { lintPolicy, mayChange, textGiven } from '../policy/view.ts';

export default handle('policy.set', (context, { reason, ...input }) => {
  const { id, text } = textGiven(input);
  const { ok, problems } = lintPolicy(id, text);
  if (!ok) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    const [first] = errors;
    const more = errors.length > 1 ? ` (${errors.length - 1} more)` : '';
    throw new Refusal('bad_input', `${first!.file}:${first!.line}: ${first!.field}: ${first!.message}${more}`);
  }
  mayChange(context, id);
  const hash = hashOf(text);
  const inForce = context.policies.get(id);
  const [newest] = context.policies.history(id);
  const { title } = policyKind(id);
  return context.commit((tx) => {
    if (inForce.hash === hash) return { policy: id, title, version: inForce.version, changed: false };
    const version = 1 + Number(newest?.payload['version'] ?? 0);
    tx.append({ scope: ESTATE, type: 'policy.put', payload: { policy: id, text, hash, version, reason } });
    return { policy: id, title, version, changed: true };
  });
});
