import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { notInTheFuture } from '../incidents/times.ts';
import { findIncident } from '../incidents/view.ts';
import { findProposal } from '../people/proposals.ts';

export default handle('incident.decide', (context, { incident, text, reason, proposal, eventTime }) => {
  const { id } = findIncident(context, incident);
  const proposed = proposal === undefined ? null : findProposal(context, id, proposal);
  const decided = text ?? proposed?.text;
  if (decided === undefined) throw new Refusal('bad_input', 'text: say what was decided.');
  const why = reason ?? proposed?.reason;
  return context.commit((tx) => {
    const op = tx.append({
      scope: id,
      type: 'entry.decision',
      payload: {
        text: decided,
        ...(why ? { reason: why } : {}),
        ...(proposed === null
          ? {}
          : {
              proposal: proposed.id,
              asked: proposed.answers.map(({ person, objection }) => ({
                person: person.id,
                ...(objection === undefined ? {} : { objection }),
              })),
            }),
      },
      ...notInTheFuture(context, eventTime),
    });
    return { entry: op.id };
  });
});
