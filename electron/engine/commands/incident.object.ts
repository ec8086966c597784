import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';
import { findProposal } from '../people/proposals.ts';

export default handle('incident.object', (context, { incident, proposal, person, objection }) => {
  const { id } = findIncident(context, incident);
  const found = findProposal(context, id, proposal);
  if (person === undefined && objection !== undefined)
    throw new Refusal('bad_input', 'person: an objection is somebody’s; say whose.');
  const people =
    person === undefined
      ? found.answers.filter((answer) => answer.objection === undefined).map((answer) => answer.person.id)
      : [resolve(context, 'person', person)];
  if (people.length === 0) throw new Refusal('refused', 'Everybody who was asked has answered.');
  return context.commit((tx) => {
    for (const one of people)
      tx.append({
        scope: id,
        type: 'decision.answer',
        payload: { proposal: found.id, person: one, objection: objection ?? null },
      });
    return {};
  });
});
