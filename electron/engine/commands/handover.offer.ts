import { handle } from '../context.ts';
import { asksOf, findIncident, isOpen } from '../incidents/view.ts';
import { resolve } from '../names.ts';
import { handoverView, offerOp } from '../people/offers.ts';

export default handle('handover.offer', (context, { incident, to, roles, asks, minutes, stays, note }) => {
  const row = findIncident(context, incident);
  const person = resolve(context, 'person', to);
  const givers = new Set(roles.map((role) => row.doc[`role:${role}`]));
  const handed = asks
    ? asksOf(context, row.id).filter((ask) => isOpen(ask) && ask.owner !== null && givers.has(ask.owner.id))
    : [];
  const { id, draft } = offerOp(context, {
    ...{ incident: row, to: person, roles: [...new Set(roles)], minutes, stays, note },
    asks: handed.map((ask) => ask.id),
  });
  context.commit((tx) => {
    tx.append(draft);
    return {};
  });
  return handoverView(context, row.id, id);
});
