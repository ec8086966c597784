/**
 * Who could take a role, best first, each with the reason that put them there. Invariant: a suggestion says why, and
 * everybody in the estate can be found by typing, whatever the order says.
 */
import { ROLE_TITLES } from '../../../shared/domain/roles.ts';
import type { Named } from '../../../shared/contract/common.ts';
import type { PersonView, ServiceLite, TeamView } from '../../../shared/contract/estate.ts';
import type { RoleView } from '../../../shared/contract/incident.ts';
import type { Role } from '../../../shared/domain/words.ts';
import { formatTime, formatWhen, offset } from '../../../shared/domain/times.ts';
import { ROLE_WORDS } from '../../ui/words.ts';

export interface Candidate {
  id: string;
  name: string;
  /** "on call for Payments until 16:00 CET", "Incident manager". */
  why: string;
}

export interface CandidateFacts {
  people: readonly PersonView[];
  teams: readonly TeamView[];
  /** Teams that own what the incident affects, by id. */
  owners: ReadonlySet<string>;
  roles: readonly RoleView[];
  /** Who is at this console. */
  me: Named | null;
  zone: string;
  /** ms */
  now: number;
}

/** Everybody, ordered for `role` (for an ask when null). */
export function candidates(role: Role | null, facts: CandidateFacts): Candidate[] {
  const holds = new Map<string, Role[]>();
  for (const { role: held, person } of facts.roles) {
    if (person) holds.set(person.id, [...(holds.get(person.id) ?? []), held]);
  }
  const duty = new Map<string, { team: TeamView; until: number; owner: boolean; forRole: boolean }>();
  for (const team of facts.teams) {
    for (const { role: rota, person, until, standIn } of team.onCall) {
      const owner = facts.owners.has(team.id);
      const forRole = role !== null && rota === role;
      const id = standIn?.id ?? person.id;
      const known = duty.get(id);
      if (!known || (forRole && !known.forRole) || (owner && !known.owner && !known.forRole))
        duty.set(id, { team, until, owner, forRole });
    }
  }
  return facts.people
    .map((person) => {
      const held = holds.get(person.id) ?? [];
      const on = duty.get(person.id);
      const fits = role !== null && ROLE_TITLES[role].test(person.title);
      const mine = facts.me?.id === person.id;
      let score = 0;
      if (fits) score += 4;
      if (on) score += on.forRole ? 5 : on.owner ? 3 : 2;
      if (person.away) score -= 20;
      if (mine && (role === null || role === 'commander')) score += 1;
      // One person, one role: whoever holds one already is asked last. For an ask those who work on it come first.
      if (held.length > 0) score += role === null ? 5 : -6;
      const why = [
        person.away && `away until ${formatWhen(person.away.until, facts.zone, facts.now)}`,
        held.length > 0 && held.map((one) => ROLE_WORDS[one].toLowerCase()).join(', '),
        mine && 'you',
        fits && person.title,
        on &&
          `on call ${on.forRole ? `as ${ROLE_WORDS[role!].toLowerCase()}` : `for ${on.team.name}`} until ${formatTime(on.until, facts.zone)}`,
        person.timezone !== null &&
          offset(facts.now, person.timezone) !== offset(facts.now, facts.zone) &&
          `${formatTime(facts.now, person.timezone)} there`,
        !fits && (person.title || (!on && (person.teams[0]?.name ?? ''))),
      ].filter(Boolean);
      return { id: person.id, name: person.name, why: why.join(' · '), score };
    })
    .sort((a, b) => b.score - a.score || a.name.localeCompare(b.name))
    .map(({ score: _score, ...candidate }) => candidate);
}

/** Teams that own the services in `affected`. */
export function ownersOf(services: readonly ServiceLite[], affected: readonly Named[]): Set<string> {
  const wanted = new Set(affected.map(({ id }) => id));
  return new Set(services.flatMap(({ id, owner }) => (wanted.has(id) && owner ? [owner.id] : [])));
}
