/**
 * Deciding about consoles: let one in, turn one away, revoke one, let one in again, rename one. Invariants: what is decided
 * names everything that was said before, so that it settles what two sides decided at once; the last console that may
 * decide is never revoked.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Output, Parsed } from '../../../shared/contract/table.ts';
import { oneLine } from '../../../shared/domain/timeline.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { consoleName, findConsole, organisationOf, ownOrganisation, verdictsOn } from './membership.ts';
import { findRequest, requestView } from './requests.ts';

type Decided = Output<'console.accept'>;

export function accept(context: Context, { console: wanted, name }: Parsed<'console.accept'>): Decided {
  ownOrganisation(context);
  const asked = findRequest(context, wanted);
  const { problem, ...request } = requestView(context, asked);
  if (problem) throw new Refusal('refused', problem);
  const called = name ?? request.name;
  checkName(context, called, request.console);
  const done = context.commit((tx): Decided => {
    tx.append({
      scope: ESTATE,
      type: 'console.enrol',
      payload: { console: request.console, key: asked.payload.key, name: called, invite: request.invite },
      base: tx.headIds('console', ESTATE, request.console, 'access'),
    });
    return { console: request.console, name: called, taken: 0 };
  });
  return { ...done, taken: context.store.takeKeptOut(request.console) };
}

export function refuse(context: Context, { console: wanted, reason }: Parsed<'console.refuse'>): Decided {
  ownOrganisation(context);
  const { op, payload } = findRequest(context, wanted);
  return context.commit((tx): Decided => {
    tx.append({ scope: ESTATE, type: 'console.refuse', payload: { console: op.console, request: op.id, reason } });
    return { console: op.console, name: oneLine(payload.name, 100), taken: 0 };
  });
}

export function revoke(context: Context, { console: wanted, reason, through }: Parsed<'console.revoke'>): Decided {
  const { store } = context;
  const organisation = ownOrganisation(context);
  const id = findConsole(store, wanted, known(context));
  const name = consoleName(store, id);
  const words = verdictsOn(store, id);
  if (id !== store.console && words.length === 0)
    throw new Refusal('refused', `${name} is not enrolled: what it writes does not count anyway.`);
  if (words.length > 0 && words.every(({ access }) => access === 'revoked'))
    throw new Refusal('refused', `${name} was revoked already.`);
  const others = known(context).filter((other) => other !== id && counts(context, other));
  if (others.length === 0)
    throw new Refusal(
      'refused',
      `${name} is the only console of ${organisation.name} that counts: once it is revoked, nobody could let another in.`,
    );
  const here = store.log.head(id)?.seq ?? 0;
  if (through !== undefined && through > here)
    throw new Refusal('bad_input', `through: only ${here.toLocaleString('en')} of its ops are here.`);
  return context.commit((tx): Decided => {
    tx.append({
      scope: ESTATE,
      type: 'console.revoke',
      payload: { console: id, through: through ?? here, reason },
      base: tx.headIds('console', ESTATE, id, 'access'),
    });
    return { console: id, name, taken: 0 };
  });
}

export function enrol(context: Context, { console: wanted, reason }: Parsed<'console.enrol'>): Decided {
  const { store } = context;
  ownOrganisation(context);
  const id = findConsole(store, wanted, known(context));
  const doc = store.entity('console', ESTATE, id)?.doc;
  const words = verdictsOn(store, id);
  if (typeof doc?.['key'] !== 'string')
    throw new Refusal('refused', `${consoleName(store, id)} was never enrolled here: invite it with a code.`);
  if (words.every(({ access }) => access === 'enrolled'))
    throw new Refusal('refused', `${consoleName(store, id)} is enrolled already.`);
  const name = consoleName(store, id);
  const key = doc['key'];
  const done = context.commit((tx): Decided => {
    tx.append({
      scope: ESTATE,
      type: 'console.enrol',
      payload: { console: id, key, name, reason, repeats: true },
      base: tx.headIds('console', ESTATE, id, 'access'),
    });
    return { console: id, name, taken: 0 };
  });
  return { ...done, taken: store.takeKeptOut(id) };
}

export function rename(context: Context, { console: wanted, name }: Parsed<'console.rename'>): Decided {
  const { store } = context;
  if (organisationOf(store)) ownOrganisation(context);
  const id = findConsole(store, wanted, known(context));
  checkName(context, name, id);
  return context.commit((tx): Decided => {
    tx.append({ scope: ESTATE, type: 'console.rename', payload: { console: id, name } });
    return { console: id, name, taken: 0 };
  });
}

/** Every console that has a name, a verdict or ops here. */
function known({ store }: Context): string[] {
  return [
    store.console,
    ...store.entities('console', ESTATE).map(({ id }) => id),
    ...store.log.consoles().map(({ id }) => id),
  ];
}

/** Whether what a console decides counts. */
function counts({ store }: Context, id: string): boolean {
  const access = store.entity('console', ESTATE, id)?.doc['access'];
  return access === 'enrolled' || (id === store.console && access !== 'revoked');
}

function checkName({ store }: Context, name: string, id: string): void {
  const same = store
    .entities('console', ESTATE)
    .find((other) => other.id !== id && other.doc['access'] === 'enrolled' && other.doc['name'] === name);
  if (same) throw new Refusal('refused', `name: another console is called "${oneLine(name, 60)}" already.`);
}
