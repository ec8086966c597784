/**
 * What a person may do, and why. Invariant: a right always says where it comes from, and nobody has one that no role of the
 * policy, and no grant, gives them.
 */
import type { Capability } from '../../contract/spec.ts';

export interface AccessRole {
  id: string;
  title: string;
  may: readonly Capability[];
  /** Where it stands in the policy's text, 1-based. */
  line: number;
}

export interface AccessPolicy {
  /** What a locked console shows besides the big board. */
  whileLocked: 'read' | 'nothing';
  /** Minutes without a hand on it after which a window locks itself; 0: never. */
  idleMinutes: number;
  sessionHours: number;
  /** How long somebody whom single sign-on verified counts as such when it cannot be asked again, hours. */
  ssoHours: number;
  /** Shortest passphrase, characters. */
  passphrase: number;
  /** Shortest PIN, digits; 0: no PINs. */
  pin: number;
  everybody: readonly string[];
  roles: ReadonlyMap<string, AccessRole>;
  /** Role ids by id of a team, a person, a group. */
  teams: ReadonlyMap<string, readonly string[]>;
  people: ReadonlyMap<string, readonly string[]>;
  groups: ReadonlyMap<string, readonly string[]>;
}

/** By what somebody holds a role. */
export type Through = 'everybody' | `team:${string}` | `group:${string}` | 'policy' | 'given';

/** A role that was given by an op. */
export interface GivenRole {
  to: 'person' | 'team' | 'group';
  subject: string;
  role: string;
}

export interface HeldRole {
  role: AccessRole;
  through: Through;
}

/** The roles that somebody holds, in the order of the policy, each once by the first way to it. */
export function rolesOf(
  policy: AccessPolicy,
  given: readonly GivenRole[],
  who: { person: string; teams: readonly string[]; groups: readonly string[] },
): HeldRole[] {
  const ways = new Map<string, Through>();
  const hold = (roles: readonly string[], through: Through): void => {
    for (const id of roles) if (!ways.has(id)) ways.set(id, through);
  };
  hold(policy.everybody, 'everybody');
  hold(policy.people.get(who.person) ?? [], 'policy');
  for (const team of who.teams) hold(policy.teams.get(team) ?? [], `team:${team}`);
  for (const group of who.groups) hold(policy.groups.get(group) ?? [], `group:${group}`);
  for (const { to, subject, role } of given) {
    if (to === 'person' && subject === who.person) hold([role], 'given');
    if (to === 'team' && who.teams.includes(subject)) hold([role], `team:${subject}`);
    if (to === 'group' && who.groups.includes(subject)) hold([role], `group:${subject}`);
  }
  return [...policy.roles.values()].flatMap((role) => {
    const through = ways.get(role.id);
    return through === undefined ? [] : [{ role, through }];
  });
}
