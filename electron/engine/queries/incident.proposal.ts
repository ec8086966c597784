import { handle } from '../context.ts';
import { findIncident } from '../incidents/view.ts';
import { resolveAll } from '../names.ts';
import { propose, subjectOf } from '../proposals/index.ts';

export default handle('incident.proposal', (context, { incident, severity, ...input }) => {
  const row = incident === undefined ? null : findIncident(context, incident);
  const given = {
    services: resolveAll(context, 'service', input.services),
    businessServices: resolveAll(context, 'business-service', input.businessServices),
  };
  const known = row && subjectOf(context, row);
  const subject = {
    title: known?.title ?? input.title,
    services: [...new Set([...(known?.services ?? []), ...given.services])],
    businessServices: [...new Set([...(known?.businessServices ?? []), ...given.businessServices])],
    data: input.integrity ?? known?.data ?? 'none',
    security: input.security ?? known?.security ?? 'none',
    startedAt: known?.startedAt ?? context.now(),
    running: known?.running ?? new Set<string>(),
  };
  return propose(context, subject, { row, chosen: severity });
});
