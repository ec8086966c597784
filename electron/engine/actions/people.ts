/** Who somebody is in an incident, as the policies see them. */
import type { Standing } from '../../../shared/domain/actions/guard.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';

/** The roles that a person holds in an incident, and their teams; null for whoever is no person of the estate. */
export function standingOf({ estate }: Pick<Context, 'estate'>, { doc }: EntityRow, actor: string): Standing | null {
  const person = estate.get('person', actor);
  if (!person) return null;
  const roles = Object.entries(doc)
    .filter(([field, holder]) => field.startsWith('role:') && holder === actor)
    .map(([field]) => field.slice('role:'.length));
  if (Array.isArray(doc['experts']) && doc['experts'].includes(actor)) roles.push('subject-expert');
  const member = [...estate.all('team').values()].filter(({ members }) => members.includes(actor)).map(({ id }) => id);
  return { person: actor, roles, teams: [...new Set([...person.teams, ...member])] };
}
