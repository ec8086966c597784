import { handle } from '../context.ts';
import { handoverSheet, writeSheet } from '../exports/sheet.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('handover.print', (context, { incident, ...where }) => {
  const row = findIncident(context, incident);
  return writeSheet(context, row, handoverSheet(context, row), where);
});
