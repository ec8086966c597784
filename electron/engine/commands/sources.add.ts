import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle, type Context } from '../context.ts';

export default handle('sources.add', async (context, { id, title, type, config, credential, enabled }) => {
  const checked = context.sources.checked(type, config);
  const source = id ?? freeId(context, type);
  if (context.estate.get('source', source)) {
    throw new Refusal('refused', `There is a source "${source}" already; choose another id, or change that one.`);
  }
  const fields = { name: source, title: title ?? '', type, config: checked, enabled };
  if (credential !== undefined && credential !== '') await context.sources.keepCredential(source, credential, checked);
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind: 'source', id: source, fields } });
    return context.sources.view({ id: source, ...fields });
  });
});

/** The kind's own name, with a number when it is taken. */
function freeId(context: Context, type: string): string {
  const base = type.toLowerCase().replace(/[^a-z0-9._-]/g, '-');
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`;
    if (!context.estate.get('source', id)) return id;
  }
}
