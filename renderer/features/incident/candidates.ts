/**
 * Who could take a role, best first, each with the reason that put them there. Invariant: a suggestion says why, and
 * everybody in the estate can be found by typing, whatever the order says.
 */
import { ROLE_TITLES } from '../../../shared/domain/roles.ts';
import type { Named } from '../../../shared/contract/common.ts';
import type { PersonView, ServiceLite, TeamView } from '../../../shared/contract/estate.ts';
import type { RoleView } from '../../../shared/contract/incident.ts';
import type { Role } from '../../../shared/domain/words.ts';
import { formatTime } from '../../../shared/domain/times.ts';
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
}

/** Everybody, ordered for `role` (for an ask when null). */
export function candidates(role: Role | null, facts: CandidateFacts): Candidate[] {
  const holds = new Map<string, Role[]>();
  for (const { role: held, person } of facts.roles) {
    if (person) holds.set(person.id, [...(holds.get(person.id) ?? []), held]);
  }
  const duty = new Map<string, { team: TeamView; until: number; owner: boolean }>();
  for (const team of facts.teams) {
    for (const { person, until } of team.onCall) {
      const owner = facts.owners.has(team.id);
      if (!duty.has(person.id) || (owner && !duty.get(person.id)!.owner)) duty.set(person.id, { team, until, owner });
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
      if (on) score += on.owner ? 3 : 2;
      if (mine && (role === null || role === 'commander')) score += 1;
      // One person, one role: whoever holds one already is asked last. For an ask those who work on it come first.
      if (held.length > 0) score += role === null ? 5 : -6;
      const why = [
        held.length > 0 && held.map((one) => ROLE_WORDS[one].toLowerCase()).join(', '),
        mine && 'you',
        fits && person.title,
        on && `on call for ${on.team.name} until ${formatTime(on.until, facts.zone)}`,
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
