/** The response that somebody chose for an incident, from its document alone. */
import { ResponseLevel, ResponseModel, Substance } from '../../../shared/domain/policy/substance.ts';
import type { EntityRow } from '../store/projection.ts';

interface Present {
  level: ResponseLevel;
  model: ResponseModel;
  /** As it was pinned; null when a newer version wrote what this one cannot read. */
  substance: Substance | null;
}

/** What somebody chose; null while nobody has. */
export function responseInForce({ doc }: EntityRow): Present | null {
  const value = doc['response'];
  if (typeof value !== 'string') return null;
  const [level, model] = value.split('/');
  const [a, b] = [ResponseLevel.safeParse(level), ResponseModel.safeParse(model)];
  if (!a.success || !b.success) return null;
  const pinned = doc[`substance:${value}`] as { substance?: unknown } | undefined;
  return { level: a.data, model: b.data, substance: Substance.safeParse(pinned?.substance).data ?? null };
}
