/**
 * Whom to call in an incident, in the order in which one would. Invariant: from the estate in memory alone, so that it is there when
 * every network is gone; somebody without a number is listed as such, never left out.
 */
import type { CallLine, CallTree } from '../../../shared/contract/sheets.ts';
import { formatTime, isZone } from '../../../shared/domain/times.ts';
import { roleName } from '../../../shared/domain/timeline.ts';
import type { Context } from '../context.ts';
import { storeStates } from '../estate/stores.ts';
import { displayName, teamView } from '../estate/views.ts';
import { rolesOf, textsOf } from '../incidents/view.ts';
import type { EntityRow } from '../store/projection.ts';

/** Stores that are listed one by one. */
const MOST_STORES = 60;

const SELLING: Record<string, string> = {
  cannot: 'cannot sell',
  hindered: 'sells with limits',
  unknown: 'not heard of',
  fallback: 'sells from its own server',
};

export function callTree(context: Context, row: EntityRow): CallTree {
  const { estate } = context;
  const services = textsOf(row.doc['services']).flatMap((id) => estate.get('service', id) ?? []);
  const groups = [
    { title: 'In the room', lines: inTheRoom(context, row) },
    { title: 'Owners of what is affected', lines: owners(context, services) },
    { title: 'Escalation', lines: escalation(context) },
    { title: 'Vendors', lines: vendors(context, services) },
    { title: 'Stores that do not sell as usual', lines: stores(context) },
  ].flatMap(({ title, lines }) =>
    lines.length === 0
      ? []
      : [{ title, lines: lines.slice(0, MOST_STORES), more: Math.max(0, lines.length - MOST_STORES) }],
  );
  return {
    incident: {
      id: row.id,
      label: context.incidents.labels().get(row.id) ?? row.id,
      title: String(row.doc['title'] ?? ''),
    },
    asOf: context.now(),
    groups,
    silent: groups.flatMap(({ lines }) => lines).filter(({ phone }) => phone === null).length,
  };
}

function person(context: Context, id: string, as: string, note = ''): CallLine {
  const one = context.estate.get('person', id);
  return {
    name: context.estate.actorName(id),
    as,
    phone: one?.phone ?? null,
    localTime: timeIn(context, one?.timezone ?? null),
    note: [one?.title ?? '', note].filter(Boolean).join('; '),
  };
}

const timeIn = (context: Context, zone: string | null): string | null =>
  zone !== null && isZone(zone) ? formatTime(context.now(), zone) : null;

function inTheRoom(context: Context, row: EntityRow): CallLine[] {
  return rolesOf(context, row).flatMap(({ role, person: one }) =>
    one === null ? [] : [person(context, one.id, roleName(role))],
  );
}

/** Each owning team with its line and bridge, then who has duty in it. */
function owners(context: Context, services: readonly { owner: string | null; id: string }[]): CallLine[] {
  const byTeam = Map.groupBy(services, ({ owner }) => owner);
  return [...byTeam].flatMap(([id, owned]) => {
    const names = owned.map((one) => context.estate.name('service', one.id)).join(', ');
    const team = id === null ? undefined : context.estate.get('team', id);
    if (!team) return [{ name: 'Nobody', as: `owner of ${names}`, phone: null, localTime: null, note: '' }];
    const { name, phone, bridge, onCall } = teamView(context, team);
    return [
      { name, as: `owns ${names}`, phone, localTime: null, note: bridge === null ? '' : `bridge ${bridge}` },
      ...onCall.map((duty) =>
        person(
          context,
          duty.standIn?.id ?? duty.person.id,
          `${name}, ${duty.role}`,
          duty.standIn ? `stands in for ${duty.person.name}` : '',
        ),
      ),
    ];
  });
}

/** Duties that are not a team's own turn at its services: those who command, speak, decide. */
function escalation(context: Context): CallLine[] {
  const seen = new Set<string>();
  return [...context.estate.all('team').values()].flatMap((team) =>
    teamView(context, team).onCall.flatMap((duty) => {
      const id = duty.standIn?.id ?? duty.person.id;
      if (duty.role === 'primary' || duty.role === 'secondary' || seen.has(id)) return [];
      seen.add(id);
      return [person(context, id, `${duty.role} on duty, ${displayName(team)}`)];
    }),
  );
}

/** Third parties that are affected, or that what is affected needs. */
function vendors(context: Context, services: readonly { id: string }[]): CallLine[] {
  const { upstream } = context.estate.adjacency;
  const ids = new Set(services.flatMap(({ id }) => [id, ...(upstream.get(id) ?? []).map(({ to }) => to)]));
  return [...ids].flatMap((id) => {
    const service = context.estate.get('service', id);
    if (!service || (service.kind !== 'saas' && service.support === null)) return [];
    const { health } = context.sources.board.serviceHealth(id);
    return [
      {
        name: displayName(service),
        as: health.replace('-', ' '),
        phone: service.support,
        localTime: null,
        note: service.vendorStatus ?? '',
      },
    ];
  });
}

function stores(context: Context): CallLine[] {
  return storeStates(context)
    .filter(({ state }) => state.selling !== 'sells' && state.open !== false)
    .sort((a, b) => (a.store.region ?? '').localeCompare(b.store.region ?? '') || (a.store.id < b.store.id ? -1 : 1))
    .map(({ store, state }) => ({
      name: displayName(store),
      as: SELLING[state.selling] ?? state.selling,
      phone: store.phone,
      localTime: timeIn(context, store.timezone),
      note: store.region === null ? '' : context.estate.name('region', store.region),
    }));
}
