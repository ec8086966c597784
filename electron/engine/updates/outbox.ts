/**
 * Updates that wait for delivery. Invariant: each try is a person's word at that moment, and what became of it is in the log; an
 * older update never follows a newer one to the same audience.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import { Audience } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { deliver } from './deliver.ts';
import { audiencesOf, updateRow } from './view.ts';

/** What waits. @throws Refusal when it does not wait, or a newer one went out meanwhile */
export function waiting(context: Context, incident: string, id: string) {
  const row = updateRow(context, incident, id);
  const audience = Audience.parse(row.doc['audience']);
  const { sent } = audiencesOf(context, context.store.entity('incident', incident, incident)!).find(
    (one) => one.audience === audience,
  )!;
  const update = sent.find((one) => one.id === id);
  if (!update || update.delivery === null) throw new Refusal('refused', 'This update is not one that is delivered.');
  if (update.delivery.state !== 'waiting')
    throw new Refusal('refused', `This update was ${update.delivery.state} already.`);
  const newer = sent.find(({ at, delivery }) => at > update.at && delivery?.state !== 'withdrawn');
  return { audience, update, newer };
}

/** Tries to deliver it now. @throws Refusal when it must not go any more */
export async function handOver(context: Context, incident: string, id: string) {
  const { audience, update, newer } = waiting(context, incident, id);
  if (newer) {
    const when = formatWhen(newer.at, context.settings.headquartersZone ?? context.zone, context.now());
    throw new Refusal('refused', `A newer update for ${audience} went out at ${when}; withdraw this one.`);
  }
  const label = context.incidents.labels().get(incident) ?? incident;
  const { text, at: sentAt, nextAt } = update;
  const { delivered, message } = await deliver(context, { id, audience, incident: label, text, sentAt, nextAt });
  return context.commit((tx) => {
    tx.append({
      scope: incident,
      type: 'update.delivery',
      payload: { update: id, outcome: delivered ? 'delivered' : 'failed', detail: message },
    });
    return { update: id, delivered, message };
  });
}
