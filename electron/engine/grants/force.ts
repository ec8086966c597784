/**
 * Grants that count at this console. Invariant: a grant counts only where it was opened, for its holder, for its capabilities
 * and its incidents, and only between its op being on the disk and its end; that it expired is written down, so that no clock
 * can bring it back.
 */
import { Refusal, type Capability } from '../../../shared/contract/spec.ts';
import { foldGrant, UNBOUND, type Grant } from '../../../shared/domain/access/grants.ts';
import type { Right } from '../access/rights.ts';
import type { Context, Session } from '../context.ts';
import type { Store, Transaction } from '../store/store.ts';
import { keepSeen, seenNow } from './clock.ts';

interface Known {
  ops: number;
  grants: readonly Grant[];
  /** Opened here and not ended. */
  here: readonly Grant[];
}

const kept = new WeakMap<Store, Known>();

function read(store: Store): Known {
  const known = kept.get(store);
  if (known?.ops === store.opCount) return known;
  const grants = store.entities('breakglass').map(foldGrant);
  const here = grants.filter(({ opened, ended }) => opened?.console === store.console && ended === null);
  const next = { ops: store.opCount, grants, here };
  kept.set(store, next);
  return next;
}

/** Every grant and request that the log holds. */
export function grantsOf({ store }: Pick<Context, 'store'>): readonly Grant[] {
  return read(store).grants;
}

/** Those that were opened here and are in force. */
export function grantsHere(context: Pick<Context, 'store' | 'now'>): readonly Grant[] {
  const { here } = read(context.store);
  if (here.length === 0) return here;
  const now = seenNow(context);
  return here.filter(({ opened }) => opened!.expiresAt > now);
}

/** Writes down which of the grants of this console have expired, and how far the time has come. Not inside a transaction. */
export function settleExpired(context: Pick<Context, 'store' | 'now' | 'zone'>): void {
  const { here } = read(context.store);
  if (here.length === 0 || !context.store.writable) return;
  keepSeen(context);
  const now = seenNow(context);
  const over = here.filter(({ opened }) => opened!.expiresAt <= now);
  if (over.length === 0) return;
  context.store.commit({ actor: 'system', zone: context.zone }, (tx) => {
    for (const { id, scope } of over)
      tx.append({ scope, type: 'breakglass.end', payload: { grant: id, reason: 'It expired.' } });
  });
}

/** What somebody may do at this console by the emergency grants that are in force. */
export function grantRights({ store }: Pick<Context, 'store'>, person: string, at: number): Right[] {
  const held = grantsHere({ store, now: () => at }).filter(({ opened }) => opened!.holder === person);
  return held.flatMap((grant) => {
    const { capabilities, incidents, expiresAt } = grant.opened!;
    const right = (capability: string, incident: string | null): Right => ({
      ...{ capability: capability as Capability, incident, grant: grant.id, until: expiresAt },
      because: `emergency access ${grantLabel(grant.id)}`,
    });
    return [
      right('read', null),
      ...capabilities.flatMap((one) =>
        UNBOUND.includes(one) ? [right(one, null)] : incidents.map((incident) => right(one, incident)),
      ),
    ];
  });
}

export const grantLabel = (id: string): string => `BG-${id.slice(-4).toUpperCase()}`;

/**
 * The session with what emergency grants add to it for this call, and with the grant that its ops name.
 * @param needed the capability that the command takes
 * @param input of the call, not yet checked
 */
export function underGrants(context: Context, needed: Capability | null, input: unknown): Session {
  const { session } = context;
  const held = grantsHere(context).filter(({ opened }) => opened!.holder === session.person);
  if (held.length === 0) return session;
  const incident = incidentOf(context, input);
  const reaching = held.filter((grant) => incident === null || reaches(context, grant, incident));
  const added = reaching.flatMap(({ opened }) =>
    opened!.capabilities.filter((one) => incident !== null || UNBOUND.includes(one)),
  ) as Capability[];
  const own =
    needed === null ||
    session.state === 'open' ||
    session.rights.some((right) => right.capability === needed && right.grant === null);
  // What is bound to no incident opens none that the grant does not reach: the guard says so.
  const grant = reaching.at(-1) ?? (own ? undefined : held.at(-1));
  if (grant === undefined) return session;
  return {
    ...session,
    capabilities: new Set([...session.capabilities, ...added]),
    grant: grant.id,
    ...(own ? {} : { guard: (scope: string, type: string) => mustReach(context, grant.id, scope, type) }),
  };
}

/** `work` whose ops are asked about one by one while only a grant allows them. */
export function guarded<T>({ guard }: Session, work: (tx: Transaction) => T): (tx: Transaction) => T {
  if (!guard) return work;
  return (tx) =>
    work({
      ...tx,
      append: (draft) => {
        guard(draft.scope, draft.type);
        return tx.append(draft);
      },
    });
}

function reaches(context: Pick<Context, 'store'>, { id, opened }: Grant, incident: string): boolean {
  if (opened!.incidents.includes(incident)) return true;
  return context.store.entity('incident', incident, incident)?.doc['declaredUnder'] === id;
}

/** @throws Refusal `forbidden` when the grant is over or does not reach what is about to be written */
function mustReach(context: Context, id: string, scope: string, type: string): void {
  const grant = grantsHere(context).find((one) => one.id === id);
  if (!grant) throw new Refusal('forbidden', 'The emergency access under which this was begun is over.');
  const incident = context.store.entity('incident', scope, scope);
  if (type === 'incident.declare' || incident === null || reaches(context, grant, scope)) return;
  const label = context.incidents.labels().get(scope) ?? scope;
  throw new Refusal('forbidden', `The emergency access does not reach ${label}: open one that names it.`);
}

/** The incident that a call is about, by what its input names; null when it names none that is known. */
export function incidentOf({ store, incidents }: Context, input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const { incident, action } = input as Record<string, unknown>;
  if (typeof incident === 'string') {
    if (incident.length > 200) return null;
    if (store.entity('incident', incident, incident)) return incident;
    const wanted = incident
      .trim()
      .toUpperCase()
      .replace(/^(?:INC-?)?(\d+)/, (_, digits: string) => `INC-${digits.padStart(4, '0')}`);
    return [...incidents.labels()].find(([, label]) => label.toUpperCase() === wanted)?.[0] ?? null;
  }
  if (typeof action !== 'string') return null;
  const key = action.trim().toLowerCase();
  const [row, ...more] = store.entities('action').filter(({ id }) => id === key || id.endsWith(key));
  return row && more.length === 0 ? row.scope : null;
}
