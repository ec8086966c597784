/** Which runbooks fit an incident, by what it touches, what is signalled there and what changed before it. */
import type { Suspicion } from '../../../shared/domain/policy/substance.ts';
import { suggestRunbooks, type Suggestion } from '../../../shared/domain/runbook/suggest.ts';
import type { Context } from '../context.ts';
import { displayName } from '../estate/views.ts';
import { textsOf } from '../incidents/view.ts';

/** How long before an incident a change may be its cause, ms. */
const CHANGE_LEAD_MS = 2 * 3_600_000;
/** Newest changes of the estate that are looked through. */
const MAX_CHANGES = 300;

interface Touched {
  title: string;
  /** Ids. */
  services: readonly string[];
  businessServices: readonly string[];
  /** ms */
  startedAt: number;
  security: Suspicion;
  /** Runbooks that run already. */
  running: ReadonlySet<string>;
}

/** The runbooks that fit, the best first. */
export function suggestionsOf(
  context: Context,
  { title, services, businessServices, security, startedAt, running }: Touched,
): Suggestion[] {
  const { estate, sources } = context;
  const affected = new Set(services);
  const changes = context.store.newestChanges(MAX_CHANGES).flatMap(({ doc }) => {
    const fits = Number(doc['at']) >= startedAt - CHANGE_LEAD_MS;
    return fits && textsOf(doc['services']).some((id) => affected.has(id)) ? [String(doc['kind'])] : [];
  });
  const signals = sources.board
    .firing()
    .filter(({ subject }) => subject !== null && 'service' in subject && affected.has(subject.service))
    .map(({ signal }) => signal.title);
  return suggestRunbooks(
    context.runbooks.list().filter(({ id, steps }) => !running.has(id) && steps.length > 0),
    {
      title,
      services: services.flatMap((id) => {
        const service = estate.get('service', id);
        return service ? [{ ...service, name: displayName(service) }] : [];
      }),
      businessServices: businessServices.map((id) => ({ id, name: estate.name('business-service', id) })),
      signals,
      changes,
      breach: security !== 'none',
    },
  );
}
