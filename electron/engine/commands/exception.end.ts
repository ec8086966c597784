import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findException } from '../governance/exceptions.ts';

export default handle('exception.end', (context, { exception, reason }) => {
  const { id, scope, state } = findException(context, exception);
  if (state === 'ended') throw new Refusal('refused', 'This exception is over and settled already.');
  return context.commit((tx) => {
    tx.append({ scope, type: 'exception.end', payload: { exception: id, reason } });
    return {};
  });
});
