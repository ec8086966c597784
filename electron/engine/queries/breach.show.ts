import { handle } from '../context.ts';
import { breachOf } from '../governance/breach.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('breach.show', (context, { incident }) => breachOf(context, findIncident(context, incident)));
