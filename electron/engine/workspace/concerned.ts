/** The services that an incident is about: what fired, whose they are, whom to call and where to look. */
import type { ConcernedService } from '../../../shared/contract/workspace.ts';
import type { EstateEntity } from '../../../shared/domain/estate.ts';
import { onCall } from '../../../shared/domain/rota.ts';
import type { Health } from '../../../shared/domain/words.ts';
import type { Context } from '../context.ts';
import { displayName } from '../estate/views.ts';
import { textsOf } from '../incidents/view.ts';
import { named } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

const LOUDNESS: Record<Health, number> = { failing: 0, degraded: 1, unknown: 2, 'early-warning': 3, healthy: 4 };
const SHOWN = 8;
const SIGNALS = 3;

/** Ids of what is affected, and of what is sick on the hard paths of the business services that it hurts; the worst first. */
export function concernedIds(context: Context, { doc }: EntityRow): string[] {
  const { board } = context.sources;
  const affected = textsOf(doc['services']);
  const found = new Set(affected);
  for (const id of textsOf(doc['businessServices']))
    for (const service of board.hardPath(id)) {
      const { health, last } = board.serviceHealth(service);
      if (health === 'failing' || health === 'degraded' || (health === 'unknown' && last !== null)) found.add(service);
    }
  return [...found]
    .map((id) => ({ id, service: context.estate.get('service', id), health: board.serviceHealth(id) }))
    .filter((one) => one.service !== undefined)
    .sort(
      (a, b) =>
        LOUDNESS[a.health.health] - LOUDNESS[b.health.health] ||
        (a.service!.tier ?? 9) - (b.service!.tier ?? 9) ||
        (a.health.since ?? Infinity) - (b.health.since ?? Infinity) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ id }) => id);
}

export function concernedServices(context: Context, ids: readonly string[]): ConcernedService[] {
  const owners = new Map<string, ConcernedService['owner']>();
  const ownerOf = (team: string | null): ConcernedService['owner'] => {
    if (team === null) return null;
    if (!owners.has(team)) owners.set(team, ownerView(context, team));
    return owners.get(team)!;
  };
  return ids.slice(0, SHOWN).map((id) => {
    const service = context.estate.get('service', id)!;
    const sick = context.sources.board
      .signals(id)
      .filter(({ health, stale }) => !stale && health !== null && health !== 'healthy')
      .sort((a, b) => LOUDNESS[a.health!] - LOUDNESS[b.health!] || (a.since ?? 0) - (b.since ?? 0));
    return {
      ...{ id, name: displayName(service), kind: service.kind, tier: service.tier },
      health: context.sources.board.serviceHealth(id),
      signals: sick.slice(0, SIGNALS),
      owner: ownerOf(service.owner),
      dashboards: service.dashboards,
      logs: service.logs,
      links: service.links.map(({ title, url }) => ({ title, url })),
    };
  });
}

function ownerView(context: Context, id: string): ConcernedService['owner'] {
  const team: EstateEntity<'team'> | undefined = context.estate.get('team', id);
  return {
    team: named(context, 'team', id),
    phone: team?.phone ?? null,
    chat: team?.chat ?? null,
    bridge: team?.bridge ?? null,
    onCall: (team?.rota ?? []).flatMap((line) => {
      const shift = onCall(line, context.now());
      if (!shift) return [];
      const person = context.estate.get('person', shift.person);
      return [
        {
          role: line.role,
          person: {
            ...named(context, 'person', shift.person),
            title: person?.title ?? '',
            phone: person?.phone ?? null,
          },
          until: shift.until,
        },
      ];
    }),
  };
}
