import { Refusal } from '../../../shared/contract/spec.ts';
import { MINUTE } from '../../../shared/domain/times.ts';
import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { endpointHost } from '../updates/deliver.ts';
import { promised } from '../updates/view.ts';
import { audienceNamed, checkPublic, draftOf } from '../updates/write.ts';
import { handOver } from '../updates/outbox.ts';

export default handle('update.send', async (context, { incident, audience: word, channel, minutes }) => {
  const audience = audienceNamed(word);
  const row = findIncident(context, incident);
  const { id, text, review, saved } = draftOf(context, row, audience);
  if (!saved || review === null)
    throw new Refusal(
      'refused',
      `Nobody has reviewed the update for ${audience}: somebody reads it and says so, then it goes out.`,
    );
  if (!review.current)
    throw new Refusal(
      'refused',
      `The update for ${audience} was changed after it was reviewed: somebody reads it again, then it goes out.`,
    );
  checkPublic(context, row, audience, text);
  if (channel === 'delivery' && endpointHost(context, audience) === null)
    throw new Refusal(
      'refused',
      `This console has no address for ${audience}; give it one with \`update endpoint\`, or copy the text.`,
    );
  const nextAt =
    minutes === undefined
      ? promised(context, row, audience)
      : minutes === null
        ? null
        : context.now() + Math.round(minutes * MINUTE);
  context.commit((tx) => {
    tx.append({
      scope: row.id,
      type: 'update.send',
      payload: { update: id, audience, text, channel, reviewedBy: review.person, nextAt },
    });
  });
  if (channel !== 'delivery') return { update: id, delivered: null, message: '' };
  return handOver(context, row.id, id);
});
