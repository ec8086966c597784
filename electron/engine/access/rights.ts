/**
 * Who may do what now. Invariant: computed from the policy in force, the roles that were given and the grants in force at
 * the moment of the call; nothing of it is remembered by a session.
 */
import type { Capability } from '../../../shared/contract/spec.ts';
import { rolesOf, type AccessPolicy, type GivenRole, type HeldRole } from '../../../shared/domain/access/rights.ts';
import type { EstateEntity } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { awayOf } from '../estate/away.ts';
import type { Context, Session } from '../context.ts';
import { grantRights } from '../grants/force.ts';
import type { Store } from '../store/store.ts';
import { identityOf } from './sso/identities.ts';

type Known = Pick<Context, 'store' | 'estate' | 'policies'>;

/** Something that a person may do, by a role or by a grant that ends. */
export interface Right {
  capability: Capability;
  /** "role Keeper of the console (team platform)". */
  because: string;
  /** When it ends by itself, ms. */
  until: number | null;
  /** The only incident that it counts in. */
  incident: string | null;
  /** The grant that it comes from; what is done by it names it. */
  grant: string | null;
}

/** Rights besides those of roles: `at` in ms. Each must be quick, it is asked at every call. */
export type Grants = (known: Known, person: string, at: number) => readonly Right[];

/** Where further rights come from. */
const GRANTS: readonly Grants[] = [grantRights];

const given = new WeakMap<Store, readonly GivenRole[]>();

/** After a commit that gave or withdrew a role. */
export function forgetGiven(store: Store): void {
  given.delete(store);
}

/** The roles that were given by name and not withdrawn; of two words at once the lesser access counts. */
export function givenRoles({ store }: Pick<Known, 'store'>): readonly GivenRole[] {
  const known = given.get(store);
  if (known) return known;
  const roles = store.entities('access-role', ESTATE).flatMap(({ doc }) => {
    const { to, subject, role, held } = doc;
    return held === 'granted' ? [{ to, subject, role } as GivenRole] : [];
  });
  given.set(store, roles);
  return roles;
}

export function teamsOf({ estate }: Pick<Known, 'estate'>, person: string): string[] {
  const own = estate.get('person', person)?.teams ?? [];
  const member = [...estate.all('team').values()].filter(({ members }) => members.includes(person)).map(({ id }) => id);
  return [...new Set([...own, ...member])];
}

/** The roles of a person of the estate at `at` (ms), also by groups that single sign-on verified; none of somebody who is not in it. */
export function heldRoles(
  known: Known,
  person: string,
  at: number,
  policy: AccessPolicy = known.policies.get('access').value,
  byName: readonly GivenRole[] = givenRoles(known),
): HeldRole[] {
  if (!known.estate.get('person', person)) return [];
  const groups = identityOf(known, person, at)?.groups ?? [];
  return rolesOf(policy, byName, { person, teams: teamsOf(known, person), groups });
}

/** Everything that a person may do at `at` (ms), with why. */
export function rightsOf(known: Known, person: string, at: number): Right[] {
  const byRole = heldRoles(known, person, at).flatMap(({ role, through }) =>
    role.may.map((capability) => ({
      capability,
      because: `role ${role.title}${throughWords(through)}`,
      ...{ until: null, incident: null, grant: null },
    })),
  );
  return [...byRole, ...GRANTS.flatMap((grants) => grants(known, person, at))];
}

/** What a session may do somewhere: everywhere, or in one incident by a grant. */
export function somewhere({ capabilities, rights }: Pick<Session, 'capabilities' | 'rights'>): Capability[] {
  return [...new Set([...capabilities, ...rights.map(({ capability }) => capability)])];
}

/** What a person may do at `at` (ms) everywhere, by roles and grants. */
export function capabilitiesOf(known: Known, person: string, at: number): ReadonlySet<Capability> {
  return new Set(
    rightsOf(known, person, at).flatMap(({ capability, incident }) => (incident === null ? [capability] : [])),
  );
}

/** " (team platform)"; empty when it goes without saying. */
export function throughWords(through: HeldRole['through']): string {
  if (through === 'everybody' || through === 'given') return '';
  if (through === 'policy') return ' (named in the policy)';
  return ` (${through.replace(':', ' ')})`;
}

/** People who have a capability by their roles; those who can be asked now come first. */
export function holdersOf(
  context: Known & Pick<Context, 'now' | 'zone'>,
  capability: Capability,
): EstateEntity<'person'>[] {
  const policy = context.policies.get('access').value;
  const byName = givenRoles(context);
  return [...context.estate.all('person').values()]
    .filter(({ id }) =>
      heldRoles(context, id, context.now(), policy, byName).some(({ role }) => role.may.includes(capability)),
    )
    .map((person) => ({ person, away: awayOf(context as Context, person.id) !== null }))
    .sort((a, b) => Number(a.away) - Number(b.away))
    .map(({ person }) => person);
}

/** More than this are counted, not named. */
const NAMED = 3;

/** "Ana Kovač (+49 171 3920001), Raj Menon and 2 more have it." */
export function whoHas(context: Known & Pick<Context, 'now' | 'zone'>, capability: Capability): string {
  const holders = holdersOf(context, capability);
  if (holders.length === 0) return 'Nobody has it by a role; whoever may grant access can give it.';
  const named = holders.slice(0, NAMED).map(({ id, name, phone }) => `${name || id}${phone ? ` (${phone})` : ''}`);
  const more = holders.length - named.length;
  const list = more > 0 ? [...named, `${more} more`] : named;
  const words = list.length === 1 ? list[0]! : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`;
  return `${words} ${holders.length === 1 ? 'has' : 'have'} it.`;
}
