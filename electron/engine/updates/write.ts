/** What the commands of updates share: the draft that is worked on, who reads it, and what the public may not read. */
import { Refusal } from '../../../shared/contract/spec.ts';
import { notForThePublic } from '../../../shared/domain/updates/template.ts';
import { audienceOf } from '../../../shared/domain/updates/audiences.ts';
import { Audience } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { newId } from '../incidents/ids.ts';
import { incidentLites } from '../incidents/view.ts';
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
): {
  id: string;
  text: string;
  /** Who wrote it; null when the facts did. */
  by: string | null;
  review: { person: string; current: boolean } | null;
  saved: boolean;
} {
  const draft = audiencesOf(context, row).find((one) => one.audience === audience)!.draft;
  if (!draft)
    return {
      ...{ id: newId('u', context.now()), text: liveDraft(context, row, audience).text, by: null },
      ...{ review: null, saved: false },
    };
  const { id, text, by, review } = draft;
  return {
    ...{ id, text, by: by.id, saved: true },
    review: review && { person: review.person.id, current: review.current },
  };
}

/**
 * What goes to the public is read by another than who wrote it, where it is proved who is who; what the facts made nobody wrote.
 * @throws Refusal
 */
export function mustBeReadByAnother(
  context: Context,
  row: EntityRow,
  audience: Audience,
  draft: ReturnType<typeof draftOf>,
  text: string,
): void {
  const { state, person } = context.session;
  if (audience !== 'public-status' || state !== 'unlocked') return;
  const unchanged = text === draft.text;
  if (unchanged ? draft.by !== person : !draft.saved && text === liveDraft(context, row, audience).text) return;
  throw new Refusal(
    'refused',
    'What goes to the public is read by somebody else than who wrote it: save it, and let another person unlock this console and read it.',
  );
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
