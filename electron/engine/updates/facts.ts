/** The live facts that updates are made of. Invariant: each comes from where the screens take it, so that they never say different things. */
import { sumLine } from '../../../shared/domain/impact/money.ts';
import { countStore, noStores } from '../../../shared/domain/selling.ts';
import type { UpdateFacts } from '../../../shared/domain/updates/facts.ts';
import type { Context } from '../context.ts';
import { storeStates } from '../estate/stores.ts';
import { impact } from '../impact/index.ts';
import { asksOf, incidentLites, isOpen } from '../incidents/view.ts';
import { runsOf } from '../runbooks/runs.ts';
import type { EntityRow } from '../store/projection.ts';

const BASIS = { measured: 'measured', estimated: 'estimated from health', unknown: 'not measured' } as const;
const DECISIONS = 3;

export function factsOf(context: Context, row: EntityRow, nextAt: number | null): UpdateFacts {
  const [lite] = incidentLites(context, [row]);
  const { board } = context.sources;
  const now = impact(context, row.id, true);
  const money = now.incidents[0];
  const hurtIds = lite!.businessServices.length > 0 ? lite!.businessServices : (money?.businessServices ?? []);
  const states = storeStates(context);
  const stores = states.length === 0 ? null : noStores();
  if (stores) for (const { state } of states) countStore(stores, state);
  const causes: string[] = [];
  const ruledOut: string[] = [];
  for (const [field, value] of Object.entries(row.doc)) {
    if (!field.startsWith('cause:')) continue;
    const name = context.estate.name('service', field.slice(6));
    if (value === 'confirmed') causes.push(name);
    else if (value === 'ruled-out') ruledOut.push(name);
  }
  return {
    label: lite!.label,
    title: lite!.title,
    severity: lite!.severity,
    status: lite!.status,
    startedAt: lite!.startedAt,
    resolvedAt: lite!.resolvedAt,
    commander: lite!.commander?.name ?? null,
    hurt: hurtIds.map(({ id, name }) => {
      const { health } = board.businessHealth(id);
      return { name, health: health.health, since: health.since };
    }),
    money: (money?.totals ?? []).flatMap(({ soFar }) =>
      soFar === null ? [] : [{ text: sumLine(soFar), basis: BASIS[soFar.kind], asOf: soFar.to }],
    ),
    stores,
    services: lite!.services.map(({ id, name }) => {
      const { health, since } = board.serviceHealth(id);
      return { name, health, since };
    }),
    causes,
    ruledOut,
    decisions: decisions(context, row.id),
    asks: asksOf(context, row.id)
      .filter(isOpen)
      .map(({ text, owner }) => ({ text, owner: owner?.name ?? null })),
    steps: runsOf(context, row.id).flatMap(({ title, steps }) =>
      steps.filter(({ state }) => state === 'doing').map((step) => `${step.title} (${title})`),
    ),
    modes: context.store
      .entities('degraded', row.id)
      .flatMap(({ doc }) =>
        typeof doc['title'] === 'string' && doc['endedAt'] === undefined
          ? [`${doc['title']}${typeof doc['effect'] === 'string' && doc['effect'] !== '' ? `: ${doc['effect']}` : ''}`]
          : [],
      ),
    nextAt,
  };
}

/** What was decided last, newest first. */
function decisions({ store }: Context, incident: string): string[] {
  return store
    .entries({ scope: incident }, { types: ['entry.decision'], limit: DECISIONS })
    .flatMap(({ op }) => (typeof op.payload['text'] === 'string' ? [op.payload['text']] : []));
}
