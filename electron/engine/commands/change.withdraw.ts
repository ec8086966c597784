import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';

/** So many of the newest are looked through for words of a title. */
const LOOKED_THROUGH = 1000;
const NAMED = 5;

export default handle('change.withdraw', (context, { change, reason }) => {
  const { id, doc } = meant(context, change);
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'change.withdraw', payload: { change: id, reason } });
    return { id, name: String(doc['title'] ?? id) };
  });
});

function meant({ store }: Context, text: string): EntityRow {
  const own = store.entity('change', ESTATE, text);
  if (own?.gone) throw new Refusal('refused', `"${String(own.doc['title'])}" was withdrawn before.`);
  if (own) return own;
  const words = text.toLowerCase();
  const found = store
    .newestChanges(LOOKED_THROUGH)
    .filter(({ doc }) => String(doc['title']).toLowerCase().includes(words));
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new Refusal('not_found', `There is no change "${text}"; changes lists them with their ids.`);
  const some = found.slice(0, NAMED).map(({ id, doc }) => `${id} (${String(doc['title']).slice(0, 60)})`);
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  throw new Refusal('bad_input', `Several changes are called so: ${some.join(', ')}${more}. Say which by its id.`);
}
