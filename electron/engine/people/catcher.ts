/** Who has what is asked. Invariant: an ask has one owner, a person; a team that is asked is one of its people. */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import { teamView } from '../estate/views.ts';
import { resolve } from '../names.ts';
import { findSubteam, isSubteam } from './subteams.ts';

export interface Caught {
  person: string;
  /** The incident's team that it stays with. */
  team?: string;
}

/**
 * The person that `wanted` means: a person, the lead of a team of the incident, or who is on call for a team of the estate.
 * @throws Refusal when it is nobody, or nobody of the team can be asked now
 */
export function catcherOf(context: Context, incident: string, wanted: string): Caught {
  const { estate } = context;
  const person = estate.resolve('person', wanted);
  if (person !== null) return { person };
  if (isSubteam(context, incident, wanted)) {
    const { id, doc } = findSubteam(context, incident, wanted);
    return { person: String(doc['lead']), team: id };
  }
  const team = estate.resolve('team', wanted);
  if (team === null) return { person: resolve(context, 'person', wanted) };
  const entity = estate.get('team', team)!;
  const caught = teamView(context, entity).onCall.flatMap(({ person: on, standIn }) =>
    standIn === null ? [] : [(standIn ?? on).id],
  )[0];
  if (caught === undefined)
    throw new Refusal(
      'refused',
      `Nobody is on call for ${estate.name('team', team)} now: ask one of its people by name.`,
    );
  return { person: caught };
}
