import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { findStore } from '../estate/stores.ts';
import { displayName } from '../estate/views.ts';
import { notInTheFuture } from '../incidents/times.ts';

export default handle('store.report', (context, input) => {
  const { store: key, reason, minutes, eventTime, by, oldestAt, ...said } = input;
  const store = findStore(context, key);
  if (Object.values(said).every((value) => value === undefined) && oldestAt === undefined)
    throw new Refusal('bad_input', 'Say what was reported: wan, pos, edge, fallback, or what is buffered.');
  if (oldestAt !== undefined && oldestAt > context.now())
    throw new Refusal('bad_input', 'oldestAt: this has not happened yet.');
  const when = notInTheFuture(context, eventTime);
  const at = Math.min(when.eventTime ?? context.now(), context.now());
  const facts = Object.fromEntries(
    Object.entries({ ...said, oldestAt, by }).filter(([, value]) => value !== undefined),
  );
  return context.commit((tx) => {
    const payload = { store: store.id, ...facts, validUntil: at + Math.round(minutes * 60_000), reason };
    tx.append({ scope: ESTATE, type: 'store.report', payload, ...when });
    return { id: store.id, name: displayName(store) };
  });
});
