import { Refusal } from '../../../shared/contract/spec.ts';
import { exitText } from '../../../shared/domain/degraded/conditions.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import { Status } from '../../../shared/domain/words.ts';
import { handle } from '../context.ts';
import { activeNow } from '../degraded/active.ts';
import { businessOf, degradedView, easingOf, findMode, holderOf, whyOf } from '../degraded/view.ts';
import { newId } from '../incidents/ids.ts';
import { findIncident } from '../incidents/view.ts';
import { resolve } from '../names.ts';

export default handle('degraded.start', (context, { incident, mode: wanted, reason, owner }) => {
  const row = findIncident(context, incident);
  const mode = findMode(context, wanted);
  const on = activeNow(context).find((one) => one.mode === mode.id);
  if (on) {
    const label = context.incidents.labels().get(on.incident) ?? on.incident;
    throw new Refusal('refused', `${mode.title} is on already, in ${label}.`);
  }
  if (isOver(Status.catch('declared').parse(row.doc['status'])))
    throw new Refusal('refused', 'This incident is over: a mode is started in one that is running.');
  const proposal = degradedView(context, row).modes.find(({ id }) => id === mode.id);
  if (reason === undefined && proposal?.state !== 'proposed')
    throw new Refusal('bad_input', `reason: no signal calls for "${mode.title}" now; say why it is started.`);
  const person = owner === undefined ? holderOf(row, mode) : resolve(context, 'person', owner);
  const business = businessOf(context, mode);
  const { avoids, buffers } = easingOf(mode);
  const eases = business.none ? {} : { ...(avoids ? { avoids } : {}), ...(buffers ? { buffers } : {}) };
  const degraded = newId('g', context.now());
  return context.commit((tx) => {
    tx.append({
      scope: row.id,
      type: 'degraded.start',
      payload: {
        ...{ degraded, mode: mode.id, title: mode.title, effect: mode.effect },
        owner: person,
        reason: reason ?? whyOf(context, proposal!.when),
        exit: exitText(mode, (id) => context.estate.name('service', id)),
        ...eases,
        businessServices: business.ids,
      },
    });
    return { id: degraded, name: mode.title };
  });
});
