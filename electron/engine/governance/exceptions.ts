/** Exceptions from policies. Invariant: one without an owner or an end cannot be made, and it counts no longer than it says. */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { ExceptionView } from '../../../shared/contract/governance.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import { seenNow } from '../grants/clock.ts';
import { named, namedActor } from '../names.ts';

/** @param incident only those of this one; all when null. In force first, then expired, the newest first. */
export function exceptionsOf(context: Context, incident: string | null): ExceptionView[] {
  const rows = context.store.entities('exception', incident ?? undefined);
  if (rows.length === 0) return [];
  const now = seenNow(context);
  const order = { 'in-force': 0, expired: 1, ended: 2 } as const;
  return rows
    .flatMap(({ id, scope, doc }): ExceptionView[] => {
      const { rule, reason, owner, by, at, until, policy, ended } = doc as Record<string, unknown>;
      // Its end may arrive before it.
      if (typeof rule !== 'string' || typeof owner !== 'string' || typeof until !== 'number') return [];
      const end = ended as { at: number; by: string; reason: string } | undefined;
      return [
        {
          ...{ id, rule, until, reason: String(reason ?? ''), at: Number(at), policy: (policy as string) ?? null },
          owner: named(context, 'person', owner),
          by: namedActor(context, String(by)),
          incident:
            scope === ESTATE
              ? null
              : {
                  id: scope,
                  label: context.incidents.labels().get(scope) ?? scope,
                  title: String(context.store.entity('incident', scope, scope)?.doc['title'] ?? ''),
                },
          state: end ? 'ended' : until <= now ? 'expired' : 'in-force',
          ended: end ? { ...end, by: namedActor(context, end.by) } : null,
        },
      ];
    })
    .sort((a, b) => order[a.state] - order[b.state] || b.at - a.at);
}

/** @throws Refusal `not_found` */
export function findException(context: Context, key: string): ExceptionView & { scope: string } {
  const wanted = key.toLowerCase();
  const found = exceptionsOf(context, null).filter(({ id }) => id === wanted || id.endsWith(wanted));
  if (found.length > 1) throw new Refusal('bad_input', `Several exceptions end in "${key}"; write the whole id.`);
  if (!found[0]) throw new Refusal('not_found', `There is no exception "${key.slice(0, 60)}".`);
  return { ...found[0], scope: found[0].incident?.id ?? ESTATE };
}
