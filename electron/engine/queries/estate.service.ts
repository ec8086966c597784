import { handle } from '../context.ts';
import { seenBetween } from '../estate/drift.ts';
import { looseDependencies } from '../estate/loose.ts';
import { changes, displayName, neighbours, teamView } from '../estate/views.ts';
import { declared, incidentLites } from '../incidents/view.ts';
import { named, resolve } from '../names.ts';

export default handle('estate.service', (context, input) => {
  const id = resolve(context, 'service', input.service);
  const service = context.estate.get('service', id)!;
  const owner = service.owner === null ? undefined : context.estate.get('team', service.owner);
  const { upstream, downstream } = context.estate.adjacency;
  const loose = looseDependencies(context, id);
  const seen = (from: string, to: string) => {
    const calls = seenBetween(context, from, to);
    return calls === null ? {} : { seen: calls };
  };
  const about = declared(context).filter((row) => (row.doc['services'] as string[] | undefined)?.includes(id));
  const { ref, formerRefs, description, kind, domain, tier, system, region, lifecycle, rtoMinutes, rpoMinutes } =
    service;
  const { support, vendorStatus, dashboards, logs, links, tags, metrics, alertMatch, origin, at } = service;
  return {
    ...{ id, ref, formerRefs, name: displayName(service), description, kind, domain, tier, system, region, lifecycle },
    ...{
      rtoMinutes,
      rpoMinutes,
      support,
      vendorStatus,
      dashboards,
      logs,
      links,
      tags,
      metrics,
      alertMatch,
      origin,
      at,
    },
    health: context.sources.board.serviceHealth(id),
    signals: context.sources.board.signals(id),
    owner: owner ? teamView(context, owner) : null,
    businessServices: service.businessServices.map((each) => named(context, 'business-service', each)),
    upstream: neighbours(context, upstream.get(id), 'to').map((one) => ({ ...one, ...seen(id, one.id) })),
    downstream: neighbours(context, downstream.get(id), 'from').map((one) => ({ ...one, ...seen(one.id, id) })),
    ...(loose.length === 0
      ? {}
      : {
          loose: {
            upstream: loose.flatMap(({ from, to }) => (from === id ? [to] : [])),
            downstream: loose.flatMap(({ from, to }) => (to === id ? [from] : [])),
          },
        }),
    changes: changes(context, 20, id),
    runbooks: service.runbooks.map((each) => ({ id: each, name: context.runbooks.get(each)?.title ?? each })),
    incidents: incidentLites(context, about)
      .sort((a, b) => b.declaredAt - a.declaredAt)
      .map(({ id: incident, label, title, status }) => ({ id: incident, label, title, status })),
  };
});
