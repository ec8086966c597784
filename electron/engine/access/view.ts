/** People, roles and sessions as the contract shows them. */
import type { AccessView, PersonAccess, SessionView } from '../../../shared/contract/access.ts';
import { Refusal, type Capability } from '../../../shared/contract/spec.ts';
import type { HeldRole } from '../../../shared/domain/access/rights.ts';
import { nearest } from '../../../shared/domain/nearest.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { named, resolve } from '../names.ts';
import { verifiedView } from './sso/view.ts';
import { givenRoles, heldRoles, somewhere, throughWords } from './rights.ts';

/** The session of `context`'s caller as it stands now. */
export function sessionView(context: Context): SessionView {
  const { access, caller, estate, now } = context;
  const session = access.sessions.of(caller);
  const policy = context.policies.get('access').value;
  return {
    state: session.state,
    person: session.person === null ? null : named(context, 'person', session.person),
    ...{ how: session.how, since: session.since },
    locksAt: access.sessions.locksAt(caller),
    may: somewhere(session),
    who: access.secrets.list().map(({ person, kind, waitMs }) => ({
      ...{ id: person, name: estate.actorName(person), title: estate.get('person', person)?.title ?? '', kind },
      waitUntil: waitMs > 0 ? now() + waitMs : null,
    })),
    sso: access.sso.provider && {
      name: access.sso.provider.name,
      reachable: access.sso.standing.reachable,
      since: access.sso.standing.since,
    },
    verified: verifiedView({ ...context, session }),
    ended: session.state === 'locked' ? access.sessions.endedOf(caller) : null,
    ...{ passphrase: policy.passphrase, pin: policy.pin },
  };
}

/** Whom a change of a role means. @throws Refusal `not_found` */
export function holderOf(
  context: Context,
  text: string,
): { to: 'person' | 'team' | 'group'; id: string; name: string } {
  const [prefix, rest] = text.includes(':')
    ? [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
    : ['', ''];
  if (prefix === 'group') {
    if (!/^[a-z0-9][A-Za-z0-9._:>-]{0,98}$/.test(rest))
      throw new Refusal(
        'bad_input',
        'to: the name of a group begins with a small letter or digit and holds letters, digits and . _ : -',
      );
    return { to: 'group', id: rest, name: `group ${rest}` };
  }
  const kind = prefix === 'team' ? 'team' : 'person';
  const id = resolve(context, kind, prefix === 'team' || prefix === 'person' ? rest : text);
  return {
    to: kind,
    id,
    name: kind === 'person' ? context.estate.actorName(id) : `team ${context.estate.name('team', id)}`,
  };
}

/** @throws Refusal `not_found` that names those that there are */
export function roleOf(context: Context, text: string): { id: string; title: string; may: readonly Capability[] } {
  const { roles } = context.policies.get('access').value;
  const wanted = text.trim().toLowerCase();
  const found = [...roles.values()].find(({ id, title }) => id === wanted || title.toLowerCase() === wanted);
  if (found) return found;
  const near = nearest(wanted, [...roles.keys()]);
  throw new Refusal(
    'not_found',
    `role: the access policy has no role "${text.slice(0, 60)}"; there are ${[...roles.keys()].join(', ')}.${near ? ` Did you mean "${near}"?` : ''}`,
  );
}

export function accessView(context: Context, { all = false }: { all?: boolean | undefined } = {}): AccessView {
  const inForce = context.policies.get('access');
  const policy = inForce.value;
  const given = givenRoles(context);
  const secrets = new Map(context.access.secrets.list().map((one) => [one.person, one]));
  const everybody = new Set(policy.everybody);
  let others = 0;
  const people: PersonAccess[] = [];
  for (const person of context.estate.all('person').values()) {
    const held = heldRoles(context, person.id, context.now(), policy, given);
    const secret = secrets.get(person.id);
    if (!all && !secret && held.every(({ role }) => everybody.has(role.id))) {
      others++;
      continue;
    }
    people.push({
      ...{ id: person.id, name: person.name || person.id, title: person.title, phone: person.phone },
      roles: held.map(({ role, through }) => ({
        ...{ id: role.id, title: role.title, because: becauseOf(context, through) },
        given: given.some(({ to, subject, role: one }) => to === 'person' && subject === person.id && one === role.id),
      })),
      may: mayOf(held),
      secret: secret ? { kind: secret.kind, setAt: secret.setAt, failures: secret.failures } : null,
    });
  }
  people.sort(
    (a, b) =>
      Number(b.secret !== null) - Number(a.secret !== null) ||
      b.may.length - a.may.length ||
      (a.name < b.name ? -1 : 1),
  );
  const groupName = (to: 'team' | 'group', id: string) => (to === 'team' ? context.estate.name('team', id) : id);
  return {
    roles: [...policy.roles.values()].map(({ id, title, may }) => ({
      ...{ id, title, may: [...may], everybody: everybody.has(id) },
      groups: [
        ...(['team', 'group'] as const).flatMap((to) =>
          [...policy[`${to}s`]].flatMap(([group, roles]) =>
            roles.includes(id) ? [{ to, id: group, name: groupName(to, group), given: false }] : [],
          ),
        ),
        ...given.flatMap(({ to, subject, role }) =>
          to !== 'person' && role === id ? [{ to, id: subject, name: groupName(to, subject), given: true }] : [],
        ),
      ],
    })),
    people,
    others,
    contested: context.store
      .entities('access-role', ESTATE)
      .flatMap(({ doc }) =>
        doc.conflicts ? [{ holder: context.estate.actorName(String(doc['subject'])), role: String(doc['role']) }] : [],
      ),
    policy: { version: inForce.version, whileLocked: policy.whileLocked, idleMinutes: policy.idleMinutes },
  };
}

function mayOf(held: readonly HeldRole[]): Capability[] {
  return [...new Set(held.flatMap(({ role }) => role.may))];
}

function becauseOf(context: Context, through: HeldRole['through']): string {
  if (through.startsWith('team:')) return `team ${context.estate.name('team', through.slice(5))}`;
  return (
    { everybody: 'everybody has it', policy: 'named in the policy', given: 'given by name' }[through as string] ??
    throughWords(through)
  );
}
