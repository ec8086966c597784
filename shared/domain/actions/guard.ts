/**
 * Who may let a dangerous request go. Invariant: one confirmation is enough only for what is low in risk, can be undone and
 * stays within its reach; all else needs the word of somebody else whom the policy names, for exactly this request, while
 * that word lasts. Whoever proposed never approves, by whichever road the approval came here. What is not known counts as
 * the more dangerous.
 */
import type { Risk } from '../words.ts';
import { roleName } from '../timeline.ts';
import type { Authority, AuthorityCase } from './authority.ts';

const RISK_WHY: Record<Exclude<Risk, 'low'>, string> = {
  'data-integrity': 'It may change, lose or double data.',
  'payment-flow': 'It touches how customers pay.',
  'cross-region': 'It reaches across regions.',
};

export interface Guarded {
  risk: Risk;
  /** Null when nobody said. */
  reversible: boolean | null;
  reach: {
    /** Most services that it may reach without approval; null when its author set none. */
    limit: number | null;
    /** How many the service that it acts on reaches; null when it acts on none that is known. */
    services: number | null;
  };
}

export interface Need {
  /** `none`: one confirmation is enough. */
  approval: 'none' | 'reversible' | 'critical';
  /** Which rule of the policy says who may approve; null with `none`. */
  rule: AuthorityCase | null;
  /** Sentences that say why. */
  why: string[];
}

/** What an action needs before it may run. */
export function needOf({ risk, reversible, reach }: Guarded): Need {
  const why: string[] = [];
  if (risk !== 'low') why.push(RISK_WHY[risk]);
  if (reversible === false) why.push('It cannot be undone.');
  if (reversible === null) why.push('Nobody says that it can be undone.');
  const critical = why.length > 0;
  if (reach.limit !== null && reach.services === null)
    why.push('It is not known what it reaches, because no service is named that it acts on.');
  else if (reach.limit !== null && reach.services! > reach.limit)
    why.push(`It reaches ${count(reach.services!)}, more than the ${reach.limit} that it may without approval.`);
  if (critical) return { approval: 'critical', rule: risk === 'low' ? 'irreversible' : risk, why };
  if (why.length > 0) return { approval: 'reversible', rule: 'reversible', why };
  return { approval: 'none', rule: null, why: ['Low risk, can be undone, and within its reach.'] };
}

const count = (services: number) => `${services} ${services === 1 ? 'service' : 'services'}`;

/** The capability that an approval of this need takes. */
function capabilityFor(need: Need): 'approve-reversible' | 'approve-critical' {
  return need.approval === 'critical' ? 'approve-critical' : 'approve-reversible';
}

/** Somebody as the policy sees them: the roles that they hold in the incident, and their teams. */
export interface Standing {
  person: string;
  roles: readonly string[];
  teams: readonly string[];
}

/** By what the policy lets them approve, in words such as "commander"; null when it does not. */
export function authorityOf(authority: Authority, rule: AuthorityCase, who: Standing): string | null {
  const named = authority.rules[rule];
  if (!named) return null;
  if (named.people.includes(who.person)) return 'named in the policy';
  const role = named.roles.find((one) => who.roles.includes(one));
  if (role !== undefined) return role;
  const team = named.teams.find((one) => who.teams.includes(one));
  return team === undefined ? null : `team ${team}`;
}

export interface Approver {
  actor: string;
  /** Null for whoever is no person of the estate. */
  standing: Standing | null;
  capabilities: ReadonlySet<string>;
}

/** Why `approver` may not approve what `proposer` proposed; null when they may. */
export function mayNotApprove(
  approver: Approver,
  proposers: readonly string[],
  need: Need,
  authority: Authority,
): string | null {
  if (need.rule === null) return 'It needs no approval: one confirmation is enough.';
  if (proposers.includes(approver.actor))
    return 'Whoever proposed an action may not approve it; a second person has to.';
  if (!approver.standing)
    return 'Only a person of the estate can approve: say in the settings who acts at this console.';
  const capability = capabilityFor(need);
  if (!approver.capabilities.has(capability)) return `Approving this needs the capability "${capability}".`;
  if (authorityOf(authority, need.rule, approver.standing) === null)
    return `The policy lets ${authority.rules[need.rule] ? whoWords(authority, need.rule) : 'nobody'} approve this, and you are none of them.`;
  return null;
}

/** "commander, deputy or team payments". */
export function whoWords(authority: Authority, rule: AuthorityCase): string {
  const named = authority.rules[rule];
  const list = named
    ? [...named.roles.map(roleName), ...named.teams.map((team) => `team ${team}`), ...named.people]
    : [];
  if (list.length === 0) return 'nobody';
  return list.length === 1 ? list[0]! : `${list.slice(0, -1).join(', ')} or ${list.at(-1)}`;
}
