/** Beginning a restriction. Invariant: whoever begins one is among those who read it, so that nobody shuts themselves out. */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Context } from '../context.ts';
import { named, resolve } from '../names.ts';
import type { Transaction } from '../store/store.ts';
import { handOver, newSecret } from './keyring.ts';
import { consolesOf, memberNamed, type Member } from './members.ts';
import { sealingKey } from '../bundles/sealed.ts';

export interface Restricting {
  members: readonly Member[];
  contact: string | null;
}

/** Reads who is meant. @throws Refusal saying who is not there, or that nobody would read it */
export function restrictingBy(context: Context, to: readonly string[], contact: string | undefined): Restricting {
  const members = new Map(to.map((text) => memberNamed(context, text)).map((one) => [`${one.to}:${one.id}`, one]));
  const { person } = context.session;
  if (person !== null) members.set(`person:${person}`, { to: 'person', id: person });
  if (![...members.values()].some((one) => one.to !== 'console'))
    throw new Refusal('bad_input', 'to: name a person, a team or a role that reads it; a console alone reads nothing.');
  return {
    members: [...members.values()],
    contact: contact === undefined ? null : resolve(context, 'person', contact),
  };
}

/** Writes that an incident is restricted from here on. Call inside the transaction. */
export function restrict(context: Context, tx: Transaction, scope: string, { members, contact }: Restricting): void {
  const { store, identity } = context;
  const secret = newSecret();
  const own = [{ console: store.console, key: sealingKey(identity) }];
  tx.append({ scope, type: 'incident.restrict', payload: { ...handOver(secret, own), contact } });
  for (const { to, id } of members) putMember(tx, scope, { to, id }, 'in');
}

/** Hands the keys to the consoles that need them, once the members are written. Call inside the transaction. */
export function handToMembers(context: Context, tx: Transaction, scope: string): void {
  const known = context.store.keyring.get(scope)?.consoles ?? [];
  const lacking = consolesOf(context, scope).filter(({ console }) => !known.includes(console));
  if (lacking.length === 0) return;
  for (const { secret } of context.store.keyring.secretsOf(scope))
    tx.append({ scope, type: 'incident.key', payload: handOver(secret, lacking) });
}

export function putMember(
  tx: Transaction,
  scope: string,
  { to, id }: Member,
  state: 'in' | 'out',
  reason?: string,
): void {
  tx.append({
    scope,
    type: 'restriction.member',
    payload: { to, id, state, ...(reason === undefined ? {} : { reason }) },
    base: tx.headIds('restriction', scope, 'current', `member:${to}:${id}`),
  });
}

/** What a member is called. */
export function memberName(context: Context, { to, id }: Member): string {
  if (to === 'person' || to === 'team') return named(context, to, id).name;
  if (to === 'role') return context.policies.get('access').value.roles.get(id)?.title ?? id;
  const name = context.store.entity('console', 'estate', id)?.doc['name'];
  return typeof name === 'string' && name !== '' ? name : id;
}
