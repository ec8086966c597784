import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { itemOf, nameOf, restorationOf, unverified } from '../restoration/index.ts';

export default handle('restoration.step', (context, { incident, item: wanted, state, reason }) => {
  const row = findIncident(context, incident);
  const restoration = restorationOf(context, row);
  const { adopted } = restoration;
  if (adopted === null) throw new Refusal('refused', 'No restoration plan is adopted yet: adopt one first.');
  const item = itemOf(context, adopted.items, wanted);
  if (item === null)
    throw new Refusal('not_found', `The adopted plan has no item or service "${wanted.slice(0, 100)}".`);
  const name = nameOf(context, item);
  const { state: present, gate, conflict } = restoration.item(item);
  const passed = gate.state === 'passed';
  if (present === state && conflict === null) return {};
  if (!reason) {
    if (state === 'skipped') throw new Refusal('refused', `Skipping ${name} needs a reason.`);
    if (state === 'verified' && !passed)
      throw new Refusal(
        'refused',
        `${name} is not measured healthy for ${gate.holdMinutes} min: say how it was verified by hand.`,
      );
    if (present === 'verified') throw new Refusal('refused', `${name} was verified: going back needs a reason.`);
    const before = state === 'working' ? unverified(restoration, adopted.items, item) : [];
    if (before.length > 0)
      throw new Refusal(
        'refused',
        `${name} waits for ${before.map((one) => nameOf(context, one)).join(', ')}: beginning before that is verified needs a reason.`,
      );
  }
  return context.commit((tx) => {
    tx.append({
      scope: row.id,
      type: 'restoration.item',
      payload: {
        item: item.id,
        services: item.services,
        state,
        ...(state === 'verified' && !passed ? { byHand: true } : {}),
        ...(reason ? { reason } : {}),
      },
      base: tx.headIds('restoration', row.id, 'current', `item:${item.id}`),
    });
    return {};
  });
});
