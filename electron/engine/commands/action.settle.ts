import { Refusal } from '../../../shared/contract/spec.ts';
import { setStep } from '../actions/run.ts';
import { findActionRow } from '../actions/view.ts';
import { handle } from '../context.ts';

export default handle('action.settle', (context, { action, happened, reason }) => {
  const known = findActionRow(context, action);
  const { proposal, incident, folded } = known;
  const elsewhere = folded.state === 'running' && folded.attempts.at(-1)!.run.console !== context.store.console;
  if (folded.state !== 'unknown' && !elsewhere)
    throw new Refusal('refused', `It is ${folded.state}: only of a lost answer a person says what became of it.`);
  const state = happened ? ('done' as const) : ('failed' as const);
  return context.commit((tx) => {
    tx.append({ scope: incident.id, type: 'action.settle', payload: { action: proposal.id, state, reason } });
    setStep(context, tx, known, state, happened ? undefined : reason);
    return {
      action: proposal.id,
      state,
      message: happened ? `It happened: ${reason}` : `It did not happen: ${reason}`,
    };
  });
});
