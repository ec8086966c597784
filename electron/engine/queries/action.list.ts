import { actionsOf, actionView } from '../actions/view.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('action.list', (context, { incident, all }) => {
  const of = incident === undefined ? null : findIncident(context, incident).id;
  return actionsOf(context, of, all || of !== null).map((known) => actionView(context, known));
});
