/** The assessment of a breach, opened by itself as soon as somebody suspects one. Invariant: its clocks run from the first word of it. */
import { Refusal } from '../../../shared/contract/spec.ts';
import type { BreachView } from '../../../shared/contract/governance.ts';
import { Suspicion } from '../../../shared/domain/policy/substance.ts';
import type { Context } from '../context.ts';
import { namedActor } from '../names.ts';
import type { EntityRow } from '../store/projection.ts';

const MINUTE_MS = 60_000;

interface Said {
  state: 'open' | 'done' | 'not-needed';
  note: string | null;
  by: string;
  at: number;
}

export function breachOf(context: Context, { id, doc }: EntityRow): BreachView {
  const suspicion = Suspicion.catch('none').parse(doc['security']);
  const answers = context.store.entity('breach', id, 'assessment')?.doc ?? {};
  const said = (item: string) => answers[item] as Said | undefined;
  if (suspicion === 'none' && Object.keys(answers).length === 0)
    return { suspicion, since: null, clocks: [], items: [] };
  const since = firstSaid(context, id);
  const { clocks, checklist } = context.policies.get('breach').value;
  return {
    ...{ suspicion, since },
    clocks:
      suspicion === 'none' || since === null
        ? []
        : clocks.map(({ id: clock, title, minutes, warnMinutes = minutes, endedBy }) => ({
            ...{ id: clock, title, item: endedBy },
            dueAt: since + minutes * MINUTE_MS,
            warnAt: since + Math.max(0, minutes - warnMinutes) * MINUTE_MS,
            over: (said(endedBy)?.state ?? 'open') !== 'open',
          })),
    items: checklist.map(({ id: item, text }) => {
      const answer = said(item);
      return {
        ...{ id: item, text, state: answer?.state ?? 'open', note: answer?.note ?? null, at: answer?.at ?? null },
        by: answer ? namedActor(context, answer.by) : null,
      };
    }),
  };
}

/** When a breach was first suspected or confirmed, ms. */
function firstSaid({ store }: Pick<Context, 'store'>, incident: string): number | null {
  const times = store
    .entries({ scope: incident }, { limit: 500, types: ['incident.declare', 'incident.concern'] })
    .filter(({ op }) => ['suspected', 'confirmed'].includes(String(op.payload['security'])))
    .map(({ at }) => at);
  return times.length === 0 ? null : Math.min(...times);
}

/** @throws Refusal `not_found`, naming what there is */
export function findItem(context: Context, key: string): string {
  const { checklist } = context.policies.get('breach').value;
  const byNumber = /^\d{1,2}$/.test(key) ? checklist[Number(key) - 1] : undefined;
  const item = checklist.find(({ id }) => id === key.toLowerCase()) ?? byNumber;
  if (item) return item.id;
  throw new Refusal(
    'not_found',
    `There is no question "${key}"; there are ${checklist.map(({ id }) => id).join(', ')}.`,
  );
}
