/** What emergency access, exceptions and assessments want of somebody; also at consoles that have no part in it. */
import type { NeedsYou } from '../../../shared/contract/console.ts';
import { isReviewed, usedTwice } from '../../../shared/domain/access/grants.ts';
import type { Context } from '../context.ts';
import { exceptionsOf } from '../governance/exceptions.ts';
import { grantLabel } from './force.ts';
import { knownGrants, stateNow } from './view.ts';

export function grantNeeds(context: Context): NeedsYou[] {
  const grants = knownGrants(context);
  const labels = context.incidents.labels();
  const prefix = (incidents: readonly string[]) =>
    incidents[0] ? `${labels.get(incidents[0]) ?? incidents[0]}: ` : '';
  const needs: NeedsYou[] = [];
  for (const [code, uses] of usedTwice(grants)) {
    if (uses.every(isReviewed)) continue;
    const who = uses.map(({ id, opened }) => `${grantLabel(id)} (${context.estate.actorName(opened!.holder)})`);
    needs.push({
      id: `grant-twice:${code}`,
      kind: 'grant-twice',
      text: `one sealed code opened ${who.join(' and ')}`,
      ...{ incident: uses[0]!.opened!.incidents[0] ?? null, at: uses.at(-1)!.opened!.at },
    });
  }
  for (const grant of grants) {
    const { id, opened, request } = grant;
    const state = stateNow(context, grant);
    const about = opened ?? request!;
    const who = context.estate.actorName(about.holder);
    const incident = about.incidents[0] ?? null;
    const of = { incident, id: `grant:${id}` };
    if (state === 'in-force')
      needs.push({
        ...of,
        kind: 'grant',
        text: `${prefix(about.incidents)}EMERGENCY ACCESS ${grantLabel(id)} in force: ${who}, ${about.capabilities.join(', ')}`,
        at: opened!.expiresAt,
      });
    else if (state === 'asked')
      needs.push({
        ...of,
        kind: 'grant-request',
        text: `${prefix(about.incidents)}approve emergency access? ${who}: ${about.reason}`,
        at: about.at,
      });
    else if (opened && !isReviewed(grant))
      needs.push({
        ...of,
        kind: 'grant-review',
        text: `${prefix(about.incidents)}review emergency access ${grantLabel(id)} of ${who}`,
        at: grant.ended?.at ?? opened.expiresAt,
      });
  }
  for (const one of exceptionsOf(context, null))
    if (one.state === 'expired')
      needs.push({
        id: `exception:${one.id}`,
        kind: 'exception',
        text: `${prefix(one.incident ? [one.incident.id] : [])}exception is over, say what came of it: ${one.rule}`,
        ...{ incident: one.incident?.id ?? null, at: one.until },
      });
  return needs;
}
