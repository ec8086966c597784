/**
 * Opening. Invariant: reason, scope and end are there and within the policy; the op is on the disk before anything counts;
 * whoever gets in by it, and by nothing else, holds what it gives and no more.
 */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { Way } from '../../../shared/domain/access/grants.ts';
import { UNBOUND } from '../../../shared/domain/access/grants.ts';
import { isOver } from '../../../shared/domain/orders.ts';
import type { Status } from '../../../shared/domain/words.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import { capabilitiesOf, whoHas } from '../access/rights.ts';
import type { Context } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { named, resolve } from '../names.ts';
import { keepSeen, seenNow } from './clock.ts';
import { grantLabel } from './force.ts';

const MINUTE_MS = 60_000;

export interface Wanted {
  holder: string;
  reason: string;
  capabilities: string[];
  incidents: string[];
  minutes: number;
}

/**
 * What somebody asks for, checked against the policy.
 * @throws Refusal that names what is too much
 */
export function wantedOf(
  context: Context,
  input: {
    holder?: string | undefined;
    reason: string;
    capabilities: readonly string[];
    incidents: readonly string[];
    minutes?: number | undefined;
  },
): Wanted {
  const { longestMinutes, usualMinutes, never } = context.policies.get('breakglass').value;
  const { person, state } = context.session;
  const holder = input.holder === undefined ? person : resolve(context, 'person', input.holder);
  if (holder === null) throw new Refusal('bad_input', 'holder: say who is to hold it.');
  if (state === 'unlocked' && person !== holder)
    throw new Refusal(
      'refused',
      `${context.estate.actorName(person!)} has unlocked this console: lock it first, then ${context.estate.actorName(holder)} opens it.`,
    );
  if (state !== 'open' && !capabilitiesOf(context, holder, context.now()).has('break-glass'))
    throw new Refusal(
      'forbidden',
      `holder: ${context.estate.actorName(holder)} does not hold the capability "break-glass". ${whoHas(context, 'break-glass')}`,
    );
  const capabilities = [...new Set(input.capabilities)];
  const kept = capabilities.filter((one) => never.includes(one));
  if (kept.length > 0)
    throw new Refusal('refused', `capabilities: the policy never gives ${kept.join(', ')} in an emergency.`);
  const minutes = input.minutes ?? usualMinutes;
  if (minutes > longestMinutes)
    throw new Refusal('refused', `minutes: the policy allows ${longestMinutes} at most; ${minutes} were asked for.`);
  const rows = input.incidents.map((key) => findIncident(context, key));
  const closed = rows.find(({ doc }) => doc['status'] === 'closed' && isOver(doc['status'] as Status));
  if (closed)
    throw new Refusal(
      'refused',
      `${context.incidents.labels().get(closed.id) ?? closed.id} is closed: open it again first.`,
    );
  const bound = capabilities.filter((one) => !UNBOUND.includes(one));
  if (rows.length === 0 && bound.length > 0)
    throw new Refusal('bad_input', `incidents: name the incident for which ${bound.join(', ')} is needed.`);
  return { holder, reason: input.reason, capabilities, incidents: [...new Set(rows.map(({ id }) => id))], minutes };
}

/** Writes the grant, then lets its holder in; in this order. */
export function openGrant(
  context: Context,
  grant: string,
  scope: string,
  wanted: Wanted,
  by: { way: Way; codes: string[]; witness: string | null; approvedAt?: string },
): { grant: string; label: string; holder: { id: string; name: string }; expiresAt: number } {
  const { holder, reason, capabilities, incidents, minutes } = wanted;
  const expiresAt = seenNow(context) + Math.round(minutes * MINUTE_MS);
  const opened = { grant, label: grantLabel(grant), holder: named(context, 'person', holder), expiresAt };
  const value = context.commit((tx) => {
    tx.append({
      scope,
      type: 'breakglass.open',
      payload: { grant, holder, reason, capabilities, incidents, expiresAt, ...by },
    });
    for (const incident of incidents)
      if (incident !== scope)
        tx.append({ scope: incident, type: 'breakglass.cover', payload: { grant, holder, reason } });
    return opened;
  }, holder);
  keepSeen(context);
  enter(context, holder);
  return value;
}

/** Whoever was not here by themselves is here now, with what the grant gives. */
function enter(context: Context, holder: string): void {
  const { session, caller, access, settings } = context;
  if (session.state === 'locked') {
    if (caller) access.sessions.begin(caller, { person: holder, how: 'break-glass' });
  } else if (session.state === 'open' && session.person !== holder)
    context.saveSettings({ ...settings, actingAs: holder });
}

/** Where the ops of a grant stand: in its first incident, so that the room tells of it. */
export const scopeOf = ({ incidents }: Pick<Wanted, 'incidents'>): string => incidents[0] ?? ESTATE;
