/** The estate as a graph. Invariant: made once for each revision of the estate, with services in the order of their ids. */
import { Boundaries } from '../../../shared/domain/graph/boundaries.ts';
import { ServiceGraph } from '../../../shared/domain/graph/graph.ts';
import type { Context } from '../context.ts';
import { displayName } from './views.ts';
import type { EstateView } from './view.ts';

interface Made {
  revision: number;
  graph: ServiceGraph;
  boundaries: Boundaries | null;
}

const made = new WeakMap<EstateView, Made>();

function of({ estate }: Pick<Context, 'estate'>): Made {
  const before = made.get(estate);
  if (before?.revision === estate.revision) return before;
  const graph = new ServiceGraph({
    services: [...estate.all('service').keys()].sort(),
    dependencies: estate.all('dependency').values(),
  });
  const now = { revision: estate.revision, graph, boundaries: null };
  made.set(estate, now);
  return now;
}

/** Services and dependencies as numbers. Cheap until the estate changes. */
export function serviceGraph(context: Pick<Context, 'estate'>): ServiceGraph {
  return of(context).graph;
}

/** What stays in its region or with its tenant, by the same indices. */
export function serviceBoundaries(context: Pick<Context, 'estate'>): Boundaries {
  const now = of(context);
  now.boundaries ??= new Boundaries(
    now.graph.ids.map((id) => {
      const service = context.estate.get('service', id)!;
      return {
        id,
        name: service.name || displayName(service),
        region: service.region,
        tenant: saying(service, 'holdfast.dev/tenant'),
        instanceOf: saying(service, 'holdfast.dev/instance-of'),
      };
    }),
  );
  return now.boundaries;
}

/** What an entity says under a name, as an annotation or a label. */
export function saying(
  { annotations, labels }: { annotations: Record<string, string>; labels: Record<string, string> },
  name: string,
): string | null {
  return (annotations[name] ?? labels[name])?.trim() || null;
}
