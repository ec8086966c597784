/** What is about to be decided, and what those who were asked for objections said. */
import type { ProposalView } from '../../../shared/contract/room.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import { textsOf } from '../incidents/view.ts';
import { named, namedActor } from '../names.ts';

/** Those that were neither decided nor dropped, oldest first. */
export function openProposals(context: Context, incident: string): ProposalView[] {
  return context.store
    .entities('proposal', incident)
    .filter(({ doc }) => doc['state'] === 'asked' && typeof doc['text'] === 'string')
    .map(({ id, doc }) => {
      const answered = Object.keys(doc).flatMap((key) =>
        key.startsWith('answer:') ? key.slice('answer:'.length) : [],
      );
      return {
        id,
        text: String(doc['text']),
        reason: typeof doc['reason'] === 'string' ? doc['reason'] : null,
        askedAt: Number(doc['askedAt']),
        askedBy: namedActor(context, String(doc['askedBy'])),
        answers: [...new Set([...textsOf(doc['asked']), ...answered])].map((person) => {
          const said = doc[`answer:${person}`] as { objection: string | null } | undefined;
          return { person: named(context, 'person', person), ...(said ? { objection: said.objection } : {}) };
        }),
      };
    })
    .sort((a, b) => a.askedAt - b.askedAt);
}

/** The proposal meant; the only open one when none is named. @throws Refusal `not_found` */
export function findProposal(context: Context, incident: string, key: string | undefined): ProposalView {
  const open = openProposals(context, incident);
  const found = key === undefined ? (open.length === 1 ? open[0] : undefined) : open.find(({ id }) => id === key);
  if (found) return found;
  throw new Refusal(
    'not_found',
    open.length === 0
      ? 'Nothing is proposed in this incident; propose it first.'
      : key === undefined
        ? `${open.length} things are proposed; say which: ${open.map(({ id }) => id).join(', ')}.`
        : `There is no open proposal "${key.slice(0, 60)}" in this incident.`,
  );
}
