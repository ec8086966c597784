/** Restricted incidents as the contract shows them, to those who read them and to everybody else. */
import type { RestrictedOutside, RestrictionView } from '../../../shared/contract/restricted.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { named, namedActor } from '../names.ts';
import { SEALED, type EntityRow } from '../store/projection.ts';
import { memberName } from './declare.ts';
import { membersOf } from './members.ts';

const LOOKS = 20;
const OPEN = 'Nobody has set what to unlock this console with: whoever sits here reads it.';
const IN_THE_CLEAR =
  'What was written before it was restricted stays readable to everybody: other consoles have it, and so have exports.';

export function restrictionView(context: Context, { id }: EntityRow): RestrictionView {
  const { store, session } = context;
  const known = store.keyring.get(id);
  const inside = known !== null && known.keys.length > 0;
  const sealed = store.sealedCount(id);
  const clear = inTheClear(context, id);
  const state =
    known === null
      ? 'none'
      : known.shredded
        ? 'erased'
        : known.restricted
          ? 'restricted'
          : known.lifted
            ? 'lifted'
            : 'none';
  const by = <T extends { by: string }>(one: T | null) => (one ? { ...one, by: namedActor(context, one.by) } : null);
  return {
    ...{ state, inside, sealed, clear, since: known?.since ?? null },
    contact: known?.contact ? named(context, 'person', known.contact) : null,
    members: inside ? membersOf(context, id).map((one) => ({ ...one, name: memberName(context, one) })) : [],
    consoles: inside
      ? known.consoles.map((console) => ({
          id: console,
          name: consoleName(context, console),
          own: console === store.console,
        }))
      : [],
    looks: inside ? looksOf(context, id) : [],
    lifted: by(known?.lifted ?? null),
    erased: by(known?.shredded ?? null),
    warnings: [
      ...(state === 'restricted' && inside && session.state === 'open' ? [OPEN] : []),
      ...(state === 'restricted' && clear > 0 ? [IN_THE_CLEAR] : []),
    ],
  };
}

/** How many lines of the timeline were written in the clear, besides those that say how it is restricted. */
function inTheClear({ store }: Context, incident: string): number {
  return store.db
    .prepare<[string], number>(
      `SELECT count(*) FROM entry JOIN op USING (n) WHERE entry.scope = ?
         AND op.type NOT IN ('${SEALED}', 'incident.restrict', 'incident.lift', 'incident.shred')`,
    )
    .pluck()
    .get(incident)!;
}

function looksOf(context: Context, incident: string): RestrictionView['looks'] {
  return context.store
    .entities('look', incident)
    .map(({ id, doc }) => ({
      who: namedActor(context, id),
      at: Math.max(...Object.entries(doc).flatMap(([field, at]) => (field.startsWith('on:') ? [Number(at)] : []))),
    }))
    .sort((a, b) => b.at - a.at)
    .slice(0, LOOKS);
}

function consoleName({ store }: Context, id: string): string {
  const name = store.entity('console', ESTATE, id)?.doc['name'];
  if (typeof name === 'string' && name !== '') return name;
  return id === store.console ? 'this console' : id;
}

/** What somebody may know of the restricted incidents that they may not read; null when the policy or the facts give nothing. */
export function outsideOf(context: Context): RestrictedOutside | null {
  const { store, policies } = context;
  const closed = store.keyring
    .all()
    .filter(({ restricted, keys, shredded }) => restricted && keys.length === 0 && !shredded);
  if (closed.length === 0 || !policies.get('retention').value.restricted.tellOthers) return null;
  const running = closed.filter((one) => one.running);
  if (running.length === 0) return null;
  const contacts = [...new Set(running.flatMap(({ contact }) => contact ?? []))];
  return {
    running: running.length,
    sealed: running.reduce((sum, { scope }) => sum + store.sealedCount(scope), 0),
    contacts: contacts.map((id) => named(context, 'person', id)),
  };
}
