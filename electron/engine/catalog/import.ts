/**
 * A catalog's way from files into the log. Invariant: reading and comparing change nothing; applying is one transaction, and
 * what it writes is what the report shows.
 */
import { basename, resolve } from 'node:path';
import { Refusal } from '../../../shared/contract/spec.ts';
import type { CatalogReport } from '../../../shared/contract/estate.ts';
import type { Catalog } from '../../../shared/domain/catalog/catalog.ts';
import { planCatalog as plan, type CatalogChange, type Existing } from '../../../shared/domain/catalog/plan.ts';
import { ESTATE_KINDS, type EstateKind } from '../../../shared/domain/estate.ts';
import { ESTATE } from '../../../shared/ops/op.ts';
import type { Context } from '../context.ts';
import type { Transaction } from '../store/store.ts';
import { readCatalogFiles } from './files.ts';

export interface ImportPlan {
  report: CatalogReport;
  changes: readonly CatalogChange[];
}

export interface ImportOptions {
  paths: readonly string[];
  /** Defaults to the first path's base name. */
  origin?: string | undefined;
  /** Labels whose entities this catalog takes over when it describes them. */
  takesOver?: ReadonlySet<string>;
}

const MAX_ORIGIN = 100;

/** Reads the files and compares them with the estate. */
export async function planCatalog(context: Context, options: ImportOptions): Promise<ImportPlan> {
  return compareCatalog(context, await readCatalogFiles(options.paths), options);
}

/** Compares what was read with the estate as it is now. */
export function compareCatalog(context: Context, catalog: Catalog, options: ImportOptions): ImportPlan {
  const origin = (options.origin ?? basename(resolve(options.paths[0] ?? '.'))).slice(0, MAX_ORIGIN) || 'catalog';
  const runbooks = new Set(context.runbooks.list().map(({ id }) => id));
  const { changes, diff, counts, entities } = plan(catalog, existing(context), {
    origin,
    runbooks,
    ...(options.takesOver ? { takesOver: options.takesOver } : {}),
  });
  const { files, documents, problems } = catalog;
  return {
    report: { origin, files, documents, entities, diff, counts, problems: problems.list(), applied: false },
    changes,
  };
}

function existing(context: Context): Existing[] {
  const kinds = Object.keys(ESTATE_KINDS) as EstateKind[];
  return kinds.flatMap((kind) =>
    context.store.entities(kind, ESTATE, { gone: true }).map(({ id, doc, gone }) => ({ kind, id, fields: doc, gone })),
  );
}

/** Writes what the plan says; the result is the number of entities written or removed. */
export function applyCatalog(tx: Transaction, { changes }: ImportPlan): number {
  for (const change of changes) {
    const { kind, id } = change;
    if (change.do === 'remove') tx.append({ scope: ESTATE, type: 'estate.remove', payload: { kind, id } });
    else tx.append({ scope: ESTATE, type: 'estate.put', payload: { kind, id, fields: change.fields } });
  }
  return changes.length;
}

/** @throws Refusal when there is nothing in the files that could be imported. */
export function refuseEmpty(catalog: Catalog, paths: readonly string[]): void {
  if (catalog.drafts.size > 0) return;
  const where = paths.length === 1 ? resolve(paths[0]!) : `these ${paths.length} paths`;
  const first = catalog.problems.list().find(({ severity }) => severity === 'error') ?? catalog.problems.list()[0];
  const why = first
    ? ` ${first.file}${first.line > 0 ? `:${first.line}` : ''}: ${first.message}`
    : ' There are no .yaml or .yml files.';
  throw new Refusal('bad_input', `Nothing in ${where} can be imported, so nothing was changed.${why}`);
}
