import { handle } from '../context.ts';
import { named } from '../names.ts';
import { shiftPlan } from '../people/shift.ts';

export default handle('handover.plan', (context, who) => {
  const { leaving, lines } = shiftPlan(context, who);
  return { lines, leaving: leaving.map((id) => named(context, 'person', id)) };
});
