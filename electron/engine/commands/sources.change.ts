import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { resolve } from '../names.ts';

export default handle('sources.change', async (context, input) => {
  const id = resolve(context, 'source', input.source);
  const before = context.estate.get('source', id)!;
  const config = input.config === undefined ? before.config : context.sources.checked(before.type, input.config);
  const { title = before.title, enabled = before.enabled, credential } = input;
  if (credential !== undefined) await context.sources.keepCredential(id, credential === '' ? null : credential, config);
  const changed = {
    ...(title === before.title ? {} : { title }),
    ...(enabled === before.enabled ? {} : { enabled }),
    ...(input.config === undefined ? {} : { config }),
  };
  return context.commit((tx) => {
    if (Object.keys(changed).length > 0) {
      tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind: 'source', id, fields: changed } });
    }
    return context.sources.view({ ...before, title, enabled, config });
  });
});
