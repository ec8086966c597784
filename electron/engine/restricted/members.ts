/**
 * Who reads a restricted incident. Invariant: worked out from its merged members and the estate at the moment of asking; of
 * two words on one member the lesser access counts. A console that nobody set anything to unlock on cannot tell people apart.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Document } from '../../../shared/ops/project.ts';
import { heldRoles, teamsOf } from '../access/rights.ts';
import type { Context, Session } from '../context.ts';
import { sealingKey } from '../bundles/sealed.ts';
import { resolve } from '../names.ts';

export type MemberKind = 'person' | 'team' | 'role' | 'console';
export interface Member {
  to: MemberKind;
  id: string;
}

type Known = Pick<Context, 'store' | 'estate' | 'policies' | 'now'>;

const documentOf = ({ store }: Pick<Context, 'store'>, scope: string): Document =>
  store.entity('restriction', scope, 'current')?.doc ?? {};

/** Those of whom the last word is `state`. */
export function membersOf(known: Pick<Context, 'store'>, scope: string, state: 'in' | 'out' = 'in'): Member[] {
  return Object.entries(documentOf(known, scope)).flatMap(([field, value]) => {
    const [, to, id] = /^member:(person|team|role|console):(.+)$/.exec(field) ?? [];
    return value === state && to && id ? [{ to: to as MemberKind, id }] : [];
  });
}

/** Whether a person belongs to those who read it, by name, team or role. */
function belongs(known: Known, members: readonly Member[], person: string): boolean {
  if (members.some(({ to, id }) => to === 'person' && id === person)) return true;
  const teams = members.filter(({ to }) => to === 'team').map(({ id }) => id);
  if (teams.length > 0 && teamsOf(known, person).some((team) => teams.includes(team))) return true;
  const roles = members.filter(({ to }) => to === 'role').map(({ id }) => id);
  return roles.length > 0 && heldRoles(known, person, known.now()).some(({ role }) => roles.includes(role.id));
}

/** Whether a session may read what was sealed of an incident. */
function mayRead(known: Known, session: Session, scope: string): boolean {
  if (session.state === 'open') return true;
  if (session.state !== 'unlocked' || session.person === null || session.how === 'break-glass') return false;
  return belongs(known, membersOf(known, scope), session.person);
}

/** The restricted incidents of which this console holds the key and this session may know nothing. */
export function hiddenFrom(known: Known, session: Session): string[] {
  return known.store.keyring
    .all()
    .filter(({ scope, restricted, keys }) => restricted && keys.length > 0 && !mayRead(known, session, scope))
    .map(({ scope }) => scope)
    .sort();
}

/**
 * The consoles that a content key belongs on, with what it is wrapped for: this one, those that were named, and those that a
 * member can unlock; without those that were taken off.
 */
export function consolesOf(
  context: Known & Pick<Context, 'identity'>,
  scope: string,
): { console: string; key: string }[] {
  const { store, estate, identity } = context;
  const members = membersOf(context, scope);
  const off = new Set(membersOf(context, scope, 'out').flatMap(({ to, id }) => (to === 'console' ? [id] : [])));
  const named = new Set(members.flatMap(({ to, id }) => (to === 'console' ? [id] : [])));
  for (const person of estate.all('person').keys()) {
    if (!belongs(context, members, person)) continue;
    for (const [field, value] of Object.entries(store.entity('secret', ESTATE, person)?.doc ?? {}))
      if (field.startsWith('on:') && (value as { state?: unknown } | null)?.state === 'set') named.add(field.slice(3));
  }
  const others = [...named].flatMap((console) => {
    if (console === store.console || off.has(console)) return [];
    const key = store.entity('seal-key', ESTATE, console)?.doc['key'];
    const enrolled = store.entity('console', ESTATE, console)?.doc['access'] === 'enrolled';
    return enrolled && typeof key === 'string' ? [{ console, key }] : [];
  });
  return [{ console: store.console, key: sealingKey(identity) }, ...others];
}

/**
 * What people write: `ana`, `team:security`, `role:governance`, `console:store-12`.
 * @throws Refusal saying which is not there and what to write
 */
export function memberNamed(context: Context, text: string): Member {
  const [, kind = 'person', name = ''] = /^(?:(person|team|role|console):)?(.*)$/s.exec(text.trim()) ?? [];
  if (kind === 'role') {
    const { roles } = context.policies.get('access').value;
    const role = [...roles.values()].find(({ id, title }) => id === name || title.toLowerCase() === name.toLowerCase());
    if (role) return { to: 'role', id: role.id };
    throw new Refusal(
      'not_found',
      `There is no role "${name.slice(0, 60)}" in the access policy; there are ${[...roles.keys()].join(', ')}.`,
    );
  }
  if (kind === 'console') {
    const consoles = context.store.entities('console', ESTATE).filter(({ doc }) => doc['access'] === 'enrolled');
    const found = consoles.filter(
      ({ id, doc }) => id === name || String(doc['name'] ?? '').toLowerCase() === name.toLowerCase(),
    );
    if (found.length === 1) return { to: 'console', id: found[0]!.id };
    throw new Refusal('not_found', `There is no one enrolled console "${name.slice(0, 60)}"; write its id.`);
  }
  return { to: kind as 'person' | 'team', id: resolve(context, kind as 'person' | 'team', name) };
}
