import { handle } from '../context.ts';
import { callSheet, writeSheet } from '../exports/sheet.ts';
import { findIncident } from '../incidents/view.ts';

export default handle('calltree.print', (context, { incident, ...where }) => {
  const row = findIncident(context, incident);
  return writeSheet(context, row, callSheet(context, row), where);
});
