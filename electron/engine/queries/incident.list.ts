import { isOver } from '../../../shared/domain/orders.ts';
import { handle } from '../context.ts';
import { foreignLites } from '../exports/foreign.ts';
import { declared, incidentLites, worstIncident } from '../incidents/view.ts';

export default handle('incident.list', (context, { all }) => {
  const shown = all ? declared(context) : context.incidents.open();
  const foreign = all ? foreignLites(context) : [];
  return [...incidentLites(context, shown), ...foreign].sort(
    (a, b) => Number(isOver(a.status)) - Number(isOver(b.status)) || worstIncident(a, b),
  );
});
