/**
 * Debt that the facts point to: what waits in stores, what was late or failed while the incident lasted, and the runbooks' own
 * steps of reconciliation. Invariant: a proposal says what it rests on; what was taken or dismissed comes again only
 * when it has grown out of its size (doubled, or halved).
 */
import { createHash } from 'node:crypto';
import type { CleanupProposal } from '../../../shared/contract/cleanup.ts';
import type { Context } from '../context.ts';
import { activations } from '../degraded/active.ts';
import { storeStates } from '../estate/stores.ts';
import { hurtByIncident, impactOf } from '../impact/index.ts';
import { spanOf } from '../impact/index.ts';
import { runsOf } from '../runbooks/runs.ts';
import type { EntityRow } from '../store/projection.ts';
import { settledOf } from '../suggestions/settled.ts';

export const CLEANUP_SUGGESTION = 'cleanup';

export function proposals(context: Context, row: EntityRow): CleanupProposal[] {
  const taken = new Set(context.store.entities('cleanup', row.id).map(({ doc }) => doc['from']));
  const settled = settledOf(context, row.id);
  return [
    ...fromStores(context, row),
    ...fromImpact(context, row),
    ...fromRuns(context, row),
    ...fromDegraded(context, row),
  ].filter(({ key, facts }) => !taken.has(key) && settled(CLEANUP_SUGGESTION, key, facts) === 'open');
}

type Draft = Omit<CleanupProposal, 'facts'>;

function proposal(draft: Draft): CleanupProposal {
  const size = Math.floor(Math.log2(draft.count + 1));
  const facts = createHash('sha256').update(`${draft.key} ${size}`).digest('hex').slice(0, 16);
  return { ...draft, facts };
}

/** Transactions that wait in stores which the incident reaches. */
function fromStores(context: Context, row: EntityRow): CleanupProposal[] {
  const affected = new Set([
    ...texts(row.doc['services']),
    ...hurtByIncident(context, row).entities.flatMap(({ services }) => services),
  ]);
  const inStores = hurtByIncident(context, row).entities.some(({ domains }) => domains.includes('store-operations'));
  const { from } = spanOf(context, row);
  let count = 0;
  let minor = 0;
  let stores = 0;
  let currency: string | null = null;
  for (const { store, state } of storeStates(context)) {
    const buffered = state.buffered.value ?? state.buffered.last ?? 0;
    const concerned = inStores || store.services.some((id) => affected.has(id));
    if (buffered < 1 || !concerned || (state.buffered.at ?? 0) < from) continue;
    stores++;
    count += Math.floor(buffered);
    minor += state.bufferedMinor.value ?? state.bufferedMinor.last ?? 0;
    ({ currency } = state);
  }
  if (stores === 0) return [];
  const where = stores === 1 ? '1 store' : `${stores} stores`;
  return [
    proposal({
      key: 'stores',
      kind: 'store-transactions',
      title: `Transactions that waited in ${where}: sent once, and all of them?`,
      count,
      unit: 'transactions',
      moneyMinor: minor > 0 ? Math.round(minor) : null,
      currency: minor > 0 ? currency : null,
      why: `${where} reported transactions waiting since it began`,
    }),
  ];
}

/** Orders that were late or failed, by the impact figures. */
function fromImpact(context: Context, row: EntityRow): CleanupProposal[] {
  return impactOf(context, row, []).businessServices.flatMap(({ id, name, currency, soFar, unit }) => {
    const found: CleanupProposal[] = [];
    const basis = soFar.kind === 'measured' ? 'measured' : 'estimated';
    const kind = soFar.lost.orders === null ? ('other' as const) : ('orders' as const);
    const late = soFar.buffered.orders ?? soFar.buffered.transactions;
    if (late !== null && late.likely >= 1)
      found.push(
        proposal({
          key: `late:${id}`,
          kind,
          title: `Late in ${name}: arrived once, and whole?`,
          count: Math.round(late.likely),
          unit,
          ...priced(soFar.buffered.revenueMinor?.likely, currency),
          why: `the impact figures say that so many were late, not lost (${basis})`,
        }),
      );
    const lost = soFar.lost.orders ?? soFar.lost.transactions;
    if (lost !== null && lost.likely >= 1)
      found.push(
        proposal({
          key: `failed:${id}`,
          kind,
          title: `Failed in ${name}: paid without an order, or reserved stock?`,
          count: Math.round(lost.likely),
          unit,
          ...priced(soFar.lost.revenueMinor?.likely, currency),
          why: `the impact figures say that so many were lost (${basis})`,
        }),
      );
    return found;
  });
}

function priced(minor: number | undefined, currency: string): Pick<Draft, 'moneyMinor' | 'currency'> {
  return minor === undefined || minor < 1
    ? { moneyMinor: null, currency: null }
    : { moneyMinor: Math.round(minor), currency };
}

const RECONCILES = /reconcil|buffered|duplicate|stuck|refund|clean(ed|ing)?[ -]?up|write[ -]?off|replay/i;

/** Steps of the incident's runs that put something right and are not done. */
function fromRuns(context: Context, row: EntityRow): CleanupProposal[] {
  return runsOf(context, row.id).flatMap((run) =>
    run.steps
      .filter(({ title, state }) => RECONCILES.test(title) && state !== 'done' && state !== 'skipped')
      .map((step) =>
        proposal({
          key: `run:${run.id}:${step.id}`.slice(0, 200),
          kind: 'other',
          title: step.title,
          count: 1,
          unit: 'step',
          moneyMinor: null,
          currency: null,
          why: `step of ${run.title}, ${step.state}`,
        }),
      ),
  );
}

/** What was given up on purpose: it is switched back, and what it held back is put right. */
function fromDegraded(context: Context, row: EntityRow): CleanupProposal[] {
  return activations(context)
    .filter(({ incident }) => incident === row.id)
    .map(({ id, title, effect, ended }) =>
      proposal({
        key: `degraded:${id}`,
        kind: 'other',
        title: ended === null ? `Switch back: ${title}` : `Put right what was limited: ${title}`,
        count: 1,
        unit: 'mode',
        moneyMinor: null,
        currency: null,
        why: `${ended === null ? 'it is still on' : 'it was on'}: ${effect}`,
      }),
    );
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
