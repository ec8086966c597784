/**
 * The demonstration estate. Invariant: it is an ordinary catalog with an ordinary source; only the estate's profile says
 * that it is a demonstration, so that every screen can say so.
 */
import { join } from 'node:path';
import { Refusal } from '../../shared/contract/spec.ts';
import type { Output } from '../../shared/contract/table.ts';
import { ESTATE } from '../../shared/ops/op.ts';
import type { Context } from './context.ts';
import { applyCatalog, planCatalog } from './catalog/import.ts';

/** Label under which the demonstration's entities are kept together. */
export const DEMONSTRATION = 'demonstration';

/** Imports the demonstration into an empty estate. */
export async function loadDemonstration(context: Context): Promise<Output<'estate.load-demonstration'>> {
  const plan = await planCatalog(context, {
    paths: [join(context.paths.assets, 'demo', 'estate')],
    origin: DEMONSTRATION,
  });
  const problem = plan.report.problems.find(({ severity }) => severity === 'error');
  if (problem)
    throw new Refusal('internal', `The demonstration is broken: ${problem.file}:${problem.line}: ${problem.message}`);
  return context.commit((tx) => {
    const entities = applyCatalog(tx, plan);
    tx.append({ scope: ESTATE, type: 'estate.profile', payload: { name: 'Demonstration', demonstration: true } });
    return { entities };
  });
}
