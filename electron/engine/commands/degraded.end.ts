import { Refusal } from '../../../shared/contract/spec.ts';
import { handle } from '../context.ts';
import { activationView, findActive } from '../degraded/view.ts';
import { findIncident } from '../incidents/view.ts';

const WHY = {
  'not-met': 'is not met',
  holding: 'has not held long enough',
  unknown: 'cannot be told',
} as const;

export default handle('degraded.end', (context, { incident, mode, reason }) => {
  const row = findIncident(context, incident);
  const one = findActive(context, row, mode);
  const { mayEnd, exit } = activationView(context, one);
  if (mayEnd !== 'met' && reason === undefined) {
    const open = exit.find(({ state }) => state === mayEnd);
    const what = open ? `${open.text} ${WHY[mayEnd]} (${open.now})` : 'the policy no longer says what ends it';
    throw new Refusal('bad_input', `reason: ${what}; say why "${one.title}" ends all the same.`);
  }
  return context.commit((tx) => {
    tx.append({
      scope: row.id,
      type: 'degraded.end',
      payload: { degraded: one.id, reason: reason ?? `exit criteria met: ${one.exit}` },
    });
    return { id: one.id, name: one.title };
  });
});
