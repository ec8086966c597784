/**
 * Dependencies that lead nowhere: what a catalog names and no service is. Invariant: whatever of a service's `dependsOn` and
 * `dependencyOf` draws no line on the map is told here, with the reference as it was written.
 */
import type { DependencyLite } from '../../../shared/contract/estate.ts';
import { formatRef, parseFullRef, parseRef } from '../../../shared/domain/catalog/reference.ts';
import type { Context } from '../context.ts';

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** How catalogs write a dependency of which they say no more. */
const PLAIN = { strength: 'hard', mode: 'sync' } as const;

/** Of one service, or of all. */
export function looseDependencies({ estate }: Context, service?: string): DependencyLite[] {
  const services = estate.all('service');
  const loose: DependencyLite[] = [];
  // That a service names itself is told when its catalog is read, and says nothing of the estate.
  const isOther = (ref: string, text: string): boolean => {
    const own = parseFullRef(ref);
    const meant = own && parseRef(text, { kinds: [own.kind], namespace: own.namespace });
    return !meant?.some((one) => formatRef(one) === formatRef(own!));
  };
  for (const { id, ref, spec } of service === undefined
    ? services.values()
    : [services.get(service)].filter((one) => !!one)) {
    for (const to of texts(spec['dependsOn'])) if (isOther(ref, to)) loose.push({ from: id, to, ...PLAIN });
    for (const from of texts(spec['dependencyOf'])) if (isOther(ref, from)) loose.push({ from, to: id, ...PLAIN });
  }
  for (const { from, to, strength, mode } of estate.all('dependency').values()) {
    if (services.has(from) && services.has(to)) continue;
    if (service === undefined || service === from || service === to) loose.push({ from, to, strength, mode });
  }
  return loose;
}
