import { handle } from '../context.ts';
import { exceptionsOf } from '../governance/exceptions.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('exception.list', (context, { incident, all }) =>
  exceptionsOf(context, incident === undefined ? null : findIncident(context, incident).id).filter(
    ({ state }) => all || state !== 'ended',
  ),
);
