/** What the commands of updates share: the draft that is worked on, who reads it, and what the public may not read. */
import { Refusal } from '../../../shared/contract/spec.ts';
import { notForThePublic } from '../../../shared/domain/updates/template.ts';
import { audienceOf } from '../../../shared/domain/updates/audiences.ts';
import { Audience } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { incidentLites } from '../incidents/view.ts';
import { resolve } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';
import { audiencesOf, liveDraft } from './view.ts';

/** The audience that a word means. @throws Refusal `bad_input`, naming those that there are */
export function audienceNamed(word: string): Audience {
  const found = audienceOf(word);
  if (found !== null) return found;
  throw new Refusal('bad_input', `audience: "${word.slice(0, 40)}" is none of ${Audience.options.join(', ')}.`);
}

/** The draft of an audience: the one that is written, else what the facts say now, under a new id. */
export function draftOf(
  context: Context,
  row: EntityRow,
  audience: Audience,
): { id: string; text: string; review: { person: string; current: boolean } | null; saved: boolean } {
  const draft = audiencesOf(context, row).find((one) => one.audience === audience)!.draft;
  if (!draft)
    return { id: newId('u', context.now()), text: liveDraft(context, row, audience).text, review: null, saved: false };
  const { id, text, review } = draft;
  return { id, text, review: review && { person: review.person.id, current: review.current }, saved: true };
}

/** Who read it: the named person, else the acting one. @throws Refusal when that is nobody of the estate */
export function readerOf(context: Context, person: string | undefined): string {
  if (person !== undefined) return resolve(context, 'person', person);
  const actor = context.session.actor;
  if (context.estate.get('person', actor)) return actor;
  throw new Refusal('bad_input', 'person: say who read it; this console does not know who you are.');
}

/** @throws Refusal when the text carries what the public must not read */
export function checkPublic(context: Context, row: EntityRow, audience: Audience, text: string): void {
  if (audience !== 'public-status') return;
  const why = notForThePublic(text, internalNames(context, row));
  if (why !== null) throw new Refusal('refused', `This is not for the public. ${why}`);
}

/** Names that customers do not know: services but for the channels that they use, people, the incident's number. */
function internalNames(context: Context, row: EntityRow): string[] {
  const { estate } = context;
  const known = [...estate.all('business-service').values()].map(({ title, name }) => (title || name).toLowerCase());
  const services = [...estate.all('service').values()].flatMap(({ kind, id, title }) =>
    kind === 'channel' ? [] : [id, title],
  );
  const people = [...estate.all('person').keys()].map((id) => estate.actorName(id));
  const [lite] = incidentLites(context, [row]);
  return [lite!.label, ...services, ...people].filter(
    (name) => name.length > 3 && !known.some((title) => title.includes(name.toLowerCase())),
  );
}
