/** Entities of the estate as the contract shows them. Invariant: a reference to something that is not there shows its id, never nothing. */
import type {
  ChangeMark,
  ChangeView,
  Neighbour,
  PersonView,
  ServiceLite,
  TeamView,
} from '../../../shared/contract/estate.ts';
import type { Named } from '../../../shared/contract/common.ts';
import type { EstateEntity } from '../../../shared/domain/estate.ts';
import { standIn } from '../../../shared/domain/people/rota.ts';
import { onCall } from '../../../shared/domain/rota.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import type { EntityRow } from '../store/projection.ts';
import { named } from '../names.ts';
import { awayOf, isAway } from './away.ts';

export function displayName(entity: { id: string; title: string; name: string }): string {
  return entity.title || entity.name || entity.id;
}

export function ownerOf(context: Context, owner: string | null): Named | null {
  return owner === null ? null : named(context, 'team', owner);
}

export function serviceLite(context: Context, service: EstateEntity<'service'>): ServiceLite {
  return {
    id: service.id,
    name: displayName(service),
    kind: service.kind,
    domain: service.domain,
    tier: service.tier,
    owner: ownerOf(context, service.owner),
    system: service.system,
    region: service.region,
    health: context.sources.board.serviceHealth(service.id),
  };
}

export function personView(context: Context, person: EstateEntity<'person'>): PersonView {
  const { id, title, email, phone, timezone } = person;
  const teams = [...context.estate.all('team').values()]
    .filter((team) => person.teams.includes(team.id) || team.members.includes(id))
    .map((team) => ({ id: team.id, name: displayName(team) }));
  const away = awayOf(context, id);
  return {
    ...{ id, name: context.estate.actorName(id), title, email, phone, timezone, teams },
    ...(away === null ? {} : { away: { until: away.until, reason: away.reason } }),
  };
}

/** A person by id, also one who is only named in a rota and has no descriptor. */
function personById(context: Context, id: string): PersonView {
  const person = context.estate.get('person', id);
  return person
    ? personView(context, person)
    : { id, name: id, title: '', email: null, phone: null, timezone: null, teams: [] };
}

export function teamView(context: Context, team: EstateEntity<'team'>): TeamView {
  const now = context.now();
  const members = new Set(team.members);
  for (const person of context.estate.all('person').values())
    if (person.teams.includes(team.id)) members.add(person.id);
  return {
    id: team.id,
    name: displayName(team),
    description: team.description,
    email: team.email,
    phone: team.phone,
    chat: team.chat,
    bridge: team.bridge,
    members: [...members].map((id) => personById(context, id)),
    onCall: team.rota.flatMap((line) => {
      const shift = onCall(line, now);
      if (!shift) return [];
      const duty = { role: line.role, person: personById(context, shift.person), until: shift.until };
      if (!isAway(context, shift.person)) return [duty];
      const other = standIn(line, now, (person) => isAway(context, person));
      return [{ ...duty, standIn: other === null ? null : named(context, 'person', other) }];
    }),
    rota: team.rota,
    services: [...context.estate.all('service').values()].filter((service) => service.owner === team.id).length,
  };
}

/** The newest changes first, of one service when it is given. */
export function changes(context: Context, limit: number, service?: string): ChangeView[] {
  return newestChanges(context, limit, service).map((row) => changeView(context, row));
}

const RECENT_MS = 6 * 3_600_000;
const MAX_MARKS = 500;

/** The changes since an instant, ms, or of the last six hours; newest first, as the map marks them. */
export function changesSince(context: Context, since = context.now() - RECENT_MS): ChangeMark[] {
  return newestChanges(context, MAX_MARKS, undefined).flatMap(({ id, doc }) =>
    Number(doc['at']) < since
      ? []
      : [
          {
            id,
            kind: String(doc['kind']),
            title: String(doc['title']),
            at: Number(doc['at']),
            services: (doc['services'] as string[] | undefined) ?? [],
          },
        ],
  );
}

export function changeView(context: Context, { id, doc }: EntityRow): ChangeView {
  return {
    id,
    kind: String(doc['kind']),
    title: String(doc['title']),
    services: ((doc['services'] as string[] | undefined) ?? []).map((each) => named(context, 'service', each)),
    source: String(doc['source']),
    by: (doc['by'] as string | null) ?? null,
    url: (doc['url'] as string | null) ?? null,
    at: Number(doc['at']),
  };
}

function newestChanges({ store }: Context, limit: number, service: string | undefined): EntityRow[] {
  if (service === undefined) return store.newestChanges(limit);
  return store
    .entities('change', ESTATE)
    .filter(({ doc }) => (doc['services'] as string[] | undefined)?.includes(service))
    .sort((a, b) => Number(b.doc['at']) - Number(a.doc['at']))
    .slice(0, limit);
}

export function neighbours(
  context: Context,
  dependencies: EstateEntity<'dependency'>[] | undefined,
  end: 'from' | 'to',
): Neighbour[] {
  return (dependencies ?? [])
    .map((dependency) => {
      const service = context.estate.get('service', dependency[end])!;
      return {
        id: service.id,
        name: displayName(service),
        kind: service.kind,
        health: context.sources.board.serviceHealth(service.id),
        strength: dependency.strength,
        mode: dependency.mode,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
