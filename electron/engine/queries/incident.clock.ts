import { clockOf } from '../clock/index.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { named } from '../names.ts';

export default handle('incident.clock', (context, { incident }) => {
  const person = (id: string | null) => (id === null ? null : named(context, 'person', id));
  return clockOf(context, findIncident(context, incident)).map((due) => ({
    ...due,
    person: person(due.person),
    instead: person(due.instead),
  }));
});
