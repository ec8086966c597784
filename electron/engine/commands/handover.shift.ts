import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { handoverView, offerOp } from '../people/offers.ts';
import { shiftPlan } from '../people/shift.ts';

/** How long an offer at the end of a shift stands, and how long whoever leaves can still be asked, minutes. */
const STANDS = 30;
const STAYS = 15;

export default handle('handover.shift', (context, who) => {
  const { lines } = shiftPlan(context, who);
  if (lines.length === 0) throw new Refusal('refused', 'Whoever leaves has no role and no ask in an open incident.');
  const left: typeof lines = [];
  const offers = lines.flatMap((line) => {
    if (line.to === null) {
      left.push(line);
      return [];
    }
    try {
      const { id, draft } = offerOp(context, {
        incident: findIncident(context, line.incident.id),
        to: line.to.id,
        roles: line.roles,
        asks: line.asks.map((ask) => ask.id),
        minutes: STANDS,
        stays: STAYS,
      });
      return [{ incident: line.incident.id, id, draft }];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      left.push({ ...line, why: error.message });
      return [];
    }
  });
  context.commit((tx) => {
    for (const { draft } of offers) tx.append(draft);
    return {};
  });
  return { offered: offers.map(({ incident, id }) => handoverView(context, incident, id)), left };
});
