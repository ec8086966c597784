import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { handle } from '../context.ts';
import { healthSubject } from '../estate/health.ts';
import { notInTheFuture } from '../incidents/times.ts';
import { named } from '../names.ts';

export default handle('health.declare', (context, { subject, health, reason, minutes, eventTime }) => {
  const { kind, id } = healthSubject(context, subject);
  const when = notInTheFuture(context, eventTime);
  const until = Math.min(when.eventTime ?? context.now(), context.now()) + Math.round(minutes * 60_000);
  if (until <= context.now())
    throw new Refusal('bad_input', 'minutes: counted from when it was seen, this is over already.');
  return context.commit((tx) => {
    tx.append({ scope: ESTATE, type: 'health.manual', payload: { kind, id, health, reason, until }, ...when });
    return { ...named(context, kind, id), kind, until };
  });
});
