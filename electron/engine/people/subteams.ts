/** The teams of an incident's own, and who answers to its commander. */
import type { AskView, RoleView } from '../../../shared/contract/incident.ts';
import type { SubteamView } from '../../../shared/contract/room.ts';
import { Refusal } from '../../../shared/contract/spec.ts';
import { directReports } from '../../../shared/domain/people/span.ts';
import type { Context } from '../context.ts';
import { isOpen, textsOf } from '../incidents/view.ts';
import { named } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

function subteamRows(context: Context, incident: string): EntityRow[] {
  return context.store.entities('subteam', incident).filter(({ doc }) => typeof doc['lead'] === 'string');
}

/** The lead is one of the members. */
function membersOf({ doc }: EntityRow): string[] {
  return [...new Set([String(doc['lead']), ...textsOf(doc['members'])])];
}

export function subteams(context: Context, incident: string, asks: readonly AskView[]): SubteamView[] {
  return subteamRows(context, incident)
    .map((row) => {
      const members = membersOf(row);
      const open = asks.filter(
        (ask) =>
          isOpen(ask) &&
          (ask.team?.id === row.id || (!ask.team && ask.owner !== null && members.includes(ask.owner.id))),
      );
      return {
        id: row.id,
        name: String(row.doc['name']),
        lead: named(context, 'person', String(row.doc['lead'])),
        members: members.map((id) => named(context, 'person', id)),
        openAsks: open.length,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** The team that a person means by id or name. @throws Refusal `not_found` */
export function findSubteam(context: Context, incident: string, text: string): EntityRow {
  const wanted = text.trim().toLowerCase();
  const rows = subteamRows(context, incident);
  const found =
    rows.find(({ id }) => id === text) ?? rows.find(({ doc }) => String(doc['name']).toLowerCase() === wanted);
  if (found) return found;
  const names = rows.map(({ doc }) => String(doc['name']));
  throw new Refusal(
    'not_found',
    `There is no team "${text.slice(0, 60)}" in this incident; ${names.length === 0 ? 'it has none' : `there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`}.`,
  );
}

/** Whether a team of the incident is called so. */
export function isSubteam(context: Context, incident: string, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return subteamRows(context, incident).some(
    ({ id, doc }) => id === text || String(doc['name']).toLowerCase() === wanted,
  );
}

/** Ids of those who answer to the commander themselves. */
export function reportsIn(
  context: Context,
  incident: string,
  roles: readonly RoleView[],
  asks: readonly AskView[],
): string[] {
  return directReports({
    commander: roles.find(({ role }) => role === 'commander')?.person?.id ?? null,
    roleHolders: roles.flatMap(({ person }) => person?.id ?? []),
    askOwners: asks.filter(isOpen).flatMap(({ owner }) => owner?.id ?? []),
    teams: subteamRows(context, incident).map((row) => ({ lead: String(row.doc['lead']), members: membersOf(row) })),
  });
}
