import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { sheetsOf } from '../grants/codes.ts';

export default handle('breakglass.void', (context, { sheet: key, reason }) => {
  const sheet = sheetsOf(context).find(
    ({ id, label }) => id === key || label === key || id.endsWith(key.toLowerCase()),
  );
  if (!sheet) throw new Refusal('not_found', `There is no sheet of codes "${key.slice(0, 60)}".`);
  if (sheet.void) throw new Refusal('refused', `"${sheet.label}" was made void already.`);
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'breakglass.void', payload: { sheet: sheet.id, reason } });
    return { id: sheet.id, name: sheet.label };
  });
});
