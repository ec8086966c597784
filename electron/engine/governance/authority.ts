/**
 * Who can say yes in an incident, and how they are reached. Invariant: by the policies in force and the roles of this moment,
 * from what this console holds; a role that nobody has is said, and so is what somebody lacks.
 */
import type { AuthorityLine, AuthorityPerson, AuthorityView } from '../../../shared/contract/governance.ts';
import type { Capability } from '../../../shared/contract/spec.ts';
import type { AuthorityCase } from '../../../shared/domain/actions/authority.ts';
import { authorityOf, whoWords } from '../../../shared/domain/actions/guard.ts';
import { Substance } from '../../../shared/domain/policy/substance.ts';
import { formatTime, isZone } from '../../../shared/domain/times.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import { capabilitiesOf, holdersOf } from '../access/rights.ts';
import { authorityNow } from '../actions/library.ts';
import { standingOf } from '../actions/people.ts';
import type { Context } from '../context.ts';
import { awayOf } from '../estate/away.ts';
import { incidentRef } from '../grants/view.ts';
import { nextFor } from '../people/shift.ts';
import type { EntityRow } from '../store/projection.ts';

const ACTS: readonly { id: string; title: string; rule: AuthorityCase; capability: Capability }[] = [
  { id: 'rollback', title: 'Roll back', rule: 'reversible', capability: 'approve-reversible' },
  { id: 'failover', title: 'Fail over', rule: 'cross-region', capability: 'approve-critical' },
  { id: 'payments', title: 'Change how customers pay', rule: 'payment-flow', capability: 'approve-critical' },
  { id: 'data', title: 'Restore data', rule: 'data-integrity', capability: 'approve-critical' },
  { id: 'irreversible', title: 'Anything that cannot be undone', rule: 'irreversible', capability: 'approve-critical' },
];

export function authorityView(context: Context, row: EntityRow): AuthorityView {
  const { authority } = authorityNow(context);
  const acts = ACTS.map(({ id, title, rule, capability }): AuthorityLine => {
    const named = authority.rules[rule];
    const people = [...context.estate.all('person').keys()].flatMap((person) => {
      const as = authorityOf(authority, rule, standingOf(context, row, person)!);
      return as === null ? [] : [personOf(context, person, as, capability)];
    });
    const empty = (named?.roles ?? []).filter((role) => !isFilled(row, role)).map(roleName);
    return {
      ...{ id, title, people: present(people), empty },
      rule: `By the policy: ${whoWords(authority, rule)}, and not whoever proposed it.`,
      approvals: named?.approvals ?? 0,
    };
  });
  const exceptions: AuthorityLine = {
    ...{ id: 'exception', title: 'Make an exception from a policy', approvals: 1, empty: [] },
    rule: 'Whoever may approve what touches data, payments or failover.',
    people: present(
      context.session.state === 'open'
        ? inRoles(context, row, ['commander', 'deputy', 'governance'])
        : holdersOf(context, 'approve-critical').map(({ id }) =>
            personOf(context, id, 'may approve it', 'approve-critical'),
          ),
    ),
  };
  return {
    incident: incidentRef(context, row.id),
    lines: [...acts, exceptions, ...byResponse(context, row)],
    asOf: context.now(),
  };
}

const isFilled = ({ doc }: EntityRow, role: string): boolean =>
  typeof doc[`role:${role}`] === 'string' || (role === 'subject-expert' && Array.isArray(doc['experts']));

/** What the response in force says about who may say yes. */
function byResponse(context: Context, row: EntityRow): AuthorityLine[] {
  const said = row.doc[`substance:${String(row.doc['response'])}`] as { substance?: unknown } | undefined;
  const substance = Substance.safeParse(said?.substance);
  if (!substance.success) return [];
  return substance.data.authority.map(({ what, role, second }) => {
    const roles = second === null ? [role] : [role, second];
    return {
      ...{ id: `response:${what}`, title: what.charAt(0).toUpperCase() + what.slice(1), approvals: roles.length },
      rule: `By the response: ${roleName(role)}${second === null ? '' : `, with ${roleName(second)}`}.`,
      people: present(inRoles(context, row, roles)),
      empty: roles.filter((one) => !isFilled(row, one)).map(roleName),
    };
  });
}

function inRoles(context: Context, { doc }: EntityRow, roles: readonly string[]): AuthorityPerson[] {
  return roles.flatMap((role) => {
    const person = doc[`role:${role}`];
    return typeof person === 'string' ? [personOf(context, person, roleName(role), null)] : [];
  });
}

function personOf(context: Context, id: string, as: string, capability: Capability | null): AuthorityPerson {
  const one = context.estate.get('person', id);
  const away = awayOf(context, id);
  const next = away === null ? null : (nextFor(context, id, new Set())?.person ?? null);
  const holds =
    capability === null ||
    context.session.state === 'open' ||
    capabilitiesOf(context, id, context.now()).has(capability);
  const zone = one?.timezone ?? null;
  return {
    ...{ id, as, name: context.estate.actorName(id), phone: one?.phone ?? null },
    localTime: zone !== null && isZone(zone) ? formatTime(context.now(), zone) : null,
    awayUntil: away?.until ?? null,
    instead:
      next === null
        ? null
        : { name: context.estate.actorName(next), phone: context.estate.get('person', next)?.phone ?? null },
    lacks: holds ? null : capability,
  };
}

/** Who can say yes now stands first. */
const present = (people: AuthorityPerson[]): AuthorityPerson[] =>
  people.toSorted(
    (a, b) =>
      Number(a.awayUntil !== null) - Number(b.awayUntil !== null) ||
      Number(a.lacks !== null) - Number(b.lacks !== null),
  );
