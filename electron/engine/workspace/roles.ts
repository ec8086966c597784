/** Who could have which role, from the rotas. Invariant: one person, one role; nobody is proposed who has one already, or is away. */
import { ROLE_TITLES } from '../../../shared/domain/roles.ts';
import { onCall } from '../../../shared/domain/rota.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { formatWhen } from '../../../shared/domain/times.ts';
import type { Role } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { isAway } from '../estate/away.ts';
import { rolesOf } from '../incidents/view.ts';
import type { EntityRow } from '../store/projection.ts';

export interface RoleProposal {
  role: Role;
  person: string;
  title: string;
  why: string[];
}

interface Duty {
  team: string;
  role: string;
  until: number;
  /** Whether the team owns what is concerned. */
  owner: boolean;
}

/** For the roles that this incident needs and nobody has. `owners`: teams whose services are concerned. */
export function proposeRoles(
  context: Context,
  row: EntityRow,
  owners: ReadonlySet<string>,
  required: readonly Role[],
): RoleProposal[] {
  const roles = rolesOf(context, row);
  const taken = new Set(roles.flatMap(({ person }) => person?.id ?? []));
  const wanted = [...new Set<Role>(['commander', ...required])];
  const missing = wanted.filter((role) => !roles.some((one) => one.role === role && one.person));
  if (missing.length === 0) return [];
  const now = context.now();
  const duty = new Map<string, Duty>();
  /** Who has an incident role by a rota, by that role. */
  const byRota = new Map<string, Duty & { person: string }>();
  for (const team of context.estate.all('team').values())
    for (const line of team.rota) {
      const shift = onCall(line, now);
      if (!shift) continue;
      const owner = owners.has(team.id);
      const one: Duty = { team: team.id, role: line.role, until: shift.until, owner };
      const before = duty.get(shift.person);
      if (!before || (owner && !before.owner)) duty.set(shift.person, one);
      if (!byRota.has(line.role)) byRota.set(line.role, { ...one, person: shift.person });
    }
  const zone = context.settings.headquartersZone ?? context.zone;
  return missing.flatMap((role): RoleProposal[] => {
    const best = [...context.estate.all('person').values()]
      .filter(({ id }) => !taken.has(id) && !isAway(context, id))
      .map(({ id, title }) => {
        const named = byRota.get(role);
        const on = named?.person === id ? named : duty.get(id);
        const fits = ROLE_TITLES[role].test(title);
        const score =
          (named?.person === id ? 8 : 0) +
          (fits ? 4 : 0) +
          (on ? (on.owner ? 3 : 2) : 0) +
          (on?.role === 'primary' ? 0.5 : 0);
        return { id, title, on, fits, score };
      })
      .filter(({ on, fits }) => on !== undefined || fits)
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))[0];
    if (!best) return [];
    taken.add(best.id);
    const { id, title, on, fits } = best;
    return [
      {
        role,
        person: id,
        title: `${context.estate.actorName(id)} as ${roleName(role)}`,
        why: [
          on &&
            `${on.role === role ? `${roleName(role)} by the rota of` : 'on call for'} ${context.estate.name('team', on.team)} until ${formatWhen(on.until, zone, now)}`,
          on?.owner && 'the team owns what is affected',
          fits && title,
          !on && 'on no rota now',
        ].filter((reason): reason is string => Boolean(reason)),
      },
    ];
  });
}
