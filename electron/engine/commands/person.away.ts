import { Refusal } from '../../../shared/contract/spec.ts';
import { parseUntil } from '../../../shared/domain/people/until.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { named, resolve } from '../names.ts';

export default handle('person.away', (context, { person, until, reason }) => {
  const id = resolve(context, 'person', person);
  const zone = context.estate.get('person', id)?.timezone ?? context.zone;
  const from = context.now();
  const end = parseUntil(until, zone, from);
  if (!end.ok) throw new Refusal('bad_input', `until: ${end.message}`);
  return context.commit((tx) => {
    tx.append({
      scope: ESTATE,
      type: 'person.away',
      payload: { person: id, from, until: end.at, ...(reason ? { reason } : {}) },
    });
    return { person: named(context, 'person', id), until: end.at };
  });
});
